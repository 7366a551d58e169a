"""Machines and coins that a text counts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from extractor.reading.amounts import (
    MORE,
    NUMBER,
    SPELLED,
    Amount,
    alternatives,
    matches,
    read_number,
)

SCALES = {"thousand": 1e3, "k": 1e3, "million": 1e6, "lakh": 1e5, "hundred": 1e2}
LEAST_MACHINES = 10  # "four servers" is no order
YEARS = (1990, 2040)
_COUNT = (
    rf"(?<![\w.,$€£¥])(?:(?P<n>{NUMBER})(?P<scale>\s?k\b|\s(?:thousand|million|lakh)\b)?{MORE}"
    rf"|(?P<word>{SPELLED})(?![A-Za-z])(?P<scale2>\s(?:thousand|million|lakh)\b)?)"
)


class CountGrammar:
    """Finds counted machines and coins by the rules of `things.toml`."""

    def __init__(self, rules: dict[str, Any]) -> None:
        machines, coins = rules["machines"], rules["coins"]
        nouns = alternatives(machines["nouns"] + machines["models"])
        nouns = rf"{nouns}|{'|'.join(machines['series'])}"
        self._assets: dict[str, str] = coins["assets"]
        between = "|".join(machines["not_between"])
        owner = r"(?:\w+\s+){0,2}?\w+(?:’s|'s)|the|its|their|our|my|his|these|those|such"
        self._machines = re.compile(
            rf"{_COUNT}\s+(?:of\s+(?:{owner})\s+)?(?P<gap>(?:(?!(?:{between}|{NUMBER})\b)[\w\-]+(?:’s|'s)?\s+){{0,{machines['reach']}}}?)(?P<noun>{nouns})(?![\w])"
        )
        kept = "|".join(coins["adjectives"])
        self._coins = re.compile(
            rf"{_COUNT}(?:[\s-]?|\s+(?:of\s+(?:(?:its|the|their|those|these)\s+)?)?(?:{NUMBER}\s)?(?:(?:{kept})\s+){{0,2}})"
            rf"(?P<asset>{alternatives(list(self._assets))})\b(?!\s+(?:{'|'.join(coins['not_before'])}))"
        )

    def find(self, lower: str, starts: Sequence[int]) -> Iterator[Amount]:
        """All counts of a folded text; `starts` are the places where numbers may begin."""
        for match in matches(self._coins, lower, starts):
            number = _counted(match)
            if match["word"] and number < 2:
                continue  # "a bitcoin" is what one costs
            asset = self._assets[match["asset"]]
            yield Amount("coins", number, asset, match.start(), match.end(), "coins")
        for match in matches(self._machines, lower, starts):
            number = _counted(match)
            if number < LEAST_MACHINES or _is_year(match):
                continue
            noun = match["noun"]
            if (noun == "miners" and match["word"] and number < 100) or (
                noun == "units" and number >= 1e6
            ):
                continue  # "the fourteen largest miners", "1.4 million units" of stock
            yield Amount("count", number, "", match.start(), match.end(), "machines")


def _counted(match: re.Match[str]) -> float:
    """The number of a `_COUNT`."""
    number = read_number(match["n"] or match["word"])
    scale = match["scale"] or match["scale2"]
    return number * (SCALES[scale.strip()] if scale else 1)


def _is_year(match: re.Match[str]) -> bool:
    """Whether the number could be a year: "2026 machines"."""
    number = match["n"] or ""
    return number.isdigit() and YEARS[0] <= int(number) <= YEARS[1] and not match["scale"]
