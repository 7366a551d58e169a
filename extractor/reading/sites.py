"""Where deals are done: the campuses, towns and regions that a text names."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from extractor.reading.places import PlaceRules
from extractor.reading.runs import Run, RunFinder
from extractor.reading.tokens import Sentence, Tokens
from extractor.reading.wordlists import WordLists

_LONGEST = 3  # words of a listed place
_NOUNS = 3  # words between a name and its noun: "Helios AI data center campus"
_INTO_REGION = frozenset((",", "in"))


@dataclass(frozen=True, slots=True)
class SiteMention:
    """Tokens `first` to `last` (exclusive) name a place; `text` is it with what it is and where.

    "Helios" of "Helios data center campus in West Texas", "Ellendale" of "Ellendale, Texas".
    """

    first: int
    last: int
    name: str
    text: str


class SiteFinder:
    """Finds places; holds nothing between texts."""

    def __init__(self, words: WordLists) -> None:
        self._words = words
        self._runs = RunFinder(words)
        self._rules = PlaceRules(words)

    def find(
        self, tokens: Tokens, sentences: Sequence[Sentence], taken: Container[int]
    ) -> list[SiteMention]:
        """The places of a text in order, without the tokens that are `taken`."""
        runs = list(self._runs.find(tokens, sentences, set(), frozenset()))
        runs = [r for r in runs if not any(i in taken for i in range(r.first, r.last))]
        spans = {(r.first, r.last): r.sentence for r in runs if self._is_place(tokens, r)}
        names = {tuple(tokens.words[first:last]) for first, last in spans}
        for run in runs:
            if tuple(tokens.words[run.first : run.last]) in names:
                spans[run.first, run.last] = run.sentence
        for sentence in sentences:
            if sentence.zone == "title":
                for first, last in self._in_title(tokens, sentence, names, taken):
                    spans[first, last] = sentence
        return [
            SiteMention(
                first,
                last,
                tokens.span_text(first, last),
                tokens.span_text(first, self._end(tokens, last, spans[first, last])),
            )
            for first, last in sorted(spans)
        ]

    def _is_place(self, tokens: Tokens, run: Run) -> bool:
        if (tokens.lower[run.last - 1],) in self._words.calendar:
            return False
        if self._rules.ends_place(tokens, run.last - 1, run.first):
            return True
        if tokens.words[run.last - 1] in self._words.tails:
            return False
        return self._rules.is_site(tokens, run) or self._rules.is_visited(tokens, run)

    def _in_title(
        self,
        tokens: Tokens,
        sentence: Sentence,
        names: Container[tuple[str, ...]],
        taken: Container[int],
    ) -> Iterator[tuple[int, int]]:
        """Where every word has a capital, only what is listed or the body names."""
        index = sentence.first
        while index < sentence.last:
            end = index
            if index not in taken and tokens.words[index][0].isupper():
                for last in range(min(index + _LONGEST, sentence.last), index, -1):
                    listed = tuple(tokens.lower[index:last]) in self._words.places
                    if listed or tuple(tokens.words[index:last]) in names:
                        end = last
                        yield index, last
                        break
            index = max(end, index + 1)

    def _end(self, tokens: Tokens, last: int, sentence: Sentence) -> int:
        """Behind the noun that says what it is, and the region that says where."""
        lower = tokens.lower
        for end in range(last, min(last + _NOUNS + 1, sentence.last)):
            if not tokens.words[end][0].isalpha():
                break
            if lower[end] in self._words.site_nouns:
                last = end + 1
        if last + 1 < sentence.last and lower[last] in _INTO_REGION:
            for end in range(min(last + 1 + _LONGEST, sentence.last), last + 1, -1):
                if tuple(lower[last + 1 : end]) in self._words.places:
                    return end
        return last
