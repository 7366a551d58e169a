"""What the flow needs from outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self

from extractor.errors import DealwireError
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
    """The network, entered for the time that it is needed."""

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
    return Failed(source, stage, str(error).removeprefix(f"{source}: "))
