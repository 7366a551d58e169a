"""The network's half of a run: what will be stored is fetched and read ahead."""

from __future__ import annotations

import asyncio
import zlib
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from functools import partial
from http import HTTPStatus
from types import TracebackType
from typing import Self, TypeVar

from extractor.errors import BlockedError, DealwireError, FeedError, FetchError
from extractor.gather.article import has_summary
from extractor.gather.feed import looks_like_feed, read_feed
from extractor.gather.opml import looks_like_opml
from extractor.gather.url import canonical_url, host_of
from extractor.gather.workers import PageReaders
from extractor.records import Article, Entry, Feed, Page
from extractor.workflow.parts import FetchesPages

# So many requests of one host are under way or wait for their pages to be read; how many of
# them are sent at once is the fetcher's affair.
_HOST_WIDTH = 8
_LOOSE = 64  # pages that wait to be stored as they are; further ones are packed meanwhile

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found:
    """What a source came to: an article, or why there is none, with the page it was cut from."""

    source: str
    outcome: Article | DealwireError
    page: Page | None = None
    entry: Entry | None = None
    stage: str = "article"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came from a url: a page, with the feed or else the article in it."""

    page: Page | FetchError
    feed: tuple[Feed, tuple[Entry, ...]] | FeedError | None = None
    found: Found | None = None


class Ahead:
    """Starts what can be started at once and hands it over when it is asked for.

    So the ledger is written in an order of its own, whoever answers first, and a host that
    does not answer holds up no other. Each url is fetched once. As soon as a feed comes, the
    pages of those of its entries start that `wants` says yes to.

    Use it as `async with Ahead(fetcher, wants) as ahead`.
    """

    def __init__(self, fetcher: FetchesPages, wants: Callable[[Entry], bool]) -> None:
        self._fetcher = fetcher
        self._wants = wants
        self._readers = PageReaders()
        self._lanes: dict[str, _Lane] = {}
        self._answers: dict[str, asyncio.Future[Answer]] = {}
        self._found: dict[str, asyncio.Future[_Waiting]] = {}
        self._loose = 0  # pages that wait to be stored and are not packed

    async def __aenter__(self) -> Self:
        await self._fetcher.__aenter__()
        await self._readers.__aenter__()
        self._fetcher.room = self._readers.room
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        tasks = [task for lane in self._lanes.values() for task in lane.tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._readers.__aexit__(kind, error, trace)
        await self._fetcher.__aexit__(kind, error, trace)

    def ask(
        self, url: str, *, etag: str = "", modified: str = "", kept: Page | None = None
    ) -> asyncio.Future[Answer]:
        """What is at a url, as it is `kept` or from the web; the first call starts it."""
        if url not in self._answers:
            self._answers[url] = self._start(url, lambda: self._answer(url, etag, modified, kept))
        return self._answers[url]

    def find(self, entry: Entry, kept: Page | None = None) -> None:
        """Start to look for the article behind an entry, in the page that is `kept` or anew."""
        url = canonical_url(entry.url)
        if url not in self._found:
            self._found[url] = self._start(entry.url, lambda: self._find(entry, kept))

    async def found(self, entry: Entry) -> Found:
        """What was found behind an entry that was looked for, by what this entry says of it."""
        waiting = await self._found.pop(canonical_url(entry.url))
        found = waiting.found
        if found.page is None:
            return replace(found, source=entry.url)
        page = found.page
        if waiting.is_packed:
            page = replace(page, body=zlib.decompress(page.body))
        else:
            self._loose -= 1
        if found.entry is None or not _say_the_same(found.entry, entry):
            # Another feed was quicker to name the page than the one that counts.
            found = await self.read(page, entry)
        return replace(found, source=entry.url, page=page, entry=entry)

    async def look_at(self, page: Page) -> Answer:
        """What a page is, with the feed or the article in it."""
        if page.status == HTTPStatus.NOT_MODIFIED or looks_like_opml(page):
            return Answer(page)
        if not looks_like_feed(page):
            return Answer(page, found=await self.read(page))
        try:
            feed, entries = read_feed(page)
        except FeedError as error:
            return Answer(page, error)
        for entry in entries:
            if entry.url and self._wants(entry):
                self.find(entry)
        return Answer(page, (feed, entries))

    def has_found(self, entry: Entry) -> bool:
        """Whether `found` has its answer already."""
        return self._found[canonical_url(entry.url)].done()

    async def read(self, page: Page, entry: Entry | None = None) -> Found:
        """The article of a page that is here."""
        return Found(page.url, await self._readers.read(page, entry), page, entry)

    async def _answer(self, url: str, etag: str, modified: str, kept: Page | None) -> Answer:
        try:
            page = kept or await self._fetcher.fetch(url, etag=etag, modified=modified)
        except FetchError as error:
            return Answer(error)
        return await self.look_at(page)

    async def _find(self, entry: Entry, kept: Page | None) -> _Waiting:
        try:
            page = kept or await self._fetcher.fetch(entry.url)
        except BlockedError as error:
            if not has_summary(entry):
                return _Waiting(Found(entry.url, error, stage="page"))
            page = error.page
        except FetchError as error:
            return _Waiting(Found(entry.url, error, stage="page"))
        found = await self.read(page, entry)
        if self._loose < _LOOSE:
            self._loose += 1
            return _Waiting(found)
        small = replace(page, body=zlib.compress(page.body, 1))
        return _Waiting(replace(found, page=small), is_packed=True)

    def _start(self, url: str, work: Callable[[], Awaitable[T]]) -> asyncio.Future[T]:
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        lane = self._lanes.setdefault(host_of(url), _Lane())
        lane.add(partial(_carry_out, work, future))
        return future


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A finding until it is stored, which may be long: many wait with their pages packed."""

    found: Found
    is_packed: bool = False


@dataclass(slots=True)
class _Lane:
    """The work for one host, some at a time, in the order in which it was given."""

    waiting: deque[Callable[[], Awaitable[None]]] = field(default_factory=deque)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def add(self, work: Callable[[], Awaitable[None]]) -> None:
        self.waiting.append(work)
        if len(self.tasks) < _HOST_WIDTH:
            task = asyncio.create_task(self._work())
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def _work(self) -> None:
        while self.waiting:
            await self.waiting.popleft()()


async def _carry_out(work: Callable[[], Awaitable[T]], future: asyncio.Future[T]) -> None:
    try:
        future.set_result(await work())
    except Exception as error:  # noqa: BLE001 raised where the result is waited for
        future.set_exception(error)


def _say_the_same(one: Entry, other: Entry) -> bool:
    """Whether two entries tell a reader of their page the same of it."""
    return (one.title, one.published, one.summary) == (other.title, other.published, other.summary)
