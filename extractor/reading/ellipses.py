"""Numbers whose unit the text has named before: "sold 88", "for another 40.", "for eight"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

from extractor.reading.amounts import (
    NUMBER,
    SPELLED,
    Amount,
    alternatives,
    matches,
    read_number,
    to_number,
)
from extractor.reading.counts import LEAST_MACHINES, YEARS

_REACH = 400
_CUE_REACH = 48
_GIGA_OR_KILO = re.compile(r"\b(?:g|k)|(?<=\d)[gk]", re.IGNORECASE)
# without these no number is tabled or gapped: quick to look for
_CELL = re.compile(r"[|:]\s*\d")
_THOUSANDS = re.compile(r"\d,\d{3}")
_SENTENCE_END = re.compile(r"[.!?]\s|\n")


class EllipticGrammar:
    """Numbers whose unit the text has named before: "sold 88", "for another 40.", "for eight"."""

    def __init__(self, rules: dict[str, Any]) -> None:
        words = rules["elliptic"]
        self._assets: dict[str, str] = rules["coins"]["assets"]
        coins = alternatives(self._assets)
        machines = (
            rf"{alternatives(rules['machines']['nouns'])}|{'|'.join(rules['machines']['series'])}"
        )
        self._named = re.compile(
            rf"\b(?:(?P<coin>{coins})|(?P<machine>{machines}))(?!\w)", re.IGNORECASE
        )
        number = rf"(?P<n>{NUMBER}(?![.,]?\d)|{SPELLED}(?![A-Za-z]))"
        about = (
            r"(?:(?:another|about|around|roughly|some|nearly|a further|up to|all|a total of"
            r"|more than|over|only|just)\s+){0,2}"
        )
        links = rf"(?=\s*(?:[.;:,)|!?\n]|$)|\s+(?:{'|'.join(words['links'])})\b)"
        self._alone = re.compile(
            rf"{number}(?:(?P<them>\s+(?:{'|'.join(words['tails'])})(?!\w))"
            rf"|(?P<moved>(?:\s+or so)?\s+(?:were|was|have been|has been)"
            rf"\s+(?:{'|'.join(words['moved'])})\b)"
            rf"|(?:\s+tokens)?(?P<more>\s+(?:more|or so))?{links})"
        )
        self._cue = re.compile(
            rf"\b(?:(?P<traded>(?:{'|'.join(words['verbs'])})\s+{about})"
            r"|(?P<another>another|a further|an additional|all)\s+|(?P<for>for)\s+)$",
            re.IGNORECASE,
        )
        self._tabled = re.compile(
            rf"\b(?P<coin>{coins})\s+(?:sold|bought|purchased|acquired|sales)\s*[|:]\s*"
            rf"(?P<n>{NUMBER})(?!\s?%|\w|[.,]\d)",
            re.IGNORECASE,
        )
        # "Naver Cloud 3,056 and Kakao Enterprise 2,424."
        self._gapped = re.compile(
            r"(?:,|;|\band)\s+(?:[A-Z][\w&.’'-]*\s+){1,3}(?P<n>\d{1,3}(?:,\d{3})+)"
            r"(?=\s*(?:[.;\n]|$|,(?!\d)|and\b))"
        )

    def find(
        self, text: str, lower: str, starts: Sequence[int], named: list[Amount]
    ) -> Iterator[Amount]:
        """Numbers without a unit; `named` are amounts with one, in order of place.

        `lower` is the folded text, `starts` the places where numbers may begin.
        """
        for match in self._tabled.finditer(text) if _CELL.search(text) else ():
            asset = self._assets[match["coin"].lower()]
            start, end = match.span("n")
            yield Amount("coins", to_number(match["n"]), asset, start, end, "elliptic")
        terms = [a for a in named if a.kind == "duration"]
        for match in matches(self._alone, lower, starts):
            if match["them"]:
                yield from self._thing(text, match)
                continue
            if match["moved"]:
                yield from self._thing(text, match, coins_only=True)
                continue
            start = match.start()
            cue = self._cue.search(text, max(0, start - _CUE_REACH), start)
            found = 0
            if (cue and cue["traded"]) or match["more"]:
                for amount in self._thing(text, match, coins_only=True):
                    found += 1
                    yield amount
            if found or cue is None:
                continue
            if cue["for"]:
                yield from self._term(text, match, terms)
            elif "another" in cue[0].lower() or cue["another"]:
                before = self._before(text, named, start, ("power", "coins", "count"))
                if before is not None and match["n"][0].isdigit():
                    yield self._like(text, before, match)
        for match in self._gapped.finditer(text) if named and _THOUSANDS.search(text) else ():
            before = self._before(text, named, match.start(), ("coins", "count"), reach=120)
            if before is not None and not _SENTENCE_END.search(text, before.end, match.start()):
                yield self._like(text, before, match)

    def _term(self, text: str, match: re.Match[str], terms: list[Amount]) -> Iterator[Amount]:
        before = self._before(text, terms, match.start(), ("duration",))
        n = match["n"]
        years = read_number(n)
        if before is not None and before.value >= 1 and 2 <= years <= 40 and years.is_integer():
            yield Amount("duration", years, "years", *match.span("n"), "elliptic")

    def _thing(self, text: str, match: re.Match[str], coins_only: bool = False) -> Iterator[Amount]:
        """Coins or machines, whatever the text has named last."""
        start, end = match.span("n")
        n = match["n"]
        number = read_number(n)
        window = self._named.finditer(text, max(0, start - _REACH), start)
        last = next(iter(deque(window, maxlen=1)), None)
        if last is None:
            return
        if n.isdigit() and YEARS[0] <= int(n) <= YEARS[1]:
            return
        if last["coin"]:
            if number >= 2:
                asset = self._assets[last["coin"].lower()]
                yield Amount("coins", number, asset, start, end, "elliptic")
        elif not coins_only and number >= LEAST_MACHINES:
            yield Amount("count", number, "", start, end, "elliptic")

    def _before(
        self, text: str, named: list[Amount], place: int, kinds: tuple[str, ...], reach: int = 200
    ) -> Amount | None:
        """The last amount before a place, if it is of these kinds, near, in the same paragraph."""
        number = bisect_left(named, place, key=lambda a: a.start) - 1
        if number < 0:
            return None
        amount = named[number]
        near = 0 <= place - amount.end <= reach and "\n\n" not in text[amount.end : place]
        return amount if near and amount.kind in kinds else None

    def _like(self, text: str, before: Amount, match: re.Match[str]) -> Amount:
        factor = 1.0
        if before.kind == "power":
            unit = _GIGA_OR_KILO.search(text, before.start, before.end)
            factor = 1.0 if unit is None else 1000.0 if unit[0] in "gG" else 0.001
        start, end = match.span("n")
        value = to_number(match["n"]) * factor
        return Amount(before.kind, value, before.unit, start, end, "elliptic")
