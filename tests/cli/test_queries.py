from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from extractor.store.write import open_ledger
from tests.store.builders import DEALS, NOON, STORIES, article, stocked

from .conftest import Run

TABLE = """\
DEAL DATE       TYPE     STATUS      COMPANY  WITH                  VALUE  POWER TERMS       SITE BY
dd55 2025-11-10 backlog  outstanding TeraWulf                     $12.8bn                         1
bb22 2025-11-03 compute  announced   IREN     Microsoft            $9.7bn                         1
bb33 2025-11-03 treasury completed   IREN                                        1,000 coins      1
cc44 2025-11-03 compute  proposed    IREN     Microsoft             $20bn                         1
aa11 2025-08-14 hosting  announced   TeraWulf Fluidstack (backed   $3.7bn 200 MW 10 y             1!
                                              by Google)
"""


def test_the_table_of_deals_fits_a_hundred_columns(run: Run) -> None:
    done = run("deals")
    assert (done.code, done.out, done.err) == (0, TABLE, "5 deals\n")
    assert max(map(len, done.out.splitlines())) <= 100


def test_filters_take_words_of_people(run: Run) -> None:
    done = run(
        *("deals", "--party", "Iris Energy", "--min-usd", "$5bn", "--type", "compute,debt"),
        *("--status", "announced", "--since", "2025-11", "--until", "2025", "-f", "jsonl"),
    )
    assert [json.loads(line)["key"] for line in done.out.splitlines()] == ["bb22"]


def test_programs_get_plain_values(run: Run) -> None:
    (deal,) = json.loads(run("deals", "--min-mw", "0.2GW", "--format", "json").out)
    assert deal == {
        "key": "aa11",
        "type": "hosting",
        "status": "announced",
        "company": "TeraWulf",
        "counterparties": ["Fluidstack"],
        "backers": ["Google"],
        "value": 3700000000,
        "currency": "USD",
        "value_max": None,
        "megawatts": 200,
        "megawatts_gross": None,
        "term_years": 10,
        "gpus": None,
        "coins": None,
        "site": "",
        "first_published": "2025-08-14T11:00:00Z",
        "last_published": "2025-08-14T15:00:00Z",
        "articles": 2,
        "conflicts": 1,
        "stories": 1,
        "contradictions": 1,
        "primary": False,
        "doubt": "",
        "expands": "",
        "is_total": False,
        "left_out": "",
        "counted_value": 3700000000,
        "counted_megawatts": 200,
    }
    (row,) = csv.DictReader(io.StringIO(run("deals", "--ticker", "GOOGL", "-f", "csv").out))
    assert (row["key"], row["backers"], row["value"]) == ("aa11", "Google", "3700000000")


def test_nothing_found_is_said_on_stderr(run: Run) -> None:
    done = run("deals", "--since", "2030")
    assert (done.code, done.out, done.err) == (0, "", "no deals\n")
    assert run("deals", "--since", "2030", "-f", "json").out == "[]\n"


def test_markdown_is_a_table_of_the_same_words(run: Run) -> None:
    lines = run("deals", "--limit", "1", "-f", "markdown").out.splitlines()
    assert lines[2].startswith("| dd55 | 2025-11-10 | backlog | outstanding | TeraWulf |")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("deals", "--type", "hostin"), "error: --type hostin: did you mean hosting?"),
        (("deals", "--status", "done"), "error: --status done: valid are: announced"),
        (("deals", "--company", "Terawolf"), "did you mean TeraWulf?"),
        (("deals", "--min-usd", "much"), "error: --min-usd much: write an amount like"),
        (("deals", "--sort", "size"), "error: --sort size: "),
        (("deals", "--format", "xml"), "xml"),
        (("show", "zz"), "error: deal zz: no such deal"),
        (("company", "Nobody"), "error: Nobody: no company"),
        (("deals", "--db", "/nowhere/x.db"), "no ledger here"),
        (("dels",), "deals"),
    ],
)
def test_a_wrong_question_is_answered_in_one_line(
    run: Run, words: tuple[str, ...], said: str
) -> None:
    done = run(*words)
    assert (done.code, done.out) == (1 if "--db" in words else 2, "")
    assert said in done.err
    assert "Traceback" not in done.err


def test_show_prints_each_field_with_its_sentence(run: Run) -> None:
    out = run("show", "aa").out
    assert "aa11  hosting, announced\nTeraWulf with Fluidstack (backed by Google)\n" in out
    assert (
        "value: $3.7bn  (1 story since 2025-08-14)\n"
        "    TeraWulf leased 200 MW to Google-backed Fluidstack for [$3.7 billion].\n"
        "      wire.example, 2025-08-14\n"
        "\n"
        "value: $3.8bn  (1 story since 2025-08-14; not the agreed value: contradiction)\n"
        "    A lease worth [$3.8 billion] joins TeraWulf and Fluidstack, people said.\n"
        "      outlet.example, 2025-08-14\n"
    ) in out
    assert "https://wire.example/lease" in out
    assert json.loads(run("show", "aa", "-f", "json").out)["statements"][3]["value"] == 3700000000


