from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractor.errors import QueryError
from extractor.store.answers import Amount, Step, Total, YearTotal
from extractor.store.passage import sentence_around
from extractor.store.query import DealQuery
from extractor.store.read import LedgerReader, open_for_reading

from .builders import COPY, LEASE, stocked


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stocked(tmp_path_factory.mktemp("ledger") / "ledger.db")


@pytest.fixture
def ledger(path: Path) -> Iterator[LedgerReader]:
    with open_for_reading(path) as opened:
        yield opened


def keys(ledger: LedgerReader, **wanted: object) -> list[str]:
    return [deal.key for deal in ledger.deals(DealQuery(**wanted))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "name", ["TeraWulf", "terawulf inc", "Tera Wulf", "Beowulf Digital", "WULF"]
)
def test_a_company_is_found_by_every_name_it_has(ledger: LedgerReader, name: str) -> None:
    assert keys(ledger, company=name) == ["dd55", "aa11"]
    assert ledger.company(name).name == "TeraWulf"


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, ["dd55", "bb22", "bb33", "cc44", "aa11"]),
        ({"counterparty": "Microsoft"}, ["bb22", "cc44"]),
        ({"party": "Google"}, ["aa11"]),
        ({"counterparty": "Google"}, []),
        ({"ticker": "goog"}, ["aa11"]),
        ({"types": ("hosting", "treasury")}, ["bb33", "aa11"]),
        ({"statuses": ("proposed",)}, ["cc44"]),
        ({"min_usd": 9.7e9}, ["dd55", "bb22", "cc44"]),
        ({"min_mw": 200.0}, ["aa11"]),
        ({"since": datetime(2025, 11, 1, tzinfo=UTC)}, ["dd55", "bb22", "bb33", "cc44"]),
        ({"until": datetime(2025, 11, 1, tzinfo=UTC)}, ["aa11"]),
        ({"sort": "value"}, ["cc44", "dd55", "bb22", "aa11", "bb33"]),
        ({"sort": "company", "limit": 1}, ["bb22"]),
    ],
)
def test_each_filter_restricts(
    ledger: LedgerReader, wanted: dict[str, object], found: list[str]
) -> None:
    assert keys(ledger, **wanted) == found


@pytest.mark.parametrize(
    ("wanted", "hint"),
    [
        ({"types": ("hostign",)}, "did you mean hosting"),
        ({"statuses": ("anounced",)}, "did you mean announced"),
        ({"sort": "size"}, "valid are: date, value"),
        ({"company": "Terrawulf"}, "did you mean TeraWulf"),
        ({"party": "core"}, "did you mean Core Scientific"),
        ({"ticker": "WULFF"}, "near it: WULF"),
    ],
)
def test_a_value_that_cannot_match_is_answered_with_the_nearest(
    ledger: LedgerReader, wanted: dict[str, object], hint: str
) -> None:
    with pytest.raises(QueryError, match=hint):
        keys(ledger, **wanted)


def test_a_deal_shows_the_sentence_behind_every_field(ledger: LedgerReader) -> None:
    detail = ledger.deal("aa")
    said = {
        s.slot: s.sentence[s.start : s.end] for s in detail.statements if s.source.key == "lease"
    }
    assert said == {
        "company": "TeraWulf",
        "counterparty": "Fluidstack",
        "backer": "Google",
        "value": "$3.7 billion",
        "megawatts": "200 MW",
        "term_years": "ten years",
    }
    term = next(s for s in detail.statements if s.slot == "term_years")
    assert (term.sentence, term.source.published) == ("The term is ten years.", LEASE.published)
    assert [(c.slot, c.conflict, c.label, c.value, c.articles) for c in detail.claims] == [
        ("value", "contradiction", "agreed", 3.7e9, ("lease",)),
        ("value", "contradiction", "contradiction", 3.8e9, ("copy",)),
    ]
    assert detail.history == (Step("announced", LEASE.published, "lease"),)
    assert [source.key for source in detail.sources] == ["lease", "copy"]
    assert (detail.deal.articles, detail.deal.conflicts) == (2, 1)


def test_a_deal_key_must_be_clear(ledger: LedgerReader) -> None:
    with pytest.raises(QueryError, match="bb22, bb33"):
        ledger.deal("bb")
    with pytest.raises(QueryError, match="no such deal"):
        ledger.deal("%")


