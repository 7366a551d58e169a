"""Assembling only what changed gives the deals that assembling everything gives."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractor.records import DealReport, Member, Reading, Slot, Span, Story
from extractor.store.write import Ledger, open_ledger
from extractor.workflow.assembling import assemble_deals
from extractor.workflow.parts import no_progress
from tests.store.builders import COMPANIES, Company, article

# Listed companies by old and new names, and some that no list has.
NAMES = (
    "TeraWulf",
    "Beowulf Digital",
    "Fluidstack",
    "Umbra",
    "Umbra Inc.",
    "Umbra Energy",
    "Umbra Mining",
)
TEXT = "The lease brings the total to more. It adds 150 MW as the company expands. Nothing else."
WHOLE = Span("text", 0, len(TEXT))
BARE = Span("text", len(TEXT) - 13, len(TEXT))


@st.composite
def reports(draw: st.DrawFn) -> DealReport:
    company, *others = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True))
    slots = [Slot("company", company, "", BARE, "test")]
    slots += [Slot("counterparty", name, "", BARE, "test") for name in others]
    for name, unit, numbers in (
        ("value", "USD", (1e9, 2e9, 3e9)),
        ("megawatts", "MW", (100.0, 200.0)),
    ):
        if draw(st.booleans()):
            slots.append(Slot(name, draw(st.sampled_from(numbers)), unit, BARE, "test"))  # type: ignore[arg-type]
    return DealReport(
        draw(st.sampled_from(("hosting", "hosting", "debt", "backlog"))),
        draw(st.sampled_from(("proposed", "announced", "completed", "terminated"))),
        tuple(slots),
        (draw(st.sampled_from((WHOLE, BARE))),),
        "test",
    )


# An article (its number is its month), what it says now, the story it belongs to now.
steps = st.lists(
    st.tuples(st.integers(0, 7), st.lists(reports(), max_size=3), st.integers(0, 3)),
    min_size=1,
    max_size=4,
)


Step = tuple[int, list[DealReport], int]


def take(ledger: Ledger, stories: dict[str, str], batch: list[Step]) -> None:
    """What an ingest does, with readings and stories as they are given."""
    for number, said, story in batch:
        key = f"a{number}"
        when = article("x", TEXT).published
        assert when is not None
        one = article(key, TEXT, published=when.replace(month=1 + number))
        ledger.add_article(one)
        ledger.save_reading(one, Reading((), tuple(said)), "test")
        stories[key] = f"s{story}"
    grouped: dict[str, list[Member]] = {}
    for key in sorted(stories):
        grouped.setdefault(stories[key], []).append(Member(key, 1.0, "test"))
    ledger.replace_stories(Story(key, tuple(members)) for key, members in grouped.items())
    assemble_deals(ledger, no_progress)


def told(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """All that is stored of deals, without the numbers of rows."""
    columns = "d.key, d.type, d.status, d.company, d.principal, d.value, d.currency, d.megawatts"
    with closing(sqlite3.connect(path)) as raw:
        return {
            "deals": raw.execute(f"SELECT {columns} FROM deals AS d ORDER BY key").fetchall(),
            "parties": raw.execute(
                "SELECT d.key, p.role, p.ordinal, p.name, c.key FROM deal_parties AS p "
                "JOIN deals AS d ON d.id = p.deal_id JOIN companies AS c ON c.id = p.company_id "
                "ORDER BY 1, 2, 3"
            ).fetchall(),
            "reports": raw.execute(
                "SELECT d.key, r.ordinal, r.story, a.key, x.ordinal FROM deal_reports AS r "
                "JOIN deals AS d ON d.id = r.deal_id JOIN reports AS x ON x.id = r.report_id "
                "JOIN articles AS a ON a.id = x.article_id ORDER BY 1, 2"
            ).fetchall(),
            "conflicts": raw.execute(
                "SELECT d.key, c.slot, c.number, c.label, c.article_id FROM deal_conflicts AS c "
                "JOIN deals AS d ON d.id = c.deal_id ORDER BY 1, 2, 3, 5"
            ).fetchall(),
            "links": raw.execute(
                "SELECT d.key, l.kind, l.other, l.total FROM deal_links AS l "
                "JOIN deals AS d ON d.id = l.deal_id ORDER BY 1, 2, 3"
            ).fetchall(),
            "companies": raw.execute(
                "SELECT key FROM companies WHERE NOT listed ORDER BY key"
            ).fetchall(),
        }


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger that knows the companies and no more: copying it is quick."""
    path = tmp_path_factory.mktemp("empty") / "ledger.db"
    with open_ledger(path) as ledger:
        ledger.sync_companies(COMPANIES)
    return path


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(steps, min_size=2, max_size=5))
def test_what_changed_alone_gives_what_everything_gives(
    empty: Path, batches: list[list[Step]]
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(shutil.copy(empty, folder))
        with open_ledger(path) as ledger:
            stories: dict[str, str] = {}
            for batch in batches:
                take(ledger, stories, batch)
            step_by_step = told(path)
            with closing(sqlite3.connect(path)) as raw, raw:
                raw.execute("DELETE FROM assembly")
            assemble_deals(ledger, no_progress)
            assert told(path) == step_by_step


@pytest.fixture
def ledger(tmp_path: Path, empty: Path) -> Iterator[Ledger]:
    with open_ledger(Path(shutil.copy(empty, tmp_path))) as opened:
        yield opened


def lease(company: str, *others: str, value: float = 1e9) -> DealReport:
    slots = (
        Slot("company", company, "", BARE, "test"),
        *(Slot("counterparty", name, "", BARE, "test") for name in others),
        Slot("value", value, "USD", BARE, "test"),
    )
    return DealReport("hosting", "announced", slots, (BARE,), "test")


def rows(ledger: Ledger) -> dict[str, int]:
    """The row of each company's deal: another one if the deal was written again."""
    with closing(sqlite3.connect(ledger.path)) as raw:
        return dict(raw.execute("SELECT company, id FROM deals"))


def test_only_deals_of_touched_companies_are_written_again(ledger: Ledger) -> None:
    stories: dict[str, str] = {}
    take(ledger, stories, [(1, [lease("TeraWulf", "Fluidstack")], 0)])
    take(ledger, stories, [(2, [lease("IREN", "Google")], 1)])
    before = rows(ledger)
    take(ledger, stories, [(3, [lease("TeraWulf", "Fluidstack")], 2)])
    after = rows(ledger)
    assert after["IREN"] == before["IREN"]
    assert after["TeraWulf"] != before["TeraWulf"]


def test_nothing_new_assembles_nothing(ledger: Ledger) -> None:
    stories: dict[str, str] = {}
    batch: list[Step] = [(1, [lease("TeraWulf", "Fluidstack")], 0)]
    take(ledger, stories, batch)
    before = rows(ledger)
    take(ledger, stories, batch)
    assert rows(ledger) == before


def test_an_article_that_changes_its_story_counts_with_the_new_one(ledger: Ledger) -> None:
    stories: dict[str, str] = {}
    said = [lease("TeraWulf", "Fluidstack")]
    take(ledger, stories, [(1, said, 0), (2, said, 0)])
    take(ledger, stories, [(2, said, 1)])
    with closing(sqlite3.connect(ledger.path)) as raw:
        found = raw.execute("SELECT DISTINCT story FROM deal_reports ORDER BY 1").fetchall()
    assert found == [("s0",), ("s1",)]


def test_a_renamed_company_takes_its_deals_along(ledger: Ledger) -> None:
    stories: dict[str, str] = {}
    take(ledger, stories, [(1, [lease("Umbra", "Fluidstack")], 0)])
    take(ledger, stories, [(2, [lease("Penumbra", "Fluidstack")], 0)])
    assert set(rows(ledger)) == {"Umbra", "Penumbra"}
    ledger.sync_companies([*COMPANIES, Company("Penumbra", former_names=("Umbra",))])
    assemble_deals(ledger, no_progress)
    assert set(rows(ledger)) == {"Penumbra"}


def test_a_key_stays_while_reports_come_and_go(ledger: Ledger) -> None:
    stories: dict[str, str] = {}
    take(ledger, stories, [(1, [lease("TeraWulf", "Fluidstack")], 0)])
    (key,) = [row[0] for row in told(ledger.path)["deals"]]
    take(ledger, stories, [(5, [lease("Fluidstack", "Beowulf Digital")], 1)])
    take(ledger, stories, [(5, [], 1), (6, [lease("TeraWulf", "Fluidstack")], 1)])
    assert [row[0] for row in told(ledger.path)["deals"]] == [key]
