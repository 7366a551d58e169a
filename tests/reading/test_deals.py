"""Deals that single passages tell, and what holds for any text."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.evaluate.corpus import corpus_dir
from extractor.reading import Reader, load_reader
from extractor.records import Article, DealReport

READER: Reader = load_reader()


def _read(text: str, title: str = "") -> tuple[DealReport, ...]:
    article = Article("k", "", "", title, "", "", None, "en", text, "d")
    return tuple(READER.read(article).reports)


def _numbers(report: DealReport) -> dict[str, float]:
    return {
        s.name: float(s.value) for s in report.slots if isinstance(s.value, int | float) and s.value
    }


@pytest.mark.parametrize(
    ("text", "type_", "status", "company", "others", "numbers"),
    [
        (
            "Keel will let 120 MW to Crusoe for 12 years in a deal worth $2.1 billion.",
            "hosting", "announced", "Keel Infrastructure", ["Crusoe"],
            {"megawatts": 120, "term_years": 12, "value": 2.1e9},
        ),
        (
            "Cipher Mining has bought 40 MW of sites from Bitdeer for $31 million.",
            "acquisition", "completed", "Cipher Digital", ["Bitdeer"],
            {"megawatts": 40, "value": 31e6},
        ),
        (
            "CleanSpark sold 512 bitcoin for $48 million in March.",
            "treasury", "completed", "CleanSpark", [], {"coins": 512, "value": 48e6},
        ),
        (
            "Soluna has obtained $35 million from JPMorgan.",
            "debt", "announced", "Soluna Holdings", ["JPMorgan"], {"value": 35e6},
        ),
        (
            "Meta has taken 900 MW from Vistra.",
            "power", "announced", "Meta", ["Vistra"], {"megawatts": 900},
        ),
        (
            "Riot Platforms is in talks to buy Argo Blockchain for $90 million.",
            "acquisition", "proposed", "Riot Platforms", ["Argo Blockchain"], {"value": 90e6},
        ),
    ],
)  # fmt: skip
def test_a_sentence_tells_a_deal(
    text: str, type_: str, status: str, company: str, others: list[str], numbers: dict[str, float]
) -> None:
    (report,) = _read(text)
    assert (report.type, report.status, report.company) == (type_, status, company)
    assert list(report.counterparties) == others
    assert _numbers(report) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "Shares of Cipher advanced 12% with those of IREN.",
        "Galaxy analysts said that miners sign leases with hyperscalers every week.",
        "CleanSpark mined 512 bitcoin in March.",
        "Riot Platforms operates 400 MW in Rockdale and employs 300 people.",
        "Bitcoin traded at $61,000 on Tuesday, lifting MARA and Hut 8 by 4%.",
    ],
)
def test_business_as_usual_is_no_deal(text: str) -> None:
    assert _read(text) == ()


def test_a_guarantor_is_the_one_behind_it() -> None:
    (report,) = _read(
        "Fluidstack leased 168 MW from Cipher Mining for ten years, with Google behind it."
    )
    assert list(report.counterparties) == ["Fluidstack"]
    assert list(report.backers) == ["Google"]


def test_it_is_whom_the_last_sentence_alone_named() -> None:
    reports = _read("The week belonged to TeraWulf. It let 200 MW to Fluidstack for $3.7 billion.")
    assert [r.company for r in reports] == ["TeraWulf"]


def test_the_same_articles_give_the_same_bytes_in_every_process() -> None:
    """Python orders sets of words differently from run to run; readings must not show it."""
    folder = corpus_dir() / "sites" / "rackandgrid.example.com"
    command = [sys.executable, "-c", "from extractor.cli import main; main()", "extract"]

    def read(seed: str) -> bytes:
        return subprocess.run(
            [*command, str(folder), "--format", "json"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            stdout=subprocess.PIPE,
        ).stdout

    first = read("1")
    assert first.count(b"\n") == 5
    assert read("2") == first


@pytest.mark.parametrize(
    "piece",
    [
        "TeraWulf leased 200 MW to Fluidstack for $3 billion and ",
        "Acme Hash {i} Inc. leased {i} MW to Fluid{i} Cloud for $3{i} billion. ",
        "Acme{i} Cloud, ",
    ],
)
def test_four_times_the_text_costs_about_four_times_as_much(piece: str) -> None:
    """Counted in calls, which no busy machine disturbs: a line without end, many names."""

    def calls(times: int) -> int:
        text = "".join(piece.format(i=i) for i in range(times))
        article = Article("k", "", "", "", "", "", None, "en", text, "d")
        count = 0

        def one_more(_frame: object, event: str, _: object) -> None:
            nonlocal count
            count += event == "call"

        sys.setprofile(one_more)
        try:
            READER.read(article)
        finally:
            sys.setprofile(None)
        return count

    assert calls(400) < 6 * calls(100)


_PIECES = st.sampled_from(
    "TeraWulf Fluidstack Google's leased 200MW $1.5bn for 15 years , . \n\n ( ) with and which "
    "the company it notes of 0% BTC sold 1,992 — “ ” 's bought from IREN's deal".split(" ")
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(_PIECES, max_size=40).map(" ".join)))
def test_any_text_is_read_and_every_place_lies_within_it(text: str) -> None:
    article = Article("k", "", "", "TeraWulf signs", "", "", None, "en", text, "d")
    reading = READER.read(article)
    for fact in reading.facts:
        assert fact.span.of(article) == fact.text
    for report in reading.reports:
        for slot in report.slots:
            assert len(slot.span.of(article)) == slot.span.end - slot.span.start


_PARAGRAPHS = [
    paragraph
    for line in (corpus_dir() / "gold" / "rules_a.jsonl").read_text("utf-8").splitlines()
    for paragraph in (json.loads(line)["title"], *json.loads(line)["text"].split("\n\n"))
] + ["Subscribe to our letter on IREN.", "About Riot", "Source: CoreWeave", "Disclaimer: Hut 8."]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(_PARAGRAPHS), st.lists(st.sampled_from(_PARAGRAPHS), max_size=6))
def test_paragraphs_of_any_articles_in_any_order_are_read(title: str, body: list[str]) -> None:
    article = Article("k", "", "", title, "", "", None, "en", "\n\n".join(body), "d")
    for report in READER.read(article).reports:
        for slot in report.slots:
            said = slot.span.of(article)
            assert said.strip()
            if slot.name == "site":
                assert said == slot.value


def test_a_company_that_only_boilerplate_names_has_no_part_in_a_deal() -> None:
    layer = READER.layer(
        "Subscribe to our newsletter on IREN and other miners.\n\n"
        "A 10-year lease for 200 MW worth $3.7 billion was signed on Monday, it said."
    )
    assert all(draft.company.value != "IREN" for draft in layer.drafts)


def test_an_option_of_days_is_no_term_of_the_notes() -> None:
    reports = _read(
        "CleanSpark (NASDAQ: CLSK) priced $1.15 billion of convertible senior notes on Tuesday. "
        "Buyers hold a 13-day option on another $150 million."
    )
    assert [r.number("term_years") for r in reports if r.company == "CleanSpark"] == [None]
