"""The records that travel between stages: frozen, slotted, with aware UTC times."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

DealType = Literal[
    "hosting",
    "compute",
    "power",
    "acquisition",
    "equipment",
    "debt",
    "equity",
    "treasury",
    "partnership",
    "backlog",
]
DEAL_TYPES: tuple[DealType, ...] = (
    "hosting",
    "compute",
    "power",
    "acquisition",
    "equipment",
    "debt",
    "equity",
    "treasury",
    "partnership",
    "backlog",
)

Status = Literal["announced", "proposed", "completed", "terminated", "outstanding"]
STATUSES: tuple[Status, ...] = (
    "announced",
    "proposed",
    "completed",
    "terminated",
    "outstanding",
)

Part = Literal["title", "text"]

SlotName = Literal[
    "company",
    "counterparty",
    "backer",
    "value",
    "value_max",
    "megawatts",
    "megawatts_gross",
    "term_years",
    "gpus",
    "coins",
    "site",
    "status",
]
NUMBER_SLOTS: tuple[SlotName, ...] = (
    "value",
    "value_max",
    "megawatts",
    "megawatts_gross",
    "term_years",
    "gpus",
    "coins",
)

# How a value differs from the agreed one, the gravest first.
ConflictLabel = Literal["contradiction", "update", "scope", "currency", "rounding"]
CONFLICT_LABELS: tuple[ConflictLabel, ...] = (
    "contradiction",
    "update",
    "scope",
    "currency",
    "rounding",
)
LinkKind = Literal["expands", "sums", "same amount"]
Verdict = Literal["usual", "unusual", "doubtful"]

FactKind = Literal[
    "ticker", "company", "money", "power", "count", "coins", "duration", "percent", "site"
]


@dataclass(frozen=True, slots=True)
class Feed:
    """A subscription and what is needed to poll it politely."""

    url: str
    title: str = ""
    etag: str = ""
    modified: str = ""
    next_poll: datetime | None = None
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed that is watched, with its own pace and how it fares."""

    feed: Feed
    folder: str = ""  # of the list it came from; folders in folders are parted by "/"
    interval_seconds: float = 0.0  # 0: nothing is known about its pace
    last_poll: datetime | None = None
    last_success: datetime | None = None
    last_error: str = ""
    moved_to: str = ""  # where permanent redirects led
    is_gone: bool = False  # its server says that it will not come back (410)

    @property
    def address(self) -> str:
        """Where to ask for it now."""
        return self.moved_to or self.feed.url


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed as the feed states it; `url` is absolute."""

    guid: str
    url: str
    title: str = ""
    published: datetime | None = None
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of a server (or one file), unread. `headers` have lower-case names."""

    url: str
    final_url: str
    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    fetched_at: datetime | None = None
    moved_to: str = ""  # where permanent redirects alone (301, 308) led from `url`

    def header(self, name: str) -> str:
        """The first header of that name, or an empty string."""
        return next((value for key, value in self.headers if key == name.lower()), "")


