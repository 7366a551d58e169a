"""The conductor of a service that watches feeds until it is stopped.

    round:   feeds whose time has come --ask--> entries, pace --> [ledger]  .
             pages that are wanted --fetch--> articles ---------> [ledger]   > at once
             events that wait --post--> receiver, answer -------> [ledger]  '
             articles --read--> readings --tell--> deals, events -> [ledger]
             rest until the next of these is due

What is to be done, and when, stands in the ledger: a service that is killed goes on where
it was. A round takes a bounded number of feeds and pages, those that wait longest first and
few of one host, and leaves behind what is slow: so neither a host nor a flood keeps others
waiting.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from extractor.errors import LedgerError
from extractor.gather.feedrules import FeedRules, feed_rules
from extractor.gather.url import canonical_url
from extractor.records import Subscription
from extractor.store.wanted import Wanted
from extractor.store.write import Ledger
from extractor.workflow.announcing import Announcer, Receiving
from extractor.workflow.linked import LinkedPages
from extractor.workflow.parts import (
    Clock,
    FetchesPages,
    Journal,
    ReadsArticles,
    Stop,
)
from extractor.workflow.polling import ask_feed, store_poll
from extractor.workflow.telling import read_articles, tell

_FEEDS_A_ROUND = 64
_ROUND_SECONDS = 15.0  # then a round leaves slow hosts behind, which go on meanwhile
_LONGEST_REST = timedelta(seconds=30)  # then it looks for feeds that others have added
_TELL_EVERY = timedelta(seconds=60)  # while more is coming in
_ERROR_REST = 30.0
_ERRORS_IN_A_ROW = 10


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a watch needs besides a ledger, a reader and the network."""

    clock: Clock
    journal: Journal
    stop: Stop
    chance: Callable[[], float] = random.random


class _StoppedError(Exception):
    """The service was asked to stop while it computed."""


async def watch(
    ledger: Ledger,
    reader: ReadsArticles,
    fetcher: FetchesPages,
    around: Surroundings,
    receiving: Receiving | None = None,
    rules: FeedRules | None = None,
) -> None:
    """Polls the watched feeds of a ledger, each at its pace, until `around.stop` is asked.

    With `receiving`, deals that are new since events were first posted are posted, too.
    Raises LedgerError if the ledger cannot be written ten times in a row.
    """
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(fetcher)
        if receiving:
            await stack.enter_async_context(receiving.poster)
        watcher = _Watch(ledger, reader, fetcher, around, receiving, rules or feed_rules())
        await stack.enter_async_context(watcher.pages)
        await watcher.run()


