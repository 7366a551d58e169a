"""What the grammar of amounts reads, and what it leaves alone."""

from __future__ import annotations

import time
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


@pytest.mark.parametrize(
    "rule", rules("money.toml", "shared"), ids=lambda rule: "/".join(rule["words"])
)
def test_a_word_of_several_currencies_is_that_of_the_country_the_text_names(
    rule: dict[str, Any],
) -> None:
    assert [unit for _, unit in money(rule["example"])] == [rule["code"]]
    (told,) = [unit for _, unit in money(rule["counterexample"])]
    assert told in rule["named_by"]
    assert told != rule["code"]


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
        ("a US$1.2-billion loan, then $1.2 B more", [(1.2e9, "USD"), (1.2e9, "USD")]),
        ("the $10-plus billion plan", [(10e9, "USD")]),
        ("a $1‑billion note", [(1e9, "USD")]),
        ("one and a half billion dollars", [(1.5e9, "USD")]),
        ("a billion and a half dollars", [(1.5e9, "USD")]),
        ("a half-billion-dollar bond", [(5e8, "USD")]),
        ("two hundred and fifty million euros", [(250e6, "EUR")]),
        ("thirty dollars a kilowatt", [(30, "USD")]),
        ("2.8 billion Danish kroner", [(2.8e9, "DKK")]),
        ("RM3.4bn, Rp5 trillion and Tk 350 crore", [(3.4e9, "MYR"), (5e12, "IDR"), (3.5e9, "BDT")]),
        ("SR7.5 billion, R94m and Bt20bn", [(7.5e9, "SAR"), (94e6, "ZAR"), (20e9, "THB")]),
        ("KD50mn, BD21.5mn and RO 61 million", [(50e6, "KWD"), (21.5e6, "BHD"), (61e6, "OMR")]),
        ("₹1.5 lakh crore, or Rs 1,20,000 crore", [(1.5e12, "INR"), (1.2e12, "INR")]),
        ("a 486 mln pound bid", [(486e6, "GBP")]),
        ("a 75 million-franc credit", [(75e6, "CHF")]),
        ("a 7-tln-won centre", [(7e12, "KRW")]),
        ("a loan of 1.8 billion dirham", [(1.8e9, "AED")]),
        ("between $500-to-$600 million", [(500e6, "USD"), (600e6, "USD")]),
        ("€1\u202f200 million", [(1.2e9, "EUR")]),
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
        "several hundred million pounds",
        "the R2 unit cost P 500",
        "a population of 1.4 billion.",
    ],
)
def test_manners_of_speaking_are_no_money(text: str) -> None:
    assert money(text) == []


def test_a_sum_without_a_currency_is_in_that_of_the_sum_before() -> None:
    text = "It pays 9.4 billion kroner. DNB may lend the builder 2.8 billion; who knows?"
    assert money(text) == [(9.4e9, "NOK"), (2.8e9, "NOK")]
    text = "It costs €2 billion, half a billion more than planned, on sales of 260 million."
    assert money(text) == [(2e9, "EUR"), (5e8, "EUR"), (260e6, "EUR")]
    assert money("It pays $3. Of people there are 2.8 billion; who knows?") == [(3, "USD")]


def test_the_text_tells_what_dollars_and_cents_are_meant() -> None:
    text = "Sold for $24bn\n\nAirTrunk fetched A$24 billion, not US$2 billion."
    assert [unit for _, unit in money(text)] == ["AUD", "AUD", "USD"]
    assert [unit for _, unit in money("$24bn, or A$36bn")] == ["USD", "AUD"]
    assert [unit for _, unit in money("It rose to 19 cents on C$41 million.")] == ["CAD", "CAD"]
    assert [unit for _, unit in money("19 cents, C$41 million, $30 million")][:1] == ["USD"]
    assert [unit for _, unit in money("19 US cents and C$41 million")] == ["USD", "CAD"]


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
        ("80 megavolt-amperes at 345 kV", []),
        ("500 MW-h, 500 MW h and 2,000 MWh", []),
        ("a battery of 500 MW/2,000 MWh", [500]),
        ("a 1,200-megawatt and a 1.2‑GW site", [1200, 1200]),
        ("two dozen megawatts", [24]),
        ("one hundred and twenty megawatts", [120]),
        ("several hundred megawatts", []),
        ("a gigawatt and a half", [1500]),
        ("three-quarters of a gigawatt", [750]),
        ("A gigawatt is the vision", [1000]),
        ("the tenant of all of the site's gigawatt is Oracle", [1000]),
        ("it costs $10 billion a gigawatt", []),
        ("what a gigawatt of AI costs", []),
        ("a megawatt with a queue number", []),
        ("1.2 million kilowatts", [1200]),
        ("40MW+ of load, 40-plus MW", [40, 40]),
        ("100-to-150 MW", [100, 150]),
        ("took 75 MW and signed for another 40.", [75, 40]),
        ("took 2 GW and signed for another 1.5.", [2000, 1500]),
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
        ("sixty (60) months", [5]),
        ("a fifteen-year term", [15]),
        ("a 15‑year term of 15+ years", [15, 15]),
        ("a half-decade deal", [5]),
        ("a two-decade deal", [20]),
        ("two decade-long deals", [10]),
        ("a quarter of a century", [25]),
        ("for a dozen years", [12]),
        ("a 12-month lease", [1]),
        ("two and a half years, 7½ years", [2.5, 7.5]),
        ("two-and-a-half-year notes", [2.5]),
        ("for ten and 12 years", [10, 12]),
        ("between ten and 12 years", [12]),
        ("repaid in 36 equal monthly installments", [3]),
        ("matures on the fourth anniversary of closing", [4]),
        ("celebrated its fourth anniversary", []),
        ("half-year results", []),
        ("for 15 years, and the other for eight, with a break", [15, 8]),
        ("sold for eight.", []),
    ],
)
def test_terms_are_read_in_years(text: str, years: list[float]) -> None:
    assert [pytest.approx(value) for _, value, _ in read(text, "duration")] == years


