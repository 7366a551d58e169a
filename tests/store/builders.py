"""A small ledger with four articles, three stories, five deals."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from extractor.records import (
    Article,
    Claim,
    Conflict,
    Deal,
    DealReport,
    DealType,
    Fact,
    FactKind,
    Member,
    Part,
    Reading,
    ReportRef,
    Slot,
    SlotName,
    Span,
    Status,
    StatusChange,
    Story,
)
from extractor.store.write import Ledger, open_ledger

NOON = datetime(2025, 11, 21, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Company:
    name: str
    category: str = ""
    aliases: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()
    ticker: str = ""
    former_tickers: tuple[str, ...] = ()


COMPANIES = (
    Company("TeraWulf", "miner", ("Tera Wulf",), ("Beowulf Digital",), "WULF"),
    Company("Fluidstack", "ai_cloud"),
    Company("Google", "hyperscaler", ("Alphabet",), (), "GOOGL", ("GOOG",)),
    Company("IREN", "miner_ai", ("IREN Limited",), ("Iris Energy",), "IREN"),
    Company("Microsoft", "hyperscaler", (), (), "MSFT"),
    Company("Core Scientific", "miner", (), (), "CORZ"),
)


def article(
    key: str,
    text: str,
    *,
    title: str = "",
    published: datetime | None = NOON,
    site: str = "wire.example",
) -> Article:
    url = f"https://{site}/{key}"
    digest = hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()[:16]
    return Article(key, url, url, title, site, "", published, "en", text, digest)


def place(of: Article, words: str, part: Part = "text") -> Span:
    source = of.title if part == "title" else of.text
    start = source.index(words)
    return Span(part, start, start + len(words))


def fact(of: Article, kind: FactKind, value: str | float, words: str, unit: str = "") -> Fact:
    return Fact(kind, value, unit, place(of, words), words, f"test.{kind}")


def slot(of: Article, name: SlotName, value: str | float, words: str, unit: str = "") -> Slot:
    return Slot(name, value, unit, place(of, words), f"test.{name}")


def report(
    of: Article, type_: DealType, slots: Sequence[Slot], *, status: Status = "announced"
) -> DealReport:
    evidence = (place(of, of.text.split("\n")[0].split(". ")[0]),)
    return DealReport(type_, status, tuple(slots), evidence, f"test.{type_}")


LEASE = article(
    "lease",
    "TeraWulf leased 200 MW to Google-backed Fluidstack for $3.7 billion. The term is ten years."
    "\n\nShares of WULF rose.",
    title="TeraWulf signs $3.7bn lease",
    published=datetime(2025, 8, 14, 11, tzinfo=UTC),
)
COPY = article(
    "copy",
    "A lease worth $3.8 billion joins TeraWulf and Fluidstack, people said.",
    title="Fluidstack leases from TeraWulf",
    published=datetime(2025, 8, 14, 15, tzinfo=UTC),
    site="outlet.example",
)
CLOUD = article(
    "cloud",
    "Microsoft buys GPU cloud services from IREN for $9.7 billion. IREN sold 1,000 BTC. "
    "It is in talks over another $20 billion with Microsoft.",
    title="IREN wins Microsoft",
    published=datetime(2025, 11, 3, 12, tzinfo=UTC),
)
BACKLOG = article(
    "backlog",
    "TeraWulf now has $12.8 billion in contracted revenue.",
    title="TeraWulf results",
    published=datetime(2025, 11, 10, 12, tzinfo=UTC),
)

LEASE_REPORT = report(
    LEASE,
    "hosting",
    (
        slot(LEASE, "company", "TeraWulf", "TeraWulf"),
        slot(LEASE, "counterparty", "Fluidstack", "Fluidstack"),
        slot(LEASE, "backer", "Google", "Google"),
        slot(LEASE, "value", 3.7e9, "$3.7 billion", "USD"),
        slot(LEASE, "megawatts", 200.0, "200 MW", "MW"),
        slot(LEASE, "term_years", 10.0, "ten years", "years"),
    ),
)
COPY_REPORT = report(
    COPY,
    "hosting",
    (
        slot(COPY, "company", "TeraWulf", "TeraWulf"),
        slot(COPY, "counterparty", "Fluidstack", "Fluidstack"),
        slot(COPY, "value", 3.8e9, "$3.8 billion", "USD"),
    ),
)
CLOUD_REPORT = report(
    CLOUD,
    "compute",
    (
        slot(CLOUD, "company", "IREN", "IREN"),
        slot(CLOUD, "counterparty", "Microsoft", "Microsoft"),
        slot(CLOUD, "value", 9.7e9, "$9.7 billion", "USD"),
    ),
)
COINS_REPORT = report(
    CLOUD,
    "treasury",
    (slot(CLOUD, "company", "IREN", "IREN"), slot(CLOUD, "coins", 1000.0, "1,000 BTC", "BTC")),
    status="completed",
)
TALKS_REPORT = report(
    CLOUD,
    "compute",
    (
        slot(CLOUD, "company", "IREN", "IREN"),
        slot(CLOUD, "counterparty", "Microsoft", "Microsoft"),
        slot(CLOUD, "value", 2e10, "$20 billion", "USD"),
    ),
    status="proposed",
)
BACKLOG_REPORT = report(
    BACKLOG,
    "backlog",
    (
        slot(BACKLOG, "company", "TeraWulf", "TeraWulf"),
        slot(BACKLOG, "value", 1.28e10, "$12.8 billion", "USD"),
    ),
    status="outstanding",
)

READINGS: tuple[tuple[Article, Reading], ...] = (
    (
        LEASE,
        Reading(
            (
                Fact("company", "TeraWulf", "", Span("title", 0, 8), "TeraWulf", "test.company"),
                Fact("money", 3.7e9, "USD", Span("title", 15, 21), "$3.7bn", "test.money"),
                fact(LEASE, "company", "TeraWulf", "TeraWulf"),
                fact(LEASE, "power", 200.0, "200 MW", "MW"),
                fact(LEASE, "company", "Google", "Google"),
                fact(LEASE, "company", "Fluidstack", "Fluidstack"),
                fact(LEASE, "money", 3.7e9, "$3.7 billion", "USD"),
                fact(LEASE, "duration", 10.0, "ten years", "years"),
                fact(LEASE, "ticker", "WULF", "WULF"),
            ),
            (LEASE_REPORT,),
        ),
    ),
    (COPY, Reading((fact(COPY, "money", 3.8e9, "$3.8 billion", "USD"),), (COPY_REPORT,))),
    (
        CLOUD,
        Reading(
            (fact(CLOUD, "company", "IREN", "IREN"),), (CLOUD_REPORT, COINS_REPORT, TALKS_REPORT)
        ),
    ),
    (BACKLOG, Reading((), (BACKLOG_REPORT,))),
)

STORIES = (
    Story("wulf-lease", (Member("lease", 1.0, "first"), Member("copy", 0.9, "same names"))),
    Story("iren-cloud", (Member("cloud", 1.0, "first"),)),
    Story("wulf-backlog", (Member("backlog", 1.0, "first"),)),
)


def _ref(of: Article, story: str, told: DealReport) -> ReportRef:
    return ReportRef(of.key, story, of.published, told)


def _alone(key: str, of: Article, story: str, told: DealReport) -> Deal:
    return Deal(
        key=key,
        type=told.type,
        status=told.status,
        company=told.company,
        counterparties=told.counterparties,
        value=told.number("value"),
        currency=told.currency,
        coins=told.number("coins"),
        first_published=of.published,
        last_published=of.published,
        reports=(_ref(of, story, told),),
        history=(StatusChange(told.status, of.published, of.key),),
    )


DEALS = (
    replace(
        _alone("aa11", LEASE, "wulf-lease", LEASE_REPORT),
        backers=("Google",),
        megawatts=200.0,
        term_years=10.0,
        last_published=COPY.published,
        reports=(
            _ref(LEASE, "wulf-lease", LEASE_REPORT),
            _ref(COPY, "wulf-lease", COPY_REPORT),
        ),
        conflicts=(
            Conflict(
                "value",
                "contradiction",
                (
                    Claim(3.7e9, "USD", ("lease",), 1, LEASE.published, False, ""),
                    Claim(3.8e9, "USD", ("copy",), 1, COPY.published, False, "contradiction"),
                ),
            ),
        ),
    ),
    _alone("bb22", CLOUD, "iren-cloud", CLOUD_REPORT),
    _alone("bb33", CLOUD, "iren-cloud", COINS_REPORT),
    _alone("cc44", CLOUD, "iren-cloud", TALKS_REPORT),
    _alone("dd55", BACKLOG, "wulf-backlog", BACKLOG_REPORT),
)


def stock(ledger: Ledger) -> None:
    """Stores all of the above."""
    ledger.sync_companies(COMPANIES)
    for each, reading in READINGS:
        ledger.add_article(each)
        ledger.save_reading(each, reading, "rules-1")
    ledger.replace_stories(STORIES)
    ledger.replace_deals(DEALS)


def stocked(path: Path) -> Path:
    with open_ledger(path, clock=lambda: NOON) as ledger:
        stock(ledger)
    return path
