"""What strangers wrote reaches a terminal only as text, by whatever verb and format."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.store.builders import stocked

from .conftest import Run

POISON = "\x1b]0;owned\x07\x1b[2J\x9b31m\x85\u202egnitteS\u2066\x7f\x08<b>&amp;</b>"
STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
TEXTS = {
    "feeds": ("url", "title", "etag", "folder", "last_error", "moved_to"),
    "entries": ("guid", "url", "title", "summary"),
    "articles": ("key", "url", "canonical_url", "title", "site", "author", "language", "text"),
    "article_warnings": ("kind", "reason"),
    "failures": ("source", "stage", "reason"),
    "companies": ("name", "category"),
    "company_names": ("name",),
    "deals": ("company", "site"),
    "deal_parties": ("name",),
    "stories": ("key",),
    "story_members": ("reason",),
    "facts": ("name", "literal", "rule"),
    "reports": ("rule",),
    "report_slots": ("name", "rule"),
    "runs": ("fingerprint",),
}
LISTS = ("deals", "articles", "stories", "companies", "feeds list")


@pytest.fixture
def poisoned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> str:
    """A ledger in which every text ends in what steers terminals; the key of a deal of it."""
    path = stocked(tmp_path / "ledger.db")
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("INSERT INTO feeds (url, watched) VALUES ('https://f.example/', 1)")
        raw.execute(
            "INSERT INTO failures VALUES ('https://a.example/', 'page', 'no', '2025-01-01')"
        )
        raw.execute("INSERT INTO article_warnings SELECT id, 'paywall', 'no' FROM articles")
        for table, columns in TEXTS.items():
            for column in columns:
                raw.execute(f"UPDATE {table} SET {column} = {column} || ?", (POISON,))
        raw.commit()
    monkeypatch.setenv("DEALWIRE_DB", str(path))
    return "aa11"


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv", "markdown"])
@pytest.mark.parametrize("verb", LISTS)
def test_no_list_steers_a_terminal(poisoned: str, run: Run, verb: str, form: str) -> None:
    done = run(*verb.split(), "--format", form)
    assert done.code == 0
    assert "gnitteS" in done.out or (verb == "deals" and form == "table")
    assert STEERING.findall(done.out + done.err) == []


@pytest.mark.parametrize("form", ["table", "json"])
def test_no_page_steers_a_terminal(poisoned: str, run: Run, form: str) -> None:
    for words in (("show", poisoned), ("company", "TeraWulf"), ("stats",)):
        done = run(*words, "--format", form)
        assert done.code in (0, 1)
        assert STEERING.findall(done.out + done.err) == [], words


@pytest.mark.parametrize("words", [("search", "TeraWulf"), ("export", "articles")])
def test_no_other_verb_steers_a_terminal(poisoned: str, run: Run, words: tuple[str, ...]) -> None:
    done = run(*words)
    assert done.code == 0
    assert done.out
    assert STEERING.findall(done.out + done.err) == []


def test_a_question_with_poison_is_answered_without(poisoned: str, run: Run) -> None:
    for words in (("show", POISON), ("deals", "--since", POISON), ("company", POISON)):
        done = run(*words)
        assert done.code == 2
        assert STEERING.findall(done.out + done.err) == [], words


def test_no_tag_or_link_of_a_stranger_lives_in_markdown(poisoned: str, run: Run) -> None:
    out = run("articles", "--format", "markdown").out
    assert "&lt;b&gt;" in out
    assert "<b>" not in out


def test_programs_lose_nothing_by_it(poisoned: str, run: Run) -> None:
    titles = [row["site"] for row in json.loads(run("articles", "--format", "json").out)]
    assert all(title.endswith(POISON) for title in titles)


def test_failures_name_their_urls_without_passwords(tmp_path: Path, run: Run) -> None:
    url = "http://reader:secret@127.0.0.1:9/feed?a=1&api_key=hidden&b=2"
    filing = "https://www.sec.gov/a"
    done = run("ingest", url, filing, "--allow-private", "--db", str(tmp_path / "a.db"))
    assert done.code == 1
    assert f"failed {filing}: sec.gov wants to know whom to write to" in done.err
    assert "http://***@127.0.0.1:9/feed?a=1&api_key=***&b=2" in done.err
    assert "secret" not in done.err + done.out
    assert "hidden" not in done.err + done.out
