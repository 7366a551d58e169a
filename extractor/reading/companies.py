"""Which companies a text names: the known ones by their names, unknown ones by context."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from extractor.names import company_key
from extractor.reading.gazetteer import Company, NameIndex, NameMatch, build_index
from extractor.reading.persons import find_persons
from extractor.reading.runs import legal_end
from extractor.reading.tokens import Sentence, Tokens
from extractor.reading.unknown import LearnedName, UnknownNames
from extractor.reading.wordlists import WordLists


@dataclass(frozen=True, slots=True)
class CompanyMention:
    """Tokens `first` to `last` (exclusive) name the company `name` of a `category`.

    `alias` is the first word of a known name that is an ordinary word too, else empty.
    """

    first: int
    last: int
    name: str
    category: str
    rule: str
    alias: str = ""


class CompanyFinder:
    """Finds company mentions; holds nothing of the texts it has seen."""

    def __init__(self, companies: Sequence[Company], words: WordLists) -> None:
        self.companies = tuple(companies)
        self.words = words
        self._index = build_index(self.companies)
        self._unknown = UnknownNames(words)
        self._symbols = words.symbols | {
            symbol
            for company in self.companies
            for symbol in (company.ticker, *company.former_tickers)
            if symbol and symbol not in company.names
        }
        self._by_key = {company_key(c.name): c for c in self.companies}
        for company in self.companies:
            for name in company.names:
                if name not in company.ambiguous:
                    self._by_key.setdefault(company_key(name), company)

    def find(self, tokens: Tokens, sentences: Sequence[Sentence]) -> list[CompanyMention]:
        """Mentions in order of place, without overlaps."""
        zone_of = _zones(tokens, sentences)
        starts = {s.first for s in sentences}
        persons = find_persons(tokens, self.words, starts)
        matches = list(self._index.find(tokens))
        known = self._accept(tokens, matches, zone_of, starts, persons)
        taken = {i for m in known for i in range(m.first, m.last)}
        symbols = self._symbols | noted_symbols(tokens.text)
        learned = self._unknown.learn(tokens, sentences, taken, persons, symbols)
        extra = NameIndex()
        known = _without_firsts(tokens, known, learned, zone_of)
        mentions = list(known)
        firsts = self._firsts(tokens, known, {name.name for name in learned})
        for name in learned:
            company = (
                self._by_key.get(company_key(name.name))
                or firsts.get(name.name)
                or Company(name.name, name.category)
            )
            extra.add(name.name, company)
            for short in name.short_forms:
                extra.add(short, company)
        for match in extra.find(tokens):
            place = range(match.first, match.last)
            inside = [m for m in mentions if m.first < match.last and match.first < m.last]
            if any(m.last - m.first >= len(place) for m in inside):
                continue
            if match.first in persons or not self._may_be_short_form(
                tokens, match, starts, zone_of
            ):
                continue
            mentions = [m for m in mentions if m not in inside]
            mentions.append(self._mention(tokens, match, "name by context"))
        return sorted(mentions, key=lambda m: m.first)

    def _firsts(
        self, tokens: Tokens, known: list[CompanyMention], learned: set[str]
    ) -> dict[str, Company]:
        """The known companies by learned names that are the first of several words printed."""
        found: dict[str, Company] = {}
        shared: set[str] = set()
        for m in known:
            word = tokens.words[m.first]
            if word not in learned or m.last - m.first == 1 or m.name == word:
                continue
            company = self._by_key[company_key(m.name)]
            if found.setdefault(word, company) is not company:
                shared.add(word)
        return {word: company for word, company in found.items() if word not in shared}

    def _accept(
        self,
        tokens: Tokens,
        matches: list[NameMatch],
        zone_of: list[str],
        starts: set[int],
        persons: frozenset[int],
    ) -> list[CompanyMention]:
        """The matches that are the company: the sure ones first, then those they make sure."""
        tickers = {w for w in tokens.words if w.isupper() and 2 <= len(w) <= 5}
        sites = self._site_names(tokens, matches)
        longer = self._in_longer_names(tokens, matches, zone_of)
        fitting = [
            m
            for m in matches
            if not (m.first in persons and m.last - m.first == 1)
            and m.first not in longer
            and not (m.ambiguous and tokens.words[m.first] in sites)
            and not self._is_part_of_other(tokens, m, zone_of, starts)
        ]
        sure = {
            m.company.name
            for m in fitting
            if not m.ambiguous
            or (m.company.ticker and m.company.ticker in tickers)
            or self._has_company_context(tokens, m, starts, zone_of)
        }
        listed = self._listed_with(tokens, fitting, sure)
        return [
            self._mention(tokens, m, "known name")
            for m in fitting
            if m.company.name in sure or m.company.name in listed
        ]

    def _in_longer_names(
        self, tokens: Tokens, matches: list[NameMatch], zone_of: list[str]
    ) -> set[int]:
        """Where plain words end or continue another name: "Granite Peak Mining".

        In a title, where all words have capitals, only what the body shows as well.
        """
        words, lower, lists = tokens.words, tokens.lower, self.words
        found: dict[int, str] = {}
        for m in matches:
            at = m.first - 1
            if m.last - m.first < 2 or at < 0 or tokens.glued(m.first) or not _is_cap(words, at):
                continue
            if not all(lists.english.has(w) for w in lower[m.first : m.last]):
                continue
            previous = lower[at]
            if not (
                len(previous) > 2
                and words[at].isalpha()
                and previous not in lists.descriptors
                and previous not in lists.starters
                and previous not in lists.person_titles
                and (previous,) not in lists.not_names
            ):
                continue
            found[m.first] = previous
        shown = {(previous, words[i]) for i, previous in found.items() if zone_of[i] != "title"}
        return {i for i, previous in found.items() if (previous, words[i]) in shown}

    def _site_names(self, tokens: Tokens, matches: list[NameMatch]) -> set[str]:
        """Ambiguous names that are a plant's here ("its Susquehanna nuclear plant")."""
        lower = tokens.lower
        return {
            tokens.words[m.first]
            for m in matches
            if m.ambiguous
            and m.first
            and lower[m.first - 1] in ("its", "at")
            and any(w in self.words.site_nouns for w in lower[m.last : m.last + 2])
        }

    def _listed_with(self, tokens: Tokens, matches: list[NameMatch], sure: set[str]) -> set[str]:
        """The companies that "and" joins to a sure one ("Celsius and Galaxy")."""
        names = set()
        for one, other in pairwise(matches):
            between = tokens.lower[one.last : other.first]
            if between in (["and"], ["&"], [",", "and"], [","]):
                if other.company.name in sure:
                    names.add(one.company.name)
                if one.company.name in sure and between != [","]:
                    names.add(other.company.name)
        return names

    def _mention(self, tokens: Tokens, match: NameMatch, rule: str) -> CompanyMention:
        last = legal_end(tokens, match.last, self.words)
        alias = tokens.words[match.first] if match.ambiguous else ""
        company = match.company
        return CompanyMention(match.first, last, company.name, company.category, rule, alias)

    def _has_company_context(
        self, tokens: Tokens, match: NameMatch, starts: set[int], zone_of: list[str]
    ) -> bool:
        """Whether the words around an ambiguous name treat it as a company."""
        words, lower = tokens.words, tokens.lower
        after = lower[match.last] if match.last < len(lower) else ""
        before = lower[match.first - 1] if match.first else ""
        following = lower[match.last + 1] if match.last + 1 < len(lower) else ""
        if legal_end(tokens, match.last, self.words) > match.last:
            return True
        if (
            match.first - 1 in starts
            and before in self.words.descriptors
            and _is_cap(words, match.first - 1)
            and zone_of[match.first] != "title"
        ):
            return True  # "Creditor Galaxy"
        if (
            match.last - match.first == 1
            and _is_cap(words, match.first - 1)
            and (
                match.first not in starts
                and zone_of[match.first] != "title"
                and before not in self.words.starters
            )
        ):
            return False
        if after in self.words.verbs or after in self.words.speech or after in _HOLDERS:
            return True
        if after in ("last", "this") and self.words.verbs & {
            *lower[match.last + 2 : match.last + 3]
        }:
            return True  # "Riot last year gave up"
        if after.endswith(("n't", "n’t")) or (after == "," and following in ("which", "whose")):
            return True
        if after == "," and following in ("a", "an", "the", "one", "once"):
            nouns = lower[match.last + 2 : match.last + 2 + _APPOSITION_REACH]
            if "," in nouns and any(w in self.words.descriptors for w in nouns[: nouns.index(",")]):
                return True  # "Perplexity, the AI search outfit, has"
        if after in ("'s", "’s") and match.last + 1 < len(lower):
            return (
                zone_of[match.first] != "title" or lower[match.last + 1] in self.words.possessions
            )
        if self._is_label(tokens, match):
            return True
        if self._is_place_or_person(tokens, match):
            return False
        if match.first in starts:
            # "Kraken, named as a defendant, denies it", "Cipher and others fell"
            return zone_of[match.first] == "body" and after in _FOLLOWERS
        if zone_of[match.first] == "title":
            return before in self.words.descriptors or (
                before in ("with", "from", "by", "to", "of", "in", "at")
                and not _is_cap(words, match.last)
            )
        # in running text a capital in mid-sentence is a name
        return True

    def _is_label(self, tokens: Tokens, match: NameMatch) -> bool:
        """Whether the name heads a line: "- Galaxy: another phase", "1. Yotta. The group"."""
        words = tokens.words
        before = words[match.first - 1] if match.first else "\n"
        after = words[match.last] if match.last < len(words) else ""
        numbered = before == "." and match.first > 1 and words[match.first - 2].isdigit()
        if after == ".":
            return numbered
        return (numbered or before[0] == "\n" or before in _BULLETS) and after in _LABEL_ENDS

    def _is_place_or_person(self, tokens: Tokens, match: NameMatch) -> bool:
        """Whether a capital alone says nothing: "Susquehanna" is a river, "Serena" a woman."""
        key = tuple(tokens.lower[match.first : match.last])
        return key in self.words.places or (len(key) == 1 and key[0] in self.words.first_names)

    def _is_part_of_other(
        self, tokens: Tokens, match: NameMatch, zone_of: list[str], starts: set[int]
    ) -> bool:
        """Whether the match is a piece of a longer name ("Apollo Hospitals", "Lake Block Park")."""
        words, lower = tokens.words, tokens.lower
        if (
            match.first > 1
            and words[match.first - 1] == "-"
            and words[match.first - 2][0].isalpha()
            and (tokens.glued(match.first) and tokens.glued(match.first - 1))
        ):
            # "Gigawatt-Scale AI", but "two ex-Pfizer engineers"
            return (match.ambiguous or lower[match.first - 2] not in _PREFIXES) and lower[
                match.first
            ] not in self.words.suffixes
        if (
            match.ambiguous
            and match.last + 1 < len(words)
            and (
                (words[match.last] == "/" and tokens.glued(match.last))
                or (words[match.last].isdigit() and len(words[match.last]) == 3)
            )
        ):
            return True  # "S&P 500", "S&P/TSX"
        single = match.last - match.first == 1
        if single and single_channel(lower, match.first, self.words.channels):
            return True
        if zone_of[match.first] == "title":
            return False
        if single and match.first and match.first not in starts and _is_cap(words, match.first - 1):
            previous = lower[match.first - 1]
            if previous in self.words.other_first:
                return True
            if (
                previous not in self.words.descriptors
                and words[match.first - 1] not in self.words.legal
                and previous not in self.words.person_titles
                and previous not in self.words.starters
                and not self._ends_known(tokens, match.first)
                and (match.ambiguous or previous in self.words.first_names)
            ):
                return True
        if match.last < len(words) and _is_cap(words, match.last) and not tokens.glued(match.last):
            following = lower[match.last]
            if single and following in self.words.site_nouns:
                if match.ambiguous or following == "city":
                    return True
            if (
                match.ambiguous
                and (following not in self.words.starters or words[match.last] in self.words.tails)
                and words[match.last] not in self.words.legal
            ):
                return not words[match.last].isupper()
        return False

    def _ends_known(self, tokens: Tokens, index: int) -> bool:
        return (tokens.lower[index - 1],) in self.words.not_names

    def _may_be_short_form(
        self, tokens: Tokens, match: NameMatch, starts: set[int], zone_of: list[str]
    ) -> bool:
        """Whether a learned name stands here on its own, not inside another name."""
        if match.last - match.first > 1:
            return True
        words, lower = tokens.words, tokens.lower
        if zone_of[match.first] == "title":
            return True
        if match.first in starts and lower[match.first] in self.words.starters:
            return False
        after_cap = match.last < len(words) and _is_cap(words, match.last)
        before_cap = match.first not in starts and match.first and _is_cap(words, match.first - 1)
        if after_cap and lower[match.last] in self.words.site_nouns:
            return False
        return not (
            before_cap and not after_cap and lower[match.first - 1] in self.words.first_names
        )


