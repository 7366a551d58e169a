"""Promises of `dealwire watch` as a process that is stopped or killed."""

from __future__ import annotations

import base64
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sysconfig
import time
import urllib.error
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from extractor.evaluate.serve import serve_corpus
from extractor.records import Feed, Subscription
from extractor.store.read import open_for_reading
from extractor.store.write import open_ledger
from tests.cli.conftest import Run
from tests.conftest import Receiver

DEALWIRE = Path(sysconfig.get_path("scripts"), "dealwire")
SECRET = "whsec_" + base64.b64encode(b"s" * 32).decode()
FEEDS = ("wire", "planet", "hashpowerletter")  # 17 entries


@dataclass
class Watch:
    """A process that watches, with what it logs."""

    process: subprocess.Popen[str]
    lines: list[dict[str, Any]] = field(default_factory=list)

    def until(self, event: str, count: int = 1) -> dict[str, Any]:
        """Reads the log until so many of an event were told; the last one."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(json.loads(line))
            count -= self.lines[-1]["event"] == event
            if count == 0:
                return self.lines[-1]
        raise AssertionError(f"it ended before {event!r}: {self.lines}")

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        assert self.process.stderr is not None
        self.lines += [json.loads(line) for line in self.process.stderr]
        return self.process.wait(20)


@contextmanager
def watching(path: Path, receiver: Receiver) -> Iterator[Watch]:
    words = (
        "watch", "--db", path, "--allow-private", "--delay", "0", "--log", "json",
        "--listen", "127.0.0.1:0", "--notify", receiver.url, "--notify-private",
        "--notify-since", "2024",
    )  # fmt: skip
    process = subprocess.Popen(
        [DEALWIRE, *words], stderr=subprocess.PIPE, text=True,
        env={**os.environ, "DEALWIRE_WEBHOOK_SECRET": SECRET},
    )  # fmt: skip
    try:
        yield Watch(process)
    finally:
        process.kill()
        process.wait()
        assert process.stderr is not None
        process.stderr.close()


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    with serve_corpus() as served:
        yield served


@pytest.fixture
def path(tmp_path: Path, origin: str) -> Path:
    subscribe(tmp_path / "ledger.db", *(f"{origin}/feeds/{name}.xml" for name in FEEDS))
    return tmp_path / "ledger.db"


def subscribe(path: Path, *urls: str) -> None:
    with open_ledger(path) as ledger:
        ledger.subscriptions.add(Subscription(Feed(url)) for url in urls)


def ask(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as raw:
        return raw.execute(sql).fetchall()


UNDONE = """
    SELECT
        (SELECT count(*) FROM feeds WHERE last_poll IS NULL),
        (SELECT count(*) FROM entries WHERE due),
        (SELECT count(*) FROM articles WHERE id NOT IN (SELECT article_id FROM story_members)),
        (SELECT count(*) FROM events WHERE sent_at IS NULL)
"""

# Entries whose page was not kept, under their link or another entry's of the same page.
LOST = """
    SELECT url FROM entries WHERE url_key NOT IN (
        SELECT e.url_key FROM entries AS e JOIN pages AS p ON p.url = e.url
        WHERE p.article_id IS NOT NULL
    )
"""


def get(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_a_service_works_tells_and_stops_while_it_polls(
    path: Path, receiver: Receiver, run: Run
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as tarpit, watching(path, receiver) as service:
        started = service.until("started")
        assert run("watch", "--db", str(path), "--listen", "off").err.endswith(
            "another `dealwire watch` is at work here\n"
        )
        service.until("sent", 5)
        # Others read, and add feeds, while it writes.
        with open_for_reading(path) as reader:
            assert len(reader.deals()) >= 5
        slow = f"http://u:pw@127.0.0.1:{tarpit.getsockname()[1]}/feed"
        subscribe(path, slow)
        status, health = get(f"{started['health']}/health")
        assert (status, json.loads(health)["status"]) == (200, "ok")
        status, metrics = get(f"{started['health']}/metrics")
        assert 'dealwire_polls_total{outcome="read"} 3.0' in metrics
        assert "dealwire_deals_announced_total" in metrics
        assert get(f"{started['health']}/")[0] == 404
        tarpit.settimeout(60)
        tarpit.accept()[0].close()  # it has come to poll, and is told nothing
        connection, _ = tarpit.accept()
        with connection:
            assert service.end(signal.SIGTERM) == 0
    assert service.lines[-1]["event"] == "stopped"
    assert "pw" not in json.dumps(service.lines)
    assert ask(path, "PRAGMA integrity_check") == [("ok",)]
    assert ask(path, f"SELECT last_poll, failures FROM feeds WHERE url = '{slow}'") == [(None, 0)]
    for headers, body in receiver.got:
        event = Webhook(SECRET).verify(body, headers)
        assert (event["type"], "previous_status" in event["data"]) in (
            ("deal.created", False),
            ("deal.updated", True),
        )


def test_a_service_that_is_killed_loses_nothing(path: Path, receiver: Receiver) -> None:
    for event, count in (("page", 4), ("sent", 3)):
        with watching(path, receiver) as service:
            service.until(event, count)
            assert service.end(signal.SIGKILL) == -signal.SIGKILL
    with watching(path, receiver) as service:
        service.until("started")
        deadline = time.monotonic() + 60
        while ask(path, UNDONE) != [(0, 0, 0, 0)]:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert service.end(signal.SIGINT) == 130
    assert ask(path, LOST) == []
    posted: dict[str, set[bytes]] = defaultdict(set)
    for headers, body in receiver.got:
        posted[headers["webhook-id"]].add(body)
    events = ask(path, "SELECT deal_key, webhook_id FROM events")
    assert posted.keys() == {id_ for _, id_ in events}
    assert all(len(bodies) == 1 for bodies in posted.values())
    created = Counter(
        event["data"]["key"]
        for event in (json.loads(body) for (body,) in posted.values())
        if event["type"] == "deal.created"
    )
    told = {deal for deal, _ in events}
    assert created == Counter(told)
    assert {deal for (deal,) in ask(path, "SELECT key FROM deals")} <= told | {
        # deals that took a new key when another report joined them are no news
        deal
        for (deal,) in ask(path, "SELECT deal_key FROM announced_deals")
    }


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--notify", "http://a.example/"), "set DEALWIRE_WEBHOOK_SECRET"),
        (("--notify", "ftp://a.example/"), "takes an http or https url"),
        (("--notify-since", "soon"), "write an age like 7d, 12w or 2y, or a date like"),
        (("--listen", "nowhere"), "write an address like 127.0.0.1:9464"),
    ],
)
def test_a_wrong_question_is_answered_at_once(
    run: Run, tmp_path: Path, words: tuple[str, ...], reason: str
) -> None:
    done = run("watch", "--db", str(tmp_path / "ledger.db"), *words)
    assert (done.code, reason in done.err) == (2, True)


def test_an_address_that_is_taken_is_named(run: Run, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        done = run("watch", "--db", str(tmp_path / "ledger.db"), "--listen", address)
    assert (done.code, f"--listen {address}: cannot listen there" in done.err) == (1, True)
