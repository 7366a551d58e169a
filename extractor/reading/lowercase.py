"""Companies that write themselves without a capital."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractor.reading.runs import Run, legal_end
from extractor.reading.tokens import Sentence, Tokens
from extractor.reading.wordlists import WordLists

_SHORTEST = 4
_BEHIND = frozenset(("'s", "’s", "(", "to", ","))
_DOMAIN = ".ai"
_ADDRESS = frozenset(("@", "/", "visit", "at"))


class LowercaseNames:
    """Finds coinages that begin a title or a paragraph and act, and domains that are names."""

    def __init__(self, words: WordLists) -> None:
        self._words = words

    def find(self, tokens: Tokens, sentences: Sequence[Sentence], taken: set[int]) -> Iterator[Run]:
        """Runs of one word each."""
        paragraph = -1
        for sentence in sentences:
            first = sentence.first
            if sentence.paragraph == paragraph or sentence.zone == "boilerplate":
                continue
            paragraph = sentence.paragraph
            if (
                tokens.words[first].islower()
                and first not in taken
                and self._acts(tokens, sentence)
            ):
                yield Run(first, first + 1, sentence, leads=True)
        if _DOMAIN not in tokens.text:
            return
        for sentence in sentences:
            for index in range(sentence.first, sentence.last):
                if self._is_domain(tokens, index) and index not in taken:
                    yield Run(index, index + 1, sentence, leads=False)

    def _acts(self, tokens: Tokens, sentence: Sentence) -> bool:
        """Whether a verb or a form follows a coinage: "kumo inc.", "brightfold wants"."""
        index, word = sentence.first + 1, tokens.words[sentence.first]
        if index >= sentence.last or len(word) < _SHORTEST or not word.isalpha():
            return False
        after = tokens.lower[index]
        return self._words.english.coined(word) and (
            after in self._words.verbs
            or after in self._words.weak_verbs
            or after in _BEHIND
            or legal_end(tokens, index, self._words) > index
        )

    def _is_domain(self, tokens: Tokens, index: int) -> bool:
        word = tokens.words[index]
        if not word.endswith(_DOMAIN) or not word.islower() or word.count(".") > 1:
            return False
        around = tokens.lower[index - 1 : index] + tokens.lower[index + 1 : index + 2]
        return len(word) > len(_DOMAIN) + 1 and _ADDRESS.isdisjoint(around)
