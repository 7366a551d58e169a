"""Plain numbers in the columns of a table whose heads tell what they count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from extractor.reading.amounts import (
    NUMBER,
    Amount,
    to_number,
)

_LEAST_BARS = 4
_LONGEST_TERM = 60  # "2031" is when a loan is due
_COLUMNS = {
    "years": ("duration", "years"),
    "megawatts": ("power", "MW"),
    "bitcoin": ("coins", "BTC"),
    "ether": ("coins", "ETH"),
    "coins": ("coins", ""),
    "machines": ("count", ""),
}


class TableGrammar:
    """Plain numbers in the columns of a table whose heads tell what they count."""

    def __init__(self, rules: dict[str, Any]) -> None:
        self._heads = [
            (re.compile(pattern, re.IGNORECASE), *_COLUMNS[name])
            for name, pattern in rules["columns"].items()
        ]
        self._number = re.compile(NUMBER)

    def find(self, text: str) -> Iterator[Amount]:
        if text.count("|") < _LEAST_BARS:
            return
        heads: list[tuple[str, str] | None] = []
        place = 0
        for line in text.split("\n"):
            cells = self._cells(line, place)
            place += len(line) + 1
            if not line.strip():
                continue  # rows may be paragraphs
            if len(cells) != len(heads):
                heads = [self._head(text[start:end]) for start, end in cells]
                continue
            for head, (start, end) in zip(heads, cells, strict=True):
                if head is not None and self._number.fullmatch(text, start, end) is not None:
                    (kind, unit), number = head, to_number(text[start:end])
                    if kind != "duration" or number <= _LONGEST_TERM:
                        yield Amount(kind, number, unit, start, end, "column")

    def _head(self, words: str) -> tuple[str, str] | None:
        found = (k for k in self._heads if k[0].fullmatch(words) is not None)
        return next(((kind, unit) for _, kind, unit in found), None)

    def _cells(self, line: str, place: int) -> list[tuple[int, int]]:
        """The places of the words between bars; none for a line that is no row."""
        parts = line.split("|")
        spans, start = [], place
        for part in parts:
            words = part.strip()
            left = start + len(part) - len(part.lstrip())
            spans.append((left, left + len(words)))
            start += len(part) + 1
        if not parts[0].strip():
            spans = spans[1:]
        if not parts[-1].strip():
            spans = spans[:-1]
        return spans if len(spans) > 1 else []
