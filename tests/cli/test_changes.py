"""`dealwire changes`, on pages that were edited, with the real pipeline."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import Site

from .conftest import Run

pytestmark = pytest.mark.usefixtures("one_reader")

PAGE = (
    "<html><head><title>TeraWulf lets {mw} MW to Fluidstack</title></head><body><article>"
    "<p>TeraWulf has signed a ten-year hosting lease with Fluidstack for {mw} MW at its Lake "
    "Mariner site, worth ${usd} billion, it said in a statement on Thursday.</p>"
    "<p>Works on the campus have begun, and the halls will be ready by the end of next year."
    "</p></article></body></html>"
)
HTML = {"content-type": "text/html"}


@pytest.fixture
def edited(site: Site, run: Run, tmp_path: Path) -> tuple[Run, Path, str]:
    """A ledger with an article of three versions, noticed on three days."""
    path, url = tmp_path / "ledger.db", f"{site.url}/lease"
    for day, (megawatts, usd) in enumerate((("200", "3.7"), ("250", "3.7"), ("250", "6.7")), 1):
        site.pages["/lease"] = (200, HTML, PAGE.format(mw=megawatts, usd=usd).encode())
        here = ("--db", str(path), "--allow-private", "--delay", "0", "--quiet")
        assert run("ingest", url, *here).code == 0
        with closing(sqlite3.connect(path)) as raw:
            raw.execute(f"UPDATE articles SET added_at = '2025-08-1{day}T09:00:00Z'")
            raw.commit()
    return run, path, url


def test_edits_show_words_facts_and_deals_with_their_dates(edited: tuple[Run, Path, str]) -> None:
    run, path, url = edited
    done = run("changes", "--db", str(path))
    assert (done.code, done.err) == (0, "2 edits\n")
    second, first = done.out.strip().split("\n\n")
    assert second.startswith("2025-08-13 09:00  127.0.0.1  TeraWulf lets 250 MW to Fluidstack\n")
    assert "[-$3.7-]{+$6.7+} billion" in second and "title" not in second
    assert "- money '$3.7 billion' = 3,700,000,000 USD\n" in second
    assert "+ deal: hosting, announced: TeraWulf with Fluidstack $6.7bn 250 MW 10 y" in second
    assert f"{url}, as it was from 2025-08-11 09:00 on:" in first
    assert "title: TeraWulf lets [-200-]{+250+} MW to Fluidstack\n" in first
    assert "- power '200 MW' = 200 MW\n" in first and "+ power '250 MW'" in first
    assert max(map(len, done.out.splitlines())) <= 100


def test_edits_are_chosen_by_article_date_and_deals(edited: tuple[Run, Path, str]) -> None:
    run, path, url = edited
    here = ("--db", str(path), "--format", "json")
    assert len(json.loads(run("changes", url, "--deals", *here).out)) == 2
    (newest,) = json.loads(run("changes", "--since", "2025-08-13", *here).out)
    assert (newest["seen"], newest["noticed"]) == ("2025-08-12T09:00:00Z", "2025-08-13T09:00:00Z")
    assert newest["text"][0]["added"] == "$6.7"
    (oldest,) = json.loads(run("changes", "--until", "2025-08-12", *here).out)
    assert oldest["reading"]["gained_reports"][0]["type"] == "hosting"
    unknown = run("changes", "https://nowhere.example", *here)
    assert unknown.code == 2 and "no such article" in unknown.err


def test_rules_that_changed_are_no_edit(edited: tuple[Run, Path, str]) -> None:
    """Earlier versions are read again along with the present ones."""
    run, path, _ = edited
    before = run("changes", "--db", str(path)).out
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("UPDATE article_versions SET reading = '[[],[]]', fingerprint = 'older rules'")
        raw.commit()
    assert run("changes", "--db", str(path)).out != before
    assert run("reread", "--db", str(path), "--quiet").code == 0
    assert run("changes", "--db", str(path)).out == before


def test_a_ledger_without_edits_says_so(run: Run) -> None:
    done = run("changes")
    assert (done.code, done.out, done.err) == (0, "", "no edits\n")
