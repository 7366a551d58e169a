"""The grammar of amounts: money, power, machines, coins, terms, percentages."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractor.errors import ModelError

NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?(?:,\d{1,2}(?!\d))?)"
_WORD_NUMBERS = {
    "a": 1.0, "an": 1.0, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0,
    "six": 6.0, "seven": 7.0, "eight": 8.0, "nine": 9.0, "ten": 10.0, "eleven": 11.0,
    "twelve": 12.0, "fifteen": 15.0, "twenty": 20.0, "thirty": 30.0, "forty": 40.0,
    "fifty": 50.0, "hundred": 100.0, "half a": 0.5, "half-a": 0.5, "half-": 0.5, "a half": 0.5,
    "quarter of a": 0.25, "a quarter of a": 0.25, "quarter-": 0.25, "three quarters of a": 0.75,
    "three-quarters of a": 0.75, "one and a half": 1.5, "two and a half": 2.5,
    "a hundred": 100.0, "one hundred": 100.0, "two hundred": 200.0, "three hundred": 300.0,
    "five hundred": 500.0, "half of one": 0.5, "a third of a": 1 / 3,
}  # fmt: skip
_RANGE = r"(?:\s?[-–—]\s?|\s+(?:to|and|or)\s+(?:as\s+(?:much|many)\s+as\s+|about\s+|around\s+)?)"


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount at characters `start` to `end`; units as in `records.Fact`."""

    kind: str
    value: float
    unit: str
    start: int
    end: int
    rule: str


class QuantityGrammar:
    """Finds amounts in text by the rule files of a `quantities` folder."""

    def __init__(self, folder: Path) -> None:
        self._money = _MoneyGrammar(_load(folder / "money.toml"))
        self._power = _PowerGrammar(_load(folder / "power.toml"))
        self._things = _ThingGrammar(_load(folder / "things.toml"))
        self._terms = _TermGrammar(_load(folder / "durations.toml"))

    def find(self, text: str) -> list[Amount]:
        """All amounts in order of place; none overlaps another of its kind."""
        money = list(self._money.find(text))
        power = list(self._power.find(text))
        taken = [(a.start, a.end) for a in money + power]
        terms = [a for a in self._terms.find(text) if not _overlaps(a, taken)]
        taken += [(a.start, a.end) for a in terms]
        things = [a for a in self._things.find(text) if not _overlaps(a, taken)]
        percents = [
            Amount("percent", _number(m["n"]), "percent", m.start(), m.end(), "percent")
            for m in _PERCENT.finditer(text)
        ]
        return sorted(money + power + terms + things + percents, key=lambda a: (a.start, a.end))


_PERCENT = re.compile(rf"(?<![\w.])(?P<n>{NUMBER})\s?(?:%|percent\b|per\s?cent\b|p\.c\b)")


