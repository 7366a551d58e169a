"""The grammar of money: "$9.7 billion", "38 billion yen", "3.4p", "$9-11 million"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from string import ascii_letters, digits
from typing import Any

from extractor.reading.amounts import (
    JOINT,
    MORE,
    NUMBER,
    RANGE,
    SPELLED,
    Amount,
    Cover,
    alternatives,
    is_grouped,
    matches,
    spelled_number,
    to_number,
)

_DASHES = frozenset("-‑–—")
_BETWEEN = re.compile(r"\b(?:between|from)\s+(?:\w+\s+)?$", re.IGNORECASE)
_BETWEEN_REACH = 24
_MEASURE = re.compile(r"(?:\s?-?\s?(?:[kMGT]Wh?\b|%|per\s?cent)|\w|[.,]\d)")
_YEARS = range(1900, 2101)
_HALVES = {"half": 1 / 2, "quarter": 1 / 4, "third": 1 / 3}
_SCALE_EDGE = " -‐‑–+.\u00a0\u202f\u2009"
_BEFORE_NO_SIGN = frozenset(ascii_letters + digits + "$€£¥")
_LEAST_SHARED = 1e6  # below, equal sums in two dollars are chance


class MoneyGrammar:
    """Finds money by the rules of `money.toml`."""

    def __init__(self, rules: dict[str, Any]) -> None:
        currencies = rules["currency"]
        self._before = {sign: c["code"] for c in currencies for sign in c["before"]}
        self._after = {word.lower(): c["code"] for c in currencies for word in c["after"]}
        self._single = {w.lower(): c["code"] for c in currencies for w in c.get("single", ())}
        needed = rules["scale_needed"]
        self._need_scale = frozenset(needed["words"]) | frozenset(self._single)
        self._signs_need_scale = frozenset(needed["signs"])
        self._scale: dict[str, float] = rules["scale"]
        self._subunits = [_Subunit(rule) for rule in rules["subunit"]]
        names = [*self._after, *self._single]
        nations = frozenset(name.split()[0] for name in names if " " in name)
        self._shared = [_Shared(rule, nations) for rule in rules["shared"]]
        self._bare = _Bare(rules["bare"], self._scale)
        self._dollars = frozenset(rules["dollars"]["codes"])
        short = rules["scale_needs_currency"]["letters"]
        scale = rf"(?:{MORE}\s?[-‑–]?\s?(?:{alternatives(self._scale)})(?![A-Za-z]))"
        spelled = alternatives(s for s in self._scale if s not in short)
        before = rf"(?:{alternatives(self._before)})"
        # "won" is a verb too
        after = rf"(?:{alternatives(w for w in names if w != 'won')}|won(?=[\s,.;:)!?|\-‑]|$))"
        self._signs = frozenset(sign.lower() for sign in self._before)
        ends = "".join(re.escape(end) for end in sorted({sign[-1] for sign in self._signs}))
        self._sign_end = re.compile(rf"[{ends}]\s?(?=\d)")
        self._longest_sign = max(map(len, self._before))
        # "$9 to $11 million" and "$9-11 million": the first end borrows the second's scale
        self._prefixed = re.compile(
            rf"(?<![A-Za-z0-9$€£¥])(?P<cur>{before})\s?(?P<n>{NUMBER})(?P<scale>{scale})?"
            rf"(?:(?P<range>{RANGE})(?P<cur2>{before})?\s?(?P<n2>{NUMBER})(?P<scale2>{scale})?)?",
            re.IGNORECASE,
        )
        self._suffixed = re.compile(
            rf"(?<![\w.,$€£¥])"
            rf"(?:(?P<n>{NUMBER})(?!\d)|(?P<word>{SPELLED})(?![A-Za-z]))"
            rf"{JOINT}{{0,2}}(?:(?P<scale>{scale})"
            rf"|(?P<spelled>(?:\s?-?\s?(?:{spelled})(?![A-Za-z]))))?"
            rf"(?P<more>\sand\sa\s(?:{'|'.join(_HALVES)}))?"
            rf"{JOINT}{{0,2}}(?P<cur>{after})(?![A-Za-z])"
        )

    def find(self, text: str, lower: str, starts: Sequence[int]) -> Iterator[Amount]:
        """All money in the text, none overlapping another, by notation and then by place.

        `lower` is the folded text, `starts` the places where numbers may begin.
        """
        cover = Cover(len(text))
        found = [amount for amount in self._all(text, lower, starts) if cover.take(amount)]
        if not found:
            return
        for shared in self._shared:
            found = shared.settle(text, lower, found)
        found = self._settle_dollars(text, found)
        found += [a for a in self._bare.find(text, lower, starts, found) if cover.take(a)]
        yield from found

    def _all(self, text: str, lower: str, starts: Sequence[int]) -> Iterator[Amount]:
        for match in matches(self._prefixed, text, self._sign_starts(text, lower)):
            yield from self._read_prefixed(match)
        for match in matches(self._suffixed, lower, starts):
            yield from self._read_suffixed(match)
        for subunit in self._subunits:
            yield from subunit.find(text, lower, starts)

    def _sign_starts(self, text: str, lower: str) -> list[int]:
        """Where the sign or code of a currency stands before a number."""
        places = []
        for match in self._sign_end.finditer(lower):
            end = match.start() + 1
            for start in range(max(0, end - self._longest_sign), end):
                if (
                    lower[start:end] in self._signs
                    and text[start - 1 : start] not in _BEFORE_NO_SIGN
                ):
                    places.append(start)
                    break
        return places

    def _settle_dollars(self, text: str, found: list[Amount]) -> list[Amount]:
        """The dollar of a headline's "$24bn" and of "19 cents", told by the rest of the text."""
        others = {a.unit for a in found} - {"USD"}
        if not others:
            return found
        sums = {(a.value, a.unit) for a in found}
        bare = [a.unit == "USD" and text[a.start] == "$" for a in found]
        plain = any(bare) or any(
            a.unit == "USD" and a.rule == "money after" and text[a.start] not in "uU" for a in found
        )
        settled = []
        for amount, is_bare in zip(found, bare, strict=True):
            if is_bare and amount.value >= _LEAST_SHARED:
                codes = {c for c in others & self._dollars if (amount.value, c) in sums}
                if len(codes) == 1:
                    amount = replace(amount, unit=codes.pop())
            elif amount.rule == "subunit" and amount.unit == "USD" and not plain:
                with_cents = others & (self._dollars | {"EUR"})
                marked = text[amount.start : amount.end].upper().find("US") >= 0
                if len(with_cents) == 1 and not marked:
                    amount = replace(amount, unit=next(iter(with_cents)))
            settled.append(amount)
        return settled

    def _read_suffixed(self, match: re.Match[str]) -> Iterator[Amount]:
        scale = match["scale"] or match["spelled"]
        name = match["cur"].lower()
        value = to_number(match["n"]) if match["n"] else spelled_number(match["word"])
        doubtful = value < 2 if match["word"] else False
        if name in self._need_scale:
            won = match["n"] and is_grouped(match["n"]) and name.endswith("won")
            doubtful = not won
        if doubtful and not scale:
            return  # "a dollar" is a manner of speaking, "5 pounds" a weight
        code = self._after.get(name) or self._single[name]
        if match["more"]:
            value += _HALVES[match["more"].split()[-1].lower()]
        value *= self._factor(scale)
        yield Amount("money", value, code, match.start(), match.end(), "money after")

    def _read_prefixed(self, match: re.Match[str]) -> Iterator[Amount]:
        code = self._code(match["cur"])
        if code is None or (match["cur"] in self._signs_need_scale and not match["scale"]):
            return
        first, scale, start = to_number(match["n"]), match["scale"], match.start()
        end = match.end("scale") if scale else match.end("n")
        if match["n2"] is None or not self._is_pair(match):
            if scale and is_grouped(match["n"]) and scale.strip(_SCALE_EDGE).lower() in ("m", "t"):
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
        code = self._before.get(sign)
        if code is None and (len(sign) > 2 or not sign.isalpha()):
            code = self._before.get(sign.upper())  # "usd", but not "p" for "P"
        return code

    def _factor(self, scale: str | None) -> float:
        return _factor(scale, self._scale)


