"""The grammar of amounts: money, power, machines, coins, terms, percentages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from extractor.reading.amounts import (
    NUMBER,
    RANGE,
    WORD_NUMBERS,
    Amount,
    alternatives,
    overlaps,
    to_number,
)
from extractor.reading.money import MoneyGrammar
from extractor.reading.rulefile import read_rules

__all__ = ["Amount", "QuantityGrammar"]


class QuantityGrammar:
    """Finds amounts in text by the rule files of a `quantities` folder."""

    def __init__(self, folder: Path) -> None:
        self._money = MoneyGrammar(read_rules(folder / "money.toml"))
        self._power = _PowerGrammar(read_rules(folder / "power.toml"))
        self._things = _ThingGrammar(read_rules(folder / "things.toml"))
        self._terms = _TermGrammar(read_rules(folder / "durations.toml"))

    def find(self, text: str) -> list[Amount]:
        """All amounts in order of place; none overlaps another of its kind."""
        money = list(self._money.find(text))
        power = list(self._power.find(text))
        taken = [(a.start, a.end) for a in money + power]
        terms = [a for a in self._terms.find(text) if not overlaps(a.start, a.end, taken)]
        taken += [(a.start, a.end) for a in terms]
        things = [a for a in self._things.find(text) if not overlaps(a.start, a.end, taken)]
        percents = [
            Amount("percent", to_number(m["n"]), "percent", m.start(), m.end(), "percent")
            for m in _PERCENT.finditer(text)
        ]
        return sorted(money + power + terms + things + percents, key=lambda a: (a.start, a.end))


_PERCENT = re.compile(rf"(?<![\w.])(?P<n>{NUMBER})\s?(?:%|percent\b|per\s?cent\b|p\.c\b)")


class _PowerGrammar:
    def __init__(self, rules: dict[str, Any]) -> None:
        self._factor = {
            name.lower(): unit["megawatts"] for unit in rules["unit"] for name in unit["names"]
        }
        units = alternatives(list(self._factor))
        words = alternatives([w for w in WORD_NUMBERS if w not in ("a", "an")])
        unit = (
            rf"(?P<unit>{units})(?![A-Za-z])(?!\s?[-–·/]?\s?h(?:ou)?rs?\b)(?!\s?/\s?h\b)"
            r"(?!-(?:scale|class|hour|day|month))"
        )
        self._pattern = re.compile(
            rf"(?<![\w.,$€£¥])(?:(?P<n>{NUMBER})(?:(?P<range>{RANGE})(?P<n2>{NUMBER}))?"
            rf"|(?P<word>{words})(?![A-Za-z]))[\s-]{{0,2}}{unit}",
            re.IGNORECASE,
        )

    def find(self, text: str) -> Iterator[Amount]:
        for match in self._pattern.finditer(text):
            factor = self._factor[match["unit"].lower()]
            if match["word"]:
                value = WORD_NUMBERS[match["word"].lower()] * factor
                yield Amount("power", value, "MW", match.start(), match.end(), "power words")
            elif match["n2"] is None:
                value = to_number(match["n"]) * factor
                yield Amount("power", value, "MW", match.start(), match.end(), "power")
            else:
                joined = match["range"].strip().lower()
                start2 = match.start("n2")
                before = text[max(0, match.start() - 24) : match.start()].lower()
                separate = joined.startswith(("and", "or")) and not re.search(
                    r"\b(?:between|either)\s+(?:\w+\s+)?$", before
                )
                is_ratio = joined in ("-", "–") and to_number(match["n"]) > to_number(match["n2"])
                if not is_ratio and not (separate and to_number(match["n"]) < 10):
                    value = to_number(match["n"]) * factor
                    yield Amount(
                        "power", value, "MW", match.start("n"), match.end("n"), "power range"
                    )
                second = to_number(match["n2"]) * factor
                yield Amount("power", second, "MW", start2, match.end(), "power range")


class _ThingGrammar:
    def __init__(self, rules: dict[str, Any]) -> None:
        machines, coins = rules["machines"], rules["coins"]
        nouns = alternatives(machines["nouns"] + machines["models"])
        self._assets: dict[str, str] = coins["assets"]
        self._machines = re.compile(
            rf"(?<![\w.,$€£¥])(?P<n>{NUMBER})\s+(?:of\s+(?:\w+\s+){{0,2}}?\w+(?:’s|'s)\s+)?(?P<gap>(?:(?!and\b|or\b|of\b|to\b|at\b|in\b)[\w\-]+(?:’s|'s)?\s+){{0,{machines['reach']}}}?)(?P<noun>{nouns})\b",
            re.IGNORECASE,
        )
        self._coins = re.compile(
            rf"(?<![\w.,$€£¥])(?P<n>{NUMBER})\s+(?P<gap>(?:of\s+its\s+|of\s+the\s+|of\s+|self-mined\s+|mined\s+|additional\s+|more\s+)?)"
            rf"(?P<asset>{alternatives(list(self._assets))})\b(?!\s+(?:miners?|mining|machines|rigs|treasur|etfs?|atms?))",
            re.IGNORECASE,
        )

    def find(self, text: str) -> Iterator[Amount]:
        done = []
        for match in self._coins.finditer(text):
            done.append((match.start(), match.end()))
            asset = self._assets[match["asset"].lower()]
            yield Amount("coins", to_number(match["n"]), asset, match.start(), match.end(), "coins")
        for match in self._machines.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in done):
                continue
            if to_number(match["n"]) < 10 or (
                1990 <= to_number(match["n"]) <= 2040 and "," not in match["n"]
            ):
                continue  # "four servers" is no order; 2026 is a year
            yield Amount("count", to_number(match["n"]), "", match.start(), match.end(), "machines")


class _TermGrammar:
    def __init__(self, rules: dict[str, Any]) -> None:
        self._numbers: dict[str, float] = rules["numbers"]
        self._units: dict[str, float] = rules["units"]
        words = alternatives([w for w in self._numbers if w not in ("decade", "a", "an")])
        units = alternatives(list(self._units))
        self._pattern = re.compile(
            rf"(?<![\w.,$])(?P<n>\d{{1,3}}(?:\.\d)?|{words})(?:\s?\(\s?\d+\s?\))?[\s-]{{1,2}}"
            rf"(?:(?P<spun>12[\s-]months?)|(?P<unit>{units}))\b",
            re.IGNORECASE,
        )
        self._decade = re.compile(
            r"\b(?:(?P<half>(?:(?:a|one|the)[\s-])?decade[-\s]and[-\s]a[-\s]half)|(?P<a>a|one|the)?[\s-]?(?P<d>decade)(?P<long>[-\s]long)?)\b",
            re.IGNORECASE,
        )

    def find(self, text: str) -> Iterator[Amount]:
        done = []
        for match in self._pattern.finditer(text):
            n = match["n"].lower()
            if (match["unit"] or "").lower() == "decade":
                continue  # "two decade-long contracts" are two of ten years
            number = self._numbers[n] if n in self._numbers else float(n)
            factor = 1.0 if match["spun"] else self._units[match["unit"].lower()]
            done.append((match.start(), match.end()))
            yield Amount("duration", number * factor, "years", match.start(), match.end(), "term")
        for match in self._decade.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in done):
                continue
            start = match.start() + len(match.group()) - len(match.group().lstrip())
            value = 15.0 if match["half"] else 10.0
            if match["half"] or match["long"] or (match["a"] or "").lower() in ("a", "one"):
                yield Amount("duration", value, "years", start, match.end(), "decade")