def _load(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(str(path), "not a readable rule file") from error


def _overlaps(amount: Amount, taken: list[tuple[int, int]]) -> bool:
    return any(amount.start < end and start < amount.end for start, end in taken)


def _number(text: str) -> float:
    """'1,920' -> 1920.0, '9,7' -> 9.7 (decimal comma), '38.8' -> 38.8."""
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", text):
        return float(text.replace(",", ""))
    return float(text.replace(",", "."))


def _alternatives(words: Iterator[str] | list[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))


class _MoneyGrammar:
    def __init__(self, rules: dict[str, Any]) -> None:
        self._before: dict[str, str] = {}
        self._after: dict[str, str] = {}
        for currency in rules["currency"]:
            for sign in currency["before"]:
                self._before[sign] = currency["code"]
            for word in currency["after"]:
                self._after[word.lower()] = currency["code"]
        self._scale: dict[str, float] = rules["scale"]
        self._cents_code: str = rules["cents"]["code"]
        needs = rules["scale_needs_currency"]["letters"]
        spelled = [s for s in self._scale if s not in needs]
        scale = rf"(?:\s?-?\s?(?:{_alternatives(list(self._scale))})(?![A-Za-z]))"
        spelled_scale = rf"(?:\s?-?\s?(?:{_alternatives(spelled)})(?![A-Za-z]))"
        before = rf"(?:{_alternatives(list(self._before))})"
        after = rf"(?:{_alternatives([w for w in self._after if w != 'won'])}|won(?=[\s,.;)]))"
        words = _alternatives(list(_WORD_NUMBERS))
        glue = r"[\s-]{0,2}"
        # "$9 to $11 million" and "$9-11 million": the first end borrows the second's scale
        self._prefixed = re.compile(
            rf"(?<![A-Za-z0-9$€£¥])(?P<cur>{before})\s?(?P<n>{NUMBER})(?P<scale>{scale})?"
            rf"(?:(?P<range>{_RANGE})(?P<cur2>{before})?\s?(?P<n2>{NUMBER})(?P<scale2>{scale}))?",
            re.IGNORECASE,
        )
        self._suffixed = re.compile(
            rf"(?<![\w.,$€£¥])(?:(?P<n>{NUMBER})|(?P<word>{words})(?![A-Za-z]))"
            rf"{glue}(?:(?P<scale>{scale})|(?P<wscale>{spelled_scale}))?"
            rf"{glue}(?P<cur>{after})(?![A-Za-z])",
            re.IGNORECASE,
        )
        self._cents = re.compile(
            rf"(?<![\w.])(?:US\s?)?(?P<n>{NUMBER})\s?-?\s?(?:{_alternatives(rules['cents']['words'])})(?![A-Za-z])",
            re.IGNORECASE,
        )

    def find(self, text: str) -> Iterator[Amount]:
        done: list[tuple[int, int]] = []
        for match in self._prefixed.finditer(text):
            for amount in self._read_prefixed(match):
                done.append((amount.start, amount.end))
                yield amount
        for match in self._suffixed.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in done):
                continue
            code = self._after[match["cur"].lower()]
            value = _number(match["n"]) if match["n"] else _WORD_NUMBERS[match["word"].lower()]
            scale = match["scale"] or match["wscale"]
            if match["word"] and not scale:
                continue  # "a dollar", "one pound": a manner of speaking
            if code == "GBP" and not scale and match["cur"].lower() == "pounds":
                continue  # a weight
            if code in ("CHF", "KRW", "TRY") and not scale:
                continue  # "won 3", "francs" need a scale to be sure
            yield Amount(
                "money",
                value * self._factor(scale),
                code,
                match.start(),
                match.end(),
                "money after",
            )
            done.append((match.start(), match.end()))
        for match in self._cents.finditer(text):
            if not any(match.start() < end and start < match.end() for start, end in done):
                yield Amount(
                    "money",
                    _number(match["n"]) / 100,
                    self._cents_code,
                    match.start(),
                    match.end(),
                    "cents",
                )

    def _read_prefixed(self, match: re.Match[str]) -> Iterator[Amount]:
        code = self._code(match["cur"])
        if code is None:
            return
        first, scale, scale2 = _number(match["n"]), match["scale"], match["scale2"]
        if match["n2"] is None:
            end = match.end("scale") if scale else match.end("n")
            factor = self._factor(scale)
            if _is_grouped(match["n"]) and scale and scale.strip(" -").lower() in ("m", "t"):
                factor, end = 1.0, match.end("n")
            yield Amount("money", first * factor, code, match.start(), end, "money")
            return
        joined = match["range"].strip().lower()
        is_range = joined in ("-", "–", "—") or joined.startswith("to") or joined == "and"
        if joined == "and" and not re.search(
            r"\b(?:between|from)\s+(?:\w+\s+)?$", match.string[max(0, match.start() - 24) : match.start()], re.I
        ):
            is_range = False  # "$5 and $10 million": two amounts
        second_code = self._code(match["cur2"]) if match["cur2"] else code
        if match["cur2"] is None and (not is_range or second_code is None):
            end = match.end("scale") if scale else match.end("n")
            yield Amount("money", first * self._factor(scale), code, match.start(), end, "money")
            return
        borrowed = scale or (scale2 if is_range and not _is_grouped(match["n"]) else None)
        end = match.end("scale") if scale else match.end("n")
        yield Amount("money", first * self._factor(borrowed), code, match.start(), end, "money range")
        second = _number(match["n2"]) * self._factor(scale2)
        start2 = match.start("cur2") if match["cur2"] else match.start("n2")
        yield Amount(
            "money", second, second_code or code, start2, match.end("scale2"), "money range"
        )

    def _code(self, sign: str) -> str | None:
        return self._before.get(sign) or self._before.get(sign.upper())

    def _factor(self, scale: str | None) -> float:
        return self._scale[scale.strip(" -").lower()] if scale else 1.0