@dataclass(frozen=True, slots=True)
class ArticleWarning:
    """What is wrong with an article as it was gathered: a kind such as "paywall", and words."""

    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Article:
    """A text that was published once.

    `text` is canonical: paragraphs separated by a blank line; every offset refers to it
    and it never changes under one `digest`. `key` names the article in a ledger and in
    exports: the id its source gave it, else its canonical url, else its digest.
    """

    key: str
    url: str
    canonical_url: str
    title: str
    site: str
    author: str
    published: datetime | None
    language: str
    text: str
    digest: str
    warnings: tuple[ArticleWarning, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open character offsets into an article's title or text."""

    part: Part
    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"empty or negative span {self.start}:{self.end}")

    def of(self, article: Article) -> str:
        """The characters that the span covers."""
        source = article.title if self.part == "title" else article.text
        return source[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Fact:
    """Something an article says, with its place.

    `value` is a name (company, ticker, site) or a number in `unit`: whole units of an
    ISO 4217 currency for money, MW for power, years for duration, percent for percent,
    an asset symbol for coins, "" for counts. `text` is the literal text under `span`.
    """

    kind: FactKind
    value: str | float
    unit: str
    span: Span
    text: str
    rule: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """One field of one deal as one article states it, with the place that says so."""

    name: SlotName
    value: str | float
    unit: str
    span: Span
    rule: str


@dataclass(frozen=True, slots=True)
class DealReport:
    """One deal as one article tells it. `slots` hold exactly one `company`."""

    type: DealType
    status: Status
    slots: tuple[Slot, ...]
    evidence: tuple[Span, ...]
    rule: str

    @property
    def company(self) -> str:
        return next(str(slot.value) for slot in self.slots if slot.name == "company")

    @property
    def counterparties(self) -> tuple[str, ...]:
        return self.names("counterparty")

    @property
    def backers(self) -> tuple[str, ...]:
        return self.names("backer")

    def names(self, slot_name: SlotName) -> tuple[str, ...]:
        """The distinct values of a party slot, in order of appearance."""
        return tuple(dict.fromkeys(str(s.value) for s in self.slots if s.name == slot_name))

    def number(self, slot_name: SlotName) -> float | None:
        """The number in a slot: currency units, MW, years or pieces. None if not stated."""
        for slot in self.slots:
            if slot.name == slot_name:
                return float(slot.value)
        return None

    @property
    def currency(self) -> str:
        """ISO 4217 code of `value` (or `value_max`), "" when neither is stated."""
        return next((s.unit for s in self.slots if s.name in ("value", "value_max")), "")

    @property
    def site(self) -> str:
        return next((str(s.value) for s in self.slots if s.name == "site"), "")


@dataclass(frozen=True, slots=True)
class Reading:
    """All that the language half found in one article."""

    facts: tuple[Fact, ...] = ()
    reports: tuple[DealReport, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """An article in a story, with the reason why it is there ("first", "same url", ...).

    `tied_to` is the earlier member with which it has most in common.
    """

    article_key: str
    score: float
    reason: str
    tied_to: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """Articles that report one event; `members` are in order of publication."""

    key: str
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class StoryEntry:
    """What the stories stage keeps of an article, by the number that the ledger gave it.

    `at` is in minutes since 1970, -1 when undated. `lasting` keys find it in the index at any
    time, `keys` near its own; `body` is the stage's own.
    """

    id: int
    at: int
    lasting: tuple[int, ...]
    keys: tuple[int, ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class StoryTie:
    """Two articles, the smaller number first, that were found to tell one story."""

    left: int
    right: int
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class StoryDecision:
    """A person's word that two articles tell one story, or do not; later ones count first."""

    number: int
    left: int
    right: int
    joined: bool


@dataclass(frozen=True, slots=True)
class ReportRef:
    """A report together with the article (and its story) that it came from.

    `source` is the kind of a primary source ("release", "filing", "company"), "" for others;
    `cues` are what the sentences around hint at ("expansion", "total"); `article_deals`
    counts the deals that the article tells of.
    """

    article_key: str
    story_key: str
    published: datetime | None
    report: DealReport
    source: str = ""
    cues: tuple[str, ...] = ()
    article_deals: int = 1


@dataclass(frozen=True, slots=True)
class Claim:
    """A value of a contested slot, with the articles that state it, the earliest first.

    `stories` counts independent stories: copies of one text are one voice. `label` tells how
    the value differs from the agreed one; it is "" for the agreed one itself.
    """

    number: float
    unit: str
    article_keys: tuple[str, ...]
    stories: int
    since: datetime | None
    primary: bool
    label: ConflictLabel | Literal[""]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A slot on which reports disagree; `label` is the gravest of its claims."""

    slot: SlotName
    label: ConflictLabel
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """How a deal stands to another one of its principal, named by its key.

    "expands" an earlier contract of the same parties, with figures that are the new `total`
    or what it adds; "sums" up the contract in a backlog or a
    total; has the "same amount" as a deal of another type, printed once for both.
    """

    kind: LinkKind
    key: str
    total: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """A figure computed from a deal, beside the band in which such figures usually lie.

    `hint` names the slip that would explain a doubtful figure, where one would.
    """

    name: str
    number: float
    low: float
    high: float
    verdict: Verdict
    hint: str = ""


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A status, and when and where it was first reported."""

    status: Status
    since: datetime | None
    article_key: str


@dataclass(frozen=True, slots=True)
class Deal:
    """One transaction across articles: the agreed value of each slot and all its reports.

    Numbers are in whole currency units, MW, years and pieces. `key` is stable as long
    as the first report of the deal is.
    """

    key: str
    type: DealType
    status: Status
    company: str
    counterparties: tuple[str, ...] = ()
    backers: tuple[str, ...] = ()
    value: float | None = None
    currency: str = ""
    value_max: float | None = None
    megawatts: float | None = None
    megawatts_gross: float | None = None
    term_years: float | None = None
    gpus: float | None = None
    coins: float | None = None
    site: str = ""
    first_published: datetime | None = None
    last_published: datetime | None = None
    reports: tuple[ReportRef, ...] = field(default=(), repr=False)
    conflicts: tuple[Conflict, ...] = ()
    history: tuple[StatusChange, ...] = ()
    links: tuple[Link, ...] = ()
    checks: tuple[Check, ...] = ()