# what seldom stands behind a common word that begins a sentence
_FOLLOWERS = frozenset((",", "and", "(", "in", "came", "comes", "also", "itself", "alone"))
_PREFIXES = frozenset(("ex", "non", "pro", "anti"))
_APPOSITION_REACH = 9
_BULLETS = frozenset(("-", "*", "•", "·", "–", "—"))
_LABEL_ENDS = frozenset((":", "—", "–", "|"))
_HOLDERS = frozenset(
    ("shareholders", "stockholders", "holders", "shares", "stock", "portfolio", "analysts")
)
_POSTED = frozenset(("on", "via", ":", "|", "follow", "share"))


def single_channel(lower: list[str], index: int, channels: frozenset[str]) -> bool:
    """Whether the word is where something is posted ("on Twitter", "Twitter Telegram")."""
    if lower[index] not in channels or not index:
        return False
    following = lower[index + 1] if index + 1 < len(lower) else ""
    return lower[index - 1] in _POSTED or lower[index - 1] in channels or following in channels


_NOTED_SYMBOL = re.compile(r"\((?:[A-Za-z][\w .|/&]{1,30}:\s?)?([A-Z]{2,5})\)")


def noted_symbols(text: str) -> frozenset[str]:
    """The symbols that a text puts behind names in parentheses, abbreviations among them."""
    return frozenset(_NOTED_SYMBOL.findall(text))