def _is_grouped(number: str) -> bool:
    return "," in number and bool(re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", number))


class _PowerGrammar:
    def __init__(self, rules: dict[str, Any]) -> None:
        self._factor = {
            name.lower(): unit["megawatts"] for unit in rules["unit"] for name in unit["names"]
        }
        units = _alternatives(list(self._factor))
        words = _alternatives([w for w in _WORD_NUMBERS if w not in ("a", "an")])
        unit = (
            rf"(?P<unit>{units})(?![A-Za-z])(?!\s?[-–·/]?\s?h(?:ou)?rs?\b)(?!\s?/\s?h\b)(?!-(?:scale|class|hour|day|month))"
        )
        self._pattern = re.compile(
            rf"(?<![\w.,$€£¥])(?:(?P<n>{NUMBER})(?:(?P<range>{_RANGE})(?P<n2>{NUMBER}))?"
            rf"|(?P<word>{words})(?![A-Za-z]))[\s-]{{0,2}}{unit}",
            re.IGNORECASE,
        )

    def find(self, text: str) -> Iterator[Amount]:
        for match in self._pattern.finditer(text):
            factor = self._factor[match["unit"].lower()]
            if match["word"]:
                value = _WORD_NUMBERS[match["word"].lower()] * factor
                yield Amount("power", value, "MW", match.start(), match.end(), "power words")
            elif match["n2"] is None:
                value = _number(match["n"]) * factor
                yield Amount("power", value, "MW", match.start(), match.end(), "power")
            else:
                joined = match["range"].strip().lower()
                start2 = match.start("n2")
                before = text[max(0, match.start() - 24) : match.start()].lower()
                separate = joined.startswith(("and", "or")) and not re.search(
                    r"\b(?:between|either)\s+(?:\w+\s+)?$", before
                )
                is_ratio = joined in ("-", "–") and _number(match["n"]) > _number(match["n2"])
                if not is_ratio and not (separate and _number(match["n"]) < 10):
                    value = _number(match["n"]) * factor
                    yield Amount(
                        "power", value, "MW", match.start("n"), match.end("n"), "power range"
                    )
                second = _number(match["n2"]) * factor
                yield Amount("power", second, "MW", start2, match.end(), "power range")


class _ThingGrammar:
    def __init__(self, rules: dict[str, Any]) -> None:
        machines, coins = rules["machines"], rules["coins"]
        nouns = _alternatives(machines["nouns"] + machines["models"])
        self._assets: dict[str, str] = coins["assets"]
        self._machines = re.compile(
            rf"(?<![\w.,$€£¥])(?P<n>{NUMBER})\s+(?:of\s+(?:\w+\s+){{0,2}}?\w+(?:’s|'s)\s+)?(?P<gap>(?:(?!and\b|or\b|of\b|to\b|at\b|in\b)[\w\-]+(?:’s|'s)?\s+){{0,{machines['reach']}}}?)(?P<noun>{nouns})\b",
            re.IGNORECASE,
        )
        self._coins = re.compile(
            rf"(?<![\w.,$€£¥])(?P<n>{NUMBER})\s+(?P<gap>(?:of\s+its\s+|of\s+the\s+|of\s+|self-mined\s+|mined\s+|additional\s+|more\s+)?)"
            rf"(?P<asset>{_alternatives(list(self._assets))})\b(?!\s+(?:miners?|mining|machines|rigs|treasur|etfs?|atms?))",
            re.IGNORECASE,
        )

    def find(self, text: str) -> Iterator[Amount]:
        done = []
        for match in self._coins.finditer(text):
            done.append((match.start(), match.end()))
            asset = self._assets[match["asset"].lower()]
            yield Amount("coins", _number(match["n"]), asset, match.start(), match.end(), "coins")
        for match in self._machines.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in done):
                continue
            if _number(match["n"]) < 10 or (1990 <= _number(match["n"]) <= 2040 and "," not in match["n"]):
                continue  # "four servers" is no order; 2026 is a year
            yield Amount("count", _number(match["n"]), "", match.start(), match.end(), "machines")


class _TermGrammar:
    def __init__(self, rules: dict[str, Any]) -> None:
        self._numbers: dict[str, float] = rules["numbers"]
        self._units: dict[str, float] = rules["units"]
        words = _alternatives([w for w in self._numbers if w not in ("decade", "a", "an")])
        units = _alternatives(list(self._units))
        self._pattern = re.compile(
            rf"(?<![\w.,$])(?P<n>\d{{1,3}}(?:\.\d)?|{words})(?:\s?\(\s?\d+\s?\))?[\s-]{{1,2}}"
            rf"(?:(?P<spun>12[\s-]months?)|(?P<unit>{units}))\b",
            re.IGNORECASE,
        )
        self._decade = re.compile(
            r"\b(?:(?P<half>decade[-\s]and[-\s]a[-\s]half)|(?P<a>a|one|the)?[\s-]?(?P<d>decade)(?P<long>[-\s]long)?)\b",
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
