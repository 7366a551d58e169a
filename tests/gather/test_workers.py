"""Promises of the processes that read pages."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest

from extractor.errors import ArticleError
from extractor.gather.article import read_article
from extractor.gather.workers import PageReaders
from extractor.records import Article, Page

T = TypeVar("T")
WORDS = "The miner leased 40 megawatts to the cloud firm for ten years, both said on Monday. "


def page(name: str, body: str | None = None) -> Page:
    markup = body or f"<html><body><article><h1>{name}</h1><p>{WORDS * 3}</p></article></body>"
    url = f"https://mill.example/{name}"
    return Page(url, url, 200, markup.encode(), (("content-type", "text/html"),))


def run(work: Callable[[PageReaders], Awaitable[T]], **options: float) -> T:
    async def inside() -> T:
        async with PageReaders(2, **options) as readers:
            return await work(readers)

    return asyncio.run(inside())


def workers_of(process: int) -> list[int]:
    children = Path(f"/proc/{process}/task/{process}/children")
    return [int(word) for word in children.read_text().split()]


@pytest.fixture(autouse=True)
def on_linux() -> None:
    if not Path("/proc/self/task").exists():
        pytest.skip("the processes are looked at in /proc")


def test_pages_are_read_as_in_this_process() -> None:
    pages = [page(f"page-{n}") for n in range(12)] + [page("empty", " ")]

    async def read(readers: PageReaders) -> list[Article | ArticleError]:
        return await asyncio.gather(*map(readers.read, pages))

    *articles, empty = run(read)
    assert articles == [read_article(each) for each in pages[:-1]]
    assert isinstance(empty, ArticleError)
    assert str(empty) == "https://mill.example/empty: the page is empty"


def test_a_killed_worker_costs_no_page() -> None:
    async def read(readers: PageReaders) -> list[object]:
        await asyncio.gather(readers.read(page("a")), readers.read(page("b")))
        slow = asyncio.create_task(readers.read(page("slow", f"<p>{WORDS}</p>" * 2_000)))
        await asyncio.sleep(0.1)
        for worker in workers_of(os.getpid()):
            os.kill(worker, signal.SIGKILL)
        return [await slow, *[await readers.read(page(f"later-{n}")) for n in range(4)]]

    assert [type(outcome) for outcome in run(read)] == [Article] * 5


def test_a_page_that_kills_its_reader_is_named() -> None:
    async def read(readers: PageReaders) -> tuple[object, object]:
        await asyncio.gather(readers.read(page("a")), readers.read(page("b")))
        killer = asyncio.create_task(readers.read(page("killer", f"<p>{WORDS}</p>" * 100_000)))
        while not killer.done():
            await asyncio.sleep(0.3)  # a process needs a moment to be one
            for worker in workers_of(os.getpid()):
                os.kill(worker, signal.SIGKILL)
        return await killer, await readers.read(page("next"))

    killer, following = run(read)
    assert isinstance(killer, ArticleError)
    assert "ended its process twice (exit code -9)" in str(killer)
    assert isinstance(following, Article)


def test_a_page_that_takes_too_long_is_given_up() -> None:
    async def read(readers: PageReaders) -> tuple[object, object]:
        await asyncio.gather(readers.read(page("a")), readers.read(page("b")))
        slow = await readers.read(page("slow", f"<p>{WORDS}</p>" * 100_000))
        return slow, await readers.read(page("next"))

    slow, following = run(read, seconds=1.5)
    assert isinstance(slow, ArticleError)
    assert "took more than 1.5 s" in str(slow)
    assert isinstance(following, Article)


@pytest.mark.parametrize("nesting", [400, 20_000])
def test_a_tower_of_elements_ends_no_run(nesting: int) -> None:
    tower = "<div>" * nesting + f"<p>{WORDS * 3}</p>" + "</div>" * nesting

    async def read(readers: PageReaders) -> object:
        return await readers.read(page("tower", f"<html><body>{tower}</body></html>"))

    assert isinstance(run(read), (Article, ArticleError))


def test_no_worker_outlives_its_parent() -> None:
    script = (
        "import asyncio, sys\n"
        "from extractor.gather.workers import PageReaders\n"
        "from extractor.records import Page\n"
        "async def main():\n"
        "    async with PageReaders(2) as readers:\n"
        "        page = Page('https://a.example/', 'https://a.example/', 200, b'<p>x</p>')\n"
        "        await asyncio.gather(*[readers.read(page) for _ in range(4)])\n"
        "        print('ready', flush=True)\n"
        "        await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"ready\n"
        workers = workers_of(parent.pid)
        assert len(workers) == 2
        parent.kill()
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{worker}/fd").exists() and _runs(worker) for worker in workers):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
