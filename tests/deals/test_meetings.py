"""The quick way to deals leads where comparing pair with pair leads."""

import random
import sys
from datetime import UTC, datetime, timedelta

import pytest

from extractor.deals.meetings import Meetings
from extractor.deals.rules import load_rules
from extractor.deals.signature import Signature, signature
from extractor.records import NUMBER_SLOTS, STATUSES, DealReport, ReportRef, Slot, Span
from tests.deals.plain import partition

RULES = load_rules()
START = datetime(2025, 1, 1, tzinfo=UTC)
HERE = Span("text", 0, 1)
# Around the tolerance, on its edge and a hair beyond it; and as an offering grows.
NUMBERS = (0, 40, 80, 96.9, 97, 100, 103, 103.0927, 125, 150, 250, 969999999.9999999, 97e7, 1e9)

CUES = (
    (),
    ("expansion",),
    ("amended",),
    ("separate",),
    ("instrument notes",),
    ("instrument loan", "instrument notes"),
    ("instrument notes", "security convertible"),
    ("instrument notes", "security secured"),
    ("potential",),
    ("total",),
    ("drawn",),
    ("looks back",),
    ("mark 2030",),
    ("mark 2032", "drawn"),
)


def some_reports(chance: random.Random, kind: str, articles: int) -> list[Signature]:
    """Reports of one principal and type that agree and differ in every way."""
    days, stories = chance.choice([0, 12, 400]), chance.choice([2, 10, 100])
    found = []
    for number in range(articles):
        when = START + timedelta(days=chance.randint(0, days)) if chance.random() < 0.9 else None
        story = f"story-{chance.randint(1, stories)}"
        deals, cues = chance.choice([1, 2, 5]), chance.choice(CUES)
        for _ in range(chance.choice([1, 1, 2])):
            report = some_report(chance, kind)
            ref = ReportRef(
                f"a{number:04}", story, when, report, chance.choice(["", "release"]), cues, deals
            )
            found.append(signature(ref, str))
    last = START + timedelta(days=1000)
    return sorted(found, key=lambda r: (r.ref.published or last, r.ref.article_key))


def some_report(chance: random.Random, kind: str) -> DealReport:
    currency = chance.choice(["USD", "USD", "EUR", ""])
    parties = chance.sample(["Fluidstack", "Google", "AWS"], chance.choice([0, 0, 1, 2]))
    slots = [("company", "TeraWulf", ""), *(("counterparty", name, "") for name in parties)]
    slots += [
        (name, float(chance.choice(NUMBERS)), currency if "value" in name else "")
        for name in NUMBER_SLOTS
        if chance.random() < 0.3
    ]
    if chance.random() < 0.3:
        slots.append(("site", chance.choice(["Lake Mariner", "Mariner Point", "Abernathy"]), ""))
    placed = tuple(Slot(name, value, unit, HERE, "test") for name, value, unit in slots)
    return DealReport(kind, chance.choice(STATUSES), placed, (HERE,), "test")


def met(reports: list[Signature]) -> list[list[Signature]]:
    meetings = Meetings(RULES)
    for article in dict.fromkeys(report.ref.article_key for report in reports):
        meetings.take([report for report in reports if report.ref.article_key == article])
    return list(meetings)


@pytest.mark.parametrize("kind", ["hosting", "debt", "equity", "acquisition", "treasury"])
def test_the_deals_are_those_of_comparing_pair_with_pair(kind):
    for seed in range(60):
        reports = some_reports(random.Random(seed), kind, 25)
        expected = partition(reports, RULES)
        assert met(reports) == expected, f"seed {seed}"


def test_ten_times_the_reports_of_one_principal_cost_little_more_than_ten_times():
    def calls(articles: int) -> int:
        reports = some_reports(random.Random(1), "debt", articles)
        meetings = Meetings(RULES)
        count = 0

        def one_more(_frame: object, event: str, _: object) -> None:
            nonlocal count
            count += event == "call"

        sys.setprofile(one_more)
        try:
            for report in reports:
                meetings.take([report])
        finally:
            sys.setprofile(None)
        return count

    assert calls(3000) < 25 * calls(300)
