"""What the words around a capitalised run say: a company, a place, or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from extractor.reading.runs import Run, legal_end
from extractor.reading.tokens import Tokens
from extractor.reading.wordlists import WordLists

_DEFINED_TERM = re.compile(r"\b[Tt]he\s+[\"“']([A-Z][^\"”'\n]{1,50})[\"”']")
_APPOSITION_STOPS = frozenset(
    (
        ",", ";", ".", "which", "that", "who", "said", "will", "has", "is", "was", "to", "for",
        "of", "in", "at", "with", "by", "from",
    )
)  # fmt: skip
_APPOSITION_REACH = 12
_CUE_REACH = 8
_TELLING = ("miner", "ai_cloud", "utility_power", "lender_investor")
_AMBIGUOUS_SITE_TAILS = frozenset(("dc_developer", "government_body"))
_POSSESSIVE = ("'s", "’s")
_PARTNER_PREPOSITIONS = frozenset("with from by to between including via through".split())


@dataclass(slots=True)
class TextContext:
    """What one text says about names elsewhere, gathered before any run is judged."""

    places: set[tuple[str, ...]] = field(default_factory=set)
    visited: set[tuple[str, ...]] = field(default_factory=set)
    """Names behind "in" or "near": places, unless they act."""
    defined: set[str] = field(default_factory=set)
    inside: set[str] = field(default_factory=set)
    """Words with a capital where nothing but being a name asks for one."""
    lower: frozenset[str] = frozenset()


class Evidence:
    """Judges runs by the word lists; keeps nothing of a text."""

    def __init__(self, words: WordLists) -> None:
        self._words = words

    def context(self, tokens: Tokens, runs: Iterable[Run]) -> TextContext:
        """The places and defined terms of a text."""
        found = TextContext(lower=frozenset(w for w in tokens.words if w[0].islower()))
        found.defined = {m[1] for m in _DEFINED_TERM.finditer(tokens.text)}
        for run in runs:
            if not run.leads:
                found.inside.update(tokens.words[run.first : run.last])
            key = tuple(tokens.lower[run.first : run.last])
            if self._names_site(tokens, run) or self._before_region(tokens, run):
                found.places.add(key)
            elif self._follows_in(tokens, run):
                found.visited.add(key)
        return found

    def category(self, tokens: Tokens, run: Run, text: TextContext) -> str | None:
        """The category of the company that the run names, or None if it names none."""
        words, lower, lists = tokens.words, tokens.lower, self._words
        last = words[run.last - 1]
        key = tuple(lower[run.first : run.last])
        has_legal = legal_end(tokens, run.last, lists) > run.last or last in lists.legal
        if not self._may_name(tokens, run, key, text, has_legal):
            return None
        tail = None if run.single else lists.tails.get(last) or lists.heads.get(words[run.first])
        described = self._described(tokens, run)
        category = tail or "other"
        if described and (described != "other" or tail is None):
            category = described
        if has_legal or (described and not self._lone_word(tokens, run, text)):
            return category
        if self._is_camel(tokens, run):
            return category
        site_like = lower[run.last - 1] in lists.site_nouns or tail in _AMBIGUOUS_SITE_TAILS
        is_company_tail = tail is not None and lower[run.last - 1] not in lists.site_nouns
        if self._is_place(tokens, run, key, text) and (site_like or not is_company_tail):
            return None
        listed = legal_end(tokens, run.last, lists)
        if (
            listed + 2 < run.sentence.last
            and words[listed] == "("
            and lower[listed + 1] in lists.exchanges
        ):
            return category
        if is_company_tail and not self._plain_lead(tokens, run, text):
            plain = all((w,) in lists.not_names or w in lists.starters for w in key[:-1])
            return None if plain else category
        if self._hyphenated(tokens, run):
            return category
        if self._lone_word(tokens, run, text):
            return None
        return category if self._in_context(tokens, run, text) else None

    def may_join(self, tokens: Tokens, run: Run, text: TextContext) -> bool:
        """Whether a list of companies may go on with the run."""
        key = tuple(tokens.lower[run.first : run.last])
        return (
            self._may_name(tokens, run, key, text, False)
            and not self._is_place(tokens, run, key, text)
            and not (run.leads and run.single and self._lone_word(tokens, run, text))
        )

    def _may_name(
        self, tokens: Tokens, run: Run, key: tuple[str, ...], text: TextContext, has_legal: bool
    ) -> bool:
        """Whether the run can be a name at all, wherever it stands."""
        words, lists = tokens.words, self._words
        first, last = words[run.first], words[run.last - 1]
        if key in lists.not_names or tokens.span_text(run.first, run.last) in text.defined:
            return False
        if run.single and (
            first in lists.not_tickers
            or first in lists.legal
            or key[0] in lists.starters
            or len(first) < 2
        ):
            return False
        if any(tokens.glued(index) and words[index - 1][-1].isdigit() for index in (run.first,)):
            return False  # "280MW", "300B"
        if last in lists.not_last or any(w in lists.questions for w in key[1:]):
            return False
        if last in lists.body_last and not lists.body_owner & set(words[run.first : run.last]):
            return False
        if has_legal and not run.single:
            return True
        return not all(
            (w,) in lists.not_names or w in lists.starters or w in lists.joiners or w.isdigit()
            for w in key
        )

    def _lone_word(self, tokens: Tokens, run: Run, text: TextContext) -> bool:
        """Whether the run is one word that needs no name to have its capital."""
        word = tokens.words[run.first]
        if not run.single or self._words.english.coined(word) or word in text.inside:
            return False
        return run.leads

    def _plain_lead(self, tokens: Tokens, run: Run, text: TextContext) -> bool:
        """Whether dictionary words begin a sentence, which may be no name ("Frontier AI has")."""
        word = tokens.words[run.first]
        return (
            run.leads
            and run.last - run.first == 2
            and self._words.english.has(word.lower())
            and word not in text.inside
        )

    def _is_camel(self, tokens: Tokens, run: Run) -> bool:
        """Whether the run is one word with a capital inside ("DataOne"), not said to be a nickname."""
        word, lists = tokens.words[run.first], self._words
        if not run.single or len(word) < 5 or not word.isalpha() or word.isupper():
            return False
        inner = any(a.islower() and b.isupper() for a, b in zip(word, word[1:], strict=False))
        if not inner or word[:3] in lists.not_tickers or not word[0].isupper():
            return False
        before = tokens.lower[max(run.sentence.first, run.first - 4) : run.first]
        return not any(
            w in ("called", "calls", "dubbed", "named", "as") or w in _POSSESSIVE for w in before
        )

    def _described(self, tokens: Tokens, run: Run) -> str | None:
        """The category of a common noun in apposition, before or behind the name."""
        words, lower, sentence = tokens.words, tokens.lower, run.sentence
        descriptors = self._words.descriptors
        before = run.first - 1
        if before >= sentence.first:
            if words[before] == "," and before - 1 >= sentence.first:
                # "the local utility, Noranett, found"
                closed = run.last < sentence.last and words[run.last] in (",", ".", "–", "—", "and")
                noun = lower[before - 1]
                if closed and noun in descriptors and words[before - 1][0].islower():
                    window = lower[max(sentence.first, before - 5) : before]
                    if {"the", "its", "a", "an", "local"} & set(window):
                        return self._best(window)
            lead = before == sentence.first or words[before][0].islower()
            if lower[before] in descriptors and lead:
                return self._best(lower[max(sentence.first, run.first - 5) : run.first])
        index = legal_end(tokens, run.last, self._words)
        if index + 2 < sentence.last and words[index] == "(":
            close = index
            while close < min(index + 8, sentence.last) and words[close] != ")":
                close += 1
            index = close + 1
        return self._apposed(tokens, index, sentence.last)

    def _apposed(self, tokens: Tokens, index: int, end: int) -> str | None:
        """The category in ", a Swiss fund that": apposition from the comma at `index`."""
        words, lower, lists = tokens.words, tokens.lower, self._words
        if index + 2 >= end or words[index] not in (",", "–", "—", "-") or tokens.glued(index + 1):
            return None
        opens = lower[index + 1] in ("a", "an", "the", "one", "another", "its", "now")
        owned = lower[index + 2] in _POSSESSIVE
        if not (
            opens
            or owned
            or lower[index + 1] in lists.descriptors
            or lower[index + 2] in lists.descriptors
        ):
            return None
        stop = index + 1
        while stop < min(index + _APPOSITION_REACH, end) and lower[stop] not in _APPOSITION_STOPS:
            stop += 1
        window = lower[index + 1 : stop]
        if any(w in lists.person_titles for w in window) or not any(
            w in lists.descriptors for w in window
        ):
            return None
        return self._best(window)

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

    def _hyphenated(self, tokens: Tokens, run: Run) -> bool:
        """ "X-backed", and "state-owned X", "Texas-based X"."""
        lower, lists, first, last = tokens.lower, self._words, run.first, run.last
        if (
            last + 1 < run.sentence.last
            and lower[last] == "-"
            and lower[last + 1] in lists.suffixes
        ):
            return True
        return (
            first - 3 >= run.sentence.first
            and lower[first - 2] == "-"
            and tokens.glued(first - 1)
            and (
                lower[first - 1] in lists.suffixes
                or lower[first - 1] in ("based", "listed", "headquartered", "quoted")
            )
        )

    def _names_site(self, tokens: Tokens, run: Run) -> bool:
        """Whether the run is a place by its own words or by the noun behind it."""
        words, lower, lists = tokens.words, tokens.lower, self._words
        if lower[run.last - 1] in lists.site_nouns and words[run.last - 1] not in lists.tails:
            return True
        if run.last >= run.sentence.last:
            return False
        after = lower[run.last]
        if after in lists.site_nouns and words[run.last][0].islower():
            return True
        return (
            after in ("data", "ai", "nuclear", "gas", "solar", "hydro", "bitcoin")
            and run.last + 1 < run.sentence.last
            and lower[run.last + 1]
            in ("center", "centre", "campus", "plant", "site", "mine", "station", "mining", "power")
            and run.first > run.sentence.first
            and lower[run.first - 1] in ("its", "the", "at", "in")
        )

    def _before_region(self, tokens: Tokens, run: Run) -> bool:
        """Whether ", Texas" or "-based" follows."""
        lower, sentence = tokens.lower, run.sentence
        if run.last + 1 < sentence.last and lower[run.last] == ",":
            following = (tuple(lower[run.last + 1 : run.last + 1 + n]) for n in (1, 2, 3))
            if any(key in self._words.places for key in following):
                return True
        if (
            run.last + 1 < sentence.last
            and lower[run.last] == "-"
            and lower[run.last + 1] in ("based", "headquartered")
        ):
            return True
        return False

    def _follows_in(self, tokens: Tokens, run: Run) -> bool:
        """Whether "in", "near" or "outside" stands before, and no "stake" before that."""
        lower, sentence = tokens.lower, run.sentence
        if run.first - 1 < sentence.first or lower[run.first - 1] not in self._words.site_before:
            return False
        window = set(lower[max(sentence.first, run.first - 6) : run.first - 1])
        before = lower[run.first - 1]
        if before == "at":
            return not window & self._words.people
        return not (
            before == "in"
            and run.first - 2 >= sentence.first
            and (
                lower[run.first - 2] in self._words.before_of
                or lower[run.first - 2] in ("invest", "invested", "investing", "invests", "%")
            )
        )

    def _is_place(self, tokens: Tokens, run: Run, key: tuple[str, ...], text: TextContext) -> bool:
        if key in text.places or self._follows_in(tokens, run):
            return True
        if key in text.visited and not self._is_subject(
            tokens, run, coined=False, known_name=False
        ):
            return True
        lower = tokens.lower
        return (
            run.first - 2 >= run.sentence.first
            and lower[run.first - 1] == ","
            and (lower[run.first - 2],) in self._words.places
        )

    def _in_context(self, tokens: Tokens, run: Run, text: TextContext) -> bool:
        """Whether the sentence treats the name as a company: subject, partner, owner."""
        lower, sentence, lists = tokens.lower, run.sentence, self._words
        word = tokens.words[run.first]
        known_name = run.single and word in lists.english.names
        coined = run.single and lists.english.coined(word)
        if self._is_subject(tokens, run, coined=coined, known_name=known_name):
            return True
        after = lower[run.last] if run.last < sentence.last else ""
        before = lower[run.first - 1] if run.first > sentence.first else ""
        if after in _POSSESSIVE and run.last + 1 < sentence.last:
            nearby = lower[run.last + 1 : run.last + 4]
            if any(w in lists.possessions for w in nearby):
                return True
        if after in ("shares", "stock", "stockholders", "shareholders") and before:
            return True
        if after in lists.behind and before and not known_name:
            return True
        if before in _POSSESSIVE and not known_name and self._is_owned(tokens, run):
            return True
        if known_name or not before:
            return False
        return self._is_object(tokens, run, before)

    def _is_owned(self, tokens: Tokens, run: Run) -> bool:
        """ "Japan's Metaplanet", "64% of EDF's Exaion": a country's or a seller's company."""
        lower, lists, first = tokens.lower, self._words, run.first
        owner = first - 2
        if owner < run.sentence.first or not tokens.words[owner][0].isupper():
            return False
        for length in (1, 2, 3):
            if tuple(lower[owner - length + 1 : owner + 1]) in lists.places:
                return run.single or lists.english.coined(tokens.words[first])
        start = owner
        while start > run.sentence.first and tokens.words[start][0].isupper():
            start -= 1
        return (
            lower[start] in ("of", "in")
            and start > run.sentence.first
            and lower[start - 1]
            in ("%", "percent", "cent", "stake", "shares", "control", "majority")
        )

    def _is_subject(self, tokens: Tokens, run: Run, *, coined: bool, known_name: bool) -> bool:
        """Whether a verb of business follows, at once or behind an adverb or a clause."""
        words, lower, sentence, lists = tokens.words, tokens.lower, run.sentence, self._words
        if words[run.last - 1].isdigit():
            return False
        index = run.last
        after = lower[index] if index < sentence.last else ""
        firm = not run.single or coined or words[run.first].isupper()
        if after == "," and firm and index + 2 < sentence.last:
            return lower[index + 1] in ("which", "whose") and not known_name
        if after in lists.verbs:
            if after in lists.weak_verbs:
                follow = lower[index + 1] if index + 1 < sentence.last else ""
                if run.leads and self._words.english.has(lower[run.first]):
                    return False
                return firm or (not run.leads and not known_name and follow in lists.verbs)
            return True
        if after in lists.adverbs and index + 1 < sentence.last and lower[index + 1] in lists.verbs:
            return firm or not (run.leads or known_name)
        return after in lists.speech and firm

    def _is_object(self, tokens: Tokens, run: Run, before: str) -> bool:
        """Whether the words before make the name a partner, an owner or a target."""
        lower, sentence, lists = tokens.lower, run.sentence, self._words
        window = lower[
            max(sentence.first, run.first - _CUE_REACH) : max(run.first - 1, sentence.first)
        ]
        so_far = lower[sentence.first : run.first]
        if before == "to" and any(w in lists.sell for w in so_far):
            return True
        if before == "from" and any(w in lists.buy for w in so_far):
            return True
        if before in _PARTNER_PREPOSITIONS:
            return any(w in lists.cue_nouns or w in lists.participles for w in window) or window[
                -1:
            ] == ["according"]
        if (
            before in ("with", "by")
            and run.single
            and lists.english.coined(tokens.words[run.first])
        ):
            return True
        if before in ("for", "as"):
            return bool(set(window) & lists.contracts)
        if before == "at":
            return bool(set(window[-5:]) & lists.people)
        if before in ("of", "in") and run.first - 2 >= sentence.first:
            return lower[run.first - 2] in lists.before_of or (
                before == "in"
                and lower[run.first - 2] in ("invest", "invested", "investing", "invests")
            )
        return before in lists.buy_verbs and not run.leads
