"""What the sentence around a capitalised run says: a company, or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable

from extractor.reading.apposition import Apposition
from extractor.reading.places import PlaceRules
from extractor.reading.runs import PRODUCT_CODE, Run, legal_end
from extractor.reading.statements import POSSESSIVE
from extractor.reading.tokens import Tokens
from extractor.reading.wording import TextContext, Wording, defined_terms
from extractor.reading.wordlists import WordLists

_CUE_REACH = 8
_CELLS = 3
_PARENTHESIS_REACH = 8
_AMBIGUOUS_SITE_TAILS = frozenset(("dc_developer", "government_body"))
_FIRM_SITE_TAILS = frozenset(("Infrastructure", "Infra", "Realty", "Hosting", "Colocation", "Colo"))
_PARTNER_PREPOSITIONS = frozenset(
    ("with", "from", "by", "to", "between", "including", "via", "through")
)
_CODE = re.compile(r"[A-Z]{4}(?:3|4|11)|(?!19|20)[1-9]\d{3}")  # "(CRDD3)", "(5281)"
_SINGULAR = frozenset(("is", "has", "was"))
_SIDE_BY_SIDE = frozenset(("with", "by", "via"))
_RELATIVES = frozenset(("which", "whose"))
_BEFORE_RELATIVES = frozenset(("of", "from", "in", "to", "with", "for", "by", "on"))
_OTHERS = frozenset(("the", "its", "a", "an"))
_MONEY = frozenset("$€£¥₹")
_BOTH = frozenset(("have", "are", "both"))


class Evidence:
    """Judges runs by the word lists; keeps nothing of a text."""

    def __init__(self, words: WordLists) -> None:
        self._words = words
        self._held = {adverb_and_verb[-1] for adverb_and_verb in words.held}
        self._wording = Wording(words)
        self._places = PlaceRules(words)
        self._apposition = Apposition(words)

    def context(self, tokens: Tokens, runs: Iterable[Run], persons: frozenset[int]) -> TextContext:
        """The places, the defined terms and the names inside sentences of a text."""
        found = TextContext(defined=defined_terms(tokens.text), persons=persons)
        for run in runs:
            if not run.leads:
                found.inside.update(tokens.words[run.first : run.last])
            key = tuple(tokens.lower[run.first : run.last])
            if key[0] == "project":
                found.places.update((key[1:], key[1:2]))  # "Project Kati 2", later "Kati"
            if self._is_holding(tokens, run):
                found.holdings.add(key)
            if self._is_medium(tokens, run):
                found.media.add(key)
            if self._places.is_site(tokens, run):
                found.places.add(key)
            elif self._places.is_visited(tokens, run):
                found.visited.add(key)
        return found

    def category(self, tokens: Tokens, run: Run, text: TextContext) -> str | None:
        """The category of the company that the run names, or None if it names none."""
        words, lower, lists = tokens.words, tokens.lower, self._words
        last = words[run.last - 1]
        has_legal = legal_end(tokens, run.last, lists) > run.last or not lists.legal.isdisjoint(
            words[run.first + 1 : run.last]
        )
        described = self._apposition.category(tokens, run)
        has_symbol = self.has_symbol(tokens, run)
        sure = has_legal or has_symbol or described is not None
        if not self._wording.may_name(tokens, run, text, sure=sure):
            return None
        tail = None if run.single else lists.tails.get(last) or lists.heads.get(words[run.first])
        category = tail or "other"
        if described and (described != "other" or tail is None):
            category = described
        lone = self._wording.is_lone_word(tokens, run, text)
        key = tuple(lower[run.first : run.last])
        if key in text.holdings or (key in text.media and not has_legal):
            return None
        if has_legal or has_symbol or (described and not lone):
            return category
        if described and self._is_introduced(tokens, run):
            return category
        if run.sentence.zone == "body" and self._wording.is_camel(tokens, run):
            return category
        is_site_word = lower[run.last - 1] in lists.site_nouns
        if self._is_place(tokens, run, text) and (
            tail is None
            or is_site_word
            or (tail in _AMBIGUOUS_SITE_TAILS and last not in _FIRM_SITE_TAILS)
        ):
            return None
        if tail and not is_site_word and not self._wording.is_plain_lead(tokens, run, text):
            if not self._wording.is_generic(tokens, run):
                return category
            if run.leads and (lower[run.first],) not in lists.places:
                return None
        if self._is_hyphenated(tokens, run) or self._wording.is_pair(tokens, run):
            return category
        if self._is_entry(tokens, run) or self._is_labelled(tokens, run):
            return category
        return None if lone or not self._in_context(tokens, run, text) else category

    def may_join(self, tokens: Tokens, run: Run, text: TextContext) -> bool:
        """Whether a list of companies may go on with the run."""
        return (
            self._wording.may_name(tokens, run, text, sure=False)
            and not self._is_place(tokens, run, text)
            and not self._wording.is_lone_word(tokens, run, text)
        )

    def is_described(self, tokens: Tokens, run: Run) -> bool:
        """Whether a noun right before the run says what it is ("startup ECL")."""
        before = tokens.lower[run.first - 1] if run.first > run.sentence.first else ""
        return before in self._words.descriptors

    def may_extend(self, tokens: Tokens, run: Run, text: TextContext) -> bool:
        """Whether the run can be the long form of a company that its first word names."""
        return (
            run.last - run.first == 2
            and tokens.lower[run.last - 1] not in self._words.site_nouns
            and tokens.lower[run.last - 1] not in self._words.person_titles
            and self._wording.may_name(tokens, run, text, sure=False)
            and not self._places.is_site(tokens, run)
        )

    def has_symbol(self, tokens: Tokens, run: Run) -> bool:
        """Whether "(NASDAQ: " or "(WULF)" follows."""
        words, lists = tokens.words, self._words
        index = legal_end(tokens, run.last, lists)
        if index + 2 >= run.sentence.last or words[index] != "(":
            return False
        symbol = words[index + 1]
        if tokens.lower[index + 1] in lists.exchanges:
            return True
        if _CODE.fullmatch(symbol) and words[index + 2] == ")":
            return True
        return (
            2 <= len(symbol) <= 5
            and symbol.isalpha()
            and symbol.isupper()
            and symbol not in lists.not_tickers
            and words[index + 2] in (")", ",", ":")
        )

    def _is_place(self, tokens: Tokens, run: Run, text: TextContext) -> bool:
        key = tuple(tokens.lower[run.first : run.last])
        return (
            key in text.places
            or self._places.is_visited(tokens, run)
            or (
                (key in text.visited or self._places.follows_place(tokens, run))
                and not self._is_subject(tokens, run)
            )
        )

    def _is_medium(self, tokens: Tokens, run: Run) -> bool:
        """Whether it is who reports: "the Nikkan has learned", "documents seen by Creditdesk"."""
        lower, sentence = tokens.lower, run.sentence
        behind = tuple(lower[run.last : min(run.last + 4, sentence.last)])
        before = tuple(lower[max(sentence.first, run.first - 4) : run.first])
        if before[-1:] == ("the",):
            before = before[:-1]
        return any(behind[: len(words)] == words for words in self._words.writing) or any(
            before[-len(words) :] == words for words in self._words.written
        )

    def _is_holding(self, tokens: Tokens, run: Run) -> bool:
        """Whether it is but a site's LLC: "MPD Spartanburg LLC, a subsidiary of"."""
        index = legal_end(tokens, run.last, self._words)
        if "LLC" not in tokens.words[run.last : index] or (
            tokens.words[run.last - 1] in self._words.tails
            or tokens.lower[run.last - 1] in self._words.debtors
        ):
            return False
        if tokens.words[index : index + 1] == ["("]:
            reach = tokens.words[index : index + _CUE_REACH]
            index += reach.index(")") + 1 if ")" in reach else 0
        if tokens.words[index : index + 1] != [","]:
            return False
        aside = tokens.lower[index + 1 : index + 1 + _CUE_REACH]
        return aside[:1] in (["a"], ["an"]) and "subsidiary" in aside

    def _is_introduced(self, tokens: Tokens, run: Run) -> bool:
        """Whether what the name is follows at once: "Cottonwood, a Dallas credit fund,".

        Behind "the" a comma must close it: "Regal, the hedge fund," but not "Power, the firm".
        """
        follows = tokens.lower[run.last : run.last + _CUE_REACH]
        if follows[:1] != [","]:
            return False
        if follows[1:2] != ["the"]:
            return follows[1:2] in (["a"], ["an"])
        aside = follows[2 : follows.index(",", 2)] if "," in follows[2:] else []
        return len(aside) > 1 and aside[-1] in self._words.descriptors

    def _is_entry(self, tokens: Tokens, run: Run) -> bool:
        """Whether a coinage fills a table's cell or heads a line ("| Nexgrid |", "Nexgrid: ")."""
        words, english = tokens.words, self._words.english
        if run.last >= run.sentence.last or not all(
            english.coined(w) for w in words[run.first : run.last]
        ):
            return False
        after = words[run.last]
        before = words[run.first - 1] if run.first else "\n"
        if after == "|":
            return before == "|" and not words[run.first].isupper()
        if after == "/" and not tokens.glued(run.last):
            # "Yondr / Frankfurt / 5 yr"
            cells = words[run.last : run.sentence.last].count("/")
            return run.first == run.sentence.first and cells >= _CELLS
        starts = run.first == run.sentence.first or before in ("-", "*", "•", "–", "—")
        return starts and after in ("—", "–", ":") and not words[run.first].isupper()

    def _is_labelled(self, tokens: Tokens, run: Run) -> bool:
        """Whether a party's label stands before it: "Lender: Baloise", "Seller: Amber Shore"."""
        label = run.first - 2
        return (
            label >= run.sentence.first
            and tokens.words[label + 1] == ":"
            and tokens.words[label][0].isupper()
            and tokens.lower[label] in self._words.labels
            and (not run.single or not self._words.english.has(tokens.lower[run.first]))
        )

    def _is_hyphenated(self, tokens: Tokens, run: Run) -> bool:
        """Whether it stands in "X-backed", "state-owned X", "Texas-based X", "privately held X"."""
        lower, first, last = tokens.lower, run.first, run.last
        if lower[first - 1] in self._held and (
            (*lower[max(run.sentence.first, first - 2) : first],) in self._words.held
        ):
            after = lower[last] if last < run.sentence.last else ""
            return after not in self._words.descriptors
        suffixes = self._words.suffixes
        if last + 1 < run.sentence.last and lower[last] == "-" and lower[last + 1] in suffixes:
            return True
        return (
            first - 3 >= run.sentence.first
            and lower[first - 2] == "-"
            and tokens.glued(first - 1)
            and (lower[first - 1] in suffixes or lower[first - 1] in self._words.origins)
        )

    def _in_context(self, tokens: Tokens, run: Run, text: TextContext) -> bool:
        """Whether the sentence treats the name as a company: subject, partner, owner."""
        lower, sentence, lists = tokens.lower, run.sentence, self._words
        if sentence.zone != "body":
            # below the news the subject is as often the site itself
            return run.first > sentence.first and self._is_object(tokens, run)
        if self._is_subject(tokens, run) or self._heads_text(tokens, run):
            return True
        known_name = run.single and tokens.words[run.first] in lists.english.names
        after = lower[run.last] if run.last < sentence.last else ""
        before = lower[run.first - 1] if run.first > sentence.first else ""
        if after in POSSESSIVE and (
            lists.possessions & set(lower[run.last + 1 : run.last + 4]) or self._owns(tokens, run)
        ):
            return True
        if not before:
            return False
        if after in ("shares", "stock", "stockholders", "shareholders"):
            return True
        if before in ("of", "at", "from") and run.first - 2 in text.persons:
            return True
        if known_name:
            window = lower[max(sentence.first, run.first - _CUE_REACH) : run.first - 1]
            return before == "with" and bool(lists.contracts & set(window))
        if run.last < sentence.last and PRODUCT_CODE.match(tokens.words[run.last]):
            return run.single  # "Bitmain S21s"
        if after in lists.behind or (before in POSSESSIVE and self._is_owned(tokens, run)):
            return True
        return self._is_object(tokens, run)

    def _owns(self, tokens: Tokens, run: Run) -> bool:
        """Whether a coinage owns what no place has: "Quillon's $850m", not "Emden's mayor"."""
        lists, nouns = self._words, set(tokens.lower[run.last + 1 : run.last + 4])
        if not run.single and self._is_like_person(tokens, run):
            return False
        return any(map(lists.english.coined, tokens.words[run.first : run.last])) and not (
            nouns & lists.site_nouns or nouns & lists.person_titles or nouns & lists.of_towns
        )

    def _is_owned(self, tokens: Tokens, run: Run) -> bool:
        """ "Japan's Metaplanet", "64% of EDF's Exaion": a country's or a seller's company."""
        lower, first, floor = tokens.lower, run.first, run.sentence.first
        owner = first - 2
        if owner < floor or not tokens.words[owner][0].isupper():
            return False
        if self._places.ends_place(tokens, owner, floor):
            return run.single or self._words.english.coined(tokens.words[first])
        while owner > floor and tokens.words[owner][0].isupper():
            owner -= 1
        return (
            owner > floor
            and lower[owner] in ("of", "in")
            and lower[owner - 1] in self._words.portions
        )

    def _is_subject(self, tokens: Tokens, run: Run) -> bool:
        """Whether a verb of business follows, at once or behind an adverb or an aside."""
        words, lower, sentence, lists = tokens.words, tokens.lower, run.sentence, self._words
        word = words[run.first]
        if words[run.last - 1].isdigit() or run.last >= sentence.last:
            return False
        before = lower[run.first - 1] if run.first > sentence.first else ""
        if before == "of":
            return False  # "the municipality of Vefsn has"
        known_name = run.single and word in lists.english.names
        coined = run.single and lists.english.coined(word)
        firm = not known_name and (not run.single or coined or word.isupper())
        after = lower[run.last]
        following = lower[run.last + 1] if run.last + 1 < sentence.last else ""
        if after == "of" and firm:
            floor = run.last + 1
            for end in (floor, floor + 1):
                if end + 1 < sentence.last and self._places.ends_place(tokens, end, floor):
                    # "Andes Hash of Chile ordered"
                    return not run.leads or lower[end + 1] in lists.verbs
            return False
        if after == "and" and firm and following:
            return self._act_together(tokens, run)
        if after == ",":
            return firm and (
                following in _RELATIVES
                or (
                    following in _BEFORE_RELATIVES
                    and bool(_RELATIVES & set(lower[run.last + 2 : run.last + 3]))
                )
                or self._acts_behind(tokens, run)
                or self._is_told_of(tokens, run)
                or self._act_together(tokens, run)
            )
        if after.endswith(("n't", "n’t")):
            return firm or known_name
        if after == "told" and following in self._words.audience:
            return firm
        if after in lists.speech and firm:
            return run.single or not self._is_like_person(tokens, run)
        if after in lists.weak_verbs:
            if run.leads and lists.english.has(lower[run.first]):
                nearby = lower[run.last + 1 : run.last + 3]
                plain = (lower[run.last - 1],) in lists.not_names  # "Frontier AI has"
                return not run.single and (
                    (after in _SINGULAR and not plain) or bool(lists.verbs & set(nearby))
                )
            return firm or (not run.leads and not known_name and following in lists.verbs)
        if after in lists.verbs:
            return True
        if after in lists.adverbs and (following in lists.verbs or following in lists.weak_verbs):
            return firm
        if (
            not firm
            or known_name
            or not (after.endswith("ed") or (after.endswith("s") and self._has_object(tokens, run)))
        ):
            return False
        return lists.english.has(after) and any(
            map(lists.english.coined, words[run.first : run.last])
        )

    def _has_object(self, tokens: Tokens, run: Run) -> bool:
        """Whether behind a word in -s an object begins: "fronts $24 million", "wheels in 61 MW"."""
        at = run.last + 1
        return at < run.sentence.last and (
            tokens.words[at][0].isdigit()
            or tokens.words[at][-1] in _MONEY
            or tokens.lower[at] in _OTHERS
        )

    def _heads_text(self, tokens: Tokens, run: Run) -> bool:
        """Whether the headline begins with it and a verb: "Sedenak Utara has the money"."""
        key, lower, lists = tokens.lower[run.first : run.last], tokens.lower, self._words
        if run.single and not lists.english.coined(tokens.words[run.first]):
            return False
        follows = lower[len(key) : len(key) + 1]
        return lower[: len(key)] == key and not lists.verbs.isdisjoint(follows)

    def _is_like_person(self, tokens: Tokens, run: Run) -> bool:
        """Whether two coined words with no company's tail speak: people have such names."""
        return run.last - run.first == 2 and all(
            len(w) < 3 or self._words.english.coined(w) or w in self._words.english.names
            for w in tokens.words[run.first : run.last]
        )

    def _act_together(self, tokens: Tokens, run: Run) -> bool:
        """Whether "and", another name and their verb follow ("UBS, Citi and ING have")."""
        words, end = tokens.words, run.sentence.last
        index = run.last
        while index < end and (words[index][0].isupper() or words[index] in (",", "and")):
            index += 1
        if index >= end or "and" not in words[run.last : index]:
            return False
        if words[index - 1] == "and" and tokens.lower[index] in _OTHERS:
            # "Siam Rack and the local arm of Alibaba Cloud have"
            return bool(_BOTH & set(tokens.lower[index : min(end, index + _CUE_REACH + 1)]))
        return tokens.lower[index] in self._words.plural_verbs

    def _is_told_of(self, tokens: Tokens, run: Run) -> bool:
        """Whether an aside follows a name of several words that begins a sentence."""
        lower, lists = tokens.lower, self._words
        aside = lower[run.last + 1 : run.last + 5]
        return (
            run.leads
            and not run.single
            and not tokens.words[run.last - 1].isdigit()
            and bool(aside)
            and not tokens.words[run.last + 1][0].isupper()
            and not lists.person_titles & set(aside)
            and not lists.people & set(aside)
        )

    def _is_firm_pair(self, tokens: Tokens, run: Run) -> bool:
        """Whether several words, one of them coined, are not like a person's or a place's."""
        words, english = tokens.words[run.first : run.last], self._words.english
        return (
            not run.single
            and any(map(english.coined, words))
            and not self._is_like_person(tokens, run)
            and tokens.lower[run.last - 1] not in self._words.site_nouns
        )

    def _acts_behind(self, tokens: Tokens, run: Run) -> bool:
        """Whether a verb follows an aside: "Lenoir City Utilities Board, the largest, has"."""
        lower, end = tokens.lower, run.sentence.last
        stop = min(run.last + _PARENTHESIS_REACH, end - 1)
        for index in range(run.last + 2, stop):
            if lower[index] == ",":
                return lower[index + 1] in self._words.verbs
        return False

    def _is_object(self, tokens: Tokens, run: Run) -> bool:
        """Whether the words before make the name a partner, an owner or a target."""
        lower, sentence, lists = tokens.lower, run.sentence, self._words
        at = run.first - 1
        if not run.single and lower[at] == "the" and at - 1 >= sentence.first:
            at -= 1
        before = lower[at]
        window = lower[max(sentence.first, at - _CUE_REACH + 1) : at]
        previous = window[-1] if window else ""
        if before == "to" and lists.sell & set(lower[sentence.first : at]):
            return True
        if before == "from" and lists.buy & set(lower[sentence.first : at]):
            return True
        coined = run.single and lists.english.coined(tokens.words[run.first])
        if before in _SIDE_BY_SIDE and (coined or self._is_firm_pair(tokens, run)):
            return True
        if before in _PARTNER_PREPOSITIONS:
            nearby = set(window)
            return bool(nearby & lists.cue_nouns or nearby & lists.participles) or (
                previous == "according"
            )
        if before == "on":
            return bool(set(window) & lists.judgements)
        if before == "into":
            return previous in ("merged", "merge", "merger", "folded", "invested")
        if before in ("for", "as"):
            return bool(set(window) & lists.contracts)
        if before == "at":
            return bool(set(window[-5:]) & lists.people)
        if before in ("of", "in"):
            return previous in lists.before_of or (before == "in" and previous in lists.invest)
        return before in lists.buy_verbs and not run.leads
