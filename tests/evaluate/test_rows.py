"""Rows keep what readings and annotations say."""

from datetime import UTC, datetime

import pytest

from extractor.errors import SourceError
from extractor.evaluate.rows import DealRow, QuantityRow, Row, from_dict, read_rows, to_dict, to_row
from extractor.records import Article, DealReport, Fact, Reading, Slot, Span

ARTICLE = Article(
    key="a1",
    url="https://wire.example.com/1",
    canonical_url="https://wire.example.com/1",
    title="Hut 8 rents out 245MW",
    site="wire.example.com",
    author="",
    published=datetime(2025, 12, 17, 12, tzinfo=UTC),
    language="en",
    text="Fluidstack (private) pays Hut 8 (HUT) $7 billion.",
    digest="d",
)


def span(words: str, part: str = "text") -> Span:
    source = ARTICLE.title if part == "title" else ARTICLE.text
    start = source.index(words)
    return Span(part, start, start + len(words))


def test_a_reading_becomes_a_row_with_the_title_read_first():
    reading = Reading(
        facts=(
            Fact("money", 7e9, "USD", span("$7 billion"), "$7 billion", "r"),
            Fact("company", "Fluidstack", "", span("Fluidstack"), "Fluidstack", "r"),
            Fact("company", "Hut 8", "", span("Hut 8"), "Hut 8", "r"),
            Fact("ticker", "HUT", "", span("HUT"), "HUT", "r"),
            Fact("company", "Hut 8", "", span("Hut 8", "title"), "Hut 8", "r"),
            Fact("power", 245.0, "MW", span("245MW", "title"), "245MW", "r"),
        ),
        reports=(
            DealReport(
                "hosting",
                "announced",
                (
                    Slot("company", "Hut 8", "", span("Hut 8"), "r"),
                    Slot("counterparty", "Fluidstack", "", span("Fluidstack"), "r"),
                    Slot("value", 7e9, "USD", span("$7 billion"), "r"),
                ),
                (span("pays Hut 8 (HUT) $7 billion"),),
                "r",
            ),
        ),
    )
    row = to_row(ARTICLE, reading, story="s1")
    assert row.companies == ("Hut 8", "Fluidstack")
    assert row.tickers == ("HUT",)
    assert row.quantities == (
        QuantityRow("245MW", "power", 245.0, "MW"),
        QuantityRow("$7 billion", "money", 7e9, "USD"),
    )
    assert row.deals == (
        DealRow(
            "hosting",
            "announced",
            "Hut 8",
            ("Fluidstack",),
            value=7e9,
            currency="USD",
            evidence=("pays Hut 8 (HUT) $7 billion",),
        ),
    )
    assert to_dict(row)["deals"] == [
        {
            "type": "hosting",
            "status": "announced",
            "company": "Hut 8",
            "counterparties": ["Fluidstack"],
            "value": 7000000000,
            "currency": "USD",
            "evidence": ["pays Hut 8 (HUT) $7 billion"],
        }
    ]


def test_a_row_survives_the_way_through_json():
    row = Row(
        "a", "t", "x", "s", published=ARTICLE.published, deals=(DealRow("debt", "announced", "X"),)
    )
    assert from_dict(to_dict(row)) == row


def test_a_bad_line_is_named(tmp_path):
    path = tmp_path / "gold.jsonl"
    path.write_text('{"id": "a"}\n\n{"id": "b", "deals": [{"tpye": "debt"}]}\n')
    with pytest.raises(SourceError, match=r"gold\.jsonl:3: not a row of annotations"):
        list(read_rows(path))
