"""A prepared text as the weights see it: sentences of items, with names and amounts as one item."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from extractor.reading.companies import CompanyMention
from extractor.reading.eventfinder import EventFinder
from extractor.reading.lexicon import Cue, Lexicon
from extractor.reading.sites import SiteMention
from extractor.reading.statementbuilder import StatementBuilder
from extractor.reading.statements import Quantity
from extractor.reading.terms import defined_terms, self_name
from extractor.reading.tokens import Sentence, Tokens

REACH = 40  # sentences: how far apart what belongs to one deal may stand
_LONGEST = 150  # tokens: what runs on without an end is cut
_SYMBOLS = {
    "co": "<CO>",
    "ref": "<REF>",
    "money": "<$>",
    "power": "<MW>",
    "duration": "<TERM>",
    "count": "<GPUS>",
    "coins": "<COINS>",
    "percent": "<%>",
}
MENTION_SYMBOLS = frozenset(_SYMBOLS.values())


@dataclass(slots=True)
class ArticleText:
    """The prepared text of one article."""

    tokens: Tokens
    sentences: Sequence[Sentence]
    companies: Sequence[CompanyMention]
    quantities: Sequence[Quantity]
    sites: Sequence[SiteMention]
    title_last: int


@dataclass(slots=True)
class Mention:
    """A company ("co"), a word for one ("ref"), an amount or a "site", at its place in the scene.

    `label` and `head` are its place in the sentence, see `labels.Labeller`; `reference` is
    the kind of description, for amounts their role, for sites all that is said of the place.
    """

    kind: str
    first: int
    last: int
    name: str
    category: str
    reference: str
    label: str
    head: str
    sentence: int
    position: int = 0
    quantity: Quantity | None = None

    @property
    def group(self) -> str:
        """Its kind, "party" for companies and words for them."""
        return "party" if self.kind in ("co", "ref") else self.kind


@dataclass(slots=True)
class Item:
    """A word or a mention; `symbol` is the word in lower case, or what kind of mention it is.

    `is_telling` says whether it is a word, and no function word.
    """

    symbol: str
    word: str
    kind: str  # "w" for words
    first: int
    last: int
    mention: Mention | None = None
    is_telling: bool = False


@dataclass(frozen=True, slots=True)
class SeenWord:
    """A word that tells of a deal, as a mention on one side of it sees it."""

    lemma: str
    like: list[str]
    form: list[str]
    verb: list[str]


@dataclass(slots=True)
class Scene:
    """Everything that features ask for; sentences of boilerplate are left out."""

    tokens: Tokens
    sentences: list[Sentence]
    items: list[list[Item]] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    sites: list[Mention] = field(default_factory=list)  # at the item of their first word
    # for each sentence the positions of parties, and of what is of one kind
    alike: list[dict[str, list[int]]] = field(default_factory=list)
    # what features were made of a word as seen from one side: it has a part in many pairs
    seen: dict[tuple[int, int, str], SeenWord] = field(default_factory=dict)
    cues: list[dict[int, list[Cue]]] = field(default_factory=list)  # by token, for each sentence
    events: dict[int, tuple[str, bool, bool]] = field(default_factory=dict)  # by token
    # what the frames make of a party: (token of the cue, type, role), by its first token
    roles: dict[int, list[tuple[int, str, str]]] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    categories: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    in_title: frozenset[str] = frozenset()
    main: str = ""
    self_name: str = ""
    topics: tuple[str, ...] = ()

    def names_near(self, number: int) -> tuple[str, ...]:
        """The names that a deal told in a sentence may have, in order of first mention.

        All names of an article; of a long report those of the sentences around, the title's
        and its main company.
        """
        if len(self.sentences) <= 2 * REACH:
            return self.names
        around = self.items[max(0, number - REACH) : number + REACH]
        near = {item.mention.name for items in around for item in items if item.mention}
        near |= self.in_title | {self.main, self.self_name}
        return tuple(name for name in self.names if name in near)

    def symbol(self, sentence: int, position: int) -> str:
        """The symbol at a place, "^" beyond the ends of the sentence."""
        items = self.items[sentence]
        return items[position].symbol if 0 <= position < len(items) else "^"


class SceneBuilder:
    """Builds scenes; holds nothing between texts."""

    def __init__(self, lexicon: Lexicon, builder: StatementBuilder) -> None:
        self._lexicon = lexicon
        self._builder = builder
        self._events = EventFinder(lexicon)

    def build(self, text: ArticleText) -> Scene:
        tokens = text.tokens
        sentences = [s for s in text.sentences if s.zone != "boilerplate"]
        scene = Scene(tokens, [piece for s in sentences for piece in _pieces(s)])
        scene.names = tuple(dict.fromkeys(m.name for m in text.companies))
        scene.categories = {m.name: m.category for m in text.companies}
        scene.counts = Counter(m.name for m in text.companies)
        scene.in_title = frozenset(m.name for m in text.companies if m.last <= text.title_last)
        scene.main = _main_company(text)
        scene.self_name = self_name(tokens, text.companies)
        terms = defined_terms(tokens, text.companies, self._lexicon.words["definable"])
        named = sorted([*text.companies, *terms], key=lambda m: m.first)
        topics: Counter[str] = Counter()
        starts = [mention.first for mention in named]
        places = [quantity.first for quantity in text.quantities]
        where = [site.first for site in text.sites]
        for number, sentence in enumerate(scene.sentences):
            first, last = sentence.first, sentence.last
            companies = named[bisect_left(starts, first) : bisect_left(starts, last)]
            quantities = text.quantities[bisect_left(places, first) : bisect_left(places, last)]
            cues: dict[int, list[Cue]] = {}
            all_cues = [*self._lexicon.cues(tokens, sentence.first, sentence.last)]
            for cue in all_cues:
                for type_ in cue.noun_types:
                    topics[type_] += 1
                for index in range(cue.first, cue.last):
                    cues.setdefault(index, []).append(cue)
            scene.cues.append(cues)
            mentions = self._parties(scene, number, companies, quantities, all_cues)
            mentions += [
                Mention(q.amount.kind, q.first, q.last, "", "", q.role, "", "", number, quantity=q)
                for q in quantities
            ]
            mentions.sort(key=lambda m: (m.first, -m.last))
            self._lay_out(scene, sentence, mentions, cues)
            sites = text.sites[bisect_left(where, first) : bisect_left(where, last)]
            plain = (site for site in sites if site.first not in cues)
            for mention in _laid_on(scene.items[-1], number, plain):
                scene.sites.append(mention)
                scene.alike[-1].setdefault("site", []).append(mention.position)
        # who is named in boilerplate only has no part in what the rest tells
        told = {mention.name for mention in scene.mentions}
        scene.names = tuple(name for name in scene.names if name in told)
        by_count = sorted(topics, key=lambda type_: (-topics[type_], type_))
        scene.topics = tuple(by_count[:2])
        return scene

    def _parties(
        self,
        scene: Scene,
        number: int,
        companies: Sequence[CompanyMention],
        quantities: Sequence[Quantity],
        cues: Sequence[Cue],
    ) -> list[Mention]:
        """Who is spoken of in a sentence; what the frames say of them goes into the scene."""
        sentence = scene.sentences[number]
        found: dict[int, Mention] = {}
        for statement in self._builder.build(scene.tokens, sentence, companies, quantities, cues):
            for event in self._events.find(scene.tokens, statement):
                type_ = event.type or "deal"
                for index in range(event.cue.first, event.cue.last):
                    scene.events[index] = (type_, event.weak, event.anaphoric)
                for role, parties in event.roles.items():
                    for party in parties:
                        scene.roles.setdefault(party.first, []).append(
                            (event.cue.first, type_, role)
                        )
            for p in statement.parties:
                if statement.first <= p.first < statement.last:
                    found[p.first] = Mention(
                        "co" if p.name else "ref",
                        p.first,
                        p.last,
                        p.name,
                        p.category,
                        p.reference,
                        p.label,
                        p.head,
                        number,
                    )
        return list(found.values())

    def _lay_out(
        self,
        scene: Scene,
        sentence: Sentence,
        mentions: Sequence[Mention],
        cues: dict[int, list[Cue]],
    ) -> None:
        items: list[Item] = []
        alike: dict[str, list[int]] = {}
        waiting = iter(mentions)
        mention = next(waiting, None)
        index = sentence.first
        words, lowers = scene.tokens.words, scene.tokens.lower
        capitals_tell = sentence.zone != "title"
        while index < sentence.last:
            while mention is not None and mention.first < index:
                mention = next(waiting, None)
            if mention is not None and mention.first == index:
                symbol = _SYMBOLS[mention.kind]
                end = max(mention.last, index + 1)
                mention.position = len(items)
                alike.setdefault(mention.group, []).append(len(items))
                items.append(Item(symbol, symbol, mention.kind, index, end, mention))
                scene.mentions.append(mention)
                index = end
                continue
            word, lower = words[index], lowers[index]
            begins = word[0]
            is_name = begins.isupper() and word.isalpha() and len(word) > 1
            symbol = lower
            if begins.isdigit():
                symbol = "<N>"
            elif is_name and capitals_tell and index > sentence.first and index not in cues:
                symbol = "<CAP>"
            is_telling = begins.isalpha() and lower not in FUNCTION_WORDS
            items.append(Item(symbol, lower, "w", index, index + 1, None, is_telling))
            index += 1
        scene.items.append(items)
        scene.alike.append(alike)


def _laid_on(items: Sequence[Item], number: int, sites: Iterable[SiteMention]) -> Iterator[Mention]:
    """Sites as mentions at the items of a sentence; their words stay items of their own."""
    for site in sites:
        position = bisect_right(items, site.first, key=lambda item: item.first) - 1
        if items[position].kind == "w":
            yield Mention(
                "site", site.first, site.last, site.name, "", site.text, "", "", number, position
            )


def _pieces(sentence: Sentence) -> Iterator[Sentence]:
    """A sentence, or the parts of one that runs on."""
    if sentence.last - sentence.first <= _LONGEST:
        yield sentence
        return
    for first in range(sentence.first, sentence.last, _LONGEST):
        yield replace(sentence, first=first, last=min(first + _LONGEST, sentence.last))


def _main_company(text: ArticleText) -> str:
    """The company named most; the title and the first place weigh more."""
    score: Counter[str] = Counter()
    for order, mention in enumerate(text.companies):
        score[mention.name] += 7 if mention.last <= text.title_last else 2
        score[mention.name] += 2 if order == 0 else 0
    return max(score, key=lambda name: score[name], default="")


def content_items(items: Sequence[Item], positions: range) -> Iterator[Item]:
    """The words at these positions that are no function words."""
    return (items[position] for position in positions if items[position].is_telling)


# closed classes of English words
FUNCTION_WORDS = frozenset(
    "a an the of to in on at by for with from and or but nor as is are was were be been being "
    "has have had will would may might could can should must do does did does not no it its they "
    "their them he she his her we our i you who which that this these those there than then so "
    "if when while where what how all any some each both more most other such own same also only "
    "just about around roughly nearly over under up down out off into onto per via s t".split()
)
