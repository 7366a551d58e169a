"""What the flow needs from outside."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol, Self

from extractor.errors import DealwireError, without_secrets
from extractor.records import Article, Page, Reading
from extractor.store.companies import ListedCompany


class ReadsArticles(Protocol):
    """The language half. Readings made under one `fingerprint` need no second one."""

    @property
    def fingerprint(self) -> str: ...
    @property
    def companies(self) -> Sequence[ListedCompany]: ...
    def read(self, article: Article) -> Reading: ...


class FetchesPages(Protocol):
    """The network, entered for the time that it is needed; it asks no host without `room`."""

    room: Callable[[], Awaitable[None]]

    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *error: Any) -> None: ...
    async def fetch(self, url: str, *, etag: str = "", modified: str = "") -> Page: ...


class Progress(Protocol):
    """Is told how far a stage has come; `total` is 0 as long as it is unknown."""

    def __call__(self, stage: str, done: int, total: int) -> None: ...


def no_progress(stage: str, done: int, total: int) -> None:
    """Tells nobody."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A source that failed: in which stage, with what cause."""

    source: str
    stage: str
    reason: str


def failed(source: str, stage: str, error: DealwireError) -> Failed:
    """The failure of a source; its reason does not repeat the source's name."""
    return Failed(source, stage, str(error).removeprefix(without_secrets(f"{source}: ")))


class PostsEvents(Protocol):
    """The receiver of webhooks; raises FetchError for what it does not take."""

    @property
    def name(self) -> str: ...
    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *error: Any) -> None: ...
    async def post(self, event_id: str, body: bytes, sent_at: datetime) -> None: ...


class Clock(Protocol):
    """The time, and the passing of it; `wait` ends early when the service is stopped."""

    def now(self) -> datetime: ...
    async def wait(self, seconds: float, stop: Stop) -> None: ...


class Journal(Protocol):
    """Is told what a service does, for logs and for metrics."""

    def __call__(self, event: str, **fields: Any) -> None: ...


class Stop:
    """The wish that a service ends; may come from a signal, also while it computes."""

    def __init__(self) -> None:
        self.is_asked = False
        self._loop = asyncio.get_running_loop()
        self._event = asyncio.Event()

    def ask(self) -> None:
        self.is_asked = True
        self._loop.call_soon_threadsafe(self._event.set)

    async def wait(self) -> None:
        await self._event.wait()


class WallClock:
    """The time of this machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def wait(self, seconds: float, stop: Stop) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), seconds)