def test_a_company_page_tells_names_totals_and_roles(run: Run) -> None:
    out = run("company", "beowulf digital").out
    assert out.startswith("TeraWulf (WULF)  miner\nformerly Beowulf Digital\nalso Tera Wulf\n")
    assert "2025 as principal     1 $3.7bn 200 MW\n" in out
    assert "2 deals as principal" in out
    assert "1 deal as backer" in run("company", "GOOG").out


def test_lists_name_what_they_count(run: Run) -> None:
    assert "IREN wins Microsoft" in run("articles").out
    assert run("stories").err == "3 stories\n"
    assert run("companies").out.splitlines()[1].split() == ["IREN", "IREN", "miner_ai", "3", "1"]
    assert "[leased]" in run("search", "leases").out
    assert run("search", "GPU cloud").err == "1 article\n"
    assert "deals                5\n" in run("stats").out


def test_export_prints_a_line_an_article(run: Run) -> None:
    lines = run("export", "articles").out.splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["lease", "copy", "cloud", "backlog"]


def test_bare_dealwire_helps(run: Run) -> None:
    done = run()
    assert done.code == 0
    assert "ingest" in done.out
    assert run("--version").out.startswith("dealwire 0.")


VERBS = (
    "deals",
    "conflicts",
    "articles",
    "changes",
    "stories",
    "companies",
    "company",
    "search",
    "stats",
)
WRITERS = ("ingest", "reread", "replay", "prune")


FEEDS = tuple(f"feeds {word}" for word in ("add", "remove", "list", "import", "export", "check"))


@pytest.mark.parametrize(
    "verb", [*VERBS, *FEEDS, *WRITERS, "show", "watch", "export articles", "export pages"]
)
def test_help_shows_an_example(run: Run, verb: str) -> None:
    out = run(*verb.split(), "--help").out
    assert f"  dealwire {verb}" in out.partition("Example:")[2]


@pytest.mark.parametrize("verb", [*VERBS, "feeds list", "feeds export"])
def test_the_example_in_the_help_works(run: Run, verb: str) -> None:
    example = run(*verb.split(), "--help").out.partition("Example:\n")[2].splitlines()[0].split()
    assert run(*(word for word in example[1:] if word not in (">", "subscriptions.opml"))).code == 0


def test_printed_titles_cannot_steer_the_terminal(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "evil.db"
    with open_ledger(path) as ledger:
        ledger.add_article(article("evil", "Text.", title="Owned \x1b]0;you\x07\u202eedoc"))
    out = run("articles", "--db", str(path)).out
    assert "Owned ]0;youedoc" in out
    assert "\x1b" not in out


def dealwire(*words: str, path: Path) -> subprocess.Popen[bytes]:
    code = f"from extractor.cli import main; main({list(words)!r})"
    return subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "DEALWIRE_DB": str(path)},
    )


def test_a_reader_that_has_enough_is_no_error(tmp_path: Path) -> None:
    path = stocked(tmp_path / "ledger.db")
    with open_ledger(path, clock=lambda: NOON) as ledger:
        many = [
            replace(DEALS[4], key=f"k{n:05}", reports=(), history=(), company="X" * 60)
            for n in range(1200)  # more than a pipe holds
        ]
        ledger.replace_deals(many)
        assert ledger.stories() == STORIES
    running = dealwire("deals", path=path)
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.readline()
    running.stdout.close()
    said = running.stderr.read()
    running.stderr.close()
    running.wait()
    assert b"Traceback" not in said
    assert b"Broken" not in said


@pytest.mark.parametrize("words", [("deals", "--party", "Google"), ("changes",), ("feeds", "list")])
def test_a_question_loads_no_heavy_library(tmp_path: Path, words: tuple[str, ...]) -> None:
    path = stocked(tmp_path / "ledger.db")
    code = f"""
import sys
from extractor.cli import main
try:
    main([*{words!r}, "--format", "table"])
except SystemExit:
    pass
heavy = {{"spacy", "trafilatura", "pandas", "polars", "numpy", "sqlite_utils", "aiohttp", "rich",
         "feedparser", "rapidfuzz", "lxml", "warcio",
         "prometheus_client"}}
print(sorted(heavy & set(sys.modules)), file=sys.stderr)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "DEALWIRE_DB": str(path)},
    )
    assert ("aa11" in done.stdout) == (words[0] == "deals")
    assert done.stderr.splitlines()[-1] == "[]"
