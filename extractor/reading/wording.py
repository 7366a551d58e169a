"""What the words of a run allow it to be, wherever it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from extractor.reading.runs import Run
from extractor.reading.tokens import Tokens
from extractor.reading.wordlists import WordLists

_DEFINED_TERM = re.compile(r"\b[Tt]he\s+[\"“']([A-Z][^\"”'\n]{1,50})[\"”']")
_NICKNAMED = frozenset(("called", "calls", "dubbed", "named", "as", "told", "tuned", "'s", "’s"))
_DOMAIN = re.compile(r"[A-Z]\w+\.(?:ai|com|io|net|xyz|pl|org|de|co|tech|cloud)")
_PATRONYMS = ("Mc", "Mac", "De", "Di", "Du", "La", "Le", "Van", "O'", "O’", "Fitz")
_COUNT = re.compile(r"\d{1,3}(?:,\d{3})+|(?!19|20)\d{3,}")
_PLANTS = frozenset((("energy", "center"), ("energy", "centre"), ("power", "station")))
_CAMEL_LENGTH = 5
_NICKNAME_REACH = 4


@dataclass(slots=True)
class TextContext:
    """What one text says about names elsewhere, gathered before any run is judged.

    `places` are places wherever they stand; `visited` ones, seen behind "in" or "near",
    unless they act; `defined` are terms of a contract; `persons` are tokens; `inside` are
    words with a capital where nothing but being a name asks for one; `holdings` are LLCs that
    do nothing but hold a site for the company; `media` report.
    """

    places: set[tuple[str, ...]] = field(default_factory=set)
    visited: set[tuple[str, ...]] = field(default_factory=set)
    defined: frozenset[str] = frozenset()
    persons: frozenset[int] = frozenset()
    inside: set[str] = field(default_factory=set)
    holdings: set[tuple[str, ...]] = field(default_factory=set)
    media: set[tuple[str, ...]] = field(default_factory=set)


def defined_terms(text: str) -> frozenset[str]:
    """The terms that a legal text defines: 'the "Closing Date"'."""
    return frozenset(match[1] for match in _DEFINED_TERM.finditer(text))


class Wording:
    """Judges the words of a run by the word lists and the dictionary."""

    def __init__(self, words: WordLists) -> None:
        self._words = words

    def may_name(self, tokens: Tokens, run: Run, text: TextContext, *, sure: bool) -> bool:
        """Whether the run can be a company's name; generic words only with `sure` evidence."""
        words, lists = tokens.words, self._words
        key = tuple(tokens.lower[run.first : run.last])
        first, last = words[run.first], words[run.last - 1]
        if key in lists.not_names or tokens.span_text(run.first, run.last) in text.defined:
            return False
        if tokens.glued(run.first) and words[run.first - 1][-1].isdigit():
            return False  # "280MW"
        if (
            run.first > 1
            and words[run.first - 1] == "of"
            and (words[run.first - 2] in lists.body_first)
        ):
            return False  # "the Bureau of Land Management"
        if not sure and (
            key[0] == "project"
            or (run.single and key[0] in lists.first_names and not first.isupper())
            or (run.single and first.isupper() and first[-1].isdigit())  # "TEES1"
            or (run.first and tokens.lower[run.first - 1] in lists.not_company_nouns)
            or (run.first and _COUNT.fullmatch(words[run.first - 1]))  # "5,800 Gritminer boards"
        ):
            return False
        if key[-2:] in lists.venues or (key[-2:] in _PLANTS and not sure):
            return False
        if run.single and (
            first in lists.not_tickers
            or first in lists.legal
            or key[0] in lists.starters
            or len(first) < 2
        ):
            return False
        if not run.single and (
            (last in lists.not_last and not (sure and last in lists.tails))
            or lists.questions & set(key[1:])
        ):
            return False
        if last in lists.body_last and not lists.body_owner & set(words[run.first : run.last]):
            return False
        if run.single:
            return True
        if sure or (len(key) > 2 and last in lists.firm_tails):
            return key[0] not in lists.questions
        if not run.leads and not all((w,) in lists.not_names or len(w) < 3 for w in key):
            return True
        return not all(
            (w,) in lists.not_names
            or w in lists.starters
            or w in lists.joiners
            or w.isdigit()
            or len(w) == 1
            for w in key
        )

    def is_lone_word(self, tokens: Tokens, run: Run, text: TextContext) -> bool:
        """Whether the run is one dictionary word whose place alone explains its capital."""
        word = tokens.words[run.first]
        return (
            run.single
            and run.leads
            and word not in text.inside
            and (len(word) < 3 or self._words.english.has(word.lower()))
        )

    def is_plain_lead(self, tokens: Tokens, run: Run, text: TextContext) -> bool:
        """Whether two plain words begin a sentence ("Frontier AI has", not "Shore Capital")."""
        word = tokens.words[run.first]
        return (
            run.leads
            and run.last - run.first == 2
            and tokens.words[run.last - 1] not in self._words.firm_tails
            and self._words.english.has(word.lower())
            and word not in text.inside
        )

    def is_generic(self, tokens: Tokens, run: Run) -> bool:
        """Whether nothing but places and common words stands before the last word."""
        lists = self._words
        key = tokens.lower[run.first : run.last - 1]
        if tokens.words[run.last - 1] in lists.firm_tails and (
            len(key) > 1 or (*key,) in lists.places
        ):
            return False
        return all((w,) in lists.not_names or w in lists.starters for w in key)

    def is_pair(self, tokens: Tokens, run: Run) -> bool:
        """Whether "&" joins two surnames or coinages ("Halden & Rowe", not "Power & Cooling")."""
        words, english = tokens.words[run.first : run.last], self._words.english
        if "&" not in words[1:-1] or tokens.glued(run.first + words.index("&")):
            return False
        return any(
            w in english.names or english.coined(w) for w in words if w.isalpha()
        ) and not any((w.lower(),) in self._words.not_names for w in words)

    def is_camel(self, tokens: Tokens, run: Run) -> bool:
        """Whether it is one word with a capital inside ("DataOne") or a domain ("Vast.ai")."""
        word = tokens.words[run.first]
        if run.single and _DOMAIN.fullmatch(word):
            return True
        if not run.single and (word.startswith(_PATRONYMS) or not word[-1].islower()):
            return False
        if len(word) < _CAMEL_LENGTH or not word.isalpha() or word.isupper():
            return False
        if not word[0].isupper() or word[:3] in self._words.not_tickers:
            return False
        if not any(a.islower() and b.isupper() for a, b in pairwise(word)):
            return False
        before = tokens.lower[max(run.sentence.first, run.first - _NICKNAME_REACH) : run.first]
        return not _NICKNAMED & set(before)
