"""Sentences into statements: stretches with cues, parties in their places, amounts."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from extractor.reading.companies import CompanyMention
from extractor.reading.lexicon import Cue, Lexicon
from extractor.reading.quantities import Amount
from extractor.reading.tokens import Sentence, Tokens
from extractor.reading.wordlists import WordLists

PREPOSITIONS = frozenset(
    "with to from for by between at in into of via through under on over against among behind "
    "versus including per toward towards than like as about without within across".split()
)
DETERMINERS = frozenset(
    "the a an its their his her this that these those each both all some any".split()
)
_BE = frozenset("is are was were be been being get gets got getting becomes became".split())
_POSSESSIVE = frozenset(("'s", "’s"))
_MAKING = frozenset(
    (
        "sign",
        "ink",
        "strike",
        "agree",
        "reach",
        "conclude",
        "execute",
        "announce",
        "win",
        "enter into",
        "clinch",
    )
)
_AFTER_NEWS = ("following", "on news of", "on the news of", "on the back of", "on word of")
_PRODUCTS = frozenset(
    "gpus gpu chips processors accelerators servers systems machines hardware blackwell gb200 gb300 h100 h200 b200 b300 "
    "rigs miners superchips racks antminer hopper rubin mi300x mi355x s21 s19 gear".split()
)
_MAIN_AUXILIARY = frozenset(
    "has have had will would is was are were said says also may plans".split()
)
_TIMES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december week month year quarter yesterday today spring summer autumn winter night".split()
)
# "X's announcement of a purchase" is X's purchase
_TRANSPARENT = frozenset(
    "announcement news signing completion closing pricing launch disclosure plan plans unveiling execution".split()
)
_PLEONASTIC = frozenset(
    "the a an not also another clear likely unclear worth only one still too possible understood".split()
)
_PRONOUNS = {"it": "any", "its": "any", "their": "any", "we": "any", "our": "any"}


@dataclass(frozen=True, slots=True)
class Party:
    """Someone a statement speaks of: a named company or a reference to one.

    `label` is the place in the sentence: subj, obj, a preposition, poss (owner of what
    `head` names), mod (stands before a deal noun), backer ("X-backed").
    """

    first: int
    last: int
    name: str  # "" for a reference that is not resolved yet
    category: str
    label: str
    head: str = ""
    reference: str = ""  # the kind of description: miner, tenant, any ...


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount with its tokens and its role in the sentence."""

    first: int
    last: int
    amount: Amount
    role: str


@dataclass(slots=True)
class Statement:
    """Tokens `first` to `last` of a sentence that make one claim."""

    first: int
    last: int
    sentence: Sentence
    border: str  # the word that opened it, "" at the start of the sentence
    cues: list[Cue] = field(default_factory=list)
    parties: list[Party] = field(default_factory=list)
    quantities: list[Quantity] = field(default_factory=list)
    commas: tuple[int, ...] = ()


