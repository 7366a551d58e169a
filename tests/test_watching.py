"""Promises of `watch`, kept by a real server and ledger in accelerated time."""

from __future__ import annotations

import asyncio
import json
import random
import socket
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

import pytest
from aiohttp import web

from extractor.errors import FetchError
from extractor.gather.fetch import Fetcher
from extractor.gather.policy import FetchPolicy
from extractor.records import Feed, Subscription
from extractor.store.answers import FeedRow
from extractor.store.read import open_for_reading
from extractor.store.write import Ledger, open_ledger
from extractor.workflow import Receiving, Stop, Surroundings, ingest, watch
from tests.conftest import Answer, Site, serving
from tests.test_workflow import BODY, LeaseReader

START = datetime(2026, 5, 27, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
RSS = {"Content-Type": "application/rss+xml"}


class FastClock:
    """A clock on which nothing but waiting takes time, and a wait takes none of ours."""

    def __init__(self, start: datetime = START) -> None:
        self.time = start
        self.end = start

    def now(self) -> datetime:
        return self.time

    async def wait(self, seconds: float, stop: Stop) -> None:
        self.time += timedelta(seconds=seconds)
        await asyncio.sleep(0)
        if self.time >= self.end:
            stop.ask()


@dataclass
class Receiver:
    """Takes events, and dies or answers as a test wants it to."""

    name: str = "http://receiver.example"
    taken: list[tuple[str, Any]] = field(default_factory=list)
    answer: Callable[[str], None] = lambda _: None
    at: Callable[[], datetime] = lambda: START
    attempts: list[tuple[str, datetime]] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing is open."""

    async def post(self, event_id: str, body: bytes, sent_at: datetime) -> None:
        self.attempts.append((event_id, sent_at))
        self.answer(event_id)
        self.taken.append((event_id, json.loads(body)))


@dataclass
class Service:
    """A ledger that is watched for some hours at a time."""

    path: Path
    clock: FastClock = field(default_factory=FastClock)
    events: list[tuple[datetime, str, dict[str, Any]]] = field(default_factory=list)
    reader: LeaseReader = field(default_factory=LeaseReader)
    stop: Callable[[], None] = lambda: None

    def open(self) -> AbstractContextManager[Ledger]:
        return open_ledger(self.path, clock=self.clock.now)

    def add(self, *urls: str) -> None:
        with self.open() as ledger:
            ledger.subscriptions.add(Subscription(Feed(url)) for url in urls)

    def run(
        self,
        passing: timedelta,
        receiver: Receiver | None = None,
        news_since: timedelta | None = None,
    ) -> None:
        self.clock.end = self.clock.time + passing
        policy = FetchPolicy(
            allow_private=True, delay_seconds=0, attempts=1, obey_robots=False,
            connections_per_host=24,
            host_failures=10_000, timeout_seconds=20,
        )  # fmt: skip

        def journal(event: str, **fields: Any) -> None:
            self.events.append((self.clock.time, event, fields))

        async def main(ledger: Ledger) -> None:
            stop = Stop()
            self.stop = stop.ask
            around = Surroundings(self.clock, journal, stop, random.Random(7).random)
            receiving = Receiving(receiver, news_since) if receiver else None
            await watch(ledger, self.reader, Fetcher(policy), around, receiving)

        with self.open() as ledger:
            asyncio.run(main(ledger))

    def rows(self) -> dict[str, FeedRow]:
        with open_for_reading(self.path) as reader:
            return {row.url.rpartition("/")[2]: row for row in reader.feeds()}

    def companies(self) -> list[str]:
        with open_for_reading(self.path) as reader:
            return sorted(deal.company for deal in reader.deals())


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(tmp_path / "ledger.db")


def feed_of(
    *names: str,
    url: str = "",
    guids: str = "",
    head: str = "",
    date: str = "Thu, 14 Aug 2025 11:00:00 GMT",
) -> bytes:
    """A feed of entries; without `url` they link nothing, so that no page is fetched."""
    items = "".join(
        f"<item><guid isPermaLink='false'>{guids}{name}</guid><title>{name}</title>"
        f"<pubDate>{date}</pubDate>"
        f"{f'<link>{url}/{name}</link>' if url else ''}</item>"
        for name in names
    )
    return f'<rss version="2.0"><channel><title>F</title>{head}{items}</channel></rss>'.encode()


def article_of(sentence: str) -> Answer:
    page = (
        f"<html><head><title>News</title></head><body><article><h1>News</h1>"
        f"<p>{sentence}</p><p>{BODY}</p></article></body></html>"
    )
    return 200, {"Content-Type": "text/html"}, page.encode()


class Behaviours:
    """Feeds that behave as their names say; counts when each was asked."""

    def __init__(self, clock: FastClock) -> None:
        self._clock = clock
        self.asked: dict[str, list[datetime]] = defaultdict(list)

    def answer(self, request: web.Request) -> Answer:
        name = request.path.lstrip("/")
        kind = name.partition("-")[0]
        polls = self.asked[name]
        polls.append(self._clock.time)
        turn = len(polls)
        match kind:
            case "busy":  # all of its entries are new each time
                return 200, RSS, feed_of(f"{turn}-1", f"{turn}-2")
            case "steady":  # half of them are
                return 200, RSS, feed_of(f"{turn}", f"{turn + 1}")
            case "quiet":
                if request.headers.get("If-None-Match") == '"1"':
                    return 304, {"ETag": '"1"'}, b""
                return 200, {**RSS, "ETag": '"1"'}, feed_of("a", "b")
            case "patient":  # all new each time, but it wants to be left alone
                return 200, RSS, feed_of(f"{turn}", head="<ttl>150</ttl>")
            case "failing":
                return 500, {}, b""
            case "recovering":
                return (503, {}, b"") if turn < 3 else (200, RSS, feed_of("a"))
            case "later":
                return 429, {"Retry-After": "20000"}, b""
            case "gone":
                return 410, {}, b""
            case "moved":
                return 301, {"Location": f"/new-{name}"}, b""
            case "broken":
                return 200, {"Content-Type": "text/html"}, b"<html><body>Log in</body></html>"
        return 200, RSS, feed_of("a", "b")


FEEDS = {
    "busy": 20, "steady": 60, "quiet": 120, "patient": 20, "failing": 20, "recovering": 20,
    "later": 10, "gone": 10, "moved": 10, "broken": 10,
}  # fmt: skip


@pytest.fixture(scope="module")
def six_hours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, Behaviours]]:
    """Three hundred feeds of all kinds, watched for six hours."""
    service = Service(tmp_path_factory.mktemp("watch") / "ledger.db")
    behaviours = Behaviours(service.clock)
    with serving("0.0.0.0") as site:
        site.fallback = behaviours.answer
        for kind, some in FEEDS.items():
            for number in range(some):
                # A host that asks to wait is not asked for its other feeds either.
                host = f"127.0.1.{number + 1}" if kind == "later" else "127.0.0.1"
                service.add(f"{site.url.replace('127.0.0.1', host)}/{kind}-{number}")
        service.run(6 * HOUR)
        yield service, behaviours


def rows_of(service: Service, kind: str) -> list[FeedRow]:
    rows = [row for name, row in service.rows().items() if name.startswith(f"{kind}-")]
    assert len(rows) == FEEDS[kind]
    return rows


def hours(row: FeedRow) -> float:
    return row.interval_seconds / 3600


def test_feeds_find_their_pace(six_hours: tuple[Service, Behaviours]) -> None:
    service, behaviours = six_hours
    # The first poll of any feed brings only new entries, which halves the hour it begins with.
    assert {hours(row) for row in rows_of(service, "busy")} == {1 / 6}
    assert {hours(row) for row in rows_of(service, "steady")} == {0.5}
    # asked after 0, 0.5, 1.25, 2.4 and 4.1 hours, and jitter
    assert {hours(row) for row in rows_of(service, "quiet")} == {0.5 * 1.5**4}
    polls: dict[str, set[int]] = defaultdict(set)
    for name, times in behaviours.asked.items():
        polls[name.partition("-")[0]].add(len(times))
    assert polls["busy"] <= set(range(31, 37))
    assert polls["steady"] <= {11, 12}
    assert polls["quiet"] == {5}


def test_feeds_that_want_to_be_left_alone_are(six_hours: tuple[Service, Behaviours]) -> None:
    service, behaviours = six_hours
    for number in range(FEEDS["patient"]):
        times = behaviours.asked[f"patient-{number}"]
        assert len(times) == 3
        assert all(later - earlier >= 2.5 * HOUR for earlier, later in pairwise(times))
    wishes = [
        fields["next_poll"] - at
        for at, event, fields in service.events
        if event == "poll failed" and fields["status"] == 429
    ]
    assert len(wishes) == FEEDS["later"]
    assert all(wish >= timedelta(seconds=20_000) for wish in wishes)


def test_failing_feeds_back_off_and_are_shown(six_hours: tuple[Service, Behaviours]) -> None:
    service, behaviours = six_hours
    for row in rows_of(service, "failing"):
        assert (row.failures, row.last_error) == (
            3,
            "the server answered 500 Internal Server Error",
        )
        assert row.last_success is None
    times = behaviours.asked["failing-0"]
    waits = [round((later - earlier) / HOUR) for earlier, later in pairwise(times)]
    assert waits == [1, 2]
    assert {row.failures for row in rows_of(service, "recovering")} == {0}
    assert all("no feed but an HTML page" in row.last_error for row in rows_of(service, "broken"))
    with open_for_reading(service.path) as reader:
        failing = {failure.source.rpartition("/")[2] for failure in reader.stats().failures}
    assert {name.partition("-")[0] for name in failing} == {"failing", "later", "gone", "broken"}


def test_gone_and_moved_feeds_are_never_dropped(six_hours: tuple[Service, Behaviours]) -> None:
    service, behaviours = six_hours
    for row in rows_of(service, "gone"):
        assert row.is_gone and "410 Gone" in row.last_error
        assert row.next_poll is not None and row.next_poll > START + timedelta(days=6)
    for row in rows_of(service, "moved"):
        assert (row.failures, row.entries) == (0, 2)
        assert "/new-moved-" in row.moved_to
    assert len(behaviours.asked["moved-0"]) == 1  # from then on at the new address
    assert len(behaviours.asked["new-moved-0"]) > 2


def test_no_feed_is_starved(six_hours: tuple[Service, Behaviours]) -> None:
    service, _ = six_hours
    due: dict[str, datetime] = {}
    late: list[float] = []
    for at, event, fields in service.events:
        if event in ("poll", "poll failed"):
            late.append((at - due.get(fields["feed"], START)).total_seconds())
            due[fields["feed"]] = fields["next_poll"]
    assert len(due) == 300
    assert len(late) > 2_000
    assert max(late) <= 31  # the rest after which a service looks up
    assert all(moment > service.clock.time for moment in due.values())


def test_from_a_feed_to_a_deal_and_a_webhook(service: Service, site: Site) -> None:
    site.pages["/one"] = article_of("TeraWulf leased 200 MW to Fluidstack.")
    site.pages["/feed"] = 200, RSS, feed_of("one", url=site.url)
    service.add(f"{site.url}/feed")
    receiver = Receiver()
    service.run(HOUR / 2, receiver)
    assert service.companies() == ["TeraWulf"]
    [(event_id, event)] = receiver.taken
    assert event_id.startswith("evt_")
    assert (event["type"], event["timestamp"]) == ("deal.created", "2026-05-27T08:00:00Z")
    data = event["data"]
    assert (data["company"], data["counterparties"], data["megawatts"]) == (
        "TeraWulf", ["Fluidstack"], 200,
    )  # fmt: skip
    assert [source["url"] for source in data["sources"]] == [f"{site.url}/one"]
    service.run(6 * HOUR, receiver)
    assert len(receiver.taken) == 1
    assert site.paths.count("/one") == 1


def test_a_deal_that_comes_further_is_told_of_once_more(service: Service, site: Site) -> None:
    site.pages["/one"] = article_of("TeraWulf leased 200 MW to Fluidstack.")
    site.pages["/feed"] = 200, RSS, feed_of("one", url=site.url)
    service.add(f"{site.url}/feed")
    receiver = Receiver()
    service.run(HOUR / 2, receiver)
    site.pages["/two"] = article_of("TeraWulf leased 200 MW to Fluidstack. It was handed over.")
    date = "Thu, 21 May 2026 11:00:00 GMT"
    site.pages["/later"] = 200, RSS, feed_of("two", url=site.url, date=date)
    service.add(f"{site.url}/later")
    service.run(HOUR / 2, receiver)
    told = [
        (event["type"], event["data"]["status"], event["data"].get("previous_status"))
        for _, event in receiver.taken
    ]
    assert told == [
        ("deal.created", "announced", None),
        ("deal.updated", "completed", "announced"),
    ]
    (first, second) = (event["data"] for _, event in receiver.taken)
    assert first["key"] == second["key"]
    assert len(second["sources"]) == 2
    service.run(6 * HOUR, receiver)
    assert len(receiver.taken) == 2


def test_deals_that_ingest_brought_are_told_of_as_well(service: Service, site: Site) -> None:
    service.run(HOUR / 2, Receiver())
    site.pages["/one"] = article_of("TeraWulf leased 200 MW to Fluidstack.")
    with service.open() as ledger:
        policy = FetchPolicy(allow_private=True, delay_seconds=0)
        ingest([f"{site.url}/one"], ledger, service.reader, Fetcher(policy))
    receiver = Receiver()
    service.run(HOUR / 2, receiver)
    assert [event["data"]["company"] for _, event in receiver.taken] == ["TeraWulf"]


def test_the_back_catalogue_of_a_feed_is_no_news_but_a_standstill_loses_none(
    service: Service, site: Site
) -> None:
    site.pages["/old"] = article_of("TeraWulf leased 200 MW to Fluidstack.")
    site.pages["/fresh"] = article_of("IREN leased 300 MW to Microsoft.")
    site.pages["/late"] = article_of("CoreWeave leased 5 MW to Meta.")
    site.pages["/a"] = 200, RSS, feed_of("old", url=site.url)  # of last August
    fresh = "Thu, 21 May 2026 11:00:00 GMT"
    site.pages["/b"] = 200, RSS, feed_of("fresh", url=site.url, date=fresh)
    service.add(f"{site.url}/a", f"{site.url}/b")
    receiver, week = Receiver(), timedelta(days=7)
    service.run(HOUR / 2, receiver, week)
    assert [event["data"]["company"] for _, event in receiver.taken] == ["IREN"]
    # Nobody watches for a month, in whose first week something happens.
    service.clock.time += timedelta(days=30)
    late = "Sat, 30 May 2026 11:00:00 GMT"
    site.pages["/c"] = 200, RSS, feed_of("late", url=site.url, date=late)
    service.add(f"{site.url}/c")
    service.run(HOUR / 2, receiver, week)
    assert [event["data"]["company"] for _, event in receiver.taken] == ["IREN", "CoreWeave"]
    # What was old news stays so, also for whom it would not have been.
    service.run(HOUR, receiver)
    assert len(receiver.taken) == 2
    assert service.companies() == ["CoreWeave", "IREN", "TeraWulf"]


def test_changed_ids_do_not_flood(service: Service, site: Site) -> None:
    polls = []

    def changing(request: web.Request) -> Answer:
        polls.append(request)
        return 200, RSS, feed_of("one", "two", url=site.url, guids=f"{len(polls)}-")

    site.pages["/one"] = article_of("TeraWulf leased 200 MW to Fluidstack.")
    site.pages["/two"] = article_of("IREN leased 300 MW to Microsoft.")
    site.pages["/feed"] = changing
    service.add(f"{site.url}/feed")
    service.run(24 * HOUR)
    assert len(polls) > 4
    assert (site.paths.count("/one"), site.paths.count("/two")) == (1, 1)
    assert service.rows()["feed"].entries == 2


def test_a_page_that_fails_is_tried_again_and_then_given_up(service: Service, site: Site) -> None:
    asked: dict[str, list[datetime]] = defaultdict(list)

    def late(request: web.Request) -> Answer:
        asked[request.path].append(service.clock.time)
        if request.path == "/late" and len(asked["/late"]) > 2:
            return article_of("TeraWulf leased 200 MW to Fluidstack.")
        return 404, {}, b""

    site.pages.update({"/late": late, "/never": late})
    site.pages["/feed"] = 200, RSS, feed_of("late", "never", url=site.url)
    service.add(f"{site.url}/feed")
    service.run(72 * HOUR)
    waits = [round((b - a).total_seconds() / 60) for a, b in pairwise(asked["/never"])]
    assert waits == [15, 120, 1440]
    assert len(asked["/late"]) == 3
    assert service.companies() == ["TeraWulf"]
    with open_for_reading(service.path) as reader:
        assert [f.source for f in reader.stats().failures] == [f"{site.url}/never"]


def test_a_receiver_that_fails_gets_its_events_later_under_the_same_id(
    service: Service, site: Site
) -> None:
    for name, who in (("one", "TeraWulf"), ("two", "IREN")):
        site.pages[f"/{name}"] = article_of(f"{who} leased 200 MW to Fluidstack.")
    site.pages["/feed"] = 200, RSS, feed_of("one", "two", url=site.url)
    service.add(f"{site.url}/feed")

    def down(_: str) -> None:
        if service.clock.time < START + HOUR:
            raise FetchError("http://receiver.example", "it answered 500", status=500)

    receiver = Receiver(answer=down)
    service.run(4 * HOUR, receiver)
    tried = Counter(event_id for event_id, _ in receiver.attempts)
    assert sorted(event_id for event_id, _ in receiver.taken) == sorted(tried)
    assert len(tried) == 2
    # 5 s, 5 min, 30 min, 2 h: never more than one request at a time to a receiver that is down
    assert sum(tried.values()) <= 7


def test_an_event_that_is_refused_does_not_hold_up_others(service: Service, site: Site) -> None:
    for name, who in (("one", "TeraWulf"), ("two", "IREN"), ("three", "CoreWeave")):
        site.pages[f"/{name}"] = article_of(f"{who} leased 200 MW to Fluidstack.")
    site.pages["/feed"] = 200, RSS, feed_of("one", "two", "three", url=site.url)
    service.add(f"{site.url}/feed")
    refused: list[str] = []

    def picky(event_id: str) -> None:
        if not refused or event_id in refused:
            refused.append(event_id)
            raise FetchError("http://receiver.example", "it answered 422", status=422)

    receiver = Receiver(answer=picky)
    service.run(HOUR, receiver)
    assert len(receiver.taken) == 2
    with service.open() as ledger:
        assert ledger.outbox.waiting() == 1


class Killed(BaseException):
    """The process ends here."""


def test_a_crash_between_answer_and_note_sends_again_under_the_same_id(
    service: Service, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.pages["/one"] = article_of("TeraWulf leased 200 MW to Fluidstack.")
    site.pages["/feed"] = 200, RSS, feed_of("one", url=site.url)
    service.add(f"{site.url}/feed")
    receiver = Receiver()

    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("extractor.store.outbox.Outbox.sent", die)
        with pytest.raises(Killed):
            service.run(HOUR, receiver)
    service.run(HOUR, receiver)
    first, again = receiver.taken
    assert first == again


@pytest.mark.parametrize(
    "where",
    [
        "extractor.store.feeds.add_entries",
        "extractor.store.subscriptions.Subscriptions._settle_known",
        "extractor.store.write.Ledger.add_page",
        "extractor.store.gathered.add_article",
        "extractor.store.write.Ledger.save_reading",
        "extractor.store.write.Ledger.replace_stories",
        "extractor.store.write.Ledger.replace_deals",
        "extractor.store.outbox.Outbox.announce",
        "extractor.store.write.Ledger.finish_run",
    ],
)
def test_a_crash_anywhere_loses_nothing(
    service: Service, site: Site, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    for name, who in (("one", "TeraWulf"), ("two", "IREN")):
        site.pages[f"/{name}"] = article_of(f"{who} leased 200 MW to Fluidstack.")
    site.pages["/feed"] = 200, {**RSS, "ETag": '"1"'}, feed_of("one", "two", url=site.url)
    service.add(f"{site.url}/feed")
    receiver = Receiver()

    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        module = where.rpartition(".")[0]
        patched.setattr(where, die)
        if module.endswith("feeds"):
            patched.setattr("extractor.store.subscriptions.add_entries", die)
        with pytest.raises(Killed):
            service.run(HOUR, receiver)
    service.run(2 * HOUR, receiver)
    assert service.companies() == ["IREN", "TeraWulf"]
    assert sorted(event["data"]["company"] for _, event in receiver.taken) == ["IREN", "TeraWulf"]


def test_a_feed_that_is_added_meanwhile_is_polled(service: Service, site: Site) -> None:
    def first(request: web.Request) -> Answer:
        service.add(f"{site.url}/second")  # another process, as `feeds add` is
        return 200, RSS, feed_of("a")

    site.pages["/first"] = first
    site.pages["/second"] = 200, RSS, feed_of("b")
    service.add(f"{site.url}/first")
    service.run(timedelta(minutes=5))
    assert site.paths == ["/first", "/second"]


class QuickClock(FastClock):
    """A clock that runs two thousand times as fast as ours."""

    def now(self) -> datetime:
        return START + timedelta(seconds=time.monotonic() - self.began) * 2_000

    async def wait(self, seconds: float, stop: Stop) -> None:
        await asyncio.sleep(seconds / 2_000)
        if self.now() >= self.end:
            stop.ask()

    began: float = 0.0


def test_a_host_that_does_not_answer_delays_no_other(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("extractor.workflow.watching._ROUND_SECONDS", 0.1)
    service.clock = QuickClock()
    polls: list[float] = []

    def busy(_: web.Request) -> Answer:
        polls.append(time.monotonic())
        if len(polls) == 3:
            service.stop()
        return 200, RSS, feed_of(f"{len(polls)}")

    with socket.create_server(("127.0.0.1", 0)) as tarpit, serving() as site:
        site.pages["/busy"] = busy
        service.add(f"http://127.0.0.1:{tarpit.getsockname()[1]}/silent", f"{site.url}/busy")
        service.clock.began = time.monotonic()
        service.run(24 * HOUR)
    # Asked at once, after half an hour and a quarter of one, while the other was still silent.
    assert len(polls) == 3
    assert service.rows()["silent"].last_poll is None


def test_an_error_of_the_ledger_is_told_and_outlived(
    service: Service, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlite3

    site.pages["/feed"] = 200, RSS, feed_of("a")
    service.add(f"{site.url}/feed")
    from extractor.store.subscriptions import Subscriptions

    save_poll, failures = Subscriptions.save_poll, iter(range(3))

    def full(self: Subscriptions, *arguments: Any) -> Any:
        if next(failures, None) is not None:
            with self._transaction():
                raise sqlite3.OperationalError("database or disk is full")
        return save_poll(self, *arguments)

    monkeypatch.setattr(Subscriptions, "save_poll", full)
    service.run(HOUR)
    errors = [fields["reason"] for _, event, fields in service.events if event == "error"]
    assert len(errors) == 3
    assert all("disk is full" in reason for reason in errors)
    assert service.rows()["feed"].entries == 1
