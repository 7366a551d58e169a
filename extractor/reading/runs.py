"""Runs of capitalised words that may be names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractor.reading.statements import POSSESSIVE
from extractor.reading.tokens import Sentence, Tokens
from extractor.reading.wordlists import WordLists

_OPENERS = frozenset("\"“‘'([|•·*–—-:;")
_LEGAL_WITH_STOP = frozenset(("Inc", "Corp", "Co", "Ltd"))
_LEGAL_ALSO_WORDS = frozenset(("AS", "SA", "SE", "Co"))
# words behind a product's code that belong to it: "S21 Hydro", "GB300 Systems"
_MODEL_WORDS = frozenset(("Hydro", "Systems", "Machines", "Hardware", "Miners", "Chips", "AI"))
_HEADING_TOKENS = 12
_SERIES = frozenset(("II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"))
_UNITS = frozenset(
    ("mw", "gw", "kw", "mwh", "days", "weeks", "months", "years", "percent", "%", "million",
     "billion", "gpus", "btc", "bitcoin", "coins", "acres", "eh", "ph")
)  # fmt: skip
_FOREIGN_REACH = 3
PRODUCT_CODE = re.compile(r"[A-Za-z]{1,3}\d")  # "S19s", "GB300": a product, no name
# "I'm", "We've"; "ADSs", "XPs"
_NO_NAME = re.compile(r"[A-Za-z]+['’](?:m|ve|re|ll|d|t)|[a-z]?[A-Z]{2,}s")


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
            if sentence.zone == "title" or self._is_heading(tokens, sentence):
                continue
            yield from self.in_sentence(tokens, sentence, taken, persons)

    def _is_heading(self, tokens: Tokens, sentence: Sentence) -> bool:
        """Whether it is a heading and no labelled party: "Sponsor: Palisade Grove"."""
        if not is_heading(tokens, sentence):
            return False
        label = tokens.lower[sentence.first : sentence.first + 2]
        return label[1:] != [":"] or label[0] not in self._words.labels

    def in_sentence(
        self, tokens: Tokens, sentence: Sentence, taken: set[int], persons: frozenset[int]
    ) -> Iterator[Run]:
        """The runs of one sentence, whatever it is."""
        is_title = sentence.zone == "title"
        dateline = (
            sentence.first if is_title else _dateline_end(tokens, sentence, self._words.places)
        )
        done = dateline
        words = tokens.words[dateline : sentence.last]
        for index in [i for i, word in enumerate(words, dateline) if not word.islower()]:
            if index < done or index in persons:
                continue
            word = tokens.words[index]
            if not (_may_start(word) or self._starts_number(tokens, index, sentence)):
                continue
            end = self._end(tokens, index, sentence, persons)
            first = index
            numbered = not _may_start(tokens.words[first])
            while (
                not numbered
                and first < end
                and self._is_no_start(tokens, first, end, sentence, dateline)
            ):
                first += 1
            run = self._run(tokens, first, end, sentence, dateline, taken)
            if run is not None:
                yield run
            done = end

    def _starts_number(self, tokens: Tokens, index: int, sentence: Sentence) -> bool:
        """Whether a name begins with a number or a code: "7Rivers", "M31 Cloud"."""
        words, following = tokens.words, index + 1
        word = words[index]
        if word[0].islower() or following >= sentence.last or not words[following][0].isupper():
            return False
        if word.isdigit():
            glued = tokens.glued(following) and not tokens.glued(index)
            return (
                glued
                and len(word) < 3
                and len(words[following]) > 3
                and (words[following].istitle())
            )
        if not PRODUCT_CODE.match(word) or tokens.glued(following) or not word[0].isupper():
            return False
        last = following
        while last + 1 < sentence.last and words[last + 1][0].isupper():
            last += 1
        return words[last] in self._words.tails and words[last] not in _MODEL_WORDS

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
        if first > sentence.first and PRODUCT_CODE.match(tokens.words[first - 1]):
            return None  # "S21 Pro"
        if end < len(tokens) and tokens.words[end][0].isdigit() and tokens.glued(end):
            return None  # "GB300", "USD9"
        covered = sum(i in taken for i in range(first, end))
        if not covered:
            return Run(first, end, sentence, leads)
        if covered == end - first or "and" in tokens.lower[first:end]:
            return None
        words = tokens.words[first:end]
        longer = (
            end - 1 not in taken
            and first in taken
            # "Mubadala Capital", "Marsh & Tully"
            and (words[-1] in self._words.tails or (words[1:2] == ["&"] and len(words) == 3))
        )
        return Run(first, end, sentence, leads) if longer else None

    def _is_no_start(
        self, tokens: Tokens, index: int, end: int, sentence: Sentence, dateline: int
    ) -> bool:
        """Whether the word belongs to the sentence, not to the name that follows it."""
        lists, lower, words = self._words, tokens.lower[index], tokens.words
        following = tokens.words[index + 1] if index + 1 < end else ""
        leads = index == dateline or tokens.words[index - 1] in _OPENERS
        if lower.isdigit() or words[index] in lists.currencies or _NO_NAME.fullmatch(words[index]):
            return True  # what is left of "A 20 MW farm", "NOK 4", "The ADSs"
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
        if words[index] in lists.legal_first and following[:1].isupper():
            return True  # "PT Nusa Awan Tbk"
        if leads and lower in lists.starters:
            return not (lower in lists.name_starters and following[:1].isupper())
        if leads and lower in lists.never_first and following[:1].isupper():
            return True  # "Owner Copper Lantern"
        if leads and lower in lists.descriptors and following:
            if lists.english.coined(following):
                return True
            # "Landlord Red Willow Realty", but "Target Hospitality", "Bank Tarsis"
            if end - index > 2 and words[index] not in lists.heads and following[0].isupper():
                named = not lists.english.has(tokens.lower[end - 1])
                return named or words[end - 1] in lists.tails
        if (lower,) in lists.calendar and following and lower not in lists.name_starters:
            return True
        if (lower,) in lists.nationalities and following:
            if index > dateline and tokens.lower[index - 1] in POSSESSIVE:
                return False  # "Sweden's Nordic Hash House"
            # "Norwegian Kryptovault", but "American Power Group"
            return tokens.words[end - 1] not in lists.tails or lists.english.coined(following)
        return lower in lists.person_titles

    def _end(self, tokens: Tokens, first: int, sentence: Sentence, persons: frozenset[int]) -> int:
        words, lists = tokens.words, self._words
        end = first + 1
        while end < sentence.last and end not in persons:
            word = words[end]
            if word in _LEGAL_WITH_STOP and (series := _series_end(tokens, end, sentence)):
                return series
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
        while end - 1 > first and (
            words[end - 1] in lists.legal or words[end - 1] in ("-", "/", "&", "+")
        ):
            end -= 1
        return end

    def _foreign(self, tokens: Tokens, first: int, index: int, sentence: Sentence) -> int:
        """How many words to a capital behind "Fonds de": lower-case nouns belong to the name."""
        if tokens.words[first] not in self._words.heads or tokens.words[index] == "and":
            return 0
        for step in range(1, _FOREIGN_REACH + 1):
            at = index + step
            if at >= sentence.last:
                return 0
            word = tokens.words[at]
            if word[1:2] in ("'", "’") and word[2:3].isupper():
                return step + 1  # "de l'Atlantique"
            if not word.isalpha():
                return 0
            if word[0].isupper():
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


def _series_end(tokens: Tokens, index: int, sentence: Sentence) -> int:
    """The end of "Corp. II" where it begins at `index`, else 0: the number is of the name."""
    words = tokens.words
    at = index + 1
    if at < sentence.last and words[at] == ".":
        at += 1
    return at + 1 if at < sentence.last and words[at] in _SERIES else 0


def _is_numbered(tokens: Tokens, first: int, index: int) -> bool:
    """Whether the digits at `index` belong to a name: "Hut 8", "Point72" but not "GB300"."""
    before, digits = tokens.words[index - 1], tokens.words[index]
    if not tokens.glued(index):
        if index + 1 < len(tokens) and tokens.lower[index + 1] in _UNITS:
            return False  # "Vossberg 90 MW"
        return digits.isdigit() and len(digits) <= 2 and index - first == 1
    return before.isalpha() and len(before) > 3 and not before.isupper()


def _may_start(word: str) -> bool:
    if not word[0].isupper() and not (
        word[0].islower() and word[1:2].isupper() and len(word) > 2 and word.isalpha()
    ):
        return False
    odd = word[-1] == "s" or "'" in word or "’" in word
    return not (PRODUCT_CODE.match(word) or (odd and _NO_NAME.fullmatch(word)))


def _is_dateline(
    words: list[str], tokens: Tokens, first: int, places: frozenset[tuple[str, ...]]
) -> bool:
    """Whether words before a dash are a dateline, not a label ("Penrose Compute - In talks")."""
    marks = any(w in (",", "(", ".", "/") or w.isdigit() for w in words)
    capitals = all(w.isupper() for w in words if w.isalpha())
    return marks or capitals or tuple(tokens.lower[first : first + len(words)]) in places


def _dateline_end(tokens: Tokens, sentence: Sentence, places: frozenset[tuple[str, ...]]) -> int:
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
                and _is_dateline(words[sentence.first : index], tokens, sentence.first, places)
            ):
                return index + 1
            return sentence.first
        if word[0].islower():
            return sentence.first
    return sentence.first
