"""Common nouns beside a name that say what it is."""

from __future__ import annotations

from extractor.reading.runs import Run, legal_end
from extractor.reading.statements import POSSESSIVE
from extractor.reading.tokens import Tokens
from extractor.reading.wordlists import WordLists

_STOPS = frozenset(
    (
        ",", ";", ".", "which", "that", "who", "said", "will", "has", "is", "was", "to", "for",
        "of", "in", "at", "with", "by", "from",
    )
)  # fmt: skip
_OPENERS = frozenset(("a", "an", "the", "one", "another", "its", "now"))
_ARTICLES = frozenset(("the", "its", "a", "an", "local", "his", "her", "their", "our", "whose"))
_CALLED = frozenset(("called", "named"))
_BY_NAME = frozenset((("by", "the", "name", "of"), ("with", "the", "name", "of")))
_REACH = 12
_BEFORE = 5
_PARENTHESES = 8
_TELLING = ("miner", "ai_cloud", "utility_power", "lender_investor")


class Apposition:
    """Finds "the Swiss fund X" and "X, a Swiss fund" by the descriptors of the word lists."""

    def __init__(self, words: WordLists) -> None:
        self._words = words

    def category(self, tokens: Tokens, run: Run) -> str | None:
        """The category of the noun in apposition to the run, "other" for "company", or None."""
        return self._before(tokens, run) or self._behind(tokens, run)

    def _before(self, tokens: Tokens, run: Run) -> str | None:
        words, lower, sentence = tokens.words, tokens.lower, run.sentence
        noun = run.first - 1
        if noun < sentence.first:
            return None
        if lower[noun] in _CALLED and noun > sentence.first:
            noun -= 1  # "an intelligence company called Quillon"
        elif tuple(lower[max(sentence.first, noun - 3) : noun + 1]) in _BY_NAME:
            noun = max(sentence.first, noun - 4)  # "a start-up by the name of Quillon"
        if words[noun] == ",":
            # "the local utility, Noranett, found"
            noun -= 1
            closed = run.last < sentence.last and words[run.last] in (",", ".", "–", "—", "and")
            window = lower[max(sentence.first, noun - _BEFORE + 1) : noun + 1]
            if not closed or noun < sentence.first or not _ARTICLES & set(window):
                return None
        elif noun > sentence.first and not words[noun][0].islower():
            return None
        if lower[noun] not in self._words.descriptors and lower[noun - 1] != "-":
            return None
        window = lower[max(sentence.first, noun - _BEFORE + 1) : noun + 1]
        nouns = {window[-1], *_hyphenated(window[-3:])}
        return self._best(window) if nouns & self._words.descriptors.keys() else None

    def _behind(self, tokens: Tokens, run: Run) -> str | None:
        words, lower, lists = tokens.words, tokens.lower, self._words
        end = run.sentence.last
        index = legal_end(tokens, run.last, lists)
        if index + 2 < end and words[index] == "(":
            close = index
            while close < min(index + _PARENTHESES, end) and words[close] != ")":
                close += 1
            index = close + 1
        if index + 2 >= end or words[index] not in (",", "–", "—", "-") or tokens.glued(index + 1):
            return None
        stop = index + 1
        while stop < min(index + _REACH, end) and lower[stop] not in _STOPS:
            stop += 1
        window = lower[index + 1 : stop]
        opens = (window[:1] and (window[0] in _OPENERS or lower[index + 2] in POSSESSIVE)) or any(
            w in lists.descriptors for w in window[:2]
        )
        nouns = {*window, *_hyphenated(window)}
        if not opens or not nouns & lists.descriptors.keys():
            return None
        if nouns & lists.person_titles or nouns & lists.not_company_nouns:
            return None
        return self._best([*window, *_hyphenated(window)])

    def _best(self, window: list[str]) -> str:
        """The most telling category among the descriptors of a window."""
        categories = [self._words.descriptors[w] for w in window if w in self._words.descriptors]
        if "data" in window and ("center" in window or "centre" in window):
            categories.append("dc_developer")
        telling = [c for c in categories if c != "other"]
        for strong in _TELLING:
            if strong in telling:
                return strong
        return telling[-1] if telling else "other"


def _hyphenated(window: list[str]) -> list[str]:
    """ "start-up" from "start", "-", "up"."""
    return [
        f"{before}-{after}"
        for before, dash, after in zip(window, window[1:], window[2:], strict=False)
        if dash == "-"
    ]