class StatementBuilder:
    """Cuts sentences into statements and labels who stands where."""

    def __init__(self, lexicon: Lexicon, words: WordLists) -> None:
        self._lexicon = lexicon
        self._words = words
        common = lexicon.common
        self._borders = _phrases(common["clauses"]["borders"])
        self._references: dict[tuple[str, ...], str] = {}
        for kind, phrases in common["references"].items():
            for phrase in phrases:
                self._references.setdefault(tuple(phrase.split()), kind)
        self._sentence_first = 0
        self._longest_reference = max(map(len, self._references))

    def build(
        self,
        tokens: Tokens,
        sentence: Sentence,
        companies: Sequence[CompanyMention],
        quantities: Sequence[Quantity],
    ) -> list[Statement]:
        """The statements of a sentence, in order; none is empty."""
        self._sentence_first = sentence.first
        cues = [
            c
            for c in self._lexicon.cues(tokens, sentence.first, sentence.last)
            if not any(m.first <= c.first < m.last for m in companies)
            and not (c.kind.endswith("verb") and _is_compound(tokens, c.first))
        ]
        bounds = self._bounds(tokens, sentence, cues, companies)
        parties = self._parties(tokens, sentence, companies, cues, [b for b, _ in bounds])
        statements = []
        for (first, border), (last, _) in zip(
            bounds, [*bounds[1:], (sentence.last, "")], strict=True
        ):
            if last <= first:
                continue
            statements.append(
                Statement(
                    first,
                    last,
                    sentence,
                    border,
                    [c for c in cues if first <= c.first < last],
                    [p for p in parties if first <= p.first < last],
                    [q for q in quantities if first <= q.first < last],
                    tuple(i for i in range(first, last) if tokens.words[i] == ","),
                )
            )
        _share_subjects(statements, parties)
        for earlier, statement in zip(statements, statements[1:], strict=False):
            # "The lease, which Cipher signed with AWS": the noun belongs to the clause too
            makes_deal = any(c.lemma in _MAKING for c in statement.cues if c.kind == "deal verb")
            if statement.border in ("which", "that") and earlier.cues and makes_deal:
                cue = earlier.cues[-1]
                if cue.kind in ("noun", "deal noun") and 0 <= statement.first - cue.last <= 1:
                    statement.cues.insert(0, cue)
        return statements

    def _bounds(
        self,
        tokens: Tokens,
        sentence: Sentence,
        cues: Sequence[Cue],
        companies: Sequence[CompanyMention],
    ) -> list[tuple[int, str]]:
        """Where statements begin, each with the word that opens it."""
        lower, words = tokens.lower, tokens.words
        verb_at = {c.first: c for c in cues if c.kind in ("verb", "deal verb")}
        company_at = {m.first for m in companies}
        bounds = [(sentence.first, "")]
        has_deal = pending = relative = False
        index = sentence.first
        depth = 0
        while index < sentence.last:
            if any(c.first == index for c in cues):
                has_deal = True
            word = lower[index]
            border = ""
            depth = max(0, depth + (word in "([") - (word in ")]"))
            if depth:  # "(NASDAQ: HUT)" is no statement
                index += 1
                continue
            if word in (";", "•", "|") or (word in ("–", "—") and not tokens.glued(index)):
                border = word
            elif word == ":" and index - sentence.first > 2 and sentence.zone != "title":
                border = word
            elif (
                word == "-"
                and not tokens.glued(index)
                and index + 1 < sentence.last
                and not tokens.glued(index + 1)
                and index > sentence.first
            ):
                border = word
            elif index > sentence.first and (
                matched := self._border_at(lower, index, sentence.last)
            ):
                border = matched
                if (
                    border == "that"
                    and index > sentence.first + 1
                    and (
                        lower[index - 1]
                        in (
                            "said",
                            "says",
                            "announced",
                            "reported",
                            "disclosed",
                            "added",
                            "stated",
                            "confirmed",
                        )
                    )
                ):
                    bounds.append((index + 1, "said"))
                    index += 1
                    continue
                describes = (
                    border in ("that", "which", "who")
                    and lower[index - 1] in self._words.descriptors
                )
                if (
                    border in ("which", "who", "that", "whose", "where", "including")
                    and not (
                        describes
                        or words[index - 1] in (",", "–", "—", "(")
                        or border in ("whose",)
                    )
                    and border != "including"
                ):
                    border = ""
                if border == "including" and words[index - 1] != ",":
                    border = ""
                if border in (
                    "if",
                    "should",
                    "before",
                    "since",
                    "until",
                    "that",
                    "having",
                ) and not any(c.first > index for c in verb_at.values()):
                    border = border if border in ("if", "should") else ""
                if border in ("until", "before", "since", "after") and not self._has_verb(
                    tokens, index, sentence, verb_at
                ):
                    border = ""  # "until 2022": a date, no statement
                if border in _AFTER_NEWS:
                    pending = True
                if border in ("which", "who", "that", "whose"):
                    relative = True
                if border == "should" and words[index - 1] not in (",", ".", "-"):
                    border = ""
            elif word == "and" and has_deal and index + 1 < sentence.last:
                border = self._and_border(tokens, index, sentence, verb_at, company_at)
            elif (
                word == ","
                and relative
                and index + 1 < sentence.last
                and (
                    lower[index + 1] in _MAIN_AUXILIARY
                    or (index + 1 in verb_at and verb_at[index + 1].form in ("past", "s"))
                )
            ):
                border, relative = "main", False
            elif word == "," and pending and index - bounds[-1][0] > 2:
                border, pending = ",", False
            elif word == "," and has_deal and index + 1 < sentence.last:
                following = verb_at.get(index + 1)
                if following is not None and following.form == "ing":
                    border = ","
            if border:
                bounds.append(
                    (index + 1 if border in (";", ":", "–", "—", "•", "|", "-") else index, border)
                )
            index += 1
        return bounds

    def _has_verb(
        self, tokens: Tokens, index: int, sentence: Sentence, verb_at: dict[int, Cue]
    ) -> bool:
        """Whether a verb stands between a border word and the next comma."""
        lower = tokens.lower
        for i in range(index + 1, sentence.last):
            if lower[i] in (",", ";", "–", "—"):
                return False
            if i in verb_at or lower[i] in _BE or lower[i] in ("has", "have", "had", "said"):
                return True
        return True

    def _and_border(
        self,
        tokens: Tokens,
        index: int,
        sentence: Sentence,
        verb_at: dict[int, Cue],
        company_at: set[int],
    ) -> str:
        """ "and" opens a statement before a verb, or before a subject with its verb."""
        lower = tokens.lower
        following = index + 1
        while following < min(index + 4, sentence.last) and (
            lower[following].endswith("ly")
            or lower[following]
            in (
                "also",
                "has",
                "have",
                "had",
                "then",
                "later",
                "is",
                "was",
                "will",
                "would",
                "to",
                "now",
                "separately",
                ",",
                "in",
                "recently",
            )
        ):
            following += 1
        cue = verb_at.get(following)
        if cue is not None and (
            cue.form != "ing" or any(c.form == "ing" and c.first < index for c in verb_at.values())
        ):
            return "and"
        # "and in September Nebius landed": an adverbial may stand before the subject
        for start in range(index + 1, min(index + 7, sentence.last)):
            if (
                start in company_at
                or lower[start] in ("it", "they")
                or (lower[start] == "the" and start == index + 1)
            ):
                for i in range(start + 1, min(start + 9, sentence.last)):
                    if (
                        lower[i] in (",", ";", "and")
                        and i > start + 4
                        or lower[i] in ("for", "with")
                    ):
                        break
                    if (i in verb_at and verb_at[i].form in ("past", "s")) or lower[i] in (
                        "will",
                        "has",
                        "is",
                        "was",
                        "would",
                        "gets",
                    ):
                        return "and"
                return ""
            if lower[start] in PREPOSITIONS and lower[start] not in ("in", "on", "at", "for"):
                return ""
        return ""

    def _border_at(self, lower: list[str], index: int, last: int) -> str:
        rows = self._borders.get(lower[index])
        if rows is None:
            return ""
        for words in rows:
            if index + len(words) <= last and tuple(lower[index : index + len(words)]) == words:
                return " ".join(words)
        return ""

    def _parties(
        self,
        tokens: Tokens,
        sentence: Sentence,
        companies: Sequence[CompanyMention],
        cues: Sequence[Cue],
        bounds: Sequence[int],
    ) -> list[Party]:
        cue_at: dict[int, Cue] = {}
        for cue in cues:
            for i in range(cue.first, cue.last):
                # a word that is verb or noun is a verb behind "to" and its like
                if i not in cue_at or not _is_verb_place(tokens, cue.first):
                    cue_at[i] = cue
        found = [Party(m.first, m.last, m.name, m.category, "") for m in companies]
        found += self._find_references(tokens, sentence, companies)
        found.sort(key=lambda p: p.first)
        labelled: list[Party] = []
        by_end: dict[int, Party] = {}
        by_start = {p.first for p in found}
        for party in found:
            start = bounds[max(0, bisect_left(bounds, party.first + 1) - 1)]
            label, head = self._label(tokens, sentence, party, cue_at, by_end, start, by_start)
            done = replace(party, label=label, head=head)
            labelled.append(done)
            by_end[party.last - 1] = done
        return labelled

    def _find_references(
        self, tokens: Tokens, sentence: Sentence, companies: Sequence[CompanyMention]
    ) -> list[Party]:
        lower, words = tokens.lower, tokens.words
        covered = {i for m in companies for i in range(m.first, m.last)}
        found = []
        index = sentence.first
        while index < sentence.last:
            word = lower[index]
            if word in _PRONOUNS and index not in covered:
                if (
                    word == "it"
                    and index + 2 < sentence.last
                    and (
                        lower[index + 1] in ("is", "was", "’s", "'s", "remains")
                        and lower[index + 2] in _PLEONASTIC
                    )
                ):
                    index += 1
                    continue
                if not (
                    word == "it"
                    and index + 1 < sentence.last
                    and (
                        lower[index + 1] in ("load", "capacity", "power", "-")
                        or words[index] == "IT"
                    )
                ):
                    found.append(Party(index, index + 1, "", "", "", reference=f"pronoun {word}"))
                index += 1
                continue
            if (
                word in ("the", "its", "this", "that", "their", "said", "such")
                and index + 1 < sentence.last
            ):
                hit = self._reference_after(tokens, index + 1, sentence.last)
                if hit is not None:
                    kind, end = hit
                    # "the miner Bitdeer", "the lender, Generate" name the company themselves
                    nxt = end if end < sentence.last and lower[end] != "," else end + 1
                    named = (nxt in covered and end in covered) or any(
                        i in covered for i in range(index + 1, end)
                    )
                    if not named:
                        found.append(Party(index, end, "", "", "", reference=kind))
                        index = end
                        continue
            index += 1
        return found

    def _reference_after(self, tokens: Tokens, index: int, last: int) -> tuple[str, int] | None:
        """A description that begins at `index`, after up to three adjectives."""
        lower, words = tokens.lower, tokens.words
        for skip in range(5):
            at = index + skip
            if at >= last or not (lower[at][0].isalpha() or lower[at][0] in "-"):
                return None
            for length in range(self._longest_reference, 0, -1):
                kind = self._references.get(tuple(lower[at : at + length]))
                if kind is not None and at + length <= last:
                    following = lower[at + length] if at + length < last else ""
                    if following in ("'s", "’s") or not self._continues(words, at + length, last):
                        return kind, at + length
            if words[at] in ("and", "of", "to", "with") or lower[at] in PREPOSITIONS:
                return None
        return None

    def _continues(self, words: list[str], index: int, last: int) -> bool:
        """Whether a noun goes on into a compound ("the company stock", "bank loan")."""
        if index >= last:
            return False
        word = words[index]
        return (
            word
            in (
                "data",
                "stock",
                "shares",
                "loan",
                "loans",
                "deal",
                "facility",
                "agreement",
                "agreements",
                "sites",
                "site",
                "lease",
                "leases",
                "credit",
                "line",
                "capacity",
                "payments",
                "side",
                "services",
                "contract",
                "contracts",
                "cloud",
                "group",
                "campus",
                "debt",
                "investors",
                "machines",
                "hosting",
                "order",
            )
            or word == "-"
        )

    def _label(
        self,
        tokens: Tokens,
        sentence: Sentence,
        party: Party,
        cue_at: dict[int, Cue],
        by_end: dict[int, Party],
        start: int,
        by_start: set[int],
    ) -> tuple[str, str]:
        lower, words = tokens.lower, tokens.words
        after = lower[party.last] if party.last < sentence.last else ""
        if (
            after == "-"
            and party.last + 1 < sentence.last
            and lower[party.last + 1] in self._words.suffixes
        ):
            return "backer", lower[party.last + 1]
        if (
            after in _PRODUCTS or after.rstrip("s") in _PRODUCTS or any(c.isdigit() for c in after)
        ) and party.category in ("chip", "systems"):
            return "maker", after
        if after in ("unit", "subsidiary", "arm", "affiliate", "division", "parent") and any(
            i in by_start for i in range(party.last + 1, party.last + 3)
        ):
            return "owner", after
        if (
            after in ("unit", "subsidiary", "arm", "affiliate", "division")
            and party.first
            and lower[party.first - 1] in _POSSESSIVE
        ):
            return "owner", after  # "HIVE's BUZZ unit": HIVE acts through it
        if after in _POSSESSIVE or party.reference in (
            "pronoun its",
            "pronoun their",
            "pronoun our",
        ):
            offset = 1 if after in _POSSESSIVE else 0
            head = self._possessed(tokens, party.last + offset, sentence.last, cue_at)
            prep, _ = self._governor(tokens, party, cue_at, by_end, start)
            if prep in ("in", "into") and head in ("site", "other"):
                return prep, head  # "invest in X's data centers"
            return ("poss", head if prep != "at" else "site")
        cue = cue_at.get(party.last)
        if cue is None and party.last + 1 < sentence.last and lower[party.last] not in (",", "."):
            # "Fluidstack hosting deal", "CoreWeave 12-year lease": up to two words between
            for step in (1, 2, 3):
                i = party.last + step
                if (
                    i >= sentence.last
                    or lower[i - 1] in PREPOSITIONS
                    or lower[i - 1] in (",", "and", "(")
                ):
                    break
                if (
                    i in cue_at
                    and cue_at[i].kind in ("noun", "deal noun")
                    and lower[i - 1] not in DETERMINERS
                    and i - 1 not in cue_at
                ):
                    cue = cue_at[i]
                    break
        prep, head = self._governor(tokens, party, cue_at, by_end, start)
        if prep == "of" and head in (
            "board",
            "shareholders",
            "stockholders",
            "holders",
            "directors",
        ):
            return "subj", head
        if (
            cue is not None
            and cue.kind in ("noun", "deal noun")
            and prep not in ("with", "between")
            and party.reference == ""
        ):
            if prep in ("subj", "obj", "of", "for", "in", "to", "by", "from", "on"):
                return "mod", cue.lemma
        return prep, head

    def _possessed(self, tokens: Tokens, index: int, last: int, cue_at: dict[int, Cue]) -> str:
        """What kind of thing a possessive owns: site, deal, shares, duties or other."""
        lower = tokens.lower
        through = False
        for i in range(index, min(index + 9, last)):
            word = lower[i]
            cue = cue_at.get(i)
            if word in _TRANSPARENT or (through and word == "of"):
                through = True
                continue
            if (
                word in ("shares", "stock", "common", "equity", "shareholders", "stockholders")
                and lower[i - 1] != "-"
            ):
                return "shares"
            if word in ("obligations", "payments", "rent", "duties", "commitments", "dues"):
                return "duties"
            if cue is not None and cue.kind in ("noun", "deal noun"):
                return "deal"
            if word in self._words.site_nouns or (
                word == "data" and i + 1 < last and lower[i + 1].startswith("cent")
            ):
                return "site"
            if word in PREPOSITIONS or word in (",", ".", ";", "and"):
                break
        return "other"

    def _governor(
        self,
        tokens: Tokens,
        party: Party,
        cue_at: dict[int, Cue],
        by_end: dict[int, Party],
        start: int,
    ) -> tuple[str, str]:
        """The preposition or verb that governs a party, walking left over its modifiers."""
        lower = tokens.lower
        sentence_first = self._sentence_first
        if (
            party.reference == "pronoun it"
            and party.first
            and lower[party.first - 1] not in PREPOSITIONS
        ):
            before = cue_at.get(party.first - 1)
            return (
                ("obj", before.lemma)
                if before is not None and before.kind.endswith("verb")
                else ("subj", "")
            )
        index = party.first - 1
        steps = 0
        while index >= start and steps < 9:
            word = lower[index]
            if index == start and word in ("and", "but", "or") and start > sentence_first:
                return "subj", ""
            if word in _TIMES or (
                word.isdigit()
                and len(word) == 4
                and index > start
                and lower[index - 1] in ("in", "since", "by")
            ):
                return "subj", ""  # "in September Nebius landed"
            if word in PREPOSITIONS:
                if word == "as" and index and lower[index - 1] in ("well", "such"):
                    index -= 2
                    continue
                head = lower[index - 1] if index > start else ""
                return word, head
            if word == "," and self._ends_opening(tokens, party, index, start, by_end, cue_at):
                return "subj", ""
            if word in ("and", "or", "&", ",", "plus") or word == "alongside":
                joined = index
                while joined > start and lower[joined] in (
                    "and",
                    "or",
                    "&",
                    ",",
                    "plus",
                    "both",
                    "its",
                ):
                    joined -= 1
                other = by_end.get(joined) or by_end.get(
                    joined - 1 if lower[joined] in (")",) else joined
                )
                if other is None and lower[joined] == ")":
                    opening = joined
                    while opening > start and lower[opening] != "(":
                        opening -= 1
                    other = by_end.get(opening - 1)
                if other is not None and (word != "," or index == party.first - 1):
                    return other.label, other.head
                if word == ",":
                    return self._before_comma(tokens, party, index, start, by_end, cue_at)
                return "subj", ""
            if word in (
                "that",
                "whether",
                "if",
                "because",
                "when",
                "while",
                "which",
                "who",
                ":",
                ";",
                "–",
                "—",
            ):
                return "subj", ""
            cue = cue_at.get(index)
            if cue is not None and cue.kind in ("verb", "deal verb") and cue.last == index + 1:
                return "obj", cue.lemma
            if word in _BE or word in ("has", "have", "had", "will", "would", "said", "says"):
                return ("subj", "") if word in ("said", "says") else ("obj", word)
            if index in by_end and by_end[index].label != "backer":
                return "obj" if by_end[index].label in ("obj",) else "subj", ""
            index -= 1
            steps += 1
        return "subj", ""

    def _ends_opening(
        self,
        tokens: Tokens,
        party: Party,
        index: int,
        start: int,
        by_end: dict[int, Party],
        cue_at: dict[int, Cue],
    ) -> bool:
        """Whether a comma ends an opening phrase: "Under a deal with X, the group will pay"."""
        other = by_end.get(index - 1)
        if other is None or other.label not in PREPOSITIONS:
            return False
        if party.reference and not party.reference.startswith("pronoun its"):
            return True
        opened = tokens.lower[start] in PREPOSITIONS
        has_verb = any(i in cue_at and cue_at[i].kind.endswith("verb") for i in range(start, index))
        after = tokens.lower[party.last] if party.last < len(tokens) else ""
        return opened and not has_verb and after not in (",", "and", "&", "or")

    def _before_comma(
        self,
        tokens: Tokens,
        party: Party,
        index: int,
        start: int,
        by_end: dict[int, Party],
        cue_at: dict[int, Cue],
    ) -> tuple[str, str]:
        """After a comma: an apposition to a party right before it, else a new subject.

        "its new tenant, Fluidstack, will": the name takes the place of the description.
        """
        other = by_end.get(index - 1)
        if other is not None and other.reference:
            return other.label, other.head
        lower = tokens.lower
        # "from its lender group, Deutsche Bank", "bought its landlords, X and Y": walk on
        back = index - 1
        while back > start and index - back < 6:
            cue = cue_at.get(back)
            if (
                cue is not None
                and cue.kind.endswith("verb")
                and index - back > 1
                and (lower[back + 1] in ("its", "their", "two", "three", "the"))
                and lower[index - 1].endswith("s")
            ):
                return "obj", cue.lemma
            if lower[back] in PREPOSITIONS and lower[index - 1] in self._words.descriptors:
                return lower[back], lower[back - 1]
            if lower[back] in (",", ";"):
                break
            back -= 1
        return "subj", ""


