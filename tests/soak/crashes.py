"""An ingest of 500 articles that is killed again and again, meets a full disk or a lock.

    python -m tests.soak.crashes [--kills 200] [--articles 500] [--seed 1]

Every ledger must end as that of an undisturbed run, and nothing that was stored may be
fetched or read again; a replay of its pages gives the same once more. Exit code 1 if not.
"""

from __future__ import annotations

import argparse
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import sysconfig
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.canonical import differences, said
from tests.outlets import Outlets, marked_rows, outlets

_COMMAND = Path(sysconfig.get_path("scripts"), "dealwire")
_HERE = ("--allow-private", "--delay", "0")


@dataclass
class Soak:
    """The counts of a soak, with what went wrong."""

    server: Outlets
    sources: list[str]
    folder: Path
    whole: Path
    seconds: float = 0.0
    kills: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    _asked_anew: set[Path] = field(default_factory=set)

    def start(
        self, path: Path, *more: str, limit: Callable[[], None] | None = None
    ) -> subprocess.Popen[str]:
        self.server.asked.clear()
        return subprocess.Popen(
            [_COMMAND, "ingest", *self.sources, *_HERE, "--db", path, *more],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=limit,
        )

    def run(self, path: Path, *more: str) -> str:
        return self.start(path, *more).communicate()[1]

    def check(self, path: Path, kept: set[str], read: set[str]) -> tuple[set[str], set[str]]:
        """What is stored now; a fault if any of `kept` was asked for, or any of `read` is gone."""
        given = {source.removeprefix(self.server.url) for source in self.sources}
        excused = given if path in self._asked_anew else set()
        if again := (kept & set(self.server.asked)) - excused:
            self.faults.append(f"{path.name}: fetched again: {sorted(again)[:5]}")
        try:
            with closing(sqlite3.connect(path)) as raw:
                if raw.execute("PRAGMA quick_check").fetchall() != [("ok",)]:
                    self.faults.append(f"{path.name}: damaged")
                if raw.execute("PRAGMA foreign_key_check").fetchall():
                    self.faults.append(f"{path.name}: rows without what they refer to")
                now_kept = {
                    url.removeprefix(self.server.url)
                    for (url,) in raw.execute("SELECT url FROM pages WHERE article_id NOT NULL")
                }
                now_read = {
                    f"{key} {at}"
                    for key, at in raw.execute(
                        "SELECT a.key, r.read_at FROM readings AS r "
                        "JOIN articles AS a ON a.id = r.article_id"
                    )
                }
        except sqlite3.OperationalError as error:  # killed before the tables were there
            if kept:
                self.faults.append(f"{path.name}: {error}")
            return set(), set()
        if lost := kept - now_kept:
            self.faults.append(f"{path.name}: lost: {sorted(lost)[:5]}")
        if again := read - now_read:
            self.faults.append(f"{path.name}: read again: {sorted(again)[:5]}")
        return now_kept, now_read

    def after(
        self, path: Path, message: str, cause: str, kept: set[str], read: set[str]
    ) -> tuple[bool, set[str], set[str]]:
        """Whether a run ended for that cause, and what is stored now."""
        failed = f"error: {path}: cannot" in message and cause in message
        whole = " articles in, " in message
        if "Traceback" in message or not (failed or whole):
            self.faults.append(f"{path.name}: {message[-300:]}")
        kept, read = self.check(path, kept, read)
        if whole:
            self.came_to_its_end(path)
        return failed, kept, read

    def came_to_its_end(self, path: Path) -> None:
        """From now on runs may ask anew for the urls that were given as such."""
        self._asked_anew.add(path)

    def compare(self, path: Path) -> None:
        self.faults += [f"{path.name}: {line}" for line in differences(self.whole, path)[:20]]


def stage(path: Path) -> str:
    """How far a ledger has come."""
    if not path.exists():
        return "start"
    try:
        with closing(sqlite3.connect(path)) as raw:
            rows = raw.execute(
                "SELECT (SELECT count(*) FROM runs WHERE finished_at NOT NULL), "
                "(SELECT count(*) FROM stories), (SELECT count(*) FROM readings), "
                "(SELECT count(*) FROM pages WHERE url LIKE 'http%'), "
                "(SELECT count(*) FROM articles)"
            ).fetchone()
    except sqlite3.OperationalError:
        return "start"
    names = ("afterwards", "telling", "reading", "fetching", "files")
    return next((name for name, count in zip(names, rows, strict=True) if count), "start")


