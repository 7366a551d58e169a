"""`dealwire prune`, on pages of a real server."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.canonical import TABLES, differences, said
from tests.conftest import Site

from .conftest import Run

pytestmark = pytest.mark.usefixtures("one_reader")

TOLD = tuple(set(TABLES) - {"pages", "versions"})
HERE = ("--allow-private", "--delay", "0", "--quiet")


@pytest.fixture
def ledger(site: Site, run: Run, tmp_path: Path) -> Path:
    """An old page with an earlier version and a new page, each of a hundred kilobytes."""
    path, chance = tmp_path / "ledger.db", random.Random(1)
    for megawatts in ("200", "250"):
        for name in ("old", "new"):
            noise = chance.randbytes(50_000).hex()
            text = f"TeraWulf leased {megawatts} MW to Fluidstack for its {name} campus. " * 4
            page = f"<html><body><article><p>{text}</p></article><!-- {noise} --></body></html>"
            site.pages[f"/{name}"] = (200, {"content-type": "text/html"}, page.encode())
        assert (
            run("ingest", f"{site.url}/old", f"{site.url}/new", "--db", str(path), *HERE).code == 0
        )
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(
            "UPDATE pages SET seen_at = '2024-01-01T00:00:00Z' WHERE url LIKE '%/old' "
            "AND id < (SELECT max(id) FROM pages WHERE url LIKE '%/old')"
        )
        raw.execute("UPDATE article_versions SET added_at = '2024-01-01T00:00:00Z' WHERE id = 1")
        raw.commit()
    return path


def test_what_would_be_freed_is_shown_first(run: Run, ledger: Path) -> None:
    before = said(ledger)
    done = run(
        "prune", "--pages-older-than", "90d", "--versions-older-than", "1y", "--db", str(ledger)
    )
    assert done.code == 0
    assert done.out == "1 page, 0.1 MB\n1 version, 0.0 MB\n"
    assert "nothing was changed" in done.err
    assert said(ledger) == before


def test_pages_go_facts_stay_and_the_file_shrinks(
    run: Run, ledger: Path, site: Site, tmp_path: Path
) -> None:
    whole = tmp_path / "whole.db"
    with closing(sqlite3.connect(ledger)) as raw, closing(sqlite3.connect(whole)) as copy:
        raw.backup(copy)
    size = ledger.stat().st_size
    ages = ("--pages-older-than", "12w", "--versions-older-than", "1y")
    done = run("prune", *ages, "--yes", "--db", str(ledger))
    assert done.code == 0 and " before, " in done.err
    assert ledger.stat().st_size < size - 50_000
    assert differences(whole, ledger, *TOLD) == []
    assert len(said(ledger, "versions")["versions"]) == 1
    site.requests.clear()
    replayed = run("replay", "--db", str(ledger), "--quiet")
    assert (replayed.code, replayed.out, site.requests) == (0, "", [])
    assert differences(whole, ledger, *TOLD) == []


def test_a_pruned_page_that_comes_again_is_kept_again(run: Run, ledger: Path, site: Site) -> None:
    with closing(sqlite3.connect(ledger)) as raw:
        raw.execute("UPDATE pages SET seen_at = '2024-01-01T00:00:00Z'")
        raw.commit()
    before = said(ledger, "articles", "facts", "deals")
    assert run("prune", "--pages-older-than", "1d", "--yes", "--db", str(ledger)).code == 0
    bodies = "SELECT count(*) FROM pages WHERE length(body) > 0"
    with closing(sqlite3.connect(ledger)) as raw:
        assert raw.execute(bodies).fetchone() == (0,)
    assert run("ingest", f"{site.url}/old", "--db", str(ledger), *HERE).code == 0
    with closing(sqlite3.connect(ledger)) as raw:
        assert raw.execute(bodies).fetchone() == (1,)
    assert said(ledger, "articles", "facts", "deals") == before


@pytest.mark.parametrize(
    "words", [(), ("--pages-older-than", "soon"), ("--pages-older-than", "9m")]
)
def test_an_unclear_question_prunes_nothing(run: Run, ledger: Path, words: tuple[str, ...]) -> None:
    done = run("prune", *words, "--yes", "--db", str(ledger))
    assert done.code == 2 and "90d" in done.err