def test_machines_and_coins_are_counted() -> None:
    assert read("76,000 NVIDIA GB300 GPUs", "count")[0][1] == 76000
    assert [(value, unit) for _, value, unit in read("sold 475 bitcoin", "coins")] == [(475, "BTC")]
    assert read("12 bitcoin miners", "coins") == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("17K GPUs", 17000),
        ("40,000-plus GB300s", 40000),
        ("two thousand servers", 2000),
        ("1.2 million chips", 1.2e6),
        ("30,000 S19j Pros", 30000),
        ("1,100 MI350Xs", 1100),
        ("600 second-hand S19s", 600),
        ("3,000 of the GPUs", 3000),
        ("18,000 of its newest Blackwell chips", 18000),
        ("100,000 of Nvidia's chips", 100000),
    ],
)
def test_machines_are_counted(text: str, number: float) -> None:
    assert [value for _, value, _ in read(text, "count")] == [number]


@pytest.mark.parametrize(
    "text",
    [
        "four servers",
        "2026 machines",
        "20 percent more efficient machines",
        "the fourteen largest miners",
        "an offering of 41,818,182 units",
    ],
)
def test_what_is_no_order_of_machines_is_not_counted(text: str) -> None:
    assert read(text, "count") == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("sold 1,992 BTC", [1992]),
        ("4,451 bitcoins", [4451]),
        ("138 of the coins", [138]),
        ("88 of its 118 bitcoin", [88]),
        ("1.9K BTC, 1,992BTC and a 1,992-bitcoin sale", [1900, 1992, 1992]),
        ("four more bitcoin", [4]),
        ("1,111 extra bitcoin", [1111]),
        ("It mined 118 bitcoin and sold 88 for $9.8 million.", [118, 88]),
        ("Of the bitcoin mined, 298 were sold.", [298]),
        ("It holds bitcoin and paid $45.6 million for 397 more.", [397]),
        ("A sold 1,900 BTC, Cango 4,451", [1900, 4451]),
        ("| Bitcoin sold | 84 | nil |", [84]),
        ("two bitcoin diggers", []),
        ("what a bitcoin costs", []),
        ("a 42,000 BTC company", []),
        ("Bitcoin rose. It sold 3.6 million shares and added 6.6%", []),
        ("It has bitcoin and bought back 412,000 of its own shares", []),
        ("It sold 88 in March.", []),
    ],
)
def test_coins_are_counted_where_the_text_has_named_them(text: str, numbers: list[float]) -> None:
    assert [value for _, value, _ in read(text, "coins")] == numbers


def test_the_head_of_a_column_tells_what_its_numbers_are() -> None:
    text = "Tenant | MW | Years | Value\n\nCrusoe | 110 | 12 | $2bn\n\nNscale | n/a | 15 | n/a"
    assert megawatts(text) == [110]
    assert [value for _, value, _ in read(text, "duration")] == [12, 15]
    text = "| Company | Action | Coins | Left |\n|---|---|---|---|\n| Strategy | bought | 645 | 9 |"
    assert [value for _, value, _ in read(text, "coins")] == [645]
    assert read("Issuer | Sum | Term\nCipher | $2bn | 2031", "duration") == []
    assert read("a | b | c\n\nYears | or | so\n\nA line.\n\n12 | 13 | 14", "duration") == []


def test_a_number_alone_counts_what_was_named_last() -> None:
    assert read("it got 20,000 machines, with an option on another 5,000.", "count")[1][1] == 5000
    assert read("The GPUs are here: Sarvam has booked 4,096 of them.", "count")[0][1] == 4096
    assert read("Naver gets 3,056 GPUs and Kakao Enterprise 2,424.", "count")[1][1] == 2424
    assert read("The bitcoin are here: 268 of them were sold.", "coins")[0][1] == 268
    assert read("Sarvam has booked 4,096 of them.", "count") == []


PIECES = st.sampled_from(
    ["$", "€", "12", "1,200", "9.7", " ", "-", "–", "to", "and", "million", "bn", "m", "MW", "GW",
     "cents", "p", "won", "half a", "dollars", "NOK", "%", "years", "BTC", "GPUs", "/", ".", ",",
     "two", "hundred", "dozen", "sold", "another", "of them", "kr", "R", "lakh", "crore", "decade",
     "gigawatt", "for", "½", "\u202f", "+", "-plus", "lend", "\n\n", "|"]
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


@pytest.mark.parametrize(
    "piece",
    ["1 ", "1,", "$5 ", "12 MW ", "two hundred and ", "5 of them ", "bitcoin sold 5, ", "of a ",
     "lend 5 billion. $4 ", "kr 5 kroner ", "19 cents and C$5 ", "5 years and ", " "],
)  # fmt: skip
def test_reading_takes_time_in_line_with_the_length_of_the_text(piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        times = []
        for _ in range(3):
            started = time.process_time()
            GRAMMAR.find(text)
            times.append(time.process_time() - started)
        return min(times)

    assert seconds(40_000) < 12 * max(seconds(10_000), 0.005)
