"""Words that mean much the same: what was learned of one is lent to the others."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from extractor.errors import ModelError
from extractor.reading.english import stems

_REMEMBERED = 20_000  # words


class Thesaurus:
    """For each word its neighbours among the words that the marked articles use often."""

    def __init__(self, neighbours: dict[str, tuple[str, ...]]) -> None:
        self._neighbours = neighbours
        # an article repeats its words
        self.near = lru_cache(maxsize=_REMEMBERED)(self._near)
        self.lemma = lru_cache(maxsize=_REMEMBERED)(self._lemma)

    @classmethod
    def load(cls, path: Path) -> Thesaurus:
        """A file of lines `word<TAB>neighbour neighbour`. Raises ModelError with the line."""
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise ModelError(str(path), "the thesaurus cannot be read") from error
        neighbours = {}
        for number, line in enumerate(lines, start=1):
            if line.startswith("#"):
                continue
            word, tab, rest = line.partition("\t")
            if not tab:
                raise ModelError(f"{path}:{number}", "not a line of the thesaurus")
            neighbours[word] = tuple(rest.split())
        return cls(neighbours)

    def _near(self, word: str) -> tuple[str, ...]:
        """The neighbours of a word or of its stem; none where it is not known."""
        for form in (word, *stems(word)):
            found = self._neighbours.get(form)
            if found is not None:
                return found
        return ()

    def _lemma(self, word: str) -> str:
        """The word without its ending, where what is left is a word; else as it is."""
        for form in stems(word):
            if len(form) > 2 and form in self._neighbours:
                return form
        return word
