"""Runs of capitalised words that may be names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractor.reading.tokens import Sentence, Tokens
from extractor.reading.wordlists import WordLists

_OPENERS = frozenset("\"“‘'([|•·*–—-:;")
_LEGAL_WITH_STOP = frozenset(("Inc", "Corp", "Co", "Ltd"))
_LEGAL_ALSO_WORDS = frozenset(("AS", "SA", "SE", "Co"))
_HEADING_TOKENS = 12
_FOREIGN_REACH = 3
PRODUCT_CODE = re.compile(r"[A-Za-z]{1,3}\d")  # "S19s", "GB300": a product, no name


@dataclass(frozen=True, slots=True)
class Run:
    """Tokens `first` to `last` (exclusive) of a sentence, capitalised like a name.

    `leads` where any word would have a capital: at the start of a sentence, of a quotation,
    of a bullet or a table cell.
    """

    first: int
    last: int
    sentence: Sentence
    leads: bool

    @property
    def single(self) -> bool:
        return self.last - self.first == 1


def legal_end(tokens: Tokens, last: int, words: WordLists) -> int:
    """`last`, moved behind a legal form that follows (", Inc.", "Corp.")."""
    text = tokens.words
    end = last
    while True:
        index = end + 1 if end < len(text) and text[end] == "," else end
        if index >= len(text) or text[index] not in words.legal:
            return end
        if index == end + 1 and text[index] in _LEGAL_ALSO_WORDS:
            return end
        end = index + 1
        if end < len(text) and text[end] == "." and tokens.glued(end):
            following = end + 1
            if text[index] in _LEGAL_WITH_STOP and (
                following >= len(text) or text[following][0] != "\n"
            ):
                end += 1


def is_heading(tokens: Tokens, sentence: Sentence) -> bool:
    """Whether the sentence is a short line without a full stop, mostly in capitals."""
    words = tokens.words[sentence.first : sentence.last]
    if len(words) > _HEADING_TOKENS or words[-1][-1] in '.!:;,"”' or "|" in words:
        return False
    if sentence.last < len(tokens) and tokens.words[sentence.last][0] != "\n":
        return False
    letters = [w for w in words if w[0].isalpha() and len(w) > 3]
    return bool(letters) and all(w[0].isupper() for w in letters)


class RunFinder:
    """Cuts sentences into runs by the shapes in the word lists."""

    def __init__(self, words: WordLists) -> None:
        self._words = words

    def find(
        self,
        tokens: Tokens,
        sentences: Sequence[Sentence],
        taken: set[int],
        persons: frozenset[int],
    ) -> Iterator[Run]:
        """Runs in order of place; known names, people and product numbers are left out.

        A longer name around a known one ("Mubadala Capital") is a run of its own.
        """
        for sentence in sentences:
            if sentence.zone == "title" or is_heading(tokens, sentence):
                continue
            dateline = _dateline_end(tokens, sentence)
            index = dateline
            while index < sentence.last:
                if index in persons or not _may_start(tokens.words[index]):
                    index += 1
                    continue
                end = self._end(tokens, index, sentence, persons)
                first = index
                while first < end and self._is_no_start(tokens, first, end, sentence, dateline):
                    first += 1
                run = self._run(tokens, first, end, sentence, dateline, taken)
                if run is not None:
                    yield run
                index = max(end, index + 1)

    def _run(
        self,
        tokens: Tokens,
        first: int,
        end: int,
        sentence: Sentence,
        dateline: int,
        taken: set[int],
    ) -> Run | None:
        if first >= end:
            return None
        leads = first == dateline or tokens.words[first - 1] in _OPENERS
        if end < len(tokens) and tokens.words[end][0].isdigit() and tokens.glued(end):
            return None  # "GB300", "USD9"
        covered = sum(i in taken for i in range(first, end))
        if not covered:
            return Run(first, end, sentence, leads)
        longer = (
            covered < end - first
            and end - 1 not in taken
            and first in taken
            and tokens.words[end - 1] in self._words.tails
            and "and" not in tokens.lower[first:end]
        )
        return Run(first, end, sentence, leads) if longer else None

    def _is_no_start(
        self, tokens: Tokens, index: int, end: int, sentence: Sentence, dateline: int
    ) -> bool:
        """Whether the word belongs to the sentence, not to the name that follows it."""
        lists, lower = self._words, tokens.lower[index]
        following = tokens.words[index + 1] if index + 1 < end else ""
        leads = index == dateline or tokens.words[index - 1] in _OPENERS
        if lower.isdigit():
            return True  # what is left of "A 20 MW farm"
        if lower in (
            "the",
            "a",
            "an",
            "its",
            "and",
            "of",
            "&",
            "-",
            ".",
            "mr",
            "ms",
            "our",
            "their",
        ):
            return True
        if leads and lower in lists.starters:
            return not (lower in lists.name_starters and following[:1].isupper())
        if leads and lower in lists.descriptors and following and lists.english.coined(following):
            return True
        if (lower,) in lists.calendar and following and lower != "central":
            return True
        if (lower,) in lists.nationalities and following:
            # "Norwegian Kryptovault", but "American Power Group"
            return tokens.words[end - 1] not in lists.tails or lists.english.coined(following)
        return lower in lists.person_titles

    def _end(self, tokens: Tokens, first: int, sentence: Sentence, persons: frozenset[int]) -> int:
        words, lists = tokens.words, self._words
        end = first + 1
        while end < sentence.last and end not in persons:
            word = words[end]
            if word in lists.currencies or PRODUCT_CODE.match(word):
                break
            if word[0].isupper():
                if words[end - 1] in lists.legal and word not in lists.legal:
                    break
                end += 1
            elif word[0].isdigit() and _is_numbered(tokens, first, end):
                end += 1
            elif words[end - 1] in lists.legal:
                break
            elif word in lists.joiners and (skip := self._foreign(tokens, first, end, sentence)):
                end += skip
            elif word in lists.joiners and self._joins(tokens, end, sentence):
                end += 2 if not words[end + 1][0].islower() else 3
            else:
                break
        # a legal form is not part of the compared name
        while end - 1 > first and words[end - 1] in lists.legal:
            end -= 1
        return end

    def _foreign(self, tokens: Tokens, first: int, index: int, sentence: Sentence) -> int:
        """How many words to a capital behind "Fonds de": lower-case nouns belong to the name."""
        if tokens.words[first] not in self._words.heads or tokens.words[index] == "and":
            return 0
        for step in range(1, _FOREIGN_REACH + 1):
            at = index + step
            if at >= sentence.last or not tokens.words[at].isalpha():
                return 0
            if tokens.words[at][0].isupper():
                return step + 1
        return 0

    def _joins(self, tokens: Tokens, index: int, sentence: Sentence) -> bool:
        """Whether the joiner at `index` stands inside a name."""
        words, lists = tokens.words, self._words
        word, before = words[index], words[index - 1]
        if index + 1 >= sentence.last:
            return False
        if word == "-" and words[index + 1].isdigit() and tokens.glued(index):
            return tokens.glued(index + 1) and before.isalpha()  # "SKV-2"
        if not words[index + 1][0].isupper():
            # "Feira de la Cruz"
            return (
                word in ("de", "von", "van")
                and index + 2 < sentence.last
                and words[index + 1] in ("la", "der", "den", "las", "los")
                and words[index + 2][0].isupper()
            )
        following = words[index + 1]
        if not word[0].isalpha() and word != "&":
            initial = word == "." and len(before) == 1
            if not (tokens.glued(index) and (tokens.glued(index + 1) or initial)):
                return False
            return not (word == "-" and following.lower() in lists.suffixes)
        if word == "and":
            # "Power and Light" but not "Credit Partners and Bank OZK"
            more = index + 2 < sentence.last and words[index + 2][0].isupper()
            ends = not more or words[index + 2] in lists.legal or words[index + 2] in lists.tails
            alike = before in lists.tails and lists.tails[before] == lists.tails.get(following)
            return following in lists.tails and ends and alike
        if word == "of":
            return before in lists.joined_of
        return True


def _is_numbered(tokens: Tokens, first: int, index: int) -> bool:
    """Whether the digits at `index` belong to a name: "Hut 8", "Point72" but not "GB300"."""
    before, digits = tokens.words[index - 1], tokens.words[index]
    if not tokens.glued(index):
        return digits.isdigit() and len(digits) <= 2 and index - first == 1
    return before.isalpha() and len(before) > 3 and not before.isupper()


def _may_start(word: str) -> bool:
    if PRODUCT_CODE.match(word):
        return False
    if word[0].isupper():
        return True
    return len(word) > 2 and word[0].islower() and word[1].isupper() and word.isalpha()


def _dateline_end(tokens: Tokens, sentence: Sentence) -> int:
    """The first token behind a dateline ("NEW YORK, Aug. 15 --", "Muscat:"), else the first."""
    words = tokens.words
    for index in range(sentence.first, min(sentence.first + 16, sentence.last - 1)):
        word = words[index]
        if word in ("-", "–", "—", "--"):
            glued = tokens.glued(index + 1)
            if index == sentence.first or glued or (word == "-" and words[index + 1] == "-"):
                continue
            letters = [w for w in words[sentence.first : index] if w.isalpha() and len(w) > 2]
            if (
                letters
                and words[sentence.first][0].isupper()
                and all(w[0].isupper() for w in letters)
            ):
                return index + 1
            return sentence.first
        if word[0].islower():
            return sentence.first
    return sentence.first
