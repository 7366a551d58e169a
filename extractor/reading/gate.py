"""Whether a text is of this trade at all, told at a glance."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import ahocorasick

from extractor.errors import ModelError
from extractor.reading.rulefile import read_rules

_LEAST_NAME = 5  # letters: shorter names are parts of many words


class Gate:
    """Lets through what has a word of the trade; the file is `language/trade.toml`."""

    def __init__(self, path: Path, names: Iterable[str] = ()) -> None:
        """`names` of companies open the gate as well."""
        words = read_rules(path).get("words")
        if not isinstance(words, list) or not all(isinstance(w, str) and w for w in words):
            raise ModelError(str(path), "it lacks a list of words")
        self._words = ahocorasick.Automaton()
        for word in (*words, *(name for name in names if len(name) >= _LEAST_NAME)):
            self._words.add_word(word.lower(), True)
        self._words.make_automaton()

    def passes(self, text: str) -> bool:
        """Whether the text has any of the words, in part of a word or whole."""
        return next(self._words.iter(text.lower()), None) is not None
