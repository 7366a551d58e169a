"""An ingest that meets a full disk, Ctrl-C and kill -9 ends as an undisturbed one."""

from __future__ import annotations

import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from extractor.store.write import open_ledger
from tests.canonical import differences, said
from tests.outlets import Outlets, marked_rows, outlets

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals, limits")


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Outlets, list[str]]]:
    with outlets(marked_rows(40), tmp_path_factory.mktemp("web")) as served:
        yield served


ROOM_BYTES = 150_000  # for some of the pages, on a disk that is full then


class Ingest:
    """A real `dealwire ingest` of the sources into one ledger, again and again."""

    def __init__(self, web: tuple[Outlets, list[str]], path: Path) -> None:
        self.server, self._sources = web
        self.path = path

    def start(self, limit: Callable[[], None] | None = None) -> subprocess.Popen[str]:
        self.server.asked.clear()
        command = [sys.executable, "-c", "from extractor.cli import main; main()", "ingest"]
        polite = ["--db", str(self.path), "--allow-private", "--delay", "0"]
        return subprocess.Popen(
            [*command, *self._sources, *polite],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=limit,
        )

    def until(
        self, reached: Callable[[], bool], send: signal.Signals
    ) -> tuple[subprocess.Popen[str], str]:
        """Starts it, sends a signal as soon as something is reached, waits for its end."""
        process = self.start()
        while process.poll() is None and not reached():
            time.sleep(0.002)
        process.send_signal(send)
        return process, process.communicate(timeout=60)[1]

    def asked_pages(self) -> set[str]:
        return {path for path in self.server.asked if path.startswith("/a/")}

    def kept_pages(self) -> set[str]:
        rows = said(self.path, "pages")["pages"] if self.count("pages") else []
        return {str(url).removeprefix(self.server.url) for url, *_ in rows}

    def count(self, table: str) -> int:
        if not self.path.exists():
            return 0
        with closing(sqlite3.connect(self.path)) as raw:
            try:
                (rows,) = raw.execute(f"SELECT count(*) FROM {table}").fetchone()
            except sqlite3.OperationalError:  # no such table so far
                return 0
            return int(rows)


def no_larger_files(size: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def empty_bytes(folder: Path) -> int:
    """What the largest file of a ledger takes before anything is stored in it."""
    with open_ledger(folder / "empty.db"):
        return max(path.stat().st_size for path in folder.glob("empty.db*"))


def test_a_full_disk_then_ctrl_c_then_a_kill_lose_nothing(
    web: tuple[Outlets, list[str]], tmp_path: Path
) -> None:
    undisturbed = Ingest(web, tmp_path / "undisturbed.db")
    first = undisturbed.start()
    first.communicate(timeout=60)
    assert first.returncode == 1  # one entry leads nowhere
    once = len(undisturbed.asked_pages())
    ingest = Ingest(web, tmp_path / "ledger.db")
    kept: set[str] = set()

    def check_and_remember(least: int) -> None:
        nonlocal kept
        assert not kept & ingest.asked_pages(), "what was stored is not fetched again"
        kept = ingest.kept_pages()
        assert len(kept) >= least
        with closing(sqlite3.connect(ingest.path)) as raw:
            assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
            assert raw.execute("PRAGMA quick_check").fetchall() == [("ok",)]

    limited = ingest.start(no_larger_files(empty_bytes(tmp_path) + ROOM_BYTES))
    said_of_it = limited.communicate(timeout=60)[1]
    assert limited.returncode == 1
    assert f"error: {ingest.path}: cannot write the ledger: the disk" in said_of_it
    check_and_remember(1)

    process, said_of_it = ingest.until(lambda: ingest.count("pages") >= 20, signal.SIGINT)
    assert process.returncode == 130
    assert "stopped: what was taken in is kept" in said_of_it
    assert "Traceback" not in said_of_it
    check_and_remember(20)

    process, _ = ingest.until(lambda: ingest.count("readings") > 0, signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    read = ingest.count("readings")
    check_and_remember(once)

    last = ingest.start()
    said_of_it = last.communicate(timeout=60)[1]
    assert last.returncode == 0
    assert "2 pages of feeds failed before and will be asked for again later" in said_of_it
    assert f"{40 - read} read" in said_of_it
    assert differences(undisturbed.path, ingest.path) == []
