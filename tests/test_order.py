"""The ledger is the same, whoever answers first."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from extractor.gather.fetch import Fetcher
from extractor.gather.policy import FetchPolicy
from extractor.records import Article, Reading
from extractor.store.write import open_ledger
from extractor.workflow import ingest
from tests.faults.server import FaultResolver, FaultServer, Reply, Request
from tests.faults.table import WORDS, item, rss

POLICY = FetchPolicy(allow_private=True, delay_seconds=0, attempts=1, timeout_seconds=3)
HOSTS = ("alpha", "beta", "gamma", "delta")
TIMES = (
    "fetched_at",
    "seen_at",
    "added_at",
    "at",
    "started_at",
    "finished_at",
    "read_at",
    "next_try",
)


class SilentReader:
    companies = ()
    fingerprint = "silent"

    def read(self, article: Article) -> Reading:
        return Reading()


@contextmanager
def web(seed: int, port: int = 0) -> Iterator[FaultServer]:
    """Four feeds of which each names pages of the others, answering in an order of `seed`."""
    dice = random.Random(seed)

    async def answer(request: Request, reply: Reply) -> None:
        await asyncio.sleep(dice.random() / 5)
        if request.path == "/feed":
            links = [
                item(f"http://{host}.test:{server.port}/page/{n}", guid=f"{host}-{n}",
                     more=f"<description>{request.host} says of {host} {n}.</description>")
                for host in HOSTS for n in range(4)
            ]  # fmt: skip
            random.Random(request.host).shuffle(links)  # the feed's own order, always the same
            await reply.send(rss(*links), content_type="application/rss+xml")
        elif request.path.startswith("/page/"):
            number = request.path[-1]
            # No title: the feed's counts. The third page claims to be the second with other words.
            claim = "<link rel='canonical' href='/page/2'>" if number == "3" else ""
            words = "".join(f"<p>{number} {request.host}: {each}</p>" for each in WORDS)
            await reply.send(f"<html><head>{claim}</head><body><article>{words}</article></body>")
        else:
            await reply.send(status="404 Not Found")

    server = FaultServer(dict.fromkeys(HOSTS, answer), port)
    with server.running():
        yield server


def taken_in(folder: Path, server: FaultServer) -> dict[str, list[tuple[object, ...]]]:
    path = folder / "ledger.db"
    with open_ledger(path) as ledger:
        sources = [server.url(host, "/feed") for host in HOSTS]
        ingest(sources, ledger, SilentReader(), Fetcher(POLICY, resolver=FaultResolver()))
    with closing(sqlite3.connect(path)) as raw:
        tables = [
            name
            for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if not name.startswith(("runs", "_sqlite", "sqlite", "article_search"))
        ]
        return {table: rows(raw, table) for table in tables}


def rows(raw: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    """All rows with their ids, but without times."""
    names = [name for _, name, *_ in raw.execute(f"PRAGMA table_info({table})")]
    kept = ", ".join(name for name in names if name not in (*TIMES, "headers"))
    return sorted(raw.execute(f"SELECT {kept} FROM {table}").fetchall(), key=repr)


def test_the_ledger_does_not_depend_on_who_answers_first(tmp_path: Path) -> None:
    ledgers, port = [], 0
    for seed in (1, 2, 3):
        folder = tmp_path / str(seed)
        folder.mkdir()
        with web(seed, port) as server:
            ledgers.append(taken_in(folder, server))
            port = server.port
    first, *others = ledgers
    assert len(first["pages"]) == 16
    assert len(first["articles"]) == 12
    assert len(first["article_versions"]) == 4
    for other in others:
        assert other == first


def test_a_page_that_two_feeds_name_is_fetched_once(tmp_path: Path) -> None:
    with web(4) as server:
        taken_in(tmp_path, server)
        asked = [(request.host, request.path) for request in server.asked]
    assert len(asked) == len(set(asked))


def test_a_feed_that_comes_last_holds_up_no_other(tmp_path: Path) -> None:
    """The first feed answers only once the pages of all others were asked for."""
    with web(5) as server:
        served = server.handlers

        async def wait_for_the_others(request: Request, reply: Reply) -> None:
            while sum(each.path.startswith("/page/") for each in server.asked) < 16:
                await asyncio.sleep(0.01)
            await reply.send(rss(), content_type="application/rss+xml")

        server.handlers = {**served, "aaa": wait_for_the_others}
        sources = [server.url("aaa", "/feed"), *(server.url(host, "/feed") for host in HOSTS)]
        policy = replace(POLICY, timeout_seconds=20, obey_robots=False)
        with open_ledger(tmp_path / "ledger.db") as ledger:
            fetcher = Fetcher(policy, resolver=FaultResolver())
            summary = ingest(sources, ledger, SilentReader(), fetcher)
    assert (summary.feeds, summary.articles_seen, summary.failures) == (5, 16, ())
