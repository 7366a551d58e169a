"""The word lists of `frames/language/words.toml`, asked for by name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from extractor.errors import ModelError
from extractor.reading.rulefile import read_rules


class Vocabulary:
    """Named sets of words; a list that the file lacks is a ModelError that names it."""

    def __init__(self, path: Path) -> None:
        rules = read_rules(path)
        self._path = path
        self._sets = {k: frozenset(v) for k, v in rules.items() if isinstance(v, list)}
        self._tables = {
            k: {name: tuple(words) for name, words in v.items()}
            for k, v in rules.items()
            if isinstance(v, dict)
        }

    def __getitem__(self, name: str) -> frozenset[str]:
        try:
            return self._sets[name]
        except KeyError as error:
            raise ModelError(str(self._path), f"no list {name!r}") from error

    def table(self, name: str) -> Mapping[str, tuple[str, ...]]:
        """A table of lists, such as `objects`."""
        try:
            return self._tables[name]
        except KeyError as error:
            raise ModelError(str(self._path), f"no table {name!r}") from error