def _is_compound(tokens: Tokens, index: int) -> bool:
    """Whether a hyphen joins the word to a name: "Nvidia-backed"."""
    return (
        index > 1
        and tokens.words[index - 1] == "-"
        and tokens.glued(index)
        and tokens.glued(index - 1)
    )


def _is_verb_place(tokens: Tokens, index: int) -> bool:
    before = tokens.lower[index - 1] if index else ""
    return before in (
        "to",
        "will",
        "would",
        "may",
        "could",
        "can",
        "has",
        "have",
        "had",
        "not",
    ) or before.endswith("ly")


def _share_subjects(statements: list[Statement], parties: Sequence[Party]) -> None:
    """A statement without a subject of its own takes the one before: "X said ... and gets ..."

    After "which" and "who" that is the party right before the border.
    """
    subject: Party | None = None
    clause: Party | None = None
    first = next((p for p in parties if p.label == "subj"), None)
    for statement in statements:
        before_cue = statement.cues[0].first if statement.cues else statement.last
        own = [p for p in statement.parties if p.label == "subj" and p.first < before_cue]
        if not own and statement.border:
            antecedent = subject
            if statement.border in ("which", "who", "whose"):
                near = [
                    p
                    for p in parties
                    if p.last <= statement.first and statement.first - p.last <= 6
                ]
                antecedent = near[-1] if near else antecedent
            if statement.border == "main":
                antecedent = first
            if statement.border in _AFTER_NEWS and clause is not None:
                antecedent = clause
            if antecedent is not None and statement.border in (
                *_AFTER_NEWS,
                "main",
                "said",
                "and",
                ",",
                "which",
                "who",
                "but",
                "while",
                "having",
                "when",
                "before",
                "after",
                "that",
                "because",
                "since",
                "though",
                "although",
            ):
                statement.parties.insert(0, replace(antecedent, label="subj"))
                own = [antecedent]
        named = [p for p in statement.parties if p.label == "subj"]
        if named:
            clause = named[0]
            subject = (
                named[0]
                if statement.border not in ("which", "who", "whose")
                else subject or named[0]
            )


def is_passive(tokens: Tokens, cue: Cue, start: int) -> bool:
    """Whether a past form is a passive participle: after "be", or followed by "by"."""
    if cue.form != "past":
        return False
    lower = tokens.lower
    for index in range(cue.first - 1, max(start, cue.first - 5) - 1, -1):
        if lower[index] in _BE:
            return True
        if lower[index] in ("has", "have", "had", ",", "and") or not (
            lower[index].endswith("ly")
            or lower[index] in ("not", "also", "been", "already", "now", "fully", "being", "to")
        ):
            break
    after = lower[cue.last] if cue.last < len(lower) else ""
    return after == "by"


def _phrases(phrases: Sequence[str]) -> dict[str, list[tuple[str, ...]]]:
    table: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        words = tuple(phrase.split())
        table.setdefault(words[0], []).append(words)
    for rows in table.values():
        rows.sort(key=len, reverse=True)
    return table


def common_words(common: dict[str, Any], table: str, key: str) -> frozenset[str]:
    """A word list of `language/common.toml` as a set."""
    return frozenset(common[table][key])