def _factor(scale: str | None, scales: dict[str, float]) -> float:
    if not scale:
        return 1.0
    name = re.sub(r"\s+", " ", scale.lower()).strip(_SCALE_EDGE)
    for word in ("plus", "odd"):
        name = name.removeprefix(word).strip(_SCALE_EDGE)
    return scales[name]


def _is_range(match: re.Match[str]) -> bool:
    """Whether the joint of two numbers makes them ends of a range, not two amounts."""
    joint = match["range"].strip().lower()
    if joint == "and":
        before = match.string[max(0, match.start() - _BETWEEN_REACH) : match.start()]
        return _BETWEEN.search(before) is not None
    return joint in _DASHES or joint.startswith("to") or joint == "-to-"


_US = re.compile(r"(?<![A-Za-z])US\s$")


class _Subunit:
    """Cents, pence and their like."""

    def __init__(self, rule: dict[str, Any]) -> None:
        self._code: str = rule["code"]
        self._parts: int = rule["parts"]
        self._not = frozenset(rule.get("not", ()))
        every = [word.lower() for word in rule["words"]]
        letters = [word for word in every if len(word) == 1 and word.isalpha()]
        words = [word for word in every if word not in letters]
        glued = rf"|(?:{alternatives(letters)})" if letters else ""
        self._signs = tuple(words)
        self._glued = re.compile(rf"\d(?:{alternatives(letters)})") if letters else None
        self._pattern = re.compile(
            rf"(?:(?P<n>{NUMBER})(?!\d)|(?P<word>{SPELLED})(?![A-Za-z]))"
            rf"(?:\s?[-‑]?\s?(?:{alternatives(words)}){glued})(?![\w.]?[a-z])"
            rf"(?!\s+on\s+the\s+(?:dollar|euro|pound))"
        )

    def find(self, text: str, lower: str, starts: Sequence[int]) -> Iterator[Amount]:
        if not any(sign in lower for sign in self._signs) and not (
            self._glued is not None and self._glued.search(lower)
        ):
            return  # most texts have no cents
        for match in matches(self._pattern, lower, starts):
            if match["n"] in self._not or match["word"] in ("a", "an"):
                continue
            number = to_number(match["n"]) if match["n"] else spelled_number(match["word"])
            value = number / self._parts
            start = match.start()
            if _US.search(text, max(0, start - 4), start) is not None:
                start -= 3  # "US 3.2 cents"
            yield Amount("money", value, self._code, start, match.end(), "subunit")


