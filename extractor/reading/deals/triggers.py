"""Which words tell of a deal, of which type: candidates with their features."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from extractor.reading.deals.scene import (
    FUNCTION_WORDS,
    MENTION_SYMBOLS,
    Mention,
    Scene,
    content_items,
)
from extractor.reading.deals.thesaurus import Thesaurus
from extractor.reading.deals.weights import near


@dataclass(frozen=True, slots=True)
class SentenceView:
    """What is the same for every word of a sentence.

    `symbols` begin and end with two beyond the sentence; `cues` are the types that each
    item's cues can mean; `parties` stand at their positions.
    """

    features: list[str]
    categories: list[str]
    symbols: list[str]
    cues: list[tuple[str, ...]]
    parties: list[tuple[int, Mention]]


class TriggerFeatures:
    """What stands in and around a word that may tell of a deal."""

    def __init__(self, thesaurus: Thesaurus) -> None:
        self._thesaurus = thesaurus

    def candidates(self, scene: Scene) -> Iterator[tuple[int, int]]:
        """(sentence, position) of every word that is no function word.

        Sentences without a party or an amount tell of no deal.
        """
        for number, items in enumerate(scene.items):
            if all(item.kind in ("w", "percent") for item in items):
                continue
            for position, item in enumerate(items):
                if (
                    item.kind == "w"
                    and len(item.word) > 2
                    and item.word[0].isalpha()
                    and item.word not in FUNCTION_WORDS
                ):
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
            before = {
                frame.type
                for cues in scene.cues[number - 1].values()
                for cue in cues
                for frame in cue.nouns
            }
            found += ["cue in sentence before " + type_ for type_ in sorted(before)]
        items, cues = scene.items[number], scene.cues[number]
        around: list[tuple[str, ...]] = []
        for item in items:
            types: set[str] = set()
            for cue in cues.get(item.first, ()):
                types.update(frame.type for frame in cue.nouns)
                types.update("verb " + verb.type for verb in cue.verbs)
            around.append(tuple(types))
        symbols = ["^", "^", *(item.symbol for item in items), "^", "^"]
        parties = [
            (position, item.mention)
            for position, item in enumerate(items)
            if item.mention is not None and item.kind in ("co", "ref")
        ]
        categories_here = [f for f in found if f.startswith("category ")]
        return SentenceView(found, categories_here, symbols, around, parties)

    def word(self, scene: Scene, number: int, position: int) -> list[str]:
        """What the word says by itself, wherever it stands."""
        item = scene.items[number][position]
        word = item.word
        found = ["word " + word, "lemma " + self._thesaurus.lemma(word)]
        found.append("ending " + word[-3:])
        found += ["like " + other for other in self._thesaurus.near(word)]
        found += ["cue " + tag for tag in cue_tags(scene, number, item.first)]
        return found

    def features(self, scene: Scene, number: int, position: int, view: SentenceView) -> list[str]:
        """The features of one candidate."""
        items = scene.items[number]
        item = items[position]
        thesaurus = self._thesaurus
        lemma = thesaurus.lemma(item.word)
        found = ["any", *self.word(scene, number, position)]
        tags = cue_tags(scene, number, item.first)
        event = scene.events.get(item.first)
        if event is not None:
            found.append(f"event {event[0]}")
            found.append(f"event {event[0]} weak {event[1]} back {event[2]}")
            found.append(f"event {event[0]} {lemma}")
        two, one, _, next_, after = view.symbols[position : position + 5]
        found += [
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
        found += ["-1 like " + other for other in thesaurus.near(one)]
        found += ["+1 like " + other for other in thesaurus.near(next_)]
        first, last = max(0, position - 8), min(len(items), position + 10)
        for symbol in dict.fromkeys(view.symbols[first + 2 : position + 2]):
            found.append("left " + symbol)
            if symbol in MENTION_SYMBOLS:
                found.append(f"left {lemma} {symbol}")
        for symbol in dict.fromkeys(view.symbols[position + 3 : last + 2]):
            found.append("right " + symbol)
            if symbol in MENTION_SYMBOLS:
                found.append(f"right {lemma} {symbol}")
                found += [f"cue {tag} {symbol}" for tag in tags]
        around: set[str] = set()
        around.update(*view.cues[max(0, position - 10) : position])
        around.update(*view.cues[position + 1 : position + 13])
        near_cues = sorted(around)
        found += ["cue near " + tag for tag in near_cues]
        found += [f"cue {tag} near {other}" for tag in tags for other in near_cues]
        before = [party for party in view.parties if party[0] < position]
        behind = [party for party in view.parties if party[0] > position]
        for name, parties in (("left", before[-1:]), ("right", behind[:1])):
            for index, mention in parties:
                who = mention.category or mention.reference
                found.append(f"{name} party {who} {near(abs(index - position))}")
                found.append(f"{name} party label {mention.label}")
        right = content_items(items, range(position + 1, min(len(items), position + 7)))
        for order, other in zip((1, 2, 3), right, strict=False):
            stem = thesaurus.lemma(other.word)
            found += ["right like " + n for n in thesaurus.near(other.word)]
            found += [f"right {order} {stem}", f"right {lemma} {stem}"]
        left = content_items(items, range(position - 1, max(-1, position - 6), -1))
        for order, other in zip((1, 2), left, strict=False):
            stem = thesaurus.lemma(other.word)
            found += ["left like " + n for n in thesaurus.near(other.word)]
            found += [f"left {order} {stem}", f"left {lemma} {stem}"]
        found += view.features
        found += [f"{f} {lemma}" for f in view.categories]
        return found


def cue_tags(scene: Scene, number: int, token: int) -> list[str]:
    """What the frames call the word: a verb or noun of a type, or of deals in general."""
    tags: set[str] = set()
    for cue in scene.cues[number].get(token, ()):
        tags.update("verb " + frame.type for frame in cue.verbs)
        tags.update("noun " + frame.type for frame in cue.nouns)
        if cue.kind == "deal verb":
            tags.add("deal verb")
        if cue.is_general:
            tags.add("deal noun")
    return sorted(tags)
