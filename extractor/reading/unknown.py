"""Companies that are in no list, found by the words around their names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractor.reading.tokens import Sentence, Tokens
from extractor.reading.wordlists import WordLists

_JOINERS = frozenset(("&", "of", "de", "du", "da", "del", "-", "’", "'", ".", "+", "/", "des", "la", "le", "and"))
_QUESTION_WORDS = frozenset(("why", "how", "what", "the", "when", "who"))
_SELL = frozenset("sell sells sold selling sale sheds shed offload offloaded lease leased leases let lets rent rented supply supplies hand handed".split())
_BUY = frozenset("buy buys bought buying purchase purchased purchases acquire acquired acquires order ordered orders lease leased rent rented procure procured secure secured borrow borrowed obtain obtained raise raised draw received".split())
_CONTRACTS = frozenset("lease contract agreement deal capacity hosting leases contracts".split())
_WEAK_VERBS = frozenset(
    "is was has will would may could should must had remains becomes became".split()
)
_NUMBER_WORDS = frozenset("one two three four five six seven eight nine ten twelve half".split())
_EXCHANGES = frozenset(
    "nasdaq nyse tsx tsxv tsx-v asx lse aim otcqb otcqx otcmkts otc cse xetra hkex cboe neo ticker "
    "amex nasdaqgs nasdaqcm oslo euronext frankfurt hkg sgx adx tyo krx kosdaq epa ams".split()
)


@dataclass(frozen=True, slots=True)
class LearnedName:
    """A company name that this text uses, with the shorter forms it may use later."""

    name: str
    category: str
    short_forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Run:
    first: int
    last: int
    sentence: Sentence


def legal_end(tokens: Tokens, last: int, words: WordLists) -> int:
    """`last`, moved behind a legal form that follows (", Inc.", "Corp.")."""
    text = tokens.words
    end = last
    while True:
        index = end + 1 if end < len(text) and text[end] == "," else end
        if index < len(text) and text[index] in words.legal and not (
            index == end + 1 and text[index] in ("AS", "SA", "SE", "Co")
        ):
            end = index + 1
            if end < len(text) and text[end] == "." and tokens.glued(end) and text[index] in (
                "Inc", "Corp", "Co", "Ltd",
            ):
                following = end + 1
                if following >= len(text) or not text[following].startswith("\n"):
                    end += 1
            continue
        return end


class UnknownNames:
    """Learns names from one text at a time."""

    def __init__(self, words: WordLists) -> None:
        self._words = words

    def learn(
        self,
        tokens: Tokens,
        sentences: Sequence[Sentence],
        taken: set[int],
        persons: frozenset[int],
    ) -> list[LearnedName]:
        """Names with enough evidence, in order; runs that are `taken` or people are skipped."""
        learned: dict[str, LearnedName] = {}
        accepted = set(taken)
        mid_sentence = {
            word
            for sentence in sentences
            if sentence.zone == "body"
            for word in tokens.words[sentence.first + 1 : sentence.last]
            if word[0].isupper()
        }
        for run in self._runs(tokens, sentences, taken, persons):
            if (
                run.first == run.sentence.first
                and run.last - run.first == 1
                and tokens.words[run.first] not in mid_sentence
                and tokens.words[run.first][1:].islower()
            ):
                continue  # any word may begin a sentence
            category = self._evidence(tokens, run, accepted)
            if category is None:
                continue
            accepted.update(range(run.first, run.last))
            end = run.last
            name = tokens.span_text(run.first, end)
            if name not in learned:
                learned[name] = LearnedName(name, category, self._short_forms(tokens, run))
            elif learned[name].category == "other" and category != "other":
                learned[name] = LearnedName(name, category, learned[name].short_forms)
        return list(learned.values())

    def _short_forms(self, tokens: Tokens, run: _Run) -> tuple[str, ...]:
        words = tokens.words[run.first : run.last]
        shorts = []
        # 'Lake Parime Energy ("Parime")' and 'Far North Power Corp. ("FNP")'
        index = legal_end(tokens, run.last, self._words)
        if index + 2 < len(tokens) and tokens.words[index] == "(":
            inner = index + 1
            while inner < len(tokens) and tokens.words[inner] in "\"“'‘" or tokens.lower[inner] in ("the", "or"):
                inner += 1
                if inner >= len(tokens):
                    break
            if inner < len(tokens):
                word = tokens.words[inner]
                closing = tokens.words[inner + 1] if inner + 1 < len(tokens) else ""
                if word[0].isupper() and closing in (")", '"', "”", "'", "’") and (
                    word.lower() not in self._words.starters
                ) and word not in self._words.not_tickers:
                    shorts.append(word)
        if len(words) >= 2 and words[-1] in self._words.tails and "of" not in words:
            stem = words[:-1]
            if len(stem) == 1 and len(stem[0]) > 3 and (stem[0].lower(),) not in self._words.not_names and (
                stem[0].lower() not in self._words.starters
            ):
                shorts.append(stem[0])
            elif len(stem) >= 2:
                shorts.append(tokens.span_text(run.first, run.last - 1))
        return tuple(shorts)

    def _runs(
        self,
        tokens: Tokens,
        sentences: Sequence[Sentence],
        taken: set[int],
        persons: frozenset[int],
    ) -> Iterator[_Run]:
        for sentence in sentences:
            if sentence.zone == "title":
                continue
            index = sentence.first
            while index < sentence.last:
                if not self._may_start(tokens, index, sentence) or index in persons:
                    index += 1
                    continue
                end = self._run_end(tokens, index, sentence, persons)
                first = index
                while first < end and self._is_no_name_start(tokens, first, sentence):
                    first += 1
                yield from self._split(tokens, first, end, sentence, taken)
                index = max(end, index + 1)

    def _split(
        self, tokens: Tokens, first: int, end: int, sentence: Sentence, taken: set[int]
    ) -> Iterator[_Run]:
        """The run, unless a known name covers it; a longer name around a known one stays."""
        if first >= end:
            return
        covered = [i for i in range(first, end) if i in taken]
        if not covered:
            yield _Run(first, end, sentence)
            return
        tail = tokens.words[end - 1]
        if len(covered) < end - first and end - 1 not in taken and tail in self._words.tails and (
            first in taken and tokens.words[end - 1] not in self._words.legal
        ) and "and" not in tokens.lower[first:end]:
            yield _Run(first, end, sentence)

    def _may_start(self, tokens: Tokens, index: int, sentence: Sentence) -> bool:
        word = tokens.words[index]
        return word[0].isupper() or (
            len(word) > 2 and word[0].islower() and word[1].isupper() and word.isalpha()
        )

    def _is_no_name_start(self, tokens: Tokens, index: int, sentence: Sentence) -> bool:
        """Whether the word belongs to the sentence, not to the name that follows it."""
        lower, words = tokens.lower[index], tokens.words
        following = words[index + 1] if index + 1 < sentence.last else ""
        if index == sentence.first and lower in self._words.starters:
            named = following in self._words.tails or following in self._words.legal
            numbered = lower in _NUMBER_WORDS and following[:1].isupper()
            return not named and not numbered
        if lower in ("the", "a", "an", "its", "and", "of", "&", "-", ".", "mr", "ms"):
            return True
        if (lower,) in self._words.calendar and following[:1].isupper():
            return lower != "spring" or following in self._words.calendar
        return lower in self._words.person_titles and words[index][0].isupper()

    def _run_end(
        self, tokens: Tokens, index: int, sentence: Sentence, persons: frozenset[int]
    ) -> int:
        words = tokens.words
        end = index + 1
        while end < sentence.last:
            word = words[end]
            if end in persons:
                break
            if word[0].isupper() and word[0].isalpha():
                if words[end - 1] in self._words.legal and word not in self._words.legal:
                    break
                end += 1
                continue
            if word.isdigit() and len(word) < 4 and not tokens.glued(end) and words[end - 1][0].isupper() and (
                len(word) <= 2 and end - index == 1
            ):
                end += 1
                continue
            if word in _JOINERS and end + 1 < sentence.last and words[end + 1][0].isupper():
                if word in ("-", "’", "'", ".", "/", "+") and not (
                    tokens.glued(end) and (tokens.glued(end + 1) or (word == "." and len(words[end - 1]) == 1))
                ):
                    break
                if word == "and" and words[min(end + 1, sentence.last - 1)] not in self._words.tails:
                    break
                if word == "-" and tokens.lower[end + 1] in self._words.suffixes:
                    break
                if word == "of" and words[end - 1] not in ("Bank", "Port", "City", "University", "Trust", "Government", "State", "Kingdom"):
                    break
                end += 2
                continue
            break
        # a legal form is not part of the compared name
        while end - 1 > index and words[end - 1] in self._words.legal:
            end -= 1
        if end < sentence.last and words[end] == "," and end + 1 < sentence.last and (
            words[end + 1] in self._words.legal
        ):
            return end
        return end

    def _evidence(self, tokens: Tokens, run: _Run, accepted: set[int]) -> str | None:
        """The category of the company that the run names, or None if it names none."""
        words, lower = tokens.words, tokens.lower
        first, last, sentence = run.first, run.last, run.sentence
        key = tuple(lower[first:last])
        if key in self._words.not_names or words[first] in self._words.not_tickers and last - first == 1:
            return None
        if all(
            (w,) in self._words.not_names
            or w in self._words.starters
            or w in ("of", "and", "-", "&")
            or w.isdigit()
            for w in key
        ):
            return None
        if any(w in _QUESTION_WORDS for w in key[1:]):
            return None
        if last - first == 1 and (lower[first] in self._words.starters or len(words[first]) < 2):
            return None
        after = lower[last] if last < sentence.last else ""
        before = lower[first - 1] if first > sentence.first else ""
        has_legal = legal_end(tokens, last, self._words) > last or words[last - 1] in self._words.legal
        tail = self._words.tails.get(words[last - 1]) if last - first >= 2 else None
        category = tail or "other"
        described = self._described(tokens, run)
        if described:
            category = described if described != "other" or tail is None else category
        if has_legal:
            return category
        if self._is_place(tokens, run, before, after) and not described:
            return None
        if described:
            return category
        if self._listed_after(tokens, legal_end(tokens, last, self._words), sentence):
            return category
        if tail and lower[last - 1] not in self._words.site_nouns:
            if all((w,) in self._words.not_names or w in self._words.starters for w in key[:-1]):
                return None
            return category
        if after == "-" and last + 1 < sentence.last and lower[last + 1] in self._words.suffixes:
            return category
        if self._context(tokens, run, before, after) or self._in_chain(tokens, run, accepted):
            return category
        return None

    def _described(self, tokens: Tokens, run: _Run) -> str | None:
        """The category of a common noun in apposition, before or behind the name."""
        words, lower = tokens.words, tokens.lower
        first, last, sentence = run.first, run.last, run.sentence
        descriptors = self._words.descriptors
        before = lower[first - 1] if first > sentence.first else ""
        if before in descriptors and words[first - 1][0].islower():
            return self._best(lower[max(sentence.first, first - 5) : first])
        index = legal_end(tokens, last, self._words)
        if index + 2 < sentence.last and words[index] == "(":
            close = index
            while close < min(index + 8, sentence.last) and words[close] != ")":
                close += 1
            index = close + 1
        if index + 2 < sentence.last and words[index] in (",", "–", "—", "-") and (
            lower[index + 1] in ("a", "an", "the", "one", "another", "its")
            or lower[index + 1] in descriptors
            or lower[index + 2] in descriptors
        ) and not tokens.glued(index + 1):
            stop = index + 1
            while stop < min(index + 12, sentence.last) and lower[stop] not in (
                ",", ";", ".", "which", "that", "who", "said", "will", "has", "is", "was", "to", "for",
                "of", "in", "at", "with", "by", "from",
            ):
                stop += 1
            window = lower[index + 1 : stop]
            if not any(w in self._words.person_titles for w in window) and any(
                w in descriptors for w in window
            ):
                return self._best(window)
        return None

    def _best(self, window: list[str]) -> str:
        """The most telling category among the descriptors of a window."""
        categories = [self._words.descriptors[w] for w in window if w in self._words.descriptors]
        if "data" in window and ("center" in window or "centre" in window):
            categories.append("dc_developer")
        telling = [c for c in categories if c != "other"]
        for strong in ("miner", "ai_cloud", "utility_power", "lender_investor"):
            if strong in telling:
                return strong
        return telling[-1] if telling else "other"

    def _listed_after(self, tokens: Tokens, index: int, sentence: Sentence) -> bool:
        """Whether "(NASDAQ: XYZ)" or "(XYZ)" as a ticker follows."""
        if index + 2 >= sentence.last or tokens.words[index] != "(":
            return False
        return tokens.lower[index + 1] in _EXCHANGES

    def _is_place(self, tokens: Tokens, run: _Run, before: str, after: str) -> bool:
        words, lower = tokens.words, tokens.lower
        if lower[run.last - 1] in self._words.site_nouns and words[run.last - 1] not in self._words.tails:
            return True
        if after in self._words.site_nouns or (
            after in ("data", "ai", "nuclear", "gas", "solar", "hydro", "bitcoin") and run.last + 1 < run.sentence.last
            and lower[run.last + 1] in ("center", "centre", "campus", "plant", "site", "mine", "station", "mining", "power")
            and before in ("its", "the", "at", "in")
        ):
            return True
        if before in self._words.site_before:
            return True
        if after == "," and run.last + 1 < run.sentence.last:
            following = [tuple(lower[run.last + 1 : run.last + 1 + n]) for n in (1, 2, 3)]
            if any(key in self._words.places for key in following):
                return True
        return before == "," and run.first - 2 >= run.sentence.first and (
            (lower[run.first - 2],) in self._words.places
        )

    def _context(self, tokens: Tokens, run: _Run, before: str, after: str) -> bool:
        """Whether the sentence treats the name as a company: subject, partner, owner."""
        words, lower, sentence = tokens.words, tokens.lower, run.sentence
        lists = self._words
        single_start = run.first == sentence.first and run.last - run.first == 1
        single = run.last - run.first == 1
        if after in lists.verbs and not (
            after in _WEAK_VERBS and (single_start or (single and not words[run.first].isupper()))
        ):
            return not words[run.last - 1].isdigit()
        if after in lists.speech and single and words[run.first].isupper():
            return True
        if after in ("'s", "’s") and run.last + 1 < sentence.last:
            nearby = lower[run.last + 1 : run.last + 4]
            if any(w in lists.possessions for w in nearby):
                return True
        if after in ("shares", "stock", "stockholders", "shareholders") and before != "":
            return True
        window = lower[max(sentence.first, run.first - 8) : max(run.first - 1, sentence.first)]
        so_far = lower[sentence.first : run.first]
        if before == "to" and any(w in _SELL for w in so_far):
            return True
        if before == "from" and any(w in _BUY for w in so_far):
            return True
        if before in ("with", "from", "by", "to", "between", "including", "via", "through"):
            return any(w in lists.cue_nouns or w in lists.participles for w in window)
        if before in ("for", "as"):
            return bool(set(window) & _CONTRACTS)
        if before in ("of", "in") and run.first - 2 >= sentence.first:
            return lower[run.first - 2] in lists.before_of
        return before in lists.buy_verbs and not single_start

    def _in_chain(self, tokens: Tokens, run: _Run, accepted: set[int]) -> bool:
        """Whether a comma or "and" joins the name to a company ("Aker, Nokia and Nvidia")."""
        lower = tokens.lower
        index = run.first - 1
        if index >= run.sentence.first and lower[index] in (",", "and", "or", "&"):
            while index > run.sentence.first and lower[index] in (",", "and", "or", "&"):
                index -= 1
            if index in accepted:
                after = lower[run.last] if run.last < run.sentence.last else ""
                # "TeraWulf, Texas" and "IREN and Bitcoin": apposition is no list
                return not (lower[run.first - 1] == "," and after not in (",", "and", "or", "&"))
        index = run.last
        return (
            index + 1 < run.sentence.last
            and lower[index] in ("and", "&")
            and index + 1 in accepted
            and run.first > run.sentence.first
        )
