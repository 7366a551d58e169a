"""`dealwire watch` killed at random moments: nothing lost, no webhook lost or told twice.

    python -m tests.soak.killed_watch [--kills 50] [--seed 1]

The corpus is served, its feeds are watched by the real command, a receiver takes webhooks and
fails one in five. Ledgers are watched to their end, however often the process is killed, and
must hold the articles of an undisturbed one. Exit code 1 if anything is lost.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from contextlib import closing
from pathlib import Path

from extractor.evaluate.serve import serve_corpus
from tests.cli.test_watch import UNDONE, Watch, ask, subscribe, watching
from tests.conftest import Receiver

_FEEDS = ("wire", "planet", "blockdesk", "rackandgrid", "gridmatters", "hashpowerletter")
_LONGEST_LIFE = 8.0  # seconds after its start; an undisturbed ledger takes some five


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak.killed_watch")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    chance = random.Random(options.seed)
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder, serve_corpus() as origin:
        urls = [f"{origin}/feeds/{name}.xml" for name in _FEEDS]
        undisturbed = _articles(_watched(Path(folder, "0.db"), urls, Counter(), chance, kills=0))
        counts["articles in a ledger"] = len(undisturbed)
        ledgers = 0
        while counts["kills"] < options.kills:
            ledgers += 1
            left = options.kills - counts["kills"]
            path = _watched(Path(folder, f"{ledgers}.db"), urls, counts, chance, kills=min(8, left))
            counts["ledgers that lack articles"] += _articles(path) != undisturbed
    for name, number in counts.items():
        print(f"{number:6} {name}")
    return int(any(counts[name] for name in counts if name.startswith(("ledgers that", "events"))))


def _watched(
    path: Path, urls: list[str], counts: Counter[str], chance: random.Random, kills: int
) -> Path:
    """A ledger watched until nothing is left to do, killed so often before."""
    subscribe(path, *urls)
    with Receiver() as receiver:
        thread = threading.Thread(target=receiver.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        receiver.answers = [(500 if chance.random() < 0.2 else 204, {}) for _ in range(500)]
        for _ in range(kills):
            with watching(path, receiver) as service:
                service.until("started")
                _drain(service)
                time.sleep(chance.random() * _LONGEST_LIFE)
                service.process.kill()
            counts["kills"] += 1
            counts["kills while something was to be done"] += ask(path, UNDONE) != [(0, 0, 0, 0)]
        receiver.answers = []
        with closing(sqlite3.connect(path, timeout=30)) as raw, raw:
            # what a receiver did not take would wait for up to half an hour
            raw.execute("UPDATE events SET next_attempt = created_at WHERE sent_at IS NULL")
        with watching(path, receiver) as service:
            service.until("started")
            _drain(service)
            while ask(path, UNDONE) != [(0, 0, 0, 0)]:
                time.sleep(0.2)
        receiver.shutdown()
        _count_events(path, receiver, counts)
    counts["ledgers that are damaged"] += ask(path, "PRAGMA integrity_check") != [("ok",)]
    return path


def _drain(service: Watch) -> None:
    """Reads the log on, so that a full pipe does not hold the service up."""
    assert service.process.stderr is not None
    threading.Thread(target=list, args=(service.process.stderr,), daemon=True).start()


def _articles(path: Path) -> list[str]:
    """What the articles of a ledger say, whatever the port they were served from."""
    rows = ask(path, "SELECT digest FROM articles ORDER BY digest")
    return [digest for (digest,) in rows]


def _count_events(path: Path, receiver: Receiver, counts: Counter[str]) -> None:
    posted: dict[str, set[bytes]] = defaultdict(set)
    for headers, body in receiver.got:
        posted[headers["webhook-id"]].add(body)
    events = dict(ask(path, "SELECT webhook_id, deal_key FROM events"))
    attempts = sum(n for (n,) in ask(path, "SELECT attempts + 1 FROM events"))
    counts["webhooks"] += len(events)
    counts["webhooks posted again after a crash, under the same id"] += max(
        0, len(receiver.got) - attempts
    )
    counts["events lost"] += len(set(events) - set(posted))
    counts["events unknown to the ledger"] += len(set(posted) - set(events))
    counts["events posted with two bodies"] += sum(len(bodies) > 1 for bodies in posted.values())
    counts["events for a deal that had one"] += len(events) - len(set(events.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
