"""What a ledger answers: small records for people or programs."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from extractor.differences import Edit, ReadingDiff


@dataclass(frozen=True, slots=True)
class DealRow:
    """A deal as one row of the ledger.

    Numbers are in whole currency units, MW, years and pieces. `articles` counts those that
    report it, `stories` the independent ones among them (copies are one story), `conflicts`
    the fields on which they differ, `contradictions` those where nothing explains it.
    `primary` tells whether a release or filing is among the articles, `doubt` whether a
    check finds the figures "unusual" or "doubtful".

    `expands` is the key of the earlier contract that this one adds to; `is_total` tells that
    its figures include those of that one. Sums over deals add up `counted_value` (of one
    currency) and `counted_megawatts`: what is left out (`left_out` says why) has none, a
    total only what it adds.
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
    stories: int = 1
    contradictions: int = 0
    primary: bool = False
    doubt: str = ""
    expands: str = ""
    is_total: bool = False
    left_out: str = ""
    counted_value: float | None = None
    counted_megawatts: float | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """An article as a source of a statement.

    `story` names the story that it counts with in a deal, `kind` the kind of primary source
    that it is ("release", "filing", "company"), "" for one that retells.
    """

    key: str
    title: str
    site: str
    url: str
    published: datetime | None
    story: str = ""
    kind: str = ""


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
class ClaimRow:
    """A value of a field on which the articles of a deal differ.

    `label` tells how it differs from the agreed value ("contradiction", "update", "scope",
    "currency", "rounding"); it is "agreed" for that one. `conflict` is the gravest label of
    the field, `stories` counts independent stories, `since` is when it was stated first.
    """

    deal: str
    type: str
    company: str
    counterparties: tuple[str, ...]
    slot: str
    conflict: str
    label: str
    value: float
    unit: str
    stories: int
    primary: bool
    since: datetime | None
    sites: tuple[str, ...]
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LinkRow:
    """How a deal stands to another one.

    "expands" or "expanded by" another contract of the same parties, "sums" or "summed in" a
    backlog, "same amount" as a deal of another type that rests on the same words.
    `is_total`: the figures of the later contract include those of the earlier one.
    """

    kind: str
    deal: str
    type: str
    company: str
    counterparties: tuple[str, ...]
    value: float | None
    currency: str
    megawatts: float | None
    published: datetime | None
    is_total: bool


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A figure computed from a deal, beside the band in which such figures usually lie."""

    name: str
    number: float
    low: float
    high: float
    verdict: str
    hint: str


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
    claims: tuple[ClaimRow, ...]
    history: tuple[Step, ...]
    links: tuple[LinkRow, ...]
    checks: tuple[CheckRow, ...]
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
class Said:
    """Something that an article states."""

    kind: str
    value: str | float
    unit: str


@dataclass(frozen=True, slots=True)
class StoryMember:
    """An article of a story: how it got there, how much it states, what nobody had said before.

    `tied_to` is the earlier article with which it has most in common.
    """

    article: Source
    score: float
    reason: str
    tied_to: str
    facts: int
    added: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class StoryDifference:
    """A field of a deal for which articles of one story give other numbers."""

    type: str
    company: str
    slot: str
    unit: str
    values: tuple[tuple[float, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class StoryDecided:
    """What a person decided about two articles: that they tell one story, or do not."""

    left: str
    right: str
    joined: bool
    at: datetime | None


@dataclass(frozen=True, slots=True)
class StoryPage:
    """A story with its members in order of publication, and the keys of its deals."""

    key: str
    members: tuple[StoryMember, ...]
    deals: tuple[str, ...]
    differences: tuple[StoryDifference, ...]
    decisions: tuple[StoryDecided, ...]


@dataclass(frozen=True, slots=True)
class StoryPair:
    """Two articles with what the stories stage keeps of them, and the stories they are in.

    `decision` is a person's, if there is one.
    """

    articles: tuple[Source, Source]
    bodies: tuple[bytes, bytes]
    stories: tuple[str, str]
    decision: StoryDecided | None


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
    """What a company agreed in a year in one role: amounts by currency, and MW."""

    year: int
    role: str
    deals: int
    amounts: tuple[Amount, ...]
    megawatts: float


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money in one currency."""

    currency: str
    value: float


@dataclass(frozen=True, slots=True)
class Total:
    """The deals of one type, each counted once; "" stands for all types.

    Proposed and terminated deals are left out, standing totals (a backlog beside the
    contracts it sums up, debt that is carried) too, and what rests on the printed amount of
    another deal; an expansion told as a new total counts with what it adds. Amounts of
    several currencies are not added.
    """

    type: str
    deals: int
    amounts: tuple[Amount, ...]
    megawatts: float
    left_out: int


@dataclass(frozen=True, slots=True)
class CompanyPage:
    """A company with its names, its deals by role, and totals by year.

    Totals are those of Total, by year; deals without a date have no place in them.
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
    """How much a ledger holds; `conflicts` counts contested fields by label."""

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
    conflicts: Mapping[str, int]
    totals: tuple[Total, ...]


def as_json(value: Any) -> Any:
    """Answers as JSON can hold them: whole numbers without fraction, ISO 8601 times."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: as_json(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {name: as_json(item) for name, item in value.items()}
    if isinstance(value, tuple | list):
        return [as_json(item) for item in value]
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
