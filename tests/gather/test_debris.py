"""Promises of the cutting of debris."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.assets import models_dir
from extractor.gather.debris import cut_debris
from extractor.gather.text import canonical_text

RULES: dict[str, Any] = tomllib.loads((models_dir() / "debris.toml").read_text())
TITLE = "Quarry Compute leases its mill to a cloud"
BODY = (
    "Quarry Compute has leased its old paper mill to a cloud firm for ten years.\n\n"
    "The lease covers 40 megawatts.\n\nWhat comes next\n\nPower flows in autumn, it said."
)


def test_header_and_footer_of_a_scrape_are_cut() -> None:
    text = (
        f"Home Markets {TITLE}\n\n{TITLE}\n\n10\n0\n\nNews Desk\n\nMay 27, 2026\n\n3 min read\n"
        f"MINING\n{BODY}\n\nSources:\n\nhttps://a.com/1\n\nhttps://b.com/2\n\n"
        "Tags: mills, cloud\nLast Updated: May 28, 2026\n\nSource link\n\nLEAVE A REPLY\n\n"
        "Please enter your comment!\nPlease enter your name here"
    )
    body = cut_debris(canonical_text(text))
    assert (body.text, body.title, body.author) == (BODY, TITLE, "News Desk")
    assert body.published == datetime(2026, 5, 27, tzinfo=UTC)
    assert body.source == ""


@pytest.mark.parametrize(
    ("header", "author"),
    [
        ("By Jane Doe | May 27, 2026 | 3 min read", "Jane Doe"),
        ("Jane Doe\n\nPublished: May 27, 2026, 9:15 AM", "Jane Doe"),
        ("Written by Jan van der Berg\nMay 27, 2026 • 3 min read\nCrypto / Markets", None),
        ("Share\nFacebook\nX\nCopy link\nMay 27, 2026\n1.2K views", ""),
    ],
)
def test_headers_are_cut_in_many_forms(header: str, author: str | None) -> None:
    body = cut_debris(f"{TITLE}\n\n{header}\n\n{BODY}")
    assert (body.text, body.title) == (BODY, TITLE)
    assert body.author == author or author is None
    assert body.published is not None and body.published.date().isoformat() == "2026-05-27"


@pytest.mark.parametrize("glue", ["", " ", "\n"])
def test_a_date_line_glued_to_the_first_sentence_is_cut(glue: str) -> None:
    body = cut_debris(f"Last Updated: May 27, 2026{glue}{BODY}", TITLE)
    assert body.text == BODY
    assert body.updated == datetime(2026, 5, 27, tzinfo=UTC)


@pytest.mark.parametrize("ending", ["Source: https://a.com/x?y=1", "Source:\nhttps://a.com/x?y=1"])
def test_a_source_line_tells_where_the_text_is_from(ending: str) -> None:
    body = cut_debris(f"{BODY}\n\n{ending}")
    assert (body.text, body.source) == (BODY, "https://a.com/x?y=1")


def test_a_text_without_a_title_keeps_its_first_sentence() -> None:
    assert cut_debris(BODY).text == BODY
    assert cut_debris(BODY).title == ""


def test_the_title_may_stand_right_above_the_body() -> None:
    assert cut_debris(f"{TITLE}\n{BODY}").title == TITLE


@pytest.mark.parametrize(
    "text",
    [
        f"May 27, 2026 was the day of the lease.\n\n{BODY}",
        f"NEW YORK, May 27, 2026 (WIRE) -- Quarry Compute leased a mill.\n\n{BODY}",
        f"{BODY}\n\nSource: Example Research",
        f"{BODY}\n\nRelated: Miner borrows $5 million",
        f"{BODY}\n\n| Quarter | MW |\n| Q1 | 40 |",
        f"- First point: 40 MW\n- Second point\n\n{BODY}",
        f"{BODY}\n\n40",
    ],
)
def test_lines_that_say_something_stay(text: str) -> None:
    assert cut_debris(text, TITLE).text == text


def test_a_text_of_debris_alone_leaves_nothing() -> None:
    assert cut_debris("Home\n\nShare\n\nSource link").text == ""


_LINES = [
    *(example for rule in RULES["line"] for example in rule["example"]),
    *RULES["labels"]["example"],
    *("Sources:", "https://a.com/1", "", "", TITLE, f"Home News {TITLE}", "Jane Doe", "10"),
    *("Last Updated: May 27, 2026The mill", "The lease covers 40 MW.", "What comes next"),
]


@given(st.lists(st.sampled_from(_LINES), max_size=9).map("\n".join), st.sampled_from(["", TITLE]))
def test_cutting_again_changes_nothing(text: str, title: str) -> None:
    once = cut_debris(canonical_text(text), title)
    again = cut_debris(once.text, once.title)
    assert (again.text, again.title) == (once.text, once.title)


@given(st.lists(st.sampled_from(_LINES), max_size=4), st.lists(st.sampled_from(_LINES), max_size=4))
def test_the_sentences_of_the_body_are_never_lost(before: list[str], after: list[str]) -> None:
    text = canonical_text("\n".join([*before, "", BODY, "", *after]))
    assert BODY in cut_debris(text, TITLE).text


def _cases(kind: str) -> list[Any]:
    return [
        pytest.param(rule, line, id=line)
        for rule in RULES["line"]
        for line in rule[kind]
    ]  # fmt: skip


def _is_cut(line: str, at: str) -> bool:
    text = f"{line}\n{BODY}" if at == "start" else f"{BODY}\n{line}"
    return cut_debris(text, TITLE).text == BODY


@pytest.mark.parametrize(("rule", "line"), _cases("example"))
def test_each_rule_cuts_its_examples(rule: dict[str, Any], line: str) -> None:
    ends = ("start", "end") if rule["at"] == "both" else (rule["at"],)
    assert all(_is_cut(line, end) for end in ends)


@pytest.mark.parametrize(("rule", "line"), _cases("counterexample"))
def test_no_rule_cuts_a_counterexample(rule: dict[str, Any], line: str) -> None:
    assert not _is_cut(line, "end")
    assert not _is_cut(line, "start")


@pytest.mark.parametrize("line", RULES["labels"]["example"])
def test_section_labels_are_cut(line: str) -> None:
    assert _is_cut(line, "start")
    assert not _is_cut(line, "end")


@pytest.mark.parametrize("line", RULES["labels"]["counterexample"])
def test_headings_are_no_section_labels(line: str) -> None:
    assert not _is_cut(line, "start")
