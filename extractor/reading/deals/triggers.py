"""Which words tell of a deal, of which type: candidates with their features."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from extractor.reading.deals.scene import (
    MENTION_SYMBOLS,
    Item,
    Scene,
)
from extractor.reading.deals.thesaurus import Thesaurus
from extractor.reading.deals.weights import BIAS, Features, Part, near

_REMEMBERED = 20_000  # words
_ANY: Part = ("", (BIAS,))
_NOTHING: frozenset[str] = frozenset()
_NO_PART = frozenset(("percent", "site"))  # what by itself has no part in a deal


@dataclass(frozen=True, slots=True)
class SentenceView:
    """What is the same for every word of a sentence.

    `symbols` begin and end with two beyond the sentence; `cues` are the types that each
    item's cues can mean; `parties` and `telling` words are positions.
    """

    features: Part
    categories: list[str]
    symbols: list[str]
    cues: list[frozenset[str]]
    parties: list[int]
    telling: list[int]


class TriggerFeatures:
    """What stands in and around a word that may tell of a deal."""

    def __init__(self, thesaurus: Thesaurus) -> None:
        self._thesaurus = thesaurus
        # the same few words stand in every article
        self.word = lru_cache(maxsize=_REMEMBERED)(self._word)

    def candidates(self, scene: Scene) -> Iterator[tuple[int, int]]:
        """(sentence, position) of every word that is no function word.

        Sentences without a party or an amount tell of no deal.
        """
        for number, items in enumerate(scene.items):
            if not scene.alike[number].keys() - _NO_PART:
                continue
            for position, item in enumerate(items):
                if item.is_telling and len(item.word) > 2:
                    yield number, position

    def sentence(self, scene: Scene, number: int) -> SentenceView:
        """What all words of a sentence share."""
        kinds: dict[str, int] = {}
        events = set()
        categories = set()
        for item in scene.items[number]:
            if item.kind != "w":
                kinds[item.kind] = kinds.get(item.kind, 0) + 1
            if item.kind == "co" and item.mention is not None:
                categories.add(item.mention.category)
            event = scene.events.get(item.first)
            if event is not None:
                events.add(event[0])
        found = [
            f"sentence has {kind}" + (f" {min(count, 3)}" if kind == "co" else "")
            for kind, count in kinds.items()
        ]
        found.append("zone " + scene.sentences[number].zone)
        found += ["event in sentence " + type_ for type_ in sorted(events)]
        found += ["category in sentence " + c for c in sorted(categories)]
        found += ["topic " + type_ for type_ in scene.topics]
        if number and scene.sentences[number - 1].zone != "title":
            before: set[str] = set()
            for cues in scene.cues[number - 1].values():
                before.update(*[cue.noun_types for cue in cues])
            found += ["cue in sentence before " + type_ for type_ in sorted(before)]
        items, cued = scene.items[number], scene.cues[number]
        around = [
            frozenset().union(*[cue.meanings for cue in cued[item.first]])
            if item.first in cued
            else _NOTHING
            for item in items
        ]
        symbols = ["^", "^", *(item.symbol for item in items), "^", "^"]
        return SentenceView(
            ("", found),
            [f for f in found if f.startswith("category ")],
            symbols,
            around,
            scene.alike[number].get("party", []),
            [p for p, item in enumerate(items) if item.is_telling],
        )

    def _word(self, word: str, tags: tuple[str, ...]) -> Part:
        """What a word says by itself, wherever it stands; `tags` are those of its cues."""
        found = ["word " + word, "lemma " + self._thesaurus.lemma(word)]
        found.append("ending " + word[-3:])
        found += ["like " + other for other in self._thesaurus.near(word)]
        found += ["cue " + tag for tag in tags]
        return "", tuple(found)

    def features(self, scene: Scene, number: int, position: int, view: SentenceView) -> Features:
        """The features of one candidate."""
        items = scene.items[number]
        item = items[position]
        lemma, near_ = self._thesaurus.lemma(item.word), self._thesaurus.near
        tags = cue_tags(scene, number, item.first)
        two, one, _, next_, after = view.symbols[position : position + 5]
        found = [
            f"-1 {one}",
            f"+1 {next_}",
            f"-2 {two}",
            f"+2 {after}",
            f"-1 {one} {lemma}",
            f"+1 {lemma} {next_}",
            f"-2-1 {two} {one}",
            f"+1+2 {next_} {after}",
            f"-1+1 {one} {next_}",
        ]
        event = scene.events.get(item.first)
        if event is not None:
            type_, weak, back = event
            found[:0] = [
                f"event {type_}",
                f"event {type_} weak {weak} back {back}",
                f"event {type_} {lemma}",
            ]
        first, last = max(0, position - 8), min(len(items), position + 10)
        left: list[str] = []
        for symbol in dict.fromkeys(view.symbols[first + 2 : position + 2]):
            left.append(symbol)
            if symbol in MENTION_SYMBOLS:
                left.append(f"{lemma} {symbol}")
        right: list[str] = []
        for symbol in dict.fromkeys(view.symbols[position + 3 : last + 2]):
            right.append("right " + symbol)
            if symbol in MENTION_SYMBOLS:
                right.append(f"right {lemma} {symbol}")
                right += [f"cue {tag} {symbol}" for tag in tags]
        around: set[str] = set()
        around.update(*view.cues[max(0, position - 10) : position])
        around.update(*view.cues[position + 1 : position + 13])
        near_cues = sorted(around)
        behind = [f"cue {tag} near {other}" for tag in tags for other in near_cues]
        behind += self._beside(items, position, lemma, view)
        return [
            _ANY,
            self.word(item.word, tags),
            ("", found),
            ("-1 like ", near_(one)),
            ("+1 like ", near_(next_)),
            ("left ", left),
            ("", right),
            ("cue near ", near_cues),
            ("", behind),
            view.features,
            ("", [f"{f} {lemma}" for f in view.categories]),
        ]

    def _beside(
        self, items: Sequence[Item], position: int, lemma: str, view: SentenceView
    ) -> list[str]:
        """The nearest parties and telling words of both sides."""
        found: list[str] = []
        thesaurus = self._thesaurus
        at = bisect_left(view.parties, position)
        before, behind = view.parties[:at][-1:], view.parties[at:][:1]
        for name, parties in (("left", before), ("right", behind)):
            for index in parties:
                mention = items[index].mention
                assert mention is not None  # it is a party
                who = mention.category or mention.reference
                found.append(f"{name} party {who} {near(abs(index - position))}")
                found.append(f"{name} party label {mention.label}")
        first, last = (bisect_left(view.telling, position + side) for side in (0, 1))
        right = [p for p in view.telling[last : last + 3] if p < position + 7]
        left = [p for p in view.telling[max(0, first - 2) : first][::-1] if p > position - 6]
        for name, others in (("right", right), ("left", left)):
            for order, other in enumerate(others, start=1):
                word = items[other].word
                stem = thesaurus.lemma(word)
                found += [f"{name} like {n}" for n in thesaurus.near(word)]
                found += [f"{name} {order} {stem}", f"{name} {lemma} {stem}"]
        return found


def cue_tags(scene: Scene, number: int, token: int) -> tuple[str, ...]:
    """What the frames call the word: a verb or noun of a type, or of deals in general."""
    cues = scene.cues[number].get(token)
    if not cues:
        return ()
    tags: set[str] = set()
    for cue in cues:
        tags.update([m if cue.verbs else "noun " + m for m in cue.meanings])
        if cue.kind == "deal verb":
            tags.add("deal verb")
        if cue.is_general:
            tags.add("deal noun")
    return tuple(sorted(tags))
