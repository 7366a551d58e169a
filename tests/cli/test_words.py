from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from extractor.cli.words import (
    clean,
    money,
    period,
    power,
    read_megawatts,
    read_moment,
    read_usd,
    years,
)
from extractor.errors import QueryError


@pytest.mark.parametrize(
    ("text", "dollars"),
    [
        ("1.5bn", 1.5e9),
        ("$800m", 8e8),
        ("2 million", 2e6),
        ("US$ 3B", 3e9),
        ("250,000", 250_000.0),
        ("1.2tn", 1.2e12),
        ("500k usd", 5e5),
        ("", None),
    ],
)
def test_dollars_are_read_as_people_write_them(text: str, dollars: float | None) -> None:
    assert read_usd("--min-usd", text) == dollars


@pytest.mark.parametrize(
    ("text", "megawatts"),
    [("200MW", 200.0), ("1.2GW", 1200.0), ("1.2 gw", 1200.0), ("200", 200.0), ("500kW", 0.5)],
)
def test_power_is_read_as_people_write_it(text: str, megawatts: float) -> None:
    assert read_megawatts("--min-mw", text) == pytest.approx(megawatts)


@pytest.mark.parametrize("text", ["lots", "5 MW", "-3bn", "1.5.2m"])
def test_what_is_no_amount_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(QueryError, match=r"like 1\.5bn"):
        read_usd("--min-usd", text)


@pytest.mark.parametrize(
    ("since", "until", "first", "after"),
    [
        ("2025", "2025", datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)),
        ("2025-11", "2025-12", datetime(2025, 11, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)),
        (
            "2025-2-3",
            "2024-2-29",
            datetime(2025, 2, 3, tzinfo=UTC),
            datetime(2024, 3, 1, tzinfo=UTC),
        ),
    ],
)
def test_until_includes_its_day_month_or_year(
    since: str, until: str, first: datetime, after: datetime
) -> None:
    assert period(since, until) == (first, after)


@pytest.mark.parametrize("text", ["yesterday", "2025-13", "2025-02-30", "25", "9999-12-31"])
def test_what_is_no_date_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(QueryError, match="like 2025"):
        period("", text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("7d", timedelta(days=7)),
        ("2 Y", timedelta(days=730)),
        ("2025-11", datetime(2025, 11, 1, tzinfo=UTC)),
        ("", None),
    ],
)
def test_a_moment_is_a_date_or_an_age(text: str, moment: datetime | timedelta | None) -> None:
    assert read_moment("--notify-since", text) == moment


@pytest.mark.parametrize("text", ["soon", "7", "7h", "2025-13"])
def test_what_is_neither_is_refused_with_examples_of_both(text: str) -> None:
    with pytest.raises(QueryError, match=r"like 7d, .* or a date like 2025-11"):
        read_moment("--notify-since", text)


@pytest.mark.parametrize(
    ("value", "currency", "shown"),
    [
        (9.7e9, "USD", "$9.7bn"),
        (1.15e9, "USD", "$1.15bn"),
        (175e6, "USD", "$175m"),
        (999.96e6, "USD", "$1bn"),
        (95e6, "CAD", "C$95m"),
        (3e6, "NOK", "3m NOK"),
        (850.0, "USD", "$850"),
        (None, "USD", ""),
    ],
)
def test_money_is_shown_short(value: float | None, currency: str, shown: str) -> None:
    assert money(value, currency) == shown


def test_power_and_terms_are_shown_with_their_unit() -> None:
    assert (power(352.0), power(1920.5), years(15.0), years(2.5)) == (
        "352 MW",
        "1,920 MW",
        "15 y",
        "2.5 y",
    )


def test_a_title_cannot_steer_the_terminal() -> None:
    assert clean("a\x1b[31mred\x07\n\tb\u202egnp\x9b2J") == "a[31mred bgnp2J"
