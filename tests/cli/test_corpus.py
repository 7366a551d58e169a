"""The verbs that change a ledger, with the real pipeline on the corpus."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Run

CORPUS = Path(__file__).parents[2] / "corpus"
VERBS = (
    "deals", "show", "articles", "stories", "companies", "company", "search", "export articles",
    "stats", "reread", "replay", "prune",
)  # fmt: skip


@pytest.fixture
def corpus_run(run: Run, monkeypatch: pytest.MonkeyPatch, corpus_ledger: Path) -> Run:
    monkeypatch.setenv("DEALWIRE_DB", str(corpus_ledger))
    return run


@pytest.mark.parametrize("verb", VERBS)
def test_the_example_in_the_help_works_on_the_corpus(corpus_run: Run, verb: str) -> None:
    example = corpus_run(*verb.split(), "--help").out.partition("Example:\n")[2].splitlines()[0]
    done = corpus_run(*example.partition(" > ")[0].split()[1:])
    assert done.code == 0
    # A second reading under the same rules has no differences to print.
    assert bool(done.out) == (verb not in ("reread", "replay"))


def test_ingest_says_what_came_in_and_what_failed(run: Run, tmp_path: Path) -> None:
    db = tmp_path / "ledger.db"
    missing = tmp_path / "none.txt"
    article = {
        "id": "a",
        "title": "TeraWulf signs lease",
        "published": "2025-08-14",
        "text": "TeraWulf signed a ten-year hosting lease with Fluidstack for 200 MW, "
        "worth $3.7 billion.",
    }
    piped = json.dumps(article).encode()
    done = run("ingest", "-", str(missing), "--db", str(db), stdin=piped)
    assert (done.code, done.out) == (1, "")
    assert "1 article in, 1 new, 1 read; the ledger holds 1 story and 1 deal" in done.err
    assert done.err.endswith(f"failed {missing}: there is no such file or folder\n")
    quiet = run("ingest", "-", "--quiet", "--db", str(db), stdin=piped)
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")
    assert "$3.7bn 200 MW 10 y" in run("deals", "--db", str(db)).out


def test_reread_needs_a_ledger(run: Run, tmp_path: Path) -> None:
    done = run("reread", "--db", str(tmp_path / "none.db"))
    assert (done.code, done.err.startswith("error: ")) == (1, True)
