"""What part a party or an amount plays in the deal that a trigger tells of."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from itertools import chain

from extractor.reading.deals.scene import Mention, Scene, SeenWord
from extractor.reading.deals.thesaurus import Thesaurus
from extractor.reading.deals.weights import BIAS, Features, near
from extractor.reading.statements import BE, PREPOSITIONS

PARTY_ROLES = ("company", "counterparty", "backer")
SLOT_KINDS = {
    "value": "money",
    "value_max": "money",
    "megawatts": "power",
    "megawatts_gross": "power",
    "term_years": "duration",
    "gpus": "count",
    "coins": "coins",
    "site": "site",
}
Place = tuple[int, int]  # sentence, position
_BREAKS = frozenset((",", ";", "–", "—", "which", "while", "and", "after", "but"))


def pairs(scene: Scene, triggers: Mapping[int, list[int]]) -> Iterator[tuple[Place, Mention, int]]:
    """Triggers with the mentions that may belong to them, and how many sentences apart.

    `triggers` are positions by sentence. A mention goes with every trigger of its sentence;
    where there is none, with the last one of the two sentences before.
    """
    for mention in chain(scene.mentions, scene.sites):
        if mention.kind == "percent":
            continue
        here = triggers.get(mention.sentence)
        if here:
            for position in here:
                yield (mention.sentence, position), mention, 0
            continue
        for distance in (1, 2):
            number = mention.sentence - distance
            if triggers.get(number):
                if scene.sentences[number].zone != "title":
                    yield (number, triggers[number][-1]), mention, distance
                break


class ArgumentFeatures:
    """What stands in, around and between a trigger and a mention."""

    def __init__(self, thesaurus: Thesaurus) -> None:
        self._thesaurus = thesaurus

    def alone(self, scene: Scene, mention: Mention, type_: str) -> Features:
        """What a mention says by itself, whichever trigger of the type it goes with."""
        plain: list[str] = ["type " + type_]
        typed: list[str] = []  # said of the type as well
        self._around(scene, mention, plain, typed)
        if mention.kind in ("co", "ref"):
            self._party(scene, mention, typed)
        elif mention.kind == "site":
            _site(mention, typed)
        else:
            _amount(mention, plain, typed)
        return [("", (BIAS,)), *_named(mention, type_, plain, typed)]

    def features(
        self,
        scene: Scene,
        trigger: Place,
        type_: str,
        mention: Mention,
        distance: int,
        triggers: Mapping[int, list[int]],
    ) -> Features:
        """What a mention and a trigger say together; `distance` in sentences."""
        plain: list[str] = []
        typed: list[str] = []
        if distance:
            self._far(scene, mention, distance, plain, typed)
        else:
            if mention.kind in ("co", "ref"):
                self._frames(scene, trigger, type_, mention, plain, typed)
            self._between(scene, trigger, mention, triggers, plain, typed)
        return _named(mention, type_, plain, typed)

    def _around(self, scene: Scene, mention: Mention, plain: list[str], typed: list[str]) -> None:
        number, q, at = mention.sentence, mention.position, scene.symbol
        a, b = at(number, q - 1), at(number, q + 1)
        c, d, e = at(number, q - 2), at(number, q + 2), at(number, q - 3)
        typed += [f"-1 {a}", f"+1 {b}", f"-2 {c}", f"-2-1 {c} {a}", f"+2 {d}", f"+1+2 {b} {d}"]
        plain += [f"-3 {e}", f"-3-2-1 {e} {c} {a}"]
        near_ = self._thesaurus.near
        plain += [f"-1 like {n}" for n in near_(a)]
        plain += [f"+1 like {n}" for n in near_(b)]
        plain += [f"-2 like {n}" for n in near_(c)]

    def _party(self, scene: Scene, mention: Mention, typed: list[str]) -> None:
        typed += [
            "category " + mention.category,
            "reference " + mention.reference,
            "label " + mention.label,
            "head " + mention.head,
            f"label {mention.label} category {mention.category}",
            f"main {mention.name == scene.main}",
            f"in title {mention.name in scene.in_title}",
        ]

    def _far(
        self, scene: Scene, mention: Mention, distance: int, plain: list[str], typed: list[str]
    ) -> None:
        items, q = scene.items[mention.sentence], mention.position
        typed.append(f"far {distance}")
        typed.append(f"far -1 {scene.symbol(mention.sentence, q - 1)}")
        order = sum(item.kind == mention.kind for item in items[:q])
        typed.append(f"far order {min(order, 2)}")
        plain += [f"far left {i.word}" for i in items[max(0, q - 8) : q] if i.kind == "w"]
        plain += [f"far right {i.word}" for i in items[q + 1 : q + 6] if i.kind == "w"]

    def _frames(
        self,
        scene: Scene,
        trigger: Place,
        type_: str,
        mention: Mention,
        plain: list[str],
        typed: list[str],
    ) -> None:
        """What the frames in models/deals/frames make of a party at its place."""
        token = scene.items[trigger[0]][trigger[1]].first
        for cue, of_type, role in scene.roles.get(mention.first, ()):
            typed.append(f"frame {role} here {cue == token} same {of_type == type_}")
            plain.append(f"frame {of_type} {role}")
        for found in scene.cues[trigger[0]].get(token, ()):
            for verb in found.verbs:
                if verb.type != type_:
                    continue
                if mention.label in verb.passive:
                    plain.append("passive frame " + verb.passive[mention.label])
                for _, roles in verb.active:
                    if mention.label in roles:
                        typed.append("active frame " + roles[mention.label])
                        break
            for noun in found.nouns:
                if noun.type == type_ and mention.label in noun.roles:
                    typed.append("noun frame " + noun.roles[mention.label])

    def _between(
        self,
        scene: Scene,
        trigger: Place,
        mention: Mention,
        triggers: Mapping[int, list[int]],
        plain: list[str],
        typed: list[str],
    ) -> None:
        items = scene.items[mention.sentence]
        q, p = mention.position, trigger[1]
        side, low, high = ("before", q, p) if q < p else ("behind", p, q)
        word = scene.seen.get((*trigger, side)) or self._seen(scene, trigger, side)
        lemma = word.lemma
        typed += [side, f"{side} {near(high - low)}", f"{side} {lemma}"]
        plain += word.like
        if mention.group == "party":
            preposition, crosses = _governor(scene, mention, p)
            if side == "behind":
                typed += [
                    "under " + preposition,
                    f"{lemma} {preposition}",
                    f"{lemma} label {mention.label}",
                    f"under {preposition} crossing {crosses}",
                ]
            else:
                typed += ["before, under " + preposition, f"label {mention.label} {lemma}"]
        between = [item.symbol for item in items[low + 1 : high]]
        if len(between) <= 3:
            path = " ".join(between)
            typed.append(f"{side} path {path}")
            plain.append(f"{lemma} {side} path {path}")
        plain += [f"{side} over {symbol}" for symbol in dict.fromkeys(between[:12])]
        alike = scene.alike[mention.sentence][mention.group]
        order = bisect_left(alike, q)
        # of the two ends, only the mention is like it
        others = bisect_left(alike, high) - bisect_left(alike, low) - (q < p)
        breaks = 0 if _BREAKS.isdisjoint(between) else sum(s in _BREAKS for s in between)
        places = triggers[mention.sentence]
        rivals = bisect_left(places, high) - bisect_right(places, low)
        typed += [
            f"{side} others {others if others < 3 else 3}",
            f"alike {len(alike) if len(alike) < 4 else 4}",
            f"{side} order {order if order < 3 else 3}",
            f"{side} breaks {breaks if breaks < 3 else 3}",
            f"{side} triggers {rivals if rivals < 2 else 2}",
        ]
        typed += word.form
        plain += word.verb

    def _seen(self, scene: Scene, trigger: Place, side: str) -> SeenWord:
        """What a mention on one side of a trigger sees of it, whichever mention it is."""
        number, p = trigger
        items = scene.items[number]
        word = items[p].word
        before = items[max(0, p - 5) : p]
        passive = not BE.isdisjoint([item.word for item in before[-3:]])
        by = scene.symbol(number, p + 1) == "by"
        ending = "ing" if word.endswith("ing") else "ed" if word.endswith("ed") else word[-1]
        verb = next((item.word for item in reversed(before) if item.is_telling), "")
        found = SeenWord(
            self._thesaurus.lemma(word),
            [f"{side} like {n}" for n in self._thesaurus.near(word)],
            [f"{side} passive {passive} by {by}", f"{side} ending {ending}"],
            [f"{side} verb {self._thesaurus.lemma(verb)}"] if verb else [],
        )
        scene.seen[number, p, side] = found
        return found


def _named(mention: Mention, type_: str, plain: list[str], typed: list[str]) -> Features:
    """Features under the kind of mention that they speak of, some for the type as well."""
    kind = mention.group
    return [(f"{kind} ", plain), (f"{kind} ", typed), (f"{kind} {type_}: ", typed)]


def _governor(scene: Scene, mention: Mention, trigger: int) -> tuple[str, bool]:
    """The preposition or auxiliary before a party, and whether it stands behind the trigger."""
    items = scene.items[mention.sentence]
    index, steps = mention.position - 1, 0
    while index >= 0 and steps < 8:
        item = items[index]
        if item.symbol in PREPOSITIONS or item.word in BE:
            return item.symbol, index >= trigger
        steps += 3 if item.kind == "co" else 1
        index -= 1
    return "", index >= trigger


def _site(mention: Mention, typed: list[str]) -> None:
    """What is said of a place behind its name: "campus", "Texas"."""
    behind = mention.reference[len(mention.name) :].lower().replace(",", " in")
    what, in_, _ = behind.partition(" in ")
    typed.append(f"is {what.split()[-1] if what.split() else ''} in {bool(in_)}")


def _amount(mention: Mention, plain: list[str], typed: list[str]) -> None:
    assert mention.quantity is not None
    amount = mention.quantity.amount
    size = len(str(int(amount.value))) if amount.value >= 1 else 0
    typed.append("role " + mention.reference)
    typed.append(f"digits {size}")
    plain.append("written as " + amount.rule)
