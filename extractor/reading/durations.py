"""Terms in text: years, months, decades."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from extractor.reading.amounts import (
    JOINT,
    MORE,
    SPELLED,
    Amount,
    alternatives,
    matches,
    read_number,
    spelled_number,
)

_BETWEEN_REACH = 24
_NO_ARTICLE = r"\d|year|month|day|decade|yr"
_FOR = re.compile(r"\b(?:for|terms? of|on|over|are)\s+(?:\w+\s+)?$", re.IGNORECASE)
_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
)  # fmt: skip


class DurationGrammar:
    """Finds terms, in years, by the rules of `durations.toml`."""

    def __init__(self, rules: dict[str, Any]) -> None:
        self._units: dict[str, float] = rules["units"]
        self._rates: dict[str, float] = rules["instalments"]
        units = alternatives(list(self._units))
        digits = r"\d{1,3}(?:\.\d{1,2})?[½¼¾]?|\d,\d{3}(?=[\s-]days?)"
        number = rf"(?!an?[\s\-‑](?:{_NO_ARTICLE}))(?:{digits}|{SPELLED}(?![A-Za-z]))"
        self._pattern = re.compile(
            rf"(?<![\w.,$€£])(?:(?P<first>\d{{1,2}}|{SPELLED}(?![A-Za-z]))\s+and\s+)??"
            rf"(?P<n>{number})"
            rf"(?:{JOINT}?\(\s?\d+\s?\)|{MORE})?"
            rf"(?:(?P<joint>{JOINT}{{1,2}}|(?<=\d)(?=y))"
            rf"(?:(?P<spun>12[\s-]months?)|(?P<unit>{units}))"
            rf"|\s+(?:(?:equal|consecutive|successive|level)\s+(?:and\s+)?){{0,2}}"
            rf"(?P<rate>{alternatives(self._rates)})\s+(?:{alternatives(rules['payments'])}))\b"
        )
        self._decade = re.compile(
            rf"\b(?:(?P<half>(?:(?:a|one|the){JOINT})?decade{JOINT}and{JOINT}a{JOINT}half"
            rf"|(?:a|one){JOINT}year{JOINT}and{JOINT}a{JOINT}half)"
            rf"|(?P<a>a|one|the)?{JOINT}?(?P<d>decade)(?P<long>{JOINT}long)?)\b",
            re.IGNORECASE,
        )
        self._anniversary = re.compile(
            rf"\b(?:{'|'.join(rules['ends'])})\s+(?:\w+\s+){{0,3}}?"
            rf"(?P<n>(?P<nth>{'|'.join(_ORDINALS)})\s+anniversary)\b",
            re.IGNORECASE,
        )

    def find(self, text: str, lower: str, starts: Sequence[int]) -> Iterator[Amount]:
        """All terms; `lower` is the folded text, `starts` the places where numbers may begin."""
        for match in matches(self._pattern, lower, starts):
            yield from self._read(text, match)
        if "decade" in lower or "half" in lower:
            yield from self._decades(text)
        if "anniversary" in lower:
            yield from self._anniversaries(text)

    def _decades(self, text: str) -> Iterator[Amount]:
        for match in self._decade.finditer(text):
            start = match.start() + len(match.group()) - len(match.group().lstrip())
            value = 10.0
            if match["half"]:
                value = 15.0 if "decade" in match["half"].lower() else 1.5
            if match["half"] or match["long"] or (match["a"] or "").lower() in ("a", "one"):
                yield Amount("duration", value, "years", start, match.end(), "decade")

    def _anniversaries(self, text: str) -> Iterator[Amount]:
        for match in self._anniversary.finditer(text):
            value = float(_ORDINALS.index(match["nth"].lower()) + 1)
            start, end = match.span("n")
            yield Amount("duration", value, "years", start, end, "anniversary")

    def _read(self, text: str, match: re.Match[str]) -> Iterator[Amount]:
        n, unit = match["n"], match["unit"] or ""
        number = read_number(n)
        if match["rate"]:
            years = number / self._rates[match["rate"]]
            yield Amount("duration", years, "years", match.start("n"), match.end(), "instalments")
            return
        if n in ("a", "an"):
            return
        spaced = match["joint"].isspace()
        if unit in ("decade", "century") and spaced and number >= 1:
            return  # "two decade-long contracts" are two of ten years
        if (unit == "century" and number >= 0.5) or (unit == "year" and n == "half"):
            return  # half a century is a manner of speaking, "half-year" a report
        factor = 1.0 if match["spun"] else self._units[unit]
        first = match["first"]
        if first and first not in ("a", "an") and unit in ("year", "years"):
            before = text[max(0, match.start() - _BETWEEN_REACH) : match.start()]
            if _FOR.search(before):  # "for ten and 12 years", not "between 10 and 12 years"
                start, end = match.span("first")
                value = float(first) if first.isdigit() else spelled_number(first)
                yield Amount("duration", value * factor, "years", start, end, "term")
        value = number * factor
        yield Amount("duration", value, "years", match.start("n"), match.end(), "term")
