"""Amounts, dates, names: the way people write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from extractor.errors import QueryError

_SCALES = {
    "": 1.0,
    "k": 1e3,
    "thousand": 1e3,
    "m": 1e6,
    "mn": 1e6,
    "mio": 1e6,
    "million": 1e6,
    "b": 1e9,
    "bn": 1e9,
    "billion": 1e9,
    "t": 1e12,
    "tn": 1e12,
    "trillion": 1e12,
}
_POWERS = {"": 1.0, "mw": 1.0, "megawatts": 1.0, "gw": 1e3, "gigawatts": 1e3, "kw": 1e-3}
_AMOUNT = re.compile(r"(?:us)?\$?\s*(\d[\d,]*(?:\.\d+)?)\s*([a-z]*)(?:\s*(?:usd|dollars))?")
_POWER = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*([a-z]*)")
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_AGE = re.compile(r"(\d{1,6})\s*([dwy])")
_DAYS = {"d": 1, "w": 7, "y": 365}
_MAX_DAYS = 365 * 1000
# C0 and C1 controls, and the marks that turn the direction of a line around.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "CAD": "C$", "AUD": "A$"}


def clean(text: str) -> str:
    """A text of the web for a terminal: on one line, nothing that could steer it."""
    if text.isprintable():  # no controls, no line ends: nearly every text
        return text
    return _CONTROL.sub("", " ".join(text.split()))


def read_usd(option: str, text: str) -> float | None:
    """Dollars as people write them: `1.5bn`, `$800m`, `2 million`, `250,000`."""
    if not text:
        return None
    match = _AMOUNT.fullmatch(text.strip().lower())
    if match is None or match[2] not in (*_SCALES, "usd", "dollars"):
        raise QueryError(f"{option} {text}", "write an amount like 1.5bn, $800m or 250000")
    return float(match[1].replace(",", "")) * _SCALES.get(match[2], 1.0)


def read_megawatts(option: str, text: str) -> float | None:
    """Power as people write it: `200MW`, `1.2 GW`; a bare number is megawatts."""
    if not text:
        return None
    match = _POWER.fullmatch(text.strip().lower())
    if match is None or match[2] not in _POWERS:
        raise QueryError(f"{option} {text}", "write power like 200MW, 1.2GW or 200")
    return float(match[1].replace(",", "")) * _POWERS[match[2]]


def read_period(option: str, text: str) -> tuple[datetime, datetime] | None:
    """The first moment of a year, month or day, and the first moment after it."""
    if not text:
        return None
    match = _DATE.fullmatch(text.strip())
    try:
        if match is None:
            raise ValueError("no date")
        year, month, day = (int(part) if part else None for part in match.groups())
        assert year is not None  # the pattern demands a year
        start = datetime(year, month or 1, day or 1, tzinfo=UTC)
        if day is not None:
            return start, start + timedelta(days=1)
        if month is not None:
            return start, datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
        return start, datetime(year + 1, 1, 1, tzinfo=UTC)
    except (ValueError, OverflowError):
        raise QueryError(
            f"{option} {text}", "write a date like 2025, 2025-11 or 2025-11-03"
        ) from None


def read_age(option: str, text: str) -> timedelta | None:
    """How long ago, as people write it: `90d`, `12w`, `2y`."""
    if not text:
        return None
    match = _AGE.fullmatch(text.strip().lower())
    if match is None or int(match[1]) * _DAYS[match[2]] > _MAX_DAYS:
        raise QueryError(f"{option} {text}", "write an age like 90d, 12w or 2y")
    return timedelta(days=int(match[1]) * _DAYS[match[2]])


def read_moment(option: str, text: str) -> datetime | timedelta | None:
    """The first moment of a year, month or day, or how long ago it was."""
    try:
        return read_age(option, text)
    except QueryError:
        pass
    try:
        start, _ = read_period(option, text) or (None, None)
        return start
    except QueryError:
        reason = "write an age like 7d, 12w or 2y, or a date like 2025-11 or 2025-11-03"
        raise QueryError(f"{option} {text}", reason) from None


def period(since: str, until: str) -> tuple[datetime | None, datetime | None]:
    """What --since and --until enclose: the first moment, and the first one after."""
    first = read_period("--since", since)
    last = read_period("--until", until)
    return (first[0] if first else None, last[1] if last else None)


def money(value: float | None, currency: str = "USD") -> str:
    """`$9.7bn`; with the code after it for currencies without a common sign."""
    if value is None:
        return ""
    number = scaled(value, (("tn", 1e12), ("bn", 1e9), ("m", 1e6), ("k", 1e3)))
    symbol = _SYMBOLS.get(currency)
    return f"{symbol}{number}" if symbol else f"{number} {currency}".strip()


def power(megawatts: float | None) -> str:
    """`352 MW`, also for gigawatts: people compare them."""
    return "" if megawatts is None else f"{count(megawatts)} MW"


def years(term: float | None) -> str:
    """`15 y`."""
    return "" if term is None else f"{term:.3g} y"


def count(number: float | None) -> str:
    """`76,000`, with a fraction only where there is one."""
    if number is None:
        return ""
    return f"{number:,.0f}" if number == int(number) else f"{number:,.4g}"


def size(number: int) -> str:
    """`3.4 MB`."""
    return f"{number / 1e6:,.1f} MB"


def date(moment: datetime | None) -> str:
    """`2025-11-03`."""
    return "" if moment is None else moment.strftime("%Y-%m-%d")


def duration(seconds: float) -> str:
    """`45 s`, `12 min`, `1.5 h`, `3 d`."""
    for unit, size in (("d", 86_400.0), ("h", 3_600.0), ("min", 60.0)):
        if seconds >= size:
            number = round(seconds / size, 1 if seconds < 10 * size and unit != "min" else 0)
            return f"{number:g} {unit}"
    return f"{max(seconds, 0):.0f} s"


def plural(number: int, noun: str, nouns: str = "") -> str:
    """`1 deal`, `2 deals`."""
    return f"{number:,} {noun if number == 1 else nouns or noun + 's'}"


def scaled(value: float, scales: tuple[tuple[str, float], ...]) -> str:
    """The number in the largest scale that it reaches, with the digits that matter."""
    for suffix, size in scales:
        # 999.95m is written 1bn: choose the scale after rounding.
        if abs(float(f"{value:.4g}")) >= size:
            return f"{value / size:.4g}{suffix}"
    return f"{value:.4g}" if value != int(value) else f"{value:.0f}"
