"""Which capitalised runs are places, by the words around them."""

from __future__ import annotations

from extractor.reading.runs import Run
from extractor.reading.tokens import Tokens
from extractor.reading.wordlists import WordLists

_SITE_OF = frozenset(
    ("city", "town", "village", "municipality", "county", "port", "state", "mayor")
)
_SITE_KINDS = frozenset(("data", "ai", "nuclear", "gas", "solar", "hydro", "bitcoin"))
_SITE_HEADS = frozenset(
    ("center", "centre", "campus", "plant", "site", "mine", "station", "mining", "power")
)
_PERSON_REACH = 6


class PlaceRules:
    """Tells places by site nouns, regions behind a comma, and prepositions."""

    def __init__(self, words: WordLists) -> None:
        self._words = words

    def is_site(self, tokens: Tokens, run: Run) -> bool:
        """Whether the run is a place wherever the text names it: a site, "X, Texas"."""
        return self._names_site(tokens, run) or self._before_region(tokens, run)

    def is_visited(self, tokens: Tokens, run: Run) -> bool:
        """Whether "in", "near" or "the city of" stands before, and no "stake" before that."""
        lower, sentence, lists = tokens.lower, run.sentence, self._words
        at = run.first - 1
        if at < sentence.first:
            return False
        before = lower[at]
        previous = lower[at - 1] if at > sentence.first else ""
        if before == "of":
            return previous in _SITE_OF
        if before not in lists.site_before:
            return False
        if before == "at":
            return not set(lower[max(sentence.first, at - _PERSON_REACH + 1) : at]) & lists.people
        if before == "in":
            stake = previous == "%" or previous in lists.before_of or previous in lists.invest
            return not stake
        return True

    def follows_place(self, tokens: Tokens, run: Run) -> bool:
        """Whether it goes on from a place: "Houston, Harris"."""
        lower = tokens.lower
        return (
            run.first - 2 >= run.sentence.first
            and lower[run.first - 1] == ","
            and (lower[run.first - 2],) in self._words.places
        )

    def ends_place(self, tokens: Tokens, index: int, floor: int) -> bool:
        """Whether a listed place ends at token `index`."""
        lower = tokens.lower
        return any(
            tuple(lower[index - length + 1 : index + 1]) in self._words.places
            for length in (1, 2, 3)
            if index - length + 1 >= floor
        )

    def _names_site(self, tokens: Tokens, run: Run) -> bool:
        """Whether its own last word or the noun behind it is a site's."""
        words, lower, lists = tokens.words, tokens.lower, self._words
        if lower[run.last - 1] in lists.site_nouns and words[run.last - 1] not in lists.tails:
            return True
        if run.last >= run.sentence.last:
            return False
        after = lower[run.last]
        if after in lists.site_nouns and words[run.last][0].islower():
            return True
        return (
            after in _SITE_KINDS
            and run.last + 1 < run.sentence.last
            and lower[run.last + 1] in _SITE_HEADS
            and run.first > run.sentence.first
            and lower[run.first - 1] in ("its", "the", "at", "in")
        )

    def _before_region(self, tokens: Tokens, run: Run) -> bool:
        """Whether ", Texas" or "-based" follows."""
        lower, sentence = tokens.lower, run.sentence
        if run.last + 1 >= sentence.last:
            return False
        if lower[run.last] == ",":
            following = (tuple(lower[run.last + 1 : run.last + 1 + n]) for n in (1, 2, 3))
            return any(key in self._words.places for key in following)
        return lower[run.last] == "-" and lower[run.last + 1] in ("based", "headquartered")
