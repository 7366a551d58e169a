"""The verbs on stories, on a real ledger with the real pipeline: story, why, split, join."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from extractor.cli import main

from .conftest import Run

RELEASE = (
    "TeraWulf has signed two lease agreements with Fluidstack for 200 MW at its Lake Mariner "
    "campus in New York, the company said on Thursday. They run for ten years and bring revenue "
    "of $3.7 billion.\n\nGoogle guarantees $1.8 billion of it and receives warrants for 41 million "
    "shares. Extensions would lift the total to $8.7 billion."
)
ARTICLES = {
    "wire": ("TeraWulf Signs 200 MW Leases With Fluidstack", RELEASE, "2025-08-14T11:00:00Z"),
    "spun": (
        "Fluidstack rents Lake Mariner halls",
        "Google stands behind a bitcoin miner. Fluidstack will rent 200 MW from TeraWulf in New "
        "York for a decade, worth $3.7 billion.\n\nThe search company backs $1.8 billion of that "
        "and may buy 41 million shares. Lake Mariner was a coal plant until 2020 and has 750 MW.",
        "2025-08-14T15:30:00Z",
    ),
    "copy": (
        "TeraWulf Signs 200 MW Leases With Fluidstack",
        RELEASE.replace("the company said on Thursday", "it said on Thursday"),
        "2025-08-16T09:00:00Z",
    ),
    "other": (
        "CleanSpark buys 271 acres near Houston",
        "CleanSpark acquired 271 acres near Houston with 285 MW of power.",
        "2025-08-14T12:00:00Z",
    ),
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stories")
    source = folder / "articles.jsonl"
    with source.open("w", encoding="utf-8") as lines:
        for key, (title, text, published) in ARTICLES.items():
            row = {
                "id": key,
                "url": f"https://{key}.example.com/a",
                "title": title,
                "text": text,
                "site": f"{key}.example.com",
                "published": published,
            }
            lines.write(json.dumps(row) + "\n")
    path = folder / "ledger.db"
    with pytest.raises(SystemExit) as left:
        main(["ingest", str(source), "--quiet", "--db", str(path)])
    assert not left.value.code
    return path


@pytest.fixture
def ledger(told: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> Iterator[Path]:
    """A ledger of one's own, to decide about."""
    path = tmp_path / "ledger.db"
    path.write_bytes(told.read_bytes())
    monkeypatch.setenv("DEALWIRE_DB", str(path))
    yield path


def members(run: Run, name: str) -> list[str]:
    page = json.loads(run("story", name, "--format", "json").out)
    return [member["article"]["key"] for member in page["members"]]


def test_a_story_tells_who_was_first_and_who_added_what(run: Run, ledger: Path) -> None:
    done = run("story", "wire")
    assert done.code == 0
    lines = [line.strip() for line in done.out.splitlines()]
    assert lines[1] == ("3 articles at 3 sites, 2025-08-14 to 2025-08-16; 1 of them adds no fact")
    assert "1  2025-08-14 11:00  wire.example.com  first" in lines
    assert "2  2025-08-14 15:30  spun.example.com  4 hours 30 min later" in lines
    assert any(line.startswith("same figures and names with 1, score ") for line in lines)
    assert any(line.startswith("adds") and "750 MW" in line for line in lines)
    assert any(line.startswith("copy with 1, score ") for line in lines)
    assert any(line.startswith("adds no fact to those before") for line in lines)


def test_a_story_is_found_by_its_key_or_by_an_article_of_it(run: Run, ledger: Path) -> None:
    by_article = run("story", "https://spun.example.com/a")
    key = by_article.out.split()[0]
    assert run("story", key).out == run("story", key[:6]).out == by_article.out != ""
    (row,) = json.loads(run("stories", "--articles", "2", "--format", "json").out)
    assert (row["key"], row["articles"]) == (key, 3)


