"""Stock symbols in the notations of the press."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor import assets
from extractor.reading.companies import CompanyFinder
from extractor.reading.gazetteer import load_companies
from extractor.reading.tickers import TickerFinder, TickerMention
from extractor.reading.tokens import Tokens, split_sentences
from extractor.reading.wordlists import load_words

FOLDER = assets.pipeline_dir() / "companies"
WORDS, COMPANIES = load_words(FOLDER), load_companies(FOLDER)
NAMES = CompanyFinder(COMPANIES, WORDS)
FINDER = TickerFinder(
    WORDS,
    [(symbol, c.name) for c in COMPANIES for symbol in (c.ticker, *c.former_tickers)],
    [name for c in COMPANIES for name in c.names],
)


def find(text: str) -> list[TickerMention]:
    tokens = Tokens(text)
    return FINDER.find(tokens, NAMES.find(tokens, split_sentences(tokens, 0)))


def symbols(text: str) -> list[str]:
    return [mention.symbol for mention in find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kestrivo Corp. (NASDAQ: KSTR) rose.", ["KSTR"]),
        ("Kestrivo (NASDAQ/TSX: KSTR) rose.", ["KSTR"]),
        ("Companies in this story: (TSX: TA, TSX: HUT)", ["TA", "HUT"]),
        ("Kestrivo (TSE Growth: 5597) rose.", ["5597"]),
        ("It is listed in Tokyo (ticker 4389).", ["4389"]),
        ("Phoenix Group (PHX on the ADX) fell.", ["PHX"]),
        ("Kestrivo (KSTR, -3.2%) fell.", ["KSTR"]),
        ("Traders love $HUT now.", ["HUT"]),
        ("RIOT.O slid.", ["RIOT"]),
        ("CLSK rose while others fell.", ["CLSK"]),
        ("BlackRock's IBIT took in $9 million.", ["IBIT"]),
        ("Strategy pays a coupon on STRC.", ["STRC"]),
        ("Kestrel Peak Compute (KPCX) rose.", ["KPCX"]),
        ("Hollin Mining paid. HLLN fell 5%.", ["HLLN"]),
        ("Kestrivo Corp. paid. The stock (KSVO) fell.", ["KSVO"]),
        ("Metaplanet (3350) bought more.", ["3350"]),
        ("Argo Blockchain (LSE: ARB; NASDAQ: ARBK) rose.", ["ARB", "ARBK"]),
        ('The stock is listed under the symbols "KSTR" and "KSTRP".', ["KSTR", "KSTRP"]),
        ("The merged company will trade as KSTX.", ["KSTX"]),
        ("Infratil (NZX: IFT) rose.", ["IFT"]),
    ],
)
def test_every_notation_gives_its_symbol(text: str, expected: list[str]) -> None:
    assert symbols(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "It sold 40 BTC and some ETH.",
        "A power purchase agreement (PPA) was signed.",
        "The loan is from Grand River Dam Authority (GRDA).",
        "It went to Central Ohio Power Cooperative (COPCO).",
        "The chip index (SOX) fell.",
        "Électricité de France (EDF) sold it.",
        "SAN JOSE, Calif. is far.",
        "It costs NOK 200.",
        "IREN said that it would buy.",
    ],
)
def test_abbreviations_coins_and_names_are_no_symbols(text: str) -> None:
    assert symbols(text) == []


def test_a_symbol_that_is_a_name_counts_beside_another_name_of_the_company() -> None:
    assert symbols("Marathon holds coins. MARA closed at $21.") == ["MARA"]
    assert symbols("MARA holds coins. MARA bought a site.") == []


def test_a_declared_symbol_counts_wherever_it_returns() -> None:
    mentions = find("Kestrivo (NYSE: KSTR) paid. Later KSTR fell.")
    assert [m.rule for m in mentions] == ["exchange notation", "bare symbol"]


PIECES = st.sampled_from(
    ["(", ")", "NASDAQ", ":", "HUT", "RIOT", "IREN", "|", " ", ",", "/", "$", "4389", "MARA", "on"]
)


@given(st.one_of(st.text(max_size=100), st.lists(PIECES, max_size=20).map(" ".join)))
def test_any_text_is_read_and_spans_are_the_symbols(text: str) -> None:
    for mention in find(text):
        assert text[mention.start : mention.end].startswith(mention.symbol)