class _Shared:
    """A word for the money of several countries: which, the text tells elsewhere."""

    def __init__(self, rule: dict[str, Any], nations: frozenset[str]) -> None:
        self._code: str = rule["code"]
        self._nations = nations
        self._pattern = re.compile(rf"(?:{alternatives(rule['words'])})", re.IGNORECASE)
        self._named = {code: tuple(words) for code, words in rule["named_by"].items()}

    def settle(self, text: str, lower: str, found: Iterable[Amount]) -> list[Amount]:
        settled, code = [], ""
        for amount in found:
            if amount.unit == self._code and self._is_shared(text[amount.start : amount.end]):
                code = code or self._told(lower)
                amount = replace(amount, unit=code)
            settled.append(amount)
        return settled

    def _is_shared(self, words: str) -> bool:
        parts = re.sub(r"[\d.,\-‑–]+", " ", words).split()
        return (
            bool(parts)
            and (len(parts) < 2 or parts[-2].lower() not in self._nations)
            and any(self._pattern.fullmatch(part) is not None for part in (parts[0], parts[-1]))
        )

    def _told(self, lower: str) -> str:
        """The country that the text names first; without one, that of the currency's own rule."""
        first, code = len(lower), self._code
        for candidate, words in self._named.items():
            for word in words:
                place = lower.find(word)
                if 0 <= place < first:
                    first, code = place, candidate
        return code


class _Bare:
    """Sums whose currency the text has named before: "lending the builder 2.8 billion"."""

    def __init__(self, rules: dict[str, Any], scale: dict[str, float]) -> None:
        self._scale = scale
        scales = alternatives(s for s in scale if scale[s] >= 1e6 and s not in ("t", "b", "m"))
        end = rf"(?=\s*(?:[.,;:)|]|$)|\s+(?:{'|'.join(rules['after'])})\b)"
        self._pattern = re.compile(
            rf"(?:(?<![\w.,$€£¥\-‑–])|(?<=\|\s))"
            rf"(?:(?P<n>{NUMBER})|(?P<word>{SPELLED})(?![A-Za-z]))"
            rf"(?P<scale>{JOINT}?(?:{scales})){end}",
            re.MULTILINE,
        )
        self._cue = re.compile(
            rf"(?:\b(?:{'|'.join(rules['before'])})(?:\s+[\w’'-]+){{0,4}}|\|)\s*$", re.IGNORECASE
        )
        self._reach: int = rules["reach"]

    def find(
        self, text: str, lower: str, starts: Sequence[int], found: list[Amount]
    ) -> Iterator[Amount]:
        ordered = sorted(found, key=lambda a: a.start)
        for match in matches(self._pattern, lower, starts):
            before = text[max(0, match.start() - self._reach) : match.start()]
            nearest = bisect_left(ordered, match.start(), key=lambda a: a.start) - 1
            number = to_number(match["n"]) if match["n"] else spelled_number(match["word"])
            if number >= 1 and self._cue.search(before) is None:
                continue  # without a word of paying; "half a billion" is money all the same
            value = number * _factor(match["scale"], self._scale)
            yield Amount(
                "money",
                value,
                ordered[max(nearest, 0)].unit,
                match.start(),
                match.end(),
                "money bare",
            )