def test_figures_that_differ_are_shown_with_who_says_them(run: Run, ledger: Path) -> None:
    source = ledger.with_name("late.jsonl")
    text = ARTICLES["spun"][1].replace("$3.7 billion", "$3.2 billion")
    row = {"id": "late", "title": "Halls let", "text": text, "published": "2025-08-14T17:00:00Z"}
    source.write_text(json.dumps(row), encoding="utf-8")
    assert run("ingest", str(source), "--quiet").code == 0
    (line,) = [line for line in run("story", "late").out.splitlines() if "value:" in line]
    assert line.strip().startswith("TeraWulf, hosting, value: ") and "$3.2bn (3)" in line


def test_why_names_the_grounds_of_a_yes_and_of_a_no(run: Run, ledger: Path) -> None:
    yes = run("why", "wire", "spun")
    assert yes.code == 0
    assert yes.out.startswith("one story: same figures and names, score ")
    assert "both: " in yes.out and "$3.7bn" in yes.out and "Fluidstack" in yes.out
    assert "only B, in its lead: " in yes.out and "750 MW" in yes.out
    no = run("why", "wire", "other")
    assert no.out.startswith("not one story: other event, score 0.")
    assert "in the ledger: stories " in no.out
    found = json.loads(run("why", "wire", "copy", "--format", "json").out)
    assert found["verdict"]["reason"] == "copy" and found["overlap"] > 0.6


def test_a_split_survives_ingest_and_reread_and_can_be_undone(run: Run, ledger: Path) -> None:
    assert members(run, "wire") == ["wire", "spun", "copy"]
    assert run("split", "spun").code == 0
    assert members(run, "spun") == ["spun"]
    assert members(run, "wire") == ["wire", "copy"]
    assert "decided by hand" in run("story", "wire").out
    again = ledger.with_name("again.jsonl")
    row = {"id": "again", "title": "WULF", "text": RELEASE, "published": "2025-08-15"}
    again.write_text(json.dumps(row), encoding="utf-8")
    assert run("ingest", str(again), "--quiet").code == 0
    assert run("reread", "--quiet").code == 0
    assert members(run, "spun") == ["spun"]
    assert members(run, "wire") == ["wire", "again", "copy"]
    assert "decided by hand on " in run("why", "wire", "spun").out
    assert run("split", "spun", "--undo").code == 0
    assert members(run, "wire") == ["wire", "spun", "again", "copy"]
    assert "decided by hand" not in run("story", "wire").out


def test_a_join_survives_and_can_be_undone(run: Run, ledger: Path) -> None:
    assert run("join", "wire", "other").code == 0
    assert members(run, "other") == ["wire", "other", "spun", "copy"]
    assert "joined by hand" in run("story", "other").out
    assert run("reread", "--quiet").code == 0
    assert members(run, "other") == ["wire", "other", "spun", "copy"]
    assert run("join", "other", "--undo").code == 0
    assert members(run, "other") == ["other"]
    assert members(run, "wire") == ["wire", "spun", "copy"]


def test_the_newest_decision_counts(run: Run, ledger: Path) -> None:
    run("join", "wire", "other")
    run("split", "other")
    assert members(run, "other") == ["other"]
    run("join", "wire", "other")
    assert members(run, "other") == ["wire", "other", "spun", "copy"]


def test_the_export_names_the_story(run: Run, ledger: Path) -> None:
    rows = map(json.loads, run("export", "articles").out.splitlines())
    story = {row["id"]: row["story"] for row in rows}
    assert story["wire"] == story["spun"] == story["copy"] != story["other"]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["story", "nothing"], "no such story or article"),
        (["why", "wire", "wire"], "this is the same article"),
        (["why", "wire", "none"], "no such article"),
        (["split", "other"], "no other article is in this story"),
        (["split", "wire", "other"], "these are of several stories"),
        (["split", "wire", "--undo"], "not split by hand"),
        (["join", "wire", "copy"], "name at least two stories"),
        (["join", "wire", "--undo"], "nothing was joined by hand"),
    ],
)
def test_errors_say_what_failed(run: Run, ledger: Path, words: list[str], complaint: str) -> None:
    done = run(*words)
    assert done.code == 2
    assert done.err.startswith("error: ") and complaint in done.err
