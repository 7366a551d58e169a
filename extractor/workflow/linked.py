"""The pages that watched feeds link, each taken in alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from types import TracebackType
from typing import Self

from extractor.errors import ArticleError, BlockedError, FetchError
from extractor.gather.article import has_summary
from extractor.gather.feedrules import RetryRules
from extractor.gather.url import canonical_url, host_of
from extractor.gather.workers import PageReaders
from extractor.records import Article
from extractor.store.wanted import Wanted
from extractor.store.write import Ledger
from extractor.workflow.parts import Clock, FetchesPages, Journal, failed
from extractor.workflow.trying import postpone

_A_ROUND = 128
_A_HOST = 8
_LOOK_AHEAD = 2_000  # wanted pages among which a round chooses


class LinkedPages:
    """Fetches wanted pages and stores what is in them; use it as `async with`."""

    def __init__(
        self,
        ledger: Ledger,
        fetcher: FetchesPages,
        clock: Clock,
        journal: Journal,
        rules: RetryRules,
    ) -> None:
        self._ledger = ledger
        self._fetcher = fetcher
        self._clock = clock
        self._journal = journal
        self._rules = rules
        self._readers = PageReaders()

    async def __aenter__(self) -> Self:
        await self._readers.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._readers.__aexit__(kind, error, traceback)

    def due(self, now: datetime) -> list[Wanted]:
        """The pages of a round."""
        return _fair(self._ledger.wanted.of_watched_feeds(now, _LOOK_AHEAD))

    async def take_in(self, wanted: Wanted) -> bool:
        """Fetches a page and stores it with its article; whether that is new."""
        entry = wanted.entry
        await self._readers.room()
        try:
            page = await self._fetcher.fetch(entry.url)
        except FetchError as error:
            if not isinstance(error, BlockedError) or not has_summary(entry):
                self._failed(wanted, error)
                return False
            page = error.page  # what the feed says of the article is better than nothing
        outcome = await self._readers.read(page, entry)
        article = outcome if isinstance(outcome, Article) else None
        url_key = canonical_url(entry.url)
        with self._ledger.transaction():
            is_new = self._ledger.add_page(
                page, canonical_url=url_key, entry=entry, article=article
            )
            if isinstance(outcome, ArticleError):
                self._failed(wanted, outcome)
                return False
            self._ledger.wanted.fetched(entry.url, url_key)
            self._ledger.clear_failure(entry.url)
        self._journal("page", url=entry.url, new=is_new)
        return is_new

    def _failed(self, wanted: Wanted, error: FetchError | ArticleError) -> None:
        failure = failed(wanted.entry.url, "page", error)
        with self._ledger.transaction():
            next_try = postpone(self._ledger, wanted, error, self._clock.now(), self._rules)
            self._ledger.add_failure(failure.source, failure.stage, failure.reason)
        self._journal("page failed", url=failure.source, reason=failure.reason, next_try=next_try)


def _fair(wanted: Iterable[Wanted]) -> list[Wanted]:
    """The oldest pages, but not too many of one host."""
    of_host: Counter[str] = Counter()
    chosen: list[Wanted] = []
    for each in wanted:
        host = host_of(each.entry.url)
        of_host[host] += 1
        if of_host[host] <= _A_HOST:
            chosen.append(each)
    return chosen[:_A_ROUND]