def _without_firsts(
    tokens: Tokens,
    known: list[CompanyMention],
    learned: Sequence[LearnedName],
    zone_of: list[str],
) -> list[CompanyMention]:
    """The known mentions but those by a first word that another name of the text has.

    Where a text names "Ardent Acquisition Corp. II" and no other Ardent, "Ardent" is that. A
    company's whole name gives way only to a longer one that the body has first.
    """
    firsts = {short for name in learned for short in name.short_forms}
    doubtful = {m.alias for m in known if m.last - m.first == 1} & firsts
    if not doubtful:
        return known
    full = {m.name for m in known if not m.alias}
    places = {m.first for m in known}
    body = zone_of.index("body") if "body" in zone_of else 0
    led = {a for a in doubtful if a not in tokens.words[body:]}
    led |= {a for a in doubtful - led if tokens.words.index(a, body) in places}
    return [
        m
        for m in known
        if m.alias not in doubtful or m.name in full or (m.name == m.alias and m.alias in led)
    ]


def _is_cap(words: list[str], index: int) -> bool:
    return 0 <= index < len(words) and words[index][0].isupper()


def _zones(tokens: Tokens, sentences: Sequence[Sentence]) -> list[str]:
    zones = ["body"] * len(tokens)
    for sentence in sentences:
        if sentence.zone != "body":
            for index in range(sentence.first, sentence.last):
                zones[index] = sentence.zone
    return zones
