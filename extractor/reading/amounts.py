"""Numbers as texts write them, in digits or in words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?(?:,\d{1,2}(?!\d))?)"
RANGE = r"(?:\s?[-–—]\s?|\s+(?:to|and|or)\s+(?:as\s+(?:much|many)\s+as\s+|about\s+|around\s+)?)"
WORD_NUMBERS = {
    "a": 1.0, "an": 1.0, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0,
    "six": 6.0, "seven": 7.0, "eight": 8.0, "nine": 9.0, "ten": 10.0, "eleven": 11.0,
    "twelve": 12.0, "fifteen": 15.0, "twenty": 20.0, "thirty": 30.0, "forty": 40.0,
    "fifty": 50.0, "hundred": 100.0, "half a": 0.5, "half-a": 0.5, "half-": 0.5, "a half": 0.5,
    "quarter of a": 0.25, "a quarter of a": 0.25, "quarter-": 0.25, "three quarters of a": 0.75,
    "three-quarters of a": 0.75, "one and a half": 1.5, "two and a half": 2.5,
    "a hundred": 100.0, "one hundred": 100.0, "two hundred": 200.0, "three hundred": 300.0,
    "five hundred": 500.0, "half of one": 0.5, "a third of a": 1 / 3,
}  # fmt: skip
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount at characters `start` to `end`; units as in `records.Fact`."""

    kind: str
    value: float
    unit: str
    start: int
    end: int
    rule: str


def is_grouped(number: str) -> bool:
    """Whether commas part the thousands: "690,000,000"."""
    return _GROUPED.fullmatch(number) is not None


def to_number(text: str) -> float:
    """'1,920' -> 1920.0, '9,7' -> 9.7 (decimal comma), '38.8' -> 38.8."""
    return float(text.replace(",", "" if is_grouped(text) else "."))


def alternatives(words: Iterable[str]) -> str:
    """The words as a pattern, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def overlaps(start: int, end: int, taken: Iterable[tuple[int, int]]) -> bool:
    """Whether characters `start` to `end` meet one of the places that are taken."""
    return any(start < other_end and other_start < end for other_start, other_end in taken)
