"""Articles read from pages in processes of their own, so that the network never waits."""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import struct
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from types import TracebackType
from typing import Any, BinaryIO, Self

from extractor.errors import ArticleError
from extractor.gather.article import read_article
from extractor.records import Article, Entry, Page

Outcome = Article | ArticleError
_SIZE = struct.Struct("!I")
# A worker needs a second to start; so much is read sooner without one.
_PAGES_AT_HOME = 20
_MOST_WAITING = 128
_SECONDS = 60.0  # a page of 10 MB takes some five
_PAGES_PER_WORKER = 5_000  # then a fresh one takes over: what parsers keep is given back
_LAST_SECONDS = 5.0  # for a process that closed its answers to be gone
_MEMORY_BYTES = 2 * 1024**3
_READY = b"!"
_WORKER = "from extractor.gather.workers import serve; serve()"


class PageReaders:
    """Processes that read articles; use it as `async with PageReaders() as readers`.

    The first pages are read in this process, so that a short run starts none.
    """

    def __init__(self, processes: int | None = None, *, seconds: float = _SECONDS) -> None:
        self._count = processes or _cores()
        self._seconds = seconds
        self._at_home = 0 if processes else _PAGES_AT_HOME
        self._idle: asyncio.Queue[_Worker] = asyncio.Queue()
        self._waiting = 0
        self._has_room = asyncio.Event()
        self._has_room.set()

    async def __aenter__(self) -> Self:
        self._idle = asyncio.Queue()
        self._workers = [_Worker(self._seconds) for _ in range(self._count)]
        for worker in self._workers:
            self._idle.put_nowait(worker)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await asyncio.gather(*(worker.stop() for worker in self._workers))

    async def read(self, page: Page, entry: Entry | None = None) -> Outcome:
        """The article of a page as `read_article` finds it, or why there is none."""
        if self._at_home > 0:
            self._at_home -= 1
            return read_safely(page, entry)
        self._count_waiting(1)
        try:
            worker = await self._idle.get()
            try:
                return await worker.read(page, entry)
            finally:
                self._idle.put_nowait(worker)
        finally:
            self._count_waiting(-1)

    async def room(self) -> None:
        """Waits while so many pages wait to be read that no more should be fetched."""
        await self._has_room.wait()

    def _count_waiting(self, more: int) -> None:
        self._waiting += more
        if self._waiting < _MOST_WAITING:
            self._has_room.set()
        else:
            self._has_room.clear()


def read_safely(page: Page, entry: Entry | None) -> Outcome:
    """What `read_article` says; a fault of a parser costs one page."""
    try:
        return read_article(page, entry)
    except ArticleError as error:
        # Its cause is of this process: what it says has to travel in words.
        return ArticleError(error.subject, str(error).removeprefix(f"{error.subject}: "))
    except Exception as error:  # noqa: BLE001 recorded with its type, counted, shown
        return ArticleError(page.url, f"the page cannot be read: {type(error).__name__}: {error}")


class _Worker:
    """One process, started when it is needed and again when it died."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._process: Process | None = None
        self._reads = 0

    async def read(self, page: Page, entry: Entry | None) -> Outcome:
        if self._reads >= _PAGES_PER_WORKER:
            await self.stop()
        self._reads += 1
        try:
            try:
                return await self._ask(page, entry)
            except (OSError, EOFError) as error:
                if isinstance(error, TimeoutError):
                    raise
                await self.stop(ended=True)  # it may have died of another page, or been killed
                return await self._ask(page, entry)
        except TimeoutError:
            reason = f"reading the page took more than {self._seconds:g} s"
        except (OSError, EOFError):
            code = await self.stop(ended=True)
            reason = f"reading the page ended its process twice (exit code {code})"
        except asyncio.CancelledError:
            await self.stop()  # its answer would be taken for that of the next page
            raise
        await self.stop()
        return ArticleError(page.url, reason)

    async def _ask(self, page: Page, entry: Entry | None) -> Outcome:
        process = self._process or await self._start()
        assert process.stdin is not None and process.stdout is not None  # both are PIPE
        data = pickle.dumps((page, entry), pickle.HIGHEST_PROTOCOL)
        async with asyncio.timeout(self._seconds):
            process.stdin.write(_SIZE.pack(len(data)) + data)
            await process.stdin.drain()
            (size,) = _SIZE.unpack(await process.stdout.readexactly(_SIZE.size))
            answer: Outcome = pickle.loads(await process.stdout.readexactly(size))
        return answer

    async def _start(self) -> Process:
        """A process that says that it is ready: what it loads is no page's fault."""
        self._reads = 0
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", _WORKER, stdin=PIPE, stdout=PIPE
        )
        assert self._process.stdout is not None  # it is a PIPE
        await self._process.stdout.readexactly(len(_READY))
        return self._process

    async def stop(self, *, ended: bool = False) -> int | None:
        """Ends the process, if there is one; its exit code, negative for a signal.

        One that has `ended` by itself is waited for: killing it could hide its exit code.
        """
        process, self._process = self._process, None
        if process is None:
            return None
        if ended:
            with suppress(TimeoutError):
                async with asyncio.timeout(_LAST_SECONDS):
                    return await process.wait()
        with suppress(ProcessLookupError):
            process.kill()  # nothing of it is worth waiting for: it writes no files
        return await process.wait()


def serve() -> None:
    """The life of a worker: pages in on stdin, outcomes out on stdout, until stdin ends.

    Stdin ends when the parent dies, however it does; so no worker is left behind.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's affair
    _limit_memory()
    questions = sys.stdin.buffer
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a library that prints spoils no answer
    answers.write(_READY)
    answers.flush()
    while (question := _received(questions)) is not None:
        data = pickle.dumps(read_safely(*question), pickle.HIGHEST_PROTOCOL)
        try:
            answers.write(_SIZE.pack(len(data)) + data)
            answers.flush()
        except BrokenPipeError:
            return


def _received(stream: BinaryIO) -> Any:
    head = stream.read(_SIZE.size)
    if len(head) < _SIZE.size:
        return None
    (size,) = _SIZE.unpack(head)
    data = stream.read(size)
    return pickle.loads(data) if len(data) == size else None


def _cores() -> int:
    """The cores that this process may use, as far as the system tells."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _limit_memory() -> None:
    # Windows has no such limits, and some systems let nobody set them.
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