def kill_again_and_again(soak: Soak, kills: int, chance: random.Random) -> int:
    """Rounds on fresh ledgers, each killed at random moments until a run comes to its end."""
    rounds = done = 0
    while done < kills:
        rounds += 1
        path = soak.folder / f"round{rounds}.db"
        kept: set[str] = set()
        read: set[str] = set()
        ended, reached = False, ""
        while not ended:
            process = soak.start(path)
            # In its last runs a round has little left to do: the moments lie closer together.
            limit = chance.uniform(0, soak.seconds) if done < kills else None
            try:
                process.communicate(timeout=limit)
                ended = True
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.communicate()
                done += 1
                reached = stage(path)
                soak.kills[reached] += 1
            kept, read = soak.check(path, kept, read)
            if reached == "afterwards":
                soak.came_to_its_end(path)
        soak.compare(path)
        path.unlink()
    return rounds


def full_disks(soak: Soak, chance: random.Random, times: int) -> int:
    """Runs that reach a limit of file size at random fills, then one without a limit."""
    size = soak.whole.stat().st_size
    path = soak.folder / "disk.db"
    failed = 0
    kept: set[str] = set()
    read: set[str] = set()
    for fill in sorted(chance.uniform(0.02, 0.98) for _ in range(times)):
        limit = int(size * fill)

        def limited(limit: int = limit) -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        process = soak.start(path, limit=limited)
        message = process.communicate()[1]
        met, kept, read = soak.after(path, message, "the disk", kept, read)
        failed += met
    soak.run(path)
    soak.check(path, kept, read)
    soak.compare(path)
    return failed


def locks(soak: Soak, chance: random.Random, times: int) -> int:
    """Another process takes the write lock at random moments; then a run without one."""
    path = soak.folder / "lock.db"
    soak.start(path).send_signal(signal.SIGKILL)
    failed = 0
    kept: set[str] = set()
    read: set[str] = set()
    for _ in range(times):
        process = soak.start(path, "--wait", "0.2")
        time.sleep(chance.uniform(0, soak.seconds))
        with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            message = process.communicate()[1]
            other.execute("ROLLBACK")
        met, kept, read = soak.after(path, message, "another process", kept, read)
        failed += met
    soak.run(path)
    soak.check(path, kept, read)
    soak.compare(path)
    return failed


def replays(soak: Soak) -> str:
    """The undisturbed ledger, replayed from its pages; what the verb says."""
    path = soak.folder / "replayed.db"
    shutil.copy(soak.whole, path)
    done = subprocess.run(
        [_COMMAND, "replay", "--db", path], capture_output=True, text=True, check=False
    )
    if done.returncode or done.stdout:
        soak.faults.append(f"{path.name}: {(done.stdout + done.stderr)[-300:]}")
    soak.compare(path)
    return done.stderr.splitlines()[-1]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak.crashes")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with TemporaryDirectory() as place:
        folder = Path(place)
        with outlets(marked_rows(options.articles), folder) as (server, sources):
            soak = Soak(server, sources, folder, folder / "whole.db")
            began = time.perf_counter()
            soak.run(soak.whole)
            soak.seconds = time.perf_counter() - began
            counts = {name: len(rows) for name, rows in said(soak.whole).items()}
            print(
                f"Crashes: {counts['articles']} articles, {counts['facts']:,} facts, "
                f"{counts['deals']:,} deals; undisturbed in {soak.seconds:.0f} s"
            )
            rounds = kill_again_and_again(soak, options.kills, chance)
            where = ", ".join(f"{count} {name}" for name, count in soak.kills.most_common())
            print(f"  {soak.kills.total()} kills in {rounds} ingests ({where})")
            print(f"  {full_disks(soak, chance, 10)} of 10 runs met a full disk")
            print(f"  {locks(soak, chance, 10)} of 10 runs met a lock")
            print(f"  replayed: {replays(soak)}")
    for fault in soak.faults:
        print(f"  FAULT {fault}")
    print(f"  {len(soak.faults)} faults\n")
    return bool(soak.faults)


if __name__ == "__main__":
    sys.exit(main())
