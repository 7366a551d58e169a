"""When a feed is asked next, decided from what came of asking it last."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from extractor.gather.feedrules import PaceRules
from extractor.records import Page, Subscription

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,12})", re.I)
_NO_CACHE = re.compile(r"(?:^|[\s,])no-(?:cache|store)(?:$|[\s,;])", re.I)
_GONE = 410
_NOT_THERE = (404, 410)
# Every hour of every day may be excluded by mistake; a week is tried.
_HOURS = 7 * 24


@dataclass(frozen=True, slots=True)
class Poll:
    """What came of asking for a feed once; `error` is empty if it worked.

    `entries` counts those listed, `new` those not known before; a feed that has not changed
    (304) lists none. `least_seconds` is how long the feed or its server asks to be left
    alone. `skip_hours` (0 to 23) and `skip_days` (0 is Monday) are in UTC.
    """

    at: datetime
    error: str = ""
    status: int = 200
    entries: int = 0
    new: int = 0
    title: str = ""
    etag: str = ""
    modified: str = ""
    moved_to: str = ""
    least_seconds: float = 0.0
    retry_after: float | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()


def after_poll(before: Subscription, poll: Poll, rules: PaceRules, chance: float) -> Subscription:
    """The subscription with its new pace and the time of its next poll.

    Duplicates above two thirds make it slower, below one third faster; failures in a row
    double the wait. Between the floor and the ceiling of `rules`, but never sooner than the
    feed or its server wants. `chance`, from 0 to 1, says how much jitter is added.
    """
    if poll.error:
        return _after_failure(before, poll, rules, chance)
    interval = _adapted(before.interval_seconds or rules.first, poll, rules)
    least = min(poll.least_seconds, rules.longest_freshness)
    wait = max(interval, least) + interval * rules.jitter * chance
    feed = replace(
        before.feed,
        title=poll.title or before.feed.title,
        etag=poll.etag,
        modified=poll.modified,
        failures=0,
        next_poll=_allowed(poll.at + timedelta(seconds=wait), poll),
    )
    return replace(
        before,
        feed=feed,
        interval_seconds=interval,
        last_poll=poll.at,
        last_success=poll.at,
        last_error="",
        moved_to=poll.moved_to if poll.moved_to != feed.url else "",
        is_gone=False,
    )


def least_seconds(page: Page, now: datetime) -> float:
    """How long an answer stays fresh: Cache-Control before Expires (RFC 9111); 0: not at all."""
    control = page.header("cache-control")
    if _NO_CACHE.search(control):
        return 0.0
    if age := _MAX_AGE.search(control):
        passed = page.header("age").strip()
        return max(0.0, float(age[1]) - (float(passed) if passed.isdecimal() else 0.0))
    expires = _http_date(page.header("expires"))
    if expires is None:
        return 0.0
    return max(0.0, (expires - (_http_date(page.header("date")) or now)).total_seconds())


def _adapted(interval: float, poll: Poll, rules: PaceRules) -> float:
    duplicates = 1 - poll.new / poll.entries if poll.entries else 1.0
    if duplicates > rules.slower_above:
        interval *= rules.slower_by
    elif duplicates < rules.faster_below:
        interval /= rules.faster_by
    return min(max(interval, rules.floor), rules.ceiling)


def _after_failure(
    before: Subscription, poll: Poll, rules: PaceRules, chance: float
) -> Subscription:
    failures = before.feed.failures + 1
    interval = before.interval_seconds or rules.first
    # Beyond 32 failures in a row the wait has long been the ceiling; powers grow on.
    wait = min(interval * rules.failure_by ** min(failures - 1, 32), rules.ceiling)
    is_gone = poll.status == _GONE and not before.moved_to
    if is_gone:
        wait = max(wait, rules.gone)
    wait += wait * rules.jitter * chance
    if poll.retry_after is not None:
        wait = max(wait, min(poll.retry_after, rules.longest_retry_after))
    next_poll = poll.at + timedelta(seconds=wait)
    return replace(
        before,
        feed=replace(before.feed, failures=failures, next_poll=next_poll),
        last_poll=poll.at,
        last_error=poll.error,
        # Where it moved to it is no more: next time its own address is asked again.
        moved_to="" if poll.status in _NOT_THERE else before.moved_to,
        is_gone=is_gone,
    )


def _allowed(moment: datetime, poll: Poll) -> datetime:
    """The first moment from this one on in an hour and on a day that the feed does not skip."""
    allowed = moment
    for _ in range(_HOURS):
        if allowed.hour not in poll.skip_hours and allowed.weekday() not in poll.skip_days:
            return allowed
        allowed = allowed.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return moment


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):  # "Expires: 0" is common; it means now, as nothing does
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
