"""When a page that led to no article is asked for again."""

from __future__ import annotations

from datetime import datetime, timedelta

from extractor.errors import DealwireError, FetchError
from extractor.gather.feedrules import RetryRules
from extractor.gather.url import canonical_url
from extractor.store.wanted import Wanted
from extractor.store.write import Ledger


def postpone(
    ledger: Ledger, wanted: Wanted, error: DealwireError, now: datetime, rules: RetryRules
) -> datetime | None:
    """Stores and returns when a page that failed, or held no article, is asked for again.

    None: it failed as often as `rules` has waits, and is given up.
    """
    url = wanted.entry.url
    if wanted.tries >= len(rules.seconds):
        ledger.wanted.fetched(url, canonical_url(url))
        return None
    asked = error.retry_after or 0.0 if isinstance(error, FetchError) else 0.0
    wait = max(rules.seconds[wanted.tries], asked)
    next_try = now + timedelta(seconds=wait)
    ledger.wanted.postponed(url, canonical_url(url), next_try)
    return next_try
