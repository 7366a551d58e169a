"""Whether a word is an ordinary English one or a coinage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from extractor.errors import ModelError


@dataclass(frozen=True, slots=True)
class English:
    """A dictionary: `words` in lower case without regular endings, `names` capitalised.

    A capital at the start of a sentence says nothing; that "Extensions" is in the
    dictionary and "Velloxis" is not says much (Mikheev, "Periods, Capitalized Words,
    etc.", Computational Linguistics 28:3, 2002).
    """

    words: frozenset[str]
    names: frozenset[str]

    def has(self, lower: str) -> bool:
        """Whether a lower-case word, or what is left without its ending, is a word."""
        return lower in self.words or any(stem in self.words for stem in stems(lower))

    def coined(self, word: str) -> bool:
        """Whether a word of letters is neither a word nor a name that English knows."""
        return (
            len(word) > 2
            and word[0].isalpha()
            and word not in self.names
            and word.capitalize() not in self.names
            and not self.has(word.lower())
        )


def stems(lower: str) -> Iterator[str]:
    """What may be left of a word without its regular ending, the likeliest first."""
    if lower.endswith("s"):
        yield lower[:-1]
        if lower.endswith("ings"):
            yield lower[:-4]
        if lower.endswith("es"):
            yield lower[:-2]
            if lower.endswith("ies"):
                yield lower[:-3] + "y"
    elif lower.endswith("ed"):
        yield lower[:-1]
        yield lower[:-2]
        yield lower[:-3]  # "planned"
        if lower.endswith("ied"):
            yield lower[:-3] + "y"
    elif lower.endswith("ing"):
        yield lower[:-3] + "e"
        yield lower[:-3]
        yield lower[:-4]  # "planning"


def load_english(path: Path, more: Iterable[str] = ()) -> English:
    """The dictionary file, one word a line, with `more` words of the trade."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise ModelError(str(path), "not a readable dictionary") from error
    entries = [line for line in lines if line and not line.startswith("#")]
    return English(
        frozenset((*(e for e in entries if not e[0].isupper()), *more)),
        frozenset(e for e in entries if e[0].isupper()),
    )
