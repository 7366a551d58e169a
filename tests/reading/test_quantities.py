"""What the grammar of amounts reads, and what it leaves alone."""

from __future__ import annotations

import tomllib
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor import assets
from extractor.reading.quantities import Amount, QuantityGrammar

FOLDER = assets.pipeline_dir() / "quantities"
GRAMMAR = QuantityGrammar(FOLDER)


def rules(name: str, table: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = tomllib.loads((FOLDER / name).read_text("utf-8"))[table]
    return listed


def read(text: str, kind: str) -> list[tuple[str, float, str]]:
    return [(text[a.start : a.end], a.value, a.unit) for a in GRAMMAR.find(text) if a.kind == kind]


def money(text: str) -> list[tuple[float, str]]:
    return [(pytest.approx(value), unit) for _, value, unit in read(text, "money")]


def megawatts(text: str) -> list[float]:
    return [pytest.approx(value) for _, value, _ in read(text, "power")]


MONEY_RULES = [*rules("money.toml", "currency"), *rules("money.toml", "subunit")]


@pytest.mark.parametrize("rule", MONEY_RULES, ids=lambda rule: f"{rule['code']} {rule['example']}")
def test_each_currency_reads_its_example_and_not_its_counterexample(rule: dict[str, Any]) -> None:
    assert {unit for _, unit in money(rule["example"])} == {rule["code"]}
    assert money(rule["counterexample"]) == []


@pytest.mark.parametrize("rule", rules("power.toml", "unit"), ids=lambda rule: rule["names"][0])
def test_each_unit_of_power_reads_its_example_and_not_its_counterexample(
    rule: dict[str, Any],
) -> None:
    assert len(megawatts(rule["example"])) == 1
    assert megawatts(rule["counterexample"]) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a fee of $690,000,000 in all", [(690e6, "USD")]),
        ("between $9 million and $11 million", [(9e6, "USD"), (11e6, "USD")]),
        ("at $9-11 million a megawatt", [(9e6, "USD"), (11e6, "USD")]),
        ("$9.5 million to $10.5 million per MW", [(9.5e6, "USD"), (10.5e6, "USD")]),
        ("shares at $14-16 apiece", [(14, "USD"), (16, "USD")]),
        ("a levy of SEK 0.006 to 0.36", [(0.006, "SEK"), (0.36, "SEK")]),
        ("it paid $5 and $10 million", [(5, "USD"), (10e6, "USD")]),
        ("worth £120m (€140m)", [(120e6, "GBP"), (140e6, "EUR")]),
        ("a quarter of a billion dollars", [(250e6, "USD")]),
        ("half a billion euros", [(500e6, "EUR")]),
        ("9,7 Milliarden und 9,7 billion euros", [(9.7e9, "EUR")]),
        ("eight cents per kilowatt-hour", [(0.08, "USD")]),
        ("closed at 61p, from 282p", [(0.61, "GBP"), (2.82, "GBP")]),
        ("Rs 1,200 crore of the loan", [(12e9, "INR")]),
        ("slipped to 54,300 won on Friday", [(54300, "KRW")]),
    ],
)
def test_money_is_read_in_whole_units(text: str, expected: list[tuple[float, str]]) -> None:
    assert money(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "the ticker $HUT rose",
        "a multibillion-dollar plan",
        "tens of billions",
        "5,000 pounds of copper",
        "a dollar here, a pound there",
        "26 per cent of the shares",
        "it won 3 contracts",
        "15 cents on the dollar",
    ],
)
def test_manners_of_speaking_are_no_money(text: str) -> None:
    assert money(text) == []


def test_a_year_or_a_power_behind_a_sum_is_no_end_of_a_range() -> None:
    assert money("raised $40 million to 2027 lenders") == [(40e6, "USD")]
    assert money("pays $67-2031 notes") == [(67, "USD")]
    assert money("spent $5-10 MW later") == [(5, "USD")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a 352-megawatt campus", [352]),
        ("100-150 MW of load", [100, 150]),
        ("between 840 MW and 1,200 MW", [840, 1200]),
        ("half a gigawatt", [500]),
        ("1.21GW in all", [1210]),
        ("cabinets of 150 kW", [0.15]),
        ("4,600 MWh a day", []),
        ("a gigawatt-scale plan", []),
        ("32 EH/s and 5 MVA", []),
    ],
)
def test_power_is_read_in_megawatts(text: str, expected: list[float]) -> None:
    assert megawatts(text) == expected


def test_both_ends_of_a_range_have_their_own_place() -> None:
    text = "revenue of $160 million to $170 million"
    assert [literal for literal, _, _ in read(text, "money")] == ["$160 million", "$170 million"]


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("a 12-year lease", [12]),
        ("36-month notes", [3]),
        ("a five-12 months span", [5]),
        ("a decade-long contract", [10]),
        ("a decade-and-a-half term", [15]),
        ("twelve (12) years", [12]),
    ],
)
def test_terms_are_read_in_years(text: str, years: list[float]) -> None:
    assert [pytest.approx(value) for _, value, _ in read(text, "duration")] == years


def test_machines_and_coins_are_counted() -> None:
    assert read("76,000 NVIDIA GB300 GPUs", "count")[0][1] == 76000
    assert [(value, unit) for _, value, unit in read("sold 475 bitcoin", "coins")] == [(475, "BTC")]
    assert read("12 bitcoin miners", "coins") == []


PIECES = st.sampled_from(
    ["$", "€", "12", "1,200", "9.7", " ", "-", "–", "to", "and", "million", "bn", "m", "MW", "GW",
     "cents", "p", "won", "half a", "dollars", "NOK", "%", "years", "BTC", "GPUs", "/", ".", ","]
)  # fmt: skip


@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=12).map("".join)))
def test_any_text_is_read_and_amounts_stay_inside_it_without_overlap(text: str) -> None:
    by_kind: dict[str, list[Amount]] = {}
    for amount in GRAMMAR.find(text):
        assert 0 <= amount.start < amount.end <= len(text)
        assert text[amount.start : amount.end].strip()
        by_kind.setdefault(amount.kind, []).append(amount)
    for amounts in by_kind.values():
        ordered = sorted(amounts, key=lambda a: a.start)
        for one, other in pairwise(ordered):
            assert one.end <= other.start
