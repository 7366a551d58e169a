"""A feed asked once becomes stored entries with the time of its next poll."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from extractor.errors import FeedError, FetchError
from extractor.gather.feed import read_document
from extractor.gather.feedrules import PaceRules
from extractor.gather.pace import Poll, after_poll, least_seconds
from extractor.gather.url import canonical_url
from extractor.records import Entry, Page, Subscription
from extractor.store.feeds import Arrived
from extractor.store.write import Ledger
from extractor.workflow.parts import FetchesPages, failed

_NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of a poll: `after` tells the pace from now on, `arrived` the entries."""

    poll: Poll
    after: Subscription
    arrived: Arrived = field(default_factory=Arrived)


async def ask_feed(
    subscription: Subscription, fetcher: FetchesPages, now: datetime
) -> tuple[Poll, tuple[Entry, ...]]:
    """The answer of a feed, whatever it is; a failure is one, too."""
    feed, address = subscription.feed, subscription.address
    try:
        page = await fetcher.fetch(address, etag=feed.etag, modified=feed.modified)
        return read_answer(subscription, page, now)
    except FetchError as error:
        reason = failed(address, "feed", error).reason
        return Poll(now, reason, error.status, retry_after=error.retry_after), ()
    except FeedError as error:
        return Poll(now, failed(address, "feed", error).reason), ()
    except Exception as error:  # noqa: BLE001 one feed's oddity must not end a service
        return Poll(now, f"{type(error).__name__}: {error}"), ()


def read_answer(
    subscription: Subscription, page: Page, now: datetime
) -> tuple[Poll, tuple[Entry, ...]]:
    """The poll in an answer that is a feed, or says that it has not changed."""
    feed = subscription.feed
    poll = Poll(
        at=now,
        status=page.status,
        title=feed.title,
        etag=page.header("etag"),
        modified=page.header("last-modified"),
        moved_to=page.moved_to or subscription.moved_to,
        least_seconds=least_seconds(page, now),
    )
    if page.status == _NOT_MODIFIED:
        kept = replace(poll, etag=poll.etag or feed.etag, modified=poll.modified or feed.modified)
        return kept, ()
    document = read_document(page)
    poll = replace(
        poll,
        title=document.title,
        entries=len(document.entries),
        least_seconds=max(poll.least_seconds, document.least_seconds),
        skip_hours=document.skip_hours,
        skip_days=document.skip_days,
    )
    return poll, document.entries


def store_poll(
    ledger: Ledger,
    subscription: Subscription,
    poll: Poll,
    entries: tuple[Entry, ...],
    rules: PaceRules,
    chance: float,
) -> Asked:
    """Keeps the entries of a poll, and when the feed is asked next, all or nothing."""
    url = subscription.feed.url
    with ledger.transaction():
        if poll.error:
            after = after_poll(subscription, poll, rules, chance)
            ledger.subscriptions.save(after)
            ledger.add_failure(url, "feed", poll.error)
            return Asked(poll, after)
        after, arrived = ledger.subscriptions.save_poll(
            url,
            entries,
            canonical_url,
            lambda found: after_poll(
                subscription, replace(poll, new=len(found.new)), rules, chance
            ),
        )
        if subscription.feed.failures or subscription.last_error:
            ledger.clear_failure(url)
    return Asked(replace(poll, new=len(arrived.new)), after, arrived)
