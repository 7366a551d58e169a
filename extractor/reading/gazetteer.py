"""The list of known companies, searchable by every name they go by."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from extractor.errors import ModelError
from extractor.names import company_key
from extractor.reading.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Company:
    """A company as the field knows it; `name` is the current usual one."""

    name: str
    category: str
    aliases: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()
    ticker: str = ""
    former_tickers: tuple[str, ...] = ()
    ambiguous: frozenset[str] = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases, *self.former_names)


@dataclass(frozen=True, slots=True)
class NameMatch:
    """Tokens `first` to `last` (exclusive) spell a known name."""

    first: int
    last: int
    company: Company
    ambiguous: bool


def load_companies(folder: Path, own: Path | None = None) -> tuple[Company, ...]:
    """All rows of the csv files in `folder`, and before them those of a user's `own` folder.

    A row of one's own takes the place of the one with the same name.
    """
    if own is not None:
        mine = load_companies(own)
        known = {company_key(company.name) for company in mine}
        return (*mine, *(c for c in load_companies(folder) if company_key(c.name) not in known))
    found: list[Company] = []
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for line_no, row in enumerate(csv.DictReader(lines), start=2):
                name = (row.get("name") or "").strip()
                if not name or None in row:
                    raise ModelError(
                        f"{path}:{line_no}",
                        "a company row needs a name and no more columns than the header",
                    )
                found.append(
                    Company(
                        name=name,
                        category=(row.get("category") or "").strip(),
                        aliases=_listed(row.get("aliases")),
                        former_names=_listed(row.get("former_names")),
                        ticker=(row.get("ticker") or "").strip(),
                        former_tickers=_listed(row.get("former_tickers")),
                        ambiguous=frozenset(_listed(row.get("ambiguous"))),
                    )
                )
    return tuple(found)


def _listed(cell: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (cell or "").split(";") if part.strip())


class NameIndex:
    """Names as token sequences; the longest name at a place wins."""

    def __init__(self) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str, Company, bool]]] = {}

    def add(self, name: str, company: Company, *, ambiguous: bool = False) -> None:
        tokens = Tokens(name)
        if not tokens.words:
            return
        key = tuple(tokens.lower)
        rows = self._by_first.setdefault(key[0], [])
        if not any(
            row[0] == key
            and row[1][0] == name[0]
            and row[1].isupper() == name.isupper()
            and _last_is_lower(row[1]) == _last_is_lower(name)
            for row in rows
        ):
            rows.append((key, name, company, ambiguous))
            rows.sort(key=lambda row: -len(row[0]))

    def find(self, tokens: Tokens) -> Iterator[NameMatch]:
        """Matches in order; a match must be written like a name (see `_is_spelled`)."""
        lower, words = tokens.lower, tokens.words
        end = 0
        for index in [i for i, word in enumerate(lower) if word in self._by_first]:
            if index < end:
                continue
            following = lower[index + 1] if index + 1 < len(lower) else ""
            for key, name, company, ambiguous in self._by_first[lower[index]]:
                length = len(key)
                if length > 1 and (
                    key[1] != following or tuple(lower[index : index + length]) != key
                ):
                    continue
                if _is_spelled(words, index, name, length):
                    end = index + length
                    yield NameMatch(index, end, company, ambiguous)
                    break


def _is_spelled(words: list[str], index: int, name: str, length: int) -> bool:
    """Whether the words have the capitals that the name has, or more of them."""
    word = words[index]
    if name[0].isupper() and not word[0].isupper():
        return False
    if length > 1 and words[index + length - 1][0].islower():
        return _last_is_lower(name) or " " not in name  # not "US bitcoin miners"
    if length == 1:
        if name.isupper() and len(name) <= 6:
            return word.isupper()
        if not name[0].isupper() and not name[0].isdigit():  # xAI
            return word == name or (len(word) > 2 and word.isupper())
    return True


def _last_is_lower(name: str) -> bool:
    return name[name.rfind(" ") + 1].islower()


def build_index(companies: tuple[Company, ...]) -> NameIndex:
    """An index over every name of every company."""
    index = NameIndex()
    for company in companies:
        for name in company.names:
            index.add(name, company, ambiguous=name in company.ambiguous)
    return index
