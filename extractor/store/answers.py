"""What a ledger answers: small records for people or programs."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from extractor.differences import Edit, ReadingDiff


@dataclass(frozen=True, slots=True)
class DealRow:
    """A deal as one row of the ledger.

    Numbers are in whole currency units, MW, years and pieces; `articles` counts those
    that report it, `conflicts` the fields on which they disagree.
    """

    key: str
    type: str
    status: str
    company: str
    counterparties: tuple[str, ...]
    backers: tuple[str, ...]
    value: float | None
    currency: str
    value_max: float | None
    megawatts: float | None
    megawatts_gross: float | None
    term_years: float | None
    gpus: float | None
    coins: float | None
    site: str
    first_published: datetime | None
    last_published: datetime | None
    articles: int
    conflicts: int


@dataclass(frozen=True, slots=True)
class Source:
    """An article as a source of a statement."""

    key: str
    title: str
    site: str
    url: str
    published: datetime | None


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence that states a field; the words are `sentence[start:end]`."""

    slot: str
    value: str | float
    unit: str
    sentence: str
    start: int
    end: int
    rule: str
    source: Source


@dataclass(frozen=True, slots=True)
class Dispute:
    """A value of a contested field with the articles that state it."""

    slot: str
    value: str | float
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A status of a deal, since when, and the article that said so first."""

    status: str
    since: datetime | None
    article: str


@dataclass(frozen=True, slots=True)
class DealDetail:
    """A deal with all that stands behind it."""

    deal: DealRow
    statements: tuple[Statement, ...]
    disputes: tuple[Dispute, ...]
    history: tuple[Step, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article in a list; `deals` counts the deals it reports.

    `warnings` tell what it may lack: "paywall: the article is for subscribers".
    """

    key: str
    title: str
    site: str
    url: str
    published: datetime | None
    story: str
    deals: int
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoryRow:
    """A story in a list; title and site are those of its first article."""

    key: str
    title: str
    site: str
    first_published: datetime | None
    articles: int
    deals: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CompanyRow:
    """A company in a list; `listed` tells whether models/ knows it."""

    name: str
    category: str
    ticker: str
    listed: bool
    deals: int
    articles: int


@dataclass(frozen=True, slots=True)
class YearTotal:
    """What a company agreed in a year in one role, in US dollars and MW."""

    year: int
    role: str
    deals: int
    usd: float
    megawatts: float


@dataclass(frozen=True, slots=True)
class CompanyPage:
    """A company with its names, its deals by role, and totals by year.

    Totals leave out proposed and terminated deals, amounts that are not in US dollars,
    deals without a date, and a backlog where the contracts that it sums up are there.
    """

    name: str
    category: str
    aliases: tuple[str, ...]
    former_names: tuple[str, ...]
    tickers: tuple[str, ...]
    as_company: tuple[DealRow, ...]
    as_counterparty: tuple[DealRow, ...]
    as_backer: tuple[DealRow, ...]
    totals: tuple[YearTotal, ...]


@dataclass(frozen=True, slots=True)
class SearchHit:
    """An article that has the words; they stand in [brackets] in `snippet`."""

    article: Source
    snippet: str


@dataclass(frozen=True, slots=True)
class Change:
    """An edit of an article: the version seen first at `seen` was another one at `noticed`.

    `reading` tells what it changed in facts and deals; None if nothing, or not yet read.
    """

    article: Source
    seen: datetime
    noticed: datetime
    title: tuple[Edit, ...]
    text: tuple[Edit, ...]
    reading: ReadingDiff | None


@dataclass(frozen=True, slots=True)
class FeedRow:
    """A watched feed: its pace, and how it fares. `last_error` is empty while it works."""

    url: str
    title: str
    folder: str
    interval_seconds: float
    next_poll: datetime | None
    last_poll: datetime | None
    last_success: datetime | None
    entries: int
    pages_waiting: int
    failures: int
    last_error: str
    moved_to: str
    is_gone: bool


@dataclass(frozen=True, slots=True)
class Failure:
    """A source that failed and has not worked since."""

    source: str
    stage: str
    reason: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Stats:
    """How much a ledger holds."""

    feeds: int
    pages: int
    articles: int
    read: int
    stories: int
    facts: int
    reports: int
    deals: int
    companies: int
    first_published: datetime | None
    last_published: datetime | None
    fingerprints: tuple[str, ...]
    failures: tuple[Failure, ...]


def as_json(value: Any) -> Any:
    """Answers as JSON can hold them: whole numbers without fraction, ISO 8601 times."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: as_json(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, tuple | list):
        return [as_json(item) for item in value]
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
