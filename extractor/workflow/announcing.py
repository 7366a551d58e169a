"""New deals and changed statuses become events, which are posted until they are taken."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from extractor.errors import FetchError
from extractor.gather.feedrules import RetryRules
from extractor.store.answers import as_json
from extractor.store.outbox import DealNews, Event
from extractor.store.write import Ledger
from extractor.workflow.parts import Clock, Journal, PostsEvents

_CREATED, _UPDATED = "deal.created", "deal.updated"
_AT_ONCE = 50
# They are about the event, not about the receiver: others may be taken.
_OF_THE_EVENT = frozenset(range(400, 500)) - {401, 403, 404, 408, 410, 429}


@dataclass(frozen=True, slots=True)
class Receiving:
    """Where events go, and which deals are old news there.

    Those are the deals first published before `news_since`: a moment, or an age that counts
    back from the first time that events were posted at all. So the back catalogue of feeds
    is no news, while what is published during a standstill is.
    """

    poster: PostsEvents
    news_since: datetime | timedelta | None = None


def composed(news: DealNews, now: datetime) -> Event:
    """The event of a deal: the row that `dealwire deals --format json` shows, its articles.

    Where the deal is known and has another status now, that of before.
    """
    data = {**as_json(news.deal), "sources": as_json(news.sources)}
    if news.was:
        data["previous_status"] = news.was
    kind = _UPDATED if news.was else _CREATED
    message = {"type": kind, "timestamp": as_json(now), "data": data}
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
    return Event(f"evt_{uuid4().hex}", news.deal.key, body)


class Announcer:
    """Posts waiting events in their order; a receiver that fails is left alone for a while."""

    def __init__(
        self,
        ledger: Ledger,
        receiving: Receiving,
        clock: Clock,
        journal: Journal,
        rules: RetryRules,
        chance: Callable[[], float],
    ) -> None:
        self._outbox = ledger.outbox
        self._poster = receiving.poster
        self._news_since = receiving.news_since
        self._since: datetime | None = None
        self._clock = clock
        self._journal = journal
        self._rules = rules
        self._chance = chance
        self._rests_until: datetime | None = None

    def begin(self) -> None:
        """To be called before `announce`; the first time, what the ledger holds is old news."""
        begun = self._outbox.begin(self._clock.now())
        since = self._news_since
        self._since = begun - since if isinstance(since, timedelta) else since

    def announce(self) -> tuple[DealNews, ...]:
        """Puts what no receiver knows into the outbox, but for old news."""
        now = self._clock.now()
        return self._outbox.announce(now, lambda news: composed(news, now), self._since)

    async def deliver(self) -> None:
        """Posts what is due. An answer and its note in the ledger are two steps: if the
        process dies between them, the event is posted again under the same webhook-id."""
        now = self._clock.now()
        if self._rests_until is not None and now < self._rests_until:
            return
        self._rests_until = None
        for event in self._outbox.due(now, _AT_ONCE):
            try:
                await self._poster.post(event.webhook_id, event.body.encode(), self._clock.now())
            except FetchError as error:
                if self._failed(event, error):
                    return
            else:
                self._outbox.sent(event.webhook_id, self._clock.now())
                self._journal("sent", webhook_id=event.webhook_id, deal=event.deal_key)

    def next_moment(self) -> datetime | None:
        """When there is something to post; None if nothing waits."""
        moment = self._outbox.next_moment()
        if moment is None or self._rests_until is None:
            return moment
        return max(moment, self._rests_until)

    def _failed(self, event: Event, error: FetchError) -> bool:
        """Notes a failure; whether it is one of the receiver, not of this event."""
        waits = self._rules.seconds
        wait = waits[min(event.attempts, len(waits) - 1)]
        wait = max(wait * (1 + self._rules.jitter * self._chance()), error.retry_after or 0.0)
        next_attempt = self._clock.now() + timedelta(seconds=wait)
        self._outbox.failed(event.webhook_id, error.reason, next_attempt)
        self._journal(
            "send failed",
            receiver=self._poster.name,
            webhook_id=event.webhook_id,
            reason=error.reason,
            attempts=event.attempts + 1,
            next_attempt=next_attempt,
        )
        if error.status in _OF_THE_EVENT:
            return False
        self._rests_until = next_attempt
        return True
