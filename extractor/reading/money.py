"""The grammar of money: "$9.7 billion", "38 billion yen", "3.4p", "$9-11 million"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from extractor.reading.amounts import (
    NUMBER,
    RANGE,
    WORD_NUMBERS,
    Amount,
    alternatives,
    is_grouped,
    overlaps,
    to_number,
)

_DASHES = frozenset("-–—")
_BETWEEN = re.compile(r"\b(?:between|from)\s+(?:\w+\s+)?$", re.IGNORECASE)
_BETWEEN_REACH = 24
_MEASURE = re.compile(r"(?:\s?-?\s?(?:[kMGT]Wh?\b|%|per\s?cent)|\w|[.,]\d)")
_YEARS = range(1900, 2101)


class MoneyGrammar:
    """Finds money by the rules of `money.toml`."""

    def __init__(self, rules: dict[str, Any]) -> None:
        self._before = {sign: c["code"] for c in rules["currency"] for sign in c["before"]}
        self._after = {word.lower(): c["code"] for c in rules["currency"] for word in c["after"]}
        self._need_scale = frozenset(rules["scale_needed"]["words"])
        self._signs_need_scale = frozenset(rules["scale_needed"]["signs"])
        self._scale: dict[str, float] = rules["scale"]
        self._subunits = [_Subunit(rule) for rule in rules["subunit"]]
        short = rules["scale_needs_currency"]["letters"]
        scale = rf"(?:\s?-?\s?(?:{alternatives(self._scale)})(?![A-Za-z]))"
        spelled = alternatives(s for s in self._scale if s not in short)
        before = rf"(?:{alternatives(self._before)})"
        # "won" is a verb too
        after = rf"(?:{alternatives(w for w in self._after if w != 'won')}|won(?=[\s,.;)]))"
        # "$9 to $11 million" and "$9-11 million": the first end borrows the second's scale
        self._prefixed = re.compile(
            rf"(?<![A-Za-z0-9$€£¥])(?P<cur>{before})\s?(?P<n>{NUMBER})(?P<scale>{scale})?"
            rf"(?:(?P<range>{RANGE})(?P<cur2>{before})?\s?(?P<n2>{NUMBER})(?P<scale2>{scale})?)?",
            re.IGNORECASE,
        )
        self._suffixed = re.compile(
            rf"(?<![\w.,$€£¥])"
            rf"(?:(?P<n>{NUMBER})|(?P<word>{alternatives(WORD_NUMBERS)})(?![A-Za-z]))"
            rf"[\s-]{{0,2}}(?:(?P<scale>{scale})"
            rf"|(?P<spelled>(?:\s?-?\s?(?:{spelled})(?![A-Za-z]))))?"
            rf"[\s-]{{0,2}}(?P<cur>{after})(?![A-Za-z])",
            re.IGNORECASE,
        )

    def find(self, text: str) -> Iterator[Amount]:
        """All money in the text, none overlapping another, by notation and then by place."""
        done: list[tuple[int, int]] = []
        for amount in self._all(text):
            if not overlaps(amount.start, amount.end, done):
                done.append((amount.start, amount.end))
                yield amount

    def _all(self, text: str) -> Iterator[Amount]:
        for match in self._prefixed.finditer(text):
            yield from self._read_prefixed(match)
        for match in self._suffixed.finditer(text):
            yield from self._read_suffixed(match)
        for subunit in self._subunits:
            yield from subunit.find(text)

    def _read_suffixed(self, match: re.Match[str]) -> Iterator[Amount]:
        scale = match["scale"] or match["spelled"]
        doubtful = match["word"] or match["cur"].lower() in self._need_scale
        won = match["n"] and is_grouped(match["n"]) and match["cur"].lower().endswith("won")
        if doubtful and not scale and not won:
            return  # "a dollar" is a manner of speaking, "5 pounds" a weight
        value = to_number(match["n"]) if match["n"] else WORD_NUMBERS[match["word"].lower()]
        code = self._after[match["cur"].lower()]
        value *= self._factor(scale)
        yield Amount("money", value, code, match.start(), match.end(), "money after")

    def _read_prefixed(self, match: re.Match[str]) -> Iterator[Amount]:
        code = self._code(match["cur"])
        if code is None or (match["cur"] in self._signs_need_scale and not match["scale"]):
            return
        first, scale, start = to_number(match["n"]), match["scale"], match.start()
        end = match.end("scale") if scale else match.end("n")
        if match["n2"] is None or not self._is_pair(match):
            if scale and is_grouped(match["n"]) and scale.strip(" -").lower() in ("m", "t"):
                scale, end = None, match.end("n")  # "$690,000,000 m": the letter is another word
            yield Amount("money", first * self._factor(scale), code, start, end, "money")
            return
        scale2 = match["scale2"]
        borrowed = scale or (scale2 if _is_range(match) and not is_grouped(match["n"]) else None)
        yield Amount("money", first * self._factor(borrowed), code, start, end, "money range")
        second = to_number(match["n2"]) * self._factor(scale2)
        code2 = (self._code(match["cur2"]) if match["cur2"] else None) or code
        start2 = match.start("cur2") if match["cur2"] else match.start("n2")
        end2 = match.end("scale2") if scale2 else match.end("n2")
        yield Amount("money", second, code2, start2, end2, "money range")

    def _is_pair(self, match: re.Match[str]) -> bool:
        """Whether the second number is money too, with or without a sign of its own."""
        if match["cur2"]:
            return self._code(match["cur2"]) is not None
        if not _is_range(match):
            return False
        if match["scale2"]:
            return True
        if match["scale"] or _MEASURE.match(match.string, match.end("n2")):
            return False
        first, second = match["n"], match["n2"]
        if "." in first and "." in second:
            return True  # "from SEK 0.006 to 0.36"
        dashed = match["range"].strip() in _DASHES
        plain = second.isdigit() and int(second) in _YEARS
        return dashed and not plain and to_number(second) > to_number(first)

    def _code(self, sign: str) -> str | None:
        return self._before.get(sign) or self._before.get(sign.upper())

    def _factor(self, scale: str | None) -> float:
        return self._scale[scale.strip(" -").lower()] if scale else 1.0


def _is_range(match: re.Match[str]) -> bool:
    """Whether the joint of two numbers makes them ends of a range, not two amounts."""
    joint = match["range"].strip().lower()
    if joint == "and":
        before = match.string[max(0, match.start() - _BETWEEN_REACH) : match.start()]
        return _BETWEEN.search(before) is not None
    return joint in _DASHES or joint.startswith("to")


class _Subunit:
    """Cents, pence and their like."""

    def __init__(self, rule: dict[str, Any]) -> None:
        self._code: str = rule["code"]
        self._parts: int = rule["parts"]
        self._not = frozenset(rule.get("not", ()))
        letters = [word for word in rule["words"] if len(word) == 1 and word.isalpha()]
        words = [word for word in rule["words"] if word not in letters]
        counted = alternatives(word for word in WORD_NUMBERS if word not in ("a", "an"))
        glued = rf"|(?:{alternatives(letters)})" if letters else ""
        self._pattern = re.compile(
            rf"(?<![\w.,])(?:US\s?)?(?:(?P<n>{NUMBER})|(?P<word>{counted})\b)"
            rf"(?:\s?-?\s?(?:{alternatives(words)}){glued})(?![\w.]?[A-Za-z])"
            rf"(?!\s+on\s+the\s+(?:dollar|euro|pound))",
            re.IGNORECASE,
        )

    def find(self, text: str) -> Iterator[Amount]:
        for match in self._pattern.finditer(text):
            if match["n"] in self._not:
                continue
            number = to_number(match["n"]) if match["n"] else WORD_NUMBERS[match["word"].lower()]
            value = number / self._parts
            yield Amount("money", value, self._code, match.start(), match.end(), "subunit")