def test_totals_leave_out_talks_and_a_backlog_beside_its_parts(ledger: LedgerReader) -> None:
    lease, cloud = (Amount("USD", 3.7e9),), (Amount("USD", 9.7e9),)
    assert ledger.company("TeraWulf").totals == (YearTotal(2025, "company", 1, lease, 200.0),)
    assert ledger.company("IREN").totals == (YearTotal(2025, "company", 2, cloud, 0.0),)
    assert ledger.company("Alphabet").totals == (YearTotal(2025, "backer", 1, lease, 200.0),)
    assert ledger.totals()[-1] == Total("", 3, (Amount("USD", 1.34e10),), 200.0, 2)
    assert {deal.key: deal.left_out for deal in ledger.deals() if deal.left_out} == {
        "dd55": "its contracts are counted",
        "cc44": "proposed",
    }


def test_search_finds_all_words_in_any_form(ledger: LedgerReader) -> None:
    assert {hit.article.key for hit in ledger.search("leases terawulf")} == {"lease", "copy"}
    (hit,) = ledger.search('"GPU cloud"')
    assert "[GPU cloud]" in hit.snippet or "[GPU] [cloud]" in hit.snippet
    assert ledger.search("C++ OR ( NEAR") == ()
    with pytest.raises(QueryError, match="no word"):
        ledger.search(' "*" ')


def test_export_has_the_form_of_the_gold_files(ledger: LedgerReader) -> None:
    rows = list(ledger.export_articles())
    assert [row["id"] for row in rows] == ["lease", "copy", "cloud", "backlog"]
    assert rows[0] == {
        "id": "lease",
        "story": "wulf-lease",
        "companies": ["TeraWulf", "Google", "Fluidstack"],
        "tickers": ["WULF"],
        "quantities": [
            {"text": "$3.7bn", "kind": "money", "value": 3700000000, "unit": "USD"},
            {"text": "200 MW", "kind": "power", "value": 200, "unit": "MW"},
            {"text": "$3.7 billion", "kind": "money", "value": 3700000000, "unit": "USD"},
        ],
        "deals": [
            {
                "type": "hosting",
                "status": "announced",
                "company": "TeraWulf",
                "counterparties": ["Fluidstack"],
                "backers": ["Google"],
                "value": 3700000000,
                "currency": "USD",
                "megawatts": 200,
                "term_years": 10,
                "evidence": ["TeraWulf leased 200 MW to Google-backed Fluidstack for $3.7 billion"],
            }
        ],
    }


def test_lists_tell_how_things_hang_together(ledger: LedgerReader) -> None:
    assert [(a.key, a.story, a.deals) for a in ledger.articles(limit=2)] == [
        ("backlog", "wulf-backlog", 1),
        ("cloud", "iren-cloud", 3),
    ]
    story = ledger.stories()[-1]
    assert (story.key, story.title, story.articles, story.deals, story.reasons) == (
        "wulf-lease",
        LEASE.title,
        2,
        1,
        ("same names",),
    )
    assert [(c.name, c.ticker, c.deals, c.articles) for c in ledger.companies(limit=2)] == [
        ("IREN", "IREN", 3, 1),
        ("TeraWulf", "WULF", 2, 1),
    ]
    stats = ledger.stats()
    assert (stats.articles, stats.read, stats.deals, stats.companies) == (4, 4, 5, 5)
    assert stats.fingerprints == ("rules-1",)


def test_the_flat_views_serve_any_tool(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        row = raw.execute(
            "SELECT company, counterparties, backers, value, articles "
            "FROM ledger WHERE key = 'aa11'"
        ).fetchone()
        assert row == ("TeraWulf", "Fluidstack", "Google", 3.7e9, 2)
        said = raw.execute(
            "SELECT literal, article FROM evidence WHERE deal = 'aa11' AND slot = 'value'"
        ).fetchall()
    assert said == [("$3.7 billion", "lease"), ("$3.8 billion", "copy")]


@pytest.mark.parametrize(
    ("text", "words", "sentence"),
    [
        ("One. TeraWulf Inc. said it. Two.", "said", "TeraWulf Inc. said it."),
        (
            "At 8 a.m. in the U.S. Hut 8 rose 3.5%. More.",
            "rose",
            "At 8 a.m. in the U.S. Hut 8 rose 3.5%.",
        ),
        ('He left. "It pays $1.5 billion." She stayed.', "pays", '"It pays $1.5 billion."'),
        ("First line\nsecond line\nthird", "second", "second line"),
        (COPY.text, "$3.8 billion", COPY.text),
    ],
)
def test_a_sentence_is_cut_where_a_reader_would(text: str, words: str, sentence: str) -> None:
    start = text.index(words)
    left, right = sentence_around(text, start, start + len(words))
    assert text[left:right] == sentence
