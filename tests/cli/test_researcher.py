"""The verbs of the researcher, with the real pipeline: extract, explain, eval, rules."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from extractor.evaluate.rows import read_rows

from .conftest import Run

ROOT = Path(__file__).parents[2]
TEXT = (
    "TeraWulf (NASDAQ: WULF) has signed a ten-year hosting lease with Google-backed Fluidstack.\n\n"
    "It covers 200 MW of critical IT load and is worth $3.7 billion."
)


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    path = tmp_path / "articles.jsonl"
    rows = (
        {"id": "one", "title": "TeraWulf signs lease", "text": TEXT, "published": "2025-08-14"},
        {"id": "two", "text": "Bitcoin rose to $90,000."},
    )
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.mark.parametrize("verb", ["extract", "explain", "eval", "rules check"])
def test_the_example_in_the_help_works(
    run: Run, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    monkeypatch.chdir(ROOT)
    example = run(*verb.split(), "--help").out.partition("Example:\n")[2].splitlines()[0]
    done = run(*shlex.split(example)[1:])
    assert done.code == 0
    assert bool(done.out) == (verb != "rules check")


def test_extract_writes_a_row_an_article_that_the_evaluation_can_read(
    run: Run, lines: Path, tmp_path: Path
) -> None:
    done = run("extract", str(lines), "--format", "json")
    assert (done.code, done.err) == (0, "")
    one, two = map(json.loads, done.out.splitlines())
    assert (one["id"], one["tickers"], two["deals"]) == ("one", ["WULF"], [])
    (deal,) = one["deals"]
    assert deal["company"] == "TeraWulf"
    assert (deal["counterparties"], deal["backers"]) == (["Fluidstack"], ["Google"])
    assert (deal["value"], deal["megawatts"], deal["term_years"]) == (3_700_000_000, 200, 10)
    written = tmp_path / "gold.jsonl"
    written.write_text(done.out, encoding="utf-8")
    assert [row.id for row in read_rows(written)] == ["one", "two"]
    scored = json.loads(run("eval", str(written), "--format", "json").out)
    assert scored["articles"] == 2
    assert {s["name"]: s["f1"] for s in scored["scores"]}["strict"] == 1.0


def test_the_reading_view_is_plain_text_in_a_pipe(run: Run) -> None:
    done = run("extract", "-", stdin=TEXT.encode())
    assert done.code == 0
    assert "\x1b" not in done.out
    assert "1. hosting, announced: TeraWulf with Fluidstack (backed by Google)\n" in done.out
    assert '   value        $3.7bn      "$3.7 billion"\n' in done.out
    assert max(map(len, done.out.splitlines())) <= 100


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_the_reading_view_has_colours_on_a_terminal(lines: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", "from extractor.cli import main; main()", "extract"]
    with subprocess.Popen([*command, str(lines)], stdout=theirs, env=os.environ) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:  # Linux reports the end of a terminal as an error
                break
            if not piece:
                break
            shown += piece
    os.close(ours)
    assert process.returncode == 0
    assert "\x1b[36mTeraWulf\x1b[0m" in shown.decode()
    assert "\x1b[32m$3.7\x1b[0m \x1b[32mbillion\x1b[0m" in shown.decode()


def test_extract_names_what_it_cannot_read_and_goes_on(run: Run, lines: Path) -> None:
    done = run("extract", "none.txt", "https://example.com/a", str(lines), "-f", "json")
    assert (done.code, len(done.out.splitlines())) == (1, 2)
    missing, url = done.err.splitlines()
    assert missing.startswith("failed none.txt: there is no such file or folder")
    assert url.startswith("failed https://example.com/a: only files are read here")


def test_explain_names_the_rule_of_every_slot(run: Run) -> None:
    done = run("explain", "-", stdin=TEXT.encode())
    assert done.code == 0
    assert "told by: hosting: signed, " in done.out
    assert "value: $3.7bn  (value of " in done.out
    assert "is worth [$3.7 billion]." in done.out


def test_explain_finds_an_article_of_the_ledger_by_key_or_url(run: Run) -> None:
    (row,) = json.loads(run("articles", "--limit", "1", "--format", "json").out)
    by_key, by_url = run("explain", row["key"]), run("explain", row["url"])
    assert by_key.code == 0
    assert by_key.out == by_url.out != ""


def test_explain_tells_why_a_sentence_opens_no_deal(run: Run) -> None:
    said = "TeraWulf has a right of first refusal over 40 MW and wants a lease."
    done = run("explain", "--sentence", said)
    assert done.code == 0
    assert "guarded    right of first refusal" in done.out
    assert "cue        'lease', noun (hosting): " in done.out
    in_article = run("explain", "-", "--sentence", "is worth $3.7 billion", stdin=TEXT.encode())
    assert in_article.out.startswith("It covers 200 MW of critical IT load and is worth")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["explain"], "name an article, or a --sentence TEXT"),
        (["explain", "nothing"], "no such article or file"),
        (["explain", "-", "--sentence", "Not there."], "the article has no such sentence"),
        (["eval", "none.jsonl"], "none.jsonl: cannot be read"),
        (["rules", "check", "--models", "none"], "it holds neither"),
    ],
)
def test_errors_say_what_failed(run: Run, words: list[str], complaint: str) -> None:
    done = run(*words, stdin=TEXT.encode())
    assert done.code in (1, 2)
    assert done.err.startswith("error: ") and complaint in done.err


def test_rules_check_leaves_with_one_where_a_rule_is_at_fault(run: Run, tmp_path: Path) -> None:
    own = tmp_path / "deals" / "frames" / "debt.toml"
    own.parent.mkdir(parents=True)
    own.write_text(
        'type = "debt"\n\n[[noun]]\nphrases = ["swingline"]\nexample = "A swing."\n'
        'counterexample = "A line."\n',
        encoding="utf-8",
    )
    done = run("rules", "check", "--models", str(tmp_path))
    assert (done.code, done.err) == (1, "1 fault\n")
    assert done.out.startswith(f"{own}:5: debt noun swingline: its example does not match")