class _Watch:
    def __init__(
        self,
        ledger: Ledger,
        reader: ReadsArticles,
        fetcher: FetchesPages,
        around: Surroundings,
        receiving: Receiving | None,
        rules: FeedRules,
    ) -> None:
        self._ledger = ledger
        self._reader = reader
        self._fetcher = fetcher
        self._clock, self._stop = around.clock, around.stop
        self._journal, self._chance = around.journal, around.chance
        self._rules = rules
        self._announcer = (
            Announcer(
                ledger, receiving, around.clock, around.journal, rules.webhooks, around.chance
            )
            if receiving
            else None
        )
        self.pages = LinkedPages(ledger, fetcher, around.clock, around.journal, rules.pages)
        self._jobs: dict[str, asyncio.Task[None]] = {}  # under way, by what they are about
        self._untold = 0  # articles that came in since deals were told last
        self._told_at = around.clock.now()

    async def run(self) -> None:
        """Rounds until the stop; what a round that is broken off has not stored is done again."""
        errors = 0
        begun = False
        stopped = asyncio.create_task(self._stop.wait())
        try:
            while not self._stop.is_asked:
                work = asyncio.create_task(self._round() if begun else self._begin())
                await asyncio.wait({work, stopped}, return_when=asyncio.FIRST_COMPLETED)
                if not work.done():
                    work.cancel()
                try:
                    rest = await work
                    begun, errors = True, 0
                except (asyncio.CancelledError, _StoppedError):
                    if not self._stop.is_asked:
                        raise
                    return
                except LedgerError as error:
                    errors += 1
                    self._journal("error", reason=str(error))
                    if errors >= _ERRORS_IN_A_ROW:
                        raise
                    rest = _ERROR_REST
                if rest > 0:
                    await self._clock.wait(rest, self._stop)
        finally:
            left = (stopped, *self._jobs.values())
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    async def _begin(self) -> float:
        """What an earlier process left undone: articles to read, deals to tell."""
        self._ledger.fill_canonical_urls(canonical_url)
        if self._announcer:
            self._announcer.begin()
        is_told = self._ledger.is_told()
        if not is_told or self._announcer or self._ledger.unread(self._reader.fingerprint):
            self._tell()
        return 0.0

    async def _round(self) -> float:
        """Does what is due; for how many seconds there is nothing to do then."""
        now = self._clock.now()
        subscriptions = self._ledger.subscriptions
        for feed in subscriptions.due(now, _FEEDS_A_ROUND + len(self._jobs)):
            self._start(f"feed {feed.feed.url}", partial(self._poll, feed))
        for page in self.pages.due(now):
            self._start(f"page {canonical_url(page.entry.url)}", partial(self._fetch, page))
        if self._announcer:
            self._start("events", self._announcer.deliver)
        await self._wait_for_jobs()
        rest = self._rest()
        if self._untold and (rest > 0 or self._clock.now() - self._told_at >= _TELL_EVERY):
            self._tell()
            rest = self._rest()  # there may be events to post
        watched, failing, waiting = subscriptions.counts()
        self._journal(
            "round",
            feeds=watched,
            failing=failing,
            pages_waiting=waiting,
            webhooks_waiting=self._ledger.outbox.waiting() if self._announcer else 0,
            rest=rest,
        )
        return rest

    def _start(self, about: str, job: Callable[[], Coroutine[Any, Any, None]]) -> None:
        if about not in self._jobs:
            self._jobs[about] = asyncio.create_task(job())

    async def _wait_for_jobs(self) -> None:
        """Waits for what is under way, but not for long; raises what a job raised."""
        if self._jobs:
            await asyncio.wait(self._jobs.values(), timeout=_ROUND_SECONDS)
        done = {about: task for about, task in self._jobs.items() if task.done()}
        for about in done:
            del self._jobs[about]
        errors = [error for task in done.values() if (error := task.exception())]
        if errors:
            raise errors[0]

    async def _poll(self, subscription: Subscription) -> None:
        began = self._clock.now()
        poll, entries = await ask_feed(subscription, self._fetcher, began)
        asked = store_poll(
            self._ledger, subscription, poll, entries, self._rules.pace, self._chance()
        )
        after = asked.after
        self._journal(
            "poll failed" if poll.error else "poll",
            feed=subscription.feed.url,
            status=poll.status,
            **({"reason": poll.error, "failures": after.feed.failures} if poll.error else {}),
            **({"moved_to": after.moved_to} if after.moved_to else {}),
            entries=asked.poll.entries,
            new=asked.poll.new,
            edited=len(asked.arrived.edited),
            interval_seconds=after.interval_seconds,
            next_poll=after.feed.next_poll,
            seconds=(self._clock.now() - began).total_seconds(),
        )

    async def _fetch(self, wanted: Wanted) -> None:
        is_new = await self.pages.take_in(wanted)
        self._untold += is_new  # in a step of its own: others count meanwhile

    def _tell(self) -> None:
        """Reads what is unread, tells deals, puts the news of them into the outbox.

        Deals and their events are one transaction: none is without the other.
        """
        began = self._clock.now()
        read, unreadable = read_articles(self._ledger, self._reader, self._progress)
        with self._ledger.transaction():
            run = self._ledger.start_run("watch", self._reader.fingerprint)
            self._ledger.sync_companies(self._reader.companies)
            stories, deals = tell(self._ledger, self._progress)
            announced = self._announcer.announce() if self._announcer else ()
            self._ledger.finish_run(
                run, articles_new=self._untold, articles_read=read, failures=len(unreadable)
            )
        self._untold = 0
        self._told_at = self._clock.now()
        for failure in unreadable:
            self._journal("article failed", article=failure.source, reason=failure.reason)
        for news in announced:
            deal = news.deal
            self._journal(
                "deal",
                deal=deal.key,
                company=deal.company,
                type=deal.type,
                status=deal.status,
                was=news.was,
            )
        self._journal(
            "told",
            read=read,
            stories=stories,
            deals=deals,
            announced=len(announced),
            seconds=(self._told_at - began).total_seconds(),
        )

    def _rest(self) -> float:
        now = self._clock.now()
        moments = [now + _LONGEST_REST, self._ledger.subscriptions.next_moment(now)]
        if self._announcer:
            moments.append(self._announcer.next_moment())
        nearest = min(moment for moment in moments if moment is not None)
        return max(0.0, (nearest - now).total_seconds())

    def _progress(self, stage: str, done: int, total: int) -> None:
        """Between two steps of a computation it can be stopped, and nothing is half-written."""
        if self._stop.is_asked:
            raise _StoppedError
