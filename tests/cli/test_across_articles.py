"""One transaction in many articles, asked through the command line of a real ledger."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractor.api import open_ledger as ask
from extractor.records import (
    NUMBER_SLOTS,
    DealReport,
    DealType,
    Member,
    Reading,
    Slot,
    Span,
    Status,
    Story,
)
from extractor.store.write import Ledger, open_ledger
from extractor.workflow.assembling import assemble_deals
from extractor.workflow.parts import no_progress
from tests.store.builders import COMPANIES, article

from .conftest import Done, Run

UNITS = {"value": "USD", "value_max": "USD", "megawatts": "MW", "term_years": "years"}


class Newsroom:
    """Puts articles into a ledger on a day of their own."""

    def __init__(self, path: Path) -> None:
        self.now = datetime(2025, 1, 1, tzinfo=UTC)
        self.ledger: Ledger = open_ledger(path, clock=lambda: self.now)
        self.ledger.sync_companies(COMPANIES)
        self.stories: dict[str, list[Member]] = {}

    def publish(
        self,
        key: str,
        day: str,
        sentence: str,
        company: str,
        other: str = "",
        *,
        story: str = "",
        site: str = "outlet.example",
        kind: DealType = "hosting",
        status: Status = "announced",
        currency: str = "USD",
        taken_in: str = "",
        place: str = "",
        **numbers: float,
    ) -> None:
        published = datetime.fromisoformat(f"{day}T12:00:00+00:00")
        self.now = datetime.fromisoformat(f"{taken_in or day}T13:00:00+00:00")
        one = article(key, sentence, title=key, published=published, site=site)
        whole = Span("text", 0, len(sentence))
        slots = [Slot("company", company, "", whole, "test")]
        slots += [Slot("counterparty", other, "", whole, "test")] if other else []
        slots += [Slot("site", place, "", whole, "test")] if place else []
        for name in NUMBER_SLOTS:
            if name in numbers:
                unit = currency if name.startswith("value") else UNITS.get(name, "")
                slots.append(Slot(name, numbers[name], unit, whole, "test"))
        told = DealReport(kind, status, tuple(slots), (whole,), "test")
        self.ledger.add_article(one)
        self.ledger.save_reading(one, Reading((), (told,)), "test")
        self.stories.setdefault(story or key, []).append(Member(key, 1.0, "test"))
        self.ledger.replace_stories(
            Story(name, tuple(members)) for name, members in self.stories.items()
        )
        assemble_deals(self.ledger, no_progress)


LEASE = ("TeraWulf", "Fluidstack")


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("news") / "ledger.db"
    room = Newsroom(path)
    size = {"megawatts": 200.0, "term_years": 10.0}
    room.publish(
        *("release", "2025-08-14", "TeraWulf leases 200 MW for $3.67 billion.", *LEASE),
        **{"story": "lease", "site": "prnewswire.com", "value": 3.67e9, **size},
    )
    room.publish(
        *("copy", "2025-08-14", "TeraWulf leases 200 MW for $3.67bn.", *LEASE),
        **{"story": "lease", "value": 3.67e9, **size},
    )
    room.publish("brief", "2025-08-15", "A $3.7 billion lease.", *LEASE, value=3.7e9)
    room.publish(
        *("turned", "2025-08-16", "Fluidstack takes 200 MW.", "Fluidstack", "TeraWulf"),
        value=3.7e9,
        site="other.example",
    )
    room.publish(
        *("late", "2025-08-16", "The lease is worth $3.5 billion.", *LEASE),
        value=3.5e9,
        term_years=10.0,
        megawatts=200.0,
        taken_in="2025-12-01",
    )
    room.publish(
        *(
            "grown",
            "2025-10-20",
            "The expansion brings it to 360 MW, $6.7 billion in total.",
            *LEASE,
        ),
        value=6.7e9,
        megawatts=360.0,
    )
    room.publish(
        *("results", "2025-11-10", "A backlog of $6.7 billion.", "TeraWulf"),
        kind="backlog",
        status="outstanding",
        value=6.7e9,
    )
    room.publish(
        *("slip", "2025-11-12", "Core Scientific leases 100 MW for $150 million.", "CORE"),
        value=1.5e6,
        megawatts=100.0,
        term_years=12.0,
    )
    room.publish(
        *("site", "2025-11-13", "IREN buys a site for C$95 million.", "IREN"),
        kind="acquisition",
        status="completed",
        value=95e6,
        currency="CAD",
    )
    room.publish(
        *("loan", "2025-11-14", "IREN borrows $400 million.", "IREN"),
        kind="debt",
        status="completed",
        value=400e6,
    )
    room.ledger.close()
    return path


@pytest.fixture
def dealwire(run: Run, news: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    monkeypatch.setenv("DEALWIRE_DB", str(news))
    yield run


def rows(done: Done) -> dict[str, dict[str, object]]:
    """The deals of an answer by the largest of what tells them apart."""
    assert done.code == 0, done.err
    return {f"{row['company']} {row['type']} {row['value']}": row for row in json.loads(done.out)}


def key_of(dealwire: Run, wanted: str) -> str:
    return str(rows(dealwire("deals", "-f", "json"))[wanted]["key"])


def test_many_articles_are_one_line_with_their_voices(dealwire: Run) -> None:
    lines = dealwire("deals", "--party", "Fluidstack").out.splitlines()
    assert [line.split()[-1] for line in lines[1:]] == ["1+", "4*!"]
    assert "TeraWulf Fluidstack $3.67bn 200 MW 10 y" in " ".join(lines[2].split())


def test_show_tells_how_many_stories_say_each_value(dealwire: Run) -> None:
    out = dealwire("show", key_of(dealwire, "TeraWulf hosting 3670000000")).out
    assert "told by 4 independent stories in 5 articles, a release among them\n" in out
    assert "value: $3.67bn  (1 story* since 2025-08-14, rounded by 2 more)\n" in out
    assert "value: $3.7bn  (2 stories since 2025-08-15; not the agreed value: rounding)\n" in out
    assert "value: $3.5bn  (1 story since 2025-08-16; not the agreed value: contradiction)" in out
    assert "prnewswire.com*, 2025-08-14 (release)  release\n" in out


def test_show_links_a_contract_and_what_expands_it_both_ways(dealwire: Run) -> None:
    first = key_of(dealwire, "TeraWulf hosting 3670000000")
    grown = key_of(dealwire, "TeraWulf hosting 6700000000")
    backlog = key_of(dealwire, "TeraWulf backlog 6700000000")
    parties = "TeraWulf, Fluidstack: "
    out = dealwire("show", first).out
    assert f"expanded by {grown[:8]} of 2025-10-20: {parties}$6.7bn, 360 MW; its figures" in out
    assert f"summed in {backlog[:8]} of 2025-11-10: TeraWulf: $6.7bn\n" in out
    out = dealwire("show", grown).out
    assert f"expands {first[:8]} of 2025-08-14: {parties}$3.67bn, 200 MW; figures here" in out
    out = dealwire("show", backlog).out
    assert f"sums {first[:8]} " in out
    assert "not counted in sums: its contracts are counted\n" in out


def test_an_implausible_price_is_shown_and_kept(dealwire: Run) -> None:
    done = dealwire("deals", "--type", "hosting", "--company", "Core Scientific", "-f", "json")
    assert done.code == 0
    (deal,) = (row for row in json.loads(dealwire("deals", "-f", "json").out) if row["doubt"])
    assert (deal["doubt"], deal["value"]) == ("doubtful", 1500000)
    out = dealwire("show", deal["key"]).out
    assert "check: $1.25k per MW-year is doubtful (most are $1m to $3m)\n" in out
    assert "    perhaps millions for billions, or kW read as MW\n" in out
    out = dealwire("show", key_of(dealwire, "TeraWulf hosting 3670000000")).out
    assert "check: $1.835m per MW-year is usual" in out


def test_sums_count_each_deal_once_and_add_no_currencies(dealwire: Run) -> None:
    lines = [line.split() for line in dealwire("deals", "--totals").out.splitlines()]
    assert lines[0] == ["TYPE", "DEALS", "VALUE", "POWER", "LEFT", "OUT"]
    assert ["acquisition", "1", "C$95m", "0"] in lines
    assert ["backlog", "0", "1"] in lines
    # The new total counts with what it adds to the first lease: 6.7bn in all.
    assert ["hosting", "3", "$6.702bn", "460", "MW", "0"] in lines
    assert lines[-1] == ["all", "5", "$7.101bn,", "C$95m", "460", "MW", "1"]
    deals = rows(dealwire("deals", "-f", "json"))
    assert deals["TeraWulf hosting 6700000000"]["counted_value"] == 3030000000
    assert deals["TeraWulf hosting 6700000000"]["counted_megawatts"] == 160
    assert deals["TeraWulf backlog 6700000000"]["counted_value"] is None
    out = " ".join(dealwire("company", "IREN").out.split())
    assert "2025 as principal 2 $400m, C$95m" in out
    assert "2025 as principal 2 $6.7bn 360 MW" in " ".join(dealwire("company", "WULF").out.split())
    out = dealwire("stats").out
    assert "agreed               5  $7.101bn, C$95m, 460 MW, 1 left out\n" in out
    assert "conflicts            1  1 contradiction\n" in out


def test_as_of_tells_what_had_been_published(dealwire: Run) -> None:
    def known(*words: str) -> dict[str, dict[str, object]]:
        return rows(dealwire("deals", "--party", "Fluidstack", "-f", "json", *words))

    assert known("--as-of", "2025-08-13") == {}
    (first,) = known("--as-of", "2025-08-14").values()
    assert (first["value"], first["articles"], first["stories"]) == (3670000000, 2, 1)
    (later,) = known("--as-of", "2025-09").values()
    assert (later["key"], later["articles"], later["contradictions"]) == (first["key"], 5, 1)
    assert len(known("--as-of", "2025-10-20")) == len(known()) == 2
    done = dealwire("deals", "--as-of", "2025-09-01")
    assert done.err == "1 deal as of 2025-09-01\n"


def test_known_by_leaves_out_what_came_in_later(dealwire: Run) -> None:
    words = ("deals", "--party", "Fluidstack", "-f", "json", "--as-of", "2025-09-01")
    (published,) = rows(dealwire(*words)).values()
    (taken_in,) = rows(dealwire(*words, "--known-by", "2025-09-01")).values()
    assert (published["contradictions"], taken_in["contradictions"]) == (1, 0)
    assert (published["articles"], taken_in["articles"]) == (5, 4)


def test_every_page_answers_as_of_a_day(dealwire: Run) -> None:
    key = key_of(dealwire, "TeraWulf hosting 3670000000")
    out = dealwire("show", key, "--as-of", "2025-08-15").out
    assert "told by 2 independent stories in 3 articles" in out
    assert "expanded by" not in out
    assert "$3.5bn" not in out
    done = dealwire("show", key_of(dealwire, "IREN debt 400000000"), "--as-of", "2025-09-01")
    assert (done.code, "no such deal known then" in done.err) == (2, True)
    out = " ".join(dealwire("company", "WULF", "--as-of", "2025-09-01").out.split())
    assert "2025 as principal 1 $3.67bn 200 MW 1 deal as principal" in out
    assert dealwire("conflicts", "--as-of", "2025-08-14").err == "no values as of 2025-08-14\n"
    done = dealwire("deals", "--as-of", "soon")
    assert (done.code, "--as-of soon: write a date like" in done.err) == (2, True)


def test_asking_about_the_past_leaves_the_ledger_as_it_is(dealwire: Run, news: Path) -> None:
    before = news.read_bytes()
    assert dealwire("deals", "--as-of", "2025-08-14").code == 0
    assert news.read_bytes() == before


def test_the_past_can_be_asked_from_python(news: Path) -> None:
    with ask(news, as_of=datetime(2025, 9, 1, tzinfo=UTC)) as ledger:
        assert [deal.value for deal in ledger.deals()] == [3.67e9]


def _claims(*claims: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for label, value, stories, primary, day, sites in claims:
        since = f"{day}T12:00:00Z"
        yield ("value", "contradiction", label, value, stories, primary, since, sites)


def test_conflicts_lists_who_says_what_since_when(dealwire: Run) -> None:
    done = dealwire("conflicts")
    assert done.out.startswith("DEAL     BETWEEN")
    assert done.err == "3 values\n"
    found = csv.DictReader(io.StringIO(dealwire("conflicts", "-f", "csv").out))
    columns = ("slot", "conflict", "label", "value", "stories", "primary", "since", "sites")
    assert [tuple(row[name] for name in columns) for row in found] == [
        *_claims(
            ("agreed", "3670000000", "1", "True", "2025-08-14", "outlet.example; prnewswire.com"),
            ("rounding", "3700000000", "2", "False", "2025-08-15", "outlet.example; other.example"),
            ("contradiction", "3500000000", "1", "False", "2025-08-16", "outlet.example"),
        )
    ]
    assert dealwire("conflicts", "--label", "update").err == "no values\n"
    assert dealwire("conflicts", "--label", "contradiction", "--party", "WULF").err == "3 values\n"
    assert dealwire("conflicts", "--company", "IREN").err == "no values\n"
    done = dealwire("conflicts", "--label", "roundng")
    assert (done.code, "did you mean rounding?" in done.err) == (2, True)


def test_a_question_about_the_past_loads_no_heavy_library(news: Path) -> None:
    code = """
