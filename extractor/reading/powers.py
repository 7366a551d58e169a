"""Power in text: megawatts, gigawatts, kilowatts, ranges of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from extractor.reading.amounts import (
    JOINT,
    MORE,
    NUMBER,
    RANGE,
    SPELLED,
    Amount,
    alternatives,
    matches,
    spelled_number,
    to_number,
)
from extractor.reading.counts import SCALES

_AND_HALF = re.compile(r"\s+and\s+a\s+(?P<part>half|quarter)\b", re.IGNORECASE)


class PowerGrammar:
    """Finds power, in megawatts, by the rules of `power.toml`."""

    def __init__(self, rules: dict[str, Any]) -> None:
        self._factor = {
            name.lower(): unit["megawatts"] for unit in rules["unit"] for name in unit["names"]
        }
        units = alternatives(list(self._factor))
        unit = (
            rf"(?P<unit>{units})(?![A-Za-z])(?!\s?[-‑–·/]?\s?h(?:(?:ou)?rs?)?\b)(?!\s?/\s?h\b)"
            r"(?![-‑](?:scale|class|hour|day|month))"
        )
        scale = "|".join(SCALES)
        self._pattern = re.compile(
            rf"(?<![\w.,$€£¥])(?:(?P<n>{NUMBER})(?:(?P<range>{RANGE})(?P<n2>{NUMBER}))?{MORE}"
            rf"|(?P<word>{SPELLED})(?![A-Za-z]))(?:\s(?P<scale>{scale}))?{JOINT}{{0,2}}{unit}"
        )
        # "a gigawatt" is an amount where nothing is paid for each of them
        whole = rules["whole"]
        self._article = re.compile(whole["not_before"], re.IGNORECASE)
        self._priced = re.compile(whole["not_after"], re.IGNORECASE)
        names = alternatives(whole["names"])
        self._names = [name.lower() for name in whole["names"]]
        self._whole = re.compile(
            rf"(?:\b(?:{'|'.join(whole['before'])})|['’]s)\s(?P<unit>{names})(?!\s?[-‑–·/]?\s?h)"
            r"(?![\w/]|[-‑](?:scale|class|hour))",
            re.IGNORECASE,
        )

    def find(
        self, text: str, lower: str, starts: Sequence[int], prices: set[int]
    ) -> Iterator[Amount]:
        """All power; `prices` are the ends of sums, behind which "a gigawatt" is a rate.

        `lower` is the folded text, `starts` the places where numbers may begin.
        """
        for match in matches(self._pattern, lower, starts):
            factor = self._factor[match["unit"]]
            if match["scale"]:
                factor *= SCALES[match["scale"]]
            if word := match["word"]:
                if word in ("a", "an"):
                    if factor < 1000 or not self._is_whole(text, match, prices):
                        continue  # "at $9 million a megawatt"
                yield self._counted(text, match, spelled_number(word), factor, "power words")
            elif match["n2"] is None:
                yield self._counted(text, match, to_number(match["n"]), factor, "power")
            else:
                joined = match["range"].strip()
                start2 = match.start("n2")
                before = text[max(0, match.start() - 24) : match.start()].lower()
                separate = joined.startswith(("and", "or")) and not re.search(
                    r"\b(?:between|either)\s+(?:\w+\s+)?$", before
                )
                is_ratio = joined in ("-", "‑", "–") and to_number(match["n"]) > to_number(
                    match["n2"]
                )
                if not is_ratio and not (separate and to_number(match["n"]) < 10):
                    value = to_number(match["n"]) * factor
                    yield Amount(
                        "power", value, "MW", match.start("n"), match.end("n"), "power range"
                    )
                second = to_number(match["n2"]) * factor
                yield Amount("power", second, "MW", start2, match.end(), "power range")
        named = any(name in lower for name in self._names)
        for match in self._whole.finditer(text) if named else ():
            if self._priced.match(text, match.end()) is None:
                factor = self._factor[match["unit"].lower()]
                start, end = match.span("unit")
                yield Amount("power", factor, "MW", start, end, "power words")

    def _counted(
        self, text: str, match: re.Match[str], number: float, factor: float, rule: str
    ) -> Amount:
        end = match.end()
        half = _AND_HALF.match(text, end)  # "a gigawatt and a half"
        if half is not None:
            number, end = number + spelled_number(f"{half['part']} of a"), half.end()
        return Amount("power", number * factor, "MW", match.start(), end, rule)

    def _is_whole(self, text: str, match: re.Match[str], prices: set[int]) -> bool:
        start = match.start()
        if {start, start - 1, start - 2} & prices:
            return False
        before = text[max(0, start - 24) : start]
        return self._article.search(before) is None and (
            self._priced.match(text, match.end()) is None
        )