import sys
from extractor.cli import main
try:
    main(["deals", "--as-of", "2025-09-01"])
except SystemExit:
    pass
heavy = {"spacy", "trafilatura", "numpy", "sqlite_utils", "aiohttp", "feedparser", "rapidfuzz"}
print(sorted(heavy & set(sys.modules)), file=sys.stderr)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "DEALWIRE_DB": str(news)},
    )
    assert "$3.67bn" in done.stdout
    assert done.stderr.splitlines()[-1] == "[]"


def test_a_sum_of_leases_stands_beside_them_and_is_not_counted(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ledger.db"
    room = Newsroom(path)
    for key, day, other, value in (
        ("first", "2025-07-01", "Fluidstack", 6e8),
        ("second", "2025-09-01", "CoreWeave", 4e8),
    ):
        room.publish(key, day, f"TeraWulf leases to {other}.", "TeraWulf", other, value=value)
    room.publish(
        *("both", "2026-02-01", "Both leases are worth $1 billion in all.", "TeraWulf"), value=1e9
    )
    room.ledger.close()
    monkeypatch.setenv("DEALWIRE_DB", str(path))
    found = rows(run("deals", "-f", "json"))
    assert found["TeraWulf hosting 1000000000"]["left_out"] == "its contracts are counted"
    assert found["TeraWulf hosting 600000000"]["left_out"] == ""
    out = run("show", str(found["TeraWulf hosting 600000000"]["key"])).out
    assert "summed in " in out


def test_deals_are_found_by_campus_and_by_region_whichever_report_names_it(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ledger.db"
    room = Newsroom(path)
    for key, place in (("one", "Helios"), ("two", "Helios campus in West Texas"), ("no", "")):
        room.publish(key, "2025-08-01", f"A lease, {key}.", *LEASE, value=3.7e9, place=place)
    room.publish("far", "2025-09-01", "A lease.", "IREN", "Microsoft", value=1e9, place="Oulu")
    room.ledger.close()
    monkeypatch.setenv("DEALWIRE_DB", str(path))
    for asked in ("helios", "West texas"):
        found = rows(run("deals", "--site", asked, "-f", "json"))
        assert list(found) == ["TeraWulf hosting 3700000000"]
        (deal,) = found.values()
        assert (deal["site"], deal["articles"]) == ("Helios campus in West Texas", 3)
    assert list(rows(run("deals", "--site", "Oulu", "-f", "json"))) == ["IREN hosting 1000000000"]
    assert "Oulu" in run("deals", "--site", "Oulu").out
    assert rows(run("deals", "--site", "Narvik", "-f", "json")) == {}
