"""Whether a trigger speaks of a deal that was told before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isclose

from extractor.reading.deals.arguments import PARTY_ROLES, SLOT_KINDS
from extractor.reading.deals.scene import Item, Scene
from extractor.reading.deals.thesaurus import Thesaurus
from extractor.reading.deals.trees import Numbers
from extractor.reading.deals.weights import BIAS, Features, bucket, near
from extractor.records import DEAL_TYPES

# from what was told before to what is new
LATEST = 30  # deals: what was told longer ago is not gone on about
_MENTION = "mention"  # stands before a trigger instead of a determiner
_DETERMINERS = {
    word: order
    for order, word in enumerate(
        "said this that these the such its their both each two one a an another second new "
        f"separate {_MENTION}".split()
    )
}
_SETTING_APART = frozenset(
    "also separately another additional second third earlier previously last separate new "
    "further meanwhile already first recently since after in".split()
)
# each slot with the one whose figures may be the same, read the other way
_FIGURES = {
    slot: "value_max" if slot == "value" else f"{slot}_gross"
    for slot in SLOT_KINDS
    if slot not in ("value_max", "megawatts_gross", "site")
}
_Names = set[str] | frozenset[str]
_NONE: frozenset[str] = frozenset()
_NO_NUMBERS: frozenset[float] = frozenset()
_CLOSE = 0.03
_FAR = 99  # items: in another sentence
_LIKENESS = (0.02, 0.1, 0.3, 0.5, 0.7, 0.9)


@dataclass(slots=True)
class Told:
    """A trigger, or all triggers of a deal so far, with names and numbers by role."""

    sentence: int
    position: int
    type: str
    names: dict[str, set[str]] = field(default_factory=dict)
    numbers: dict[str, set[float]] = field(default_factory=dict)
    places: list[tuple[int, int]] = field(default_factory=list)
    types: dict[str, float] = field(default_factory=dict)  # summed probabilities

    def add(self, other: Told) -> None:
        """Take over what another trigger says."""
        self.sentence, self.position = other.sentence, other.position
        for role, names in other.names.items():
            self.names.setdefault(role, set()).update(names)
        for slot, numbers in other.numbers.items():
            self.numbers.setdefault(slot, set()).update(numbers)
        self.places += other.places
        for type_, probability in other.types.items():
            self.types[type_] = self.types.get(type_, 0.0) + probability


class LinkFeatures:
    """What a trigger and an earlier deal have in common, and how far apart they are."""

    def __init__(self, thesaurus: Thesaurus) -> None:
        self._thesaurus = thesaurus

    def features(self, scene: Scene, trigger: Told, deal: Told, deals: int, order: int) -> Features:
        """`deals` is how many there are so far, `order` how many began after this one."""
        same = "same" if trigger.type == deal.type else "other"
        found = [
            BIAS,
            same,
            f"{same} {trigger.type}",
            "types " + " ".join(sorted((trigger.type, deal.type))),
            f"alike {bucket(_likeness(trigger.types, deal.types), _LIKENESS)}",
            f"sure {bucket(sum(trigger.types.values()), _LIKENESS)}",
        ]
        words = self._words(scene, trigger, deal, deals, order)
        return [("", found), (same + " ", words), (same + " ", self._contents(trigger, deal))]

    def numbers(self, scene: Scene, trigger: Told, deal: Told, deals: int, order: int) -> Numbers:
        """The same in numbers, all but the words; distances in sentences and paragraphs."""
        sentence, earlier = scene.sentences[trigger.sentence], scene.sentences[deal.sentence]
        determiner = _determiner(scene.items[trigger.sentence], trigger.position)
        found: Numbers = {
            "type": DEAL_TYPES.index(trigger.type),
            "type of deal": DEAL_TYPES.index(deal.type),
            "same type": trigger.type == deal.type,
            "alike": _likeness(trigger.types, deal.types),
            "certainty": sum(trigger.types.values()),
            "certainty of deal": sum(deal.types.values()),
            "triggers": len(deal.places),
            "sentences": trigger.sentence - deal.sentence,
            "paragraphs": sentence.paragraph - earlier.paragraph,
            "items": trigger.position - deal.position if sentence is earlier else _FAR,
            "began since": order,
            "deals": deals,
            "title": sentence.zone == "title",
            "determiner": _DETERMINERS.get(determiner, len(_DETERMINERS)),
        }
        for role in PARTY_ROLES[:2]:
            mine = trigger.names.get(role, _NONE)
            for other in PARTY_ROLES[:2]:
                theirs = deal.names.get(other, _NONE)
                found[f"{role} as {other}"] = len(mine & theirs)
                found[f"{role} not as {other}"] = len(mine - theirs)
                found[f"{other} missing as {role}"] = len(theirs - mine)
        for slot, wider in _FIGURES.items():
            a = trigger.numbers.get(slot, _NO_NUMBERS) | trigger.numbers.get(wider, _NO_NUMBERS)
            b = deal.numbers.get(slot, _NO_NUMBERS) | deal.numbers.get(wider, _NO_NUMBERS)
            found[slot] = len(a)
            found[slot + " of deal"] = len(b)
            found[slot + " equal"] = any(close(x, y) for x in a for y in b)
        here, there = trigger.names.get("site", _NONE), deal.names.get("site", _NONE)
        found |= {"site": len(here), "site of deal": len(there), "site equal": bool(here & there)}
        return found

    def _words(self, scene: Scene, trigger: Told, deal: Told, deals: int, order: int) -> list[str]:
        number, p = trigger.sentence, trigger.position
        items = scene.items[number]
        lemma = self._thesaurus.lemma(items[p].word)
        determiner = _determiner(items, p)
        step = step_of(number - deal.sentence)
        here, there = scene.sentences[number], scene.sentences[deal.sentence]
        found = [
            f"apart {step}",
            f"zones {there.zone} {here.zone}",
            f"apart {step} paragraph {here.paragraph == there.paragraph}",
            f"order {min(order, 3)}",
            f"deals {min(deals, 4)}",
        ]
        earlier = [self._thesaurus.lemma(scene.items[s][q].word) for s, q in deal.places]
        found += [
            "determiner " + determiner,
            f"determiner {determiner} {step}",
            "lemma " + lemma,
            "-1 " + scene.symbol(number, p - 1),
            f"same word {earlier[-1] == lemma}",
            f"words {earlier[-1]} {lemma}",
            f"said before {lemma in earlier}",
        ]
        if number == deal.sentence:
            low, high = sorted((deal.position, p))
            between = items[low + 1 : high]
            found += [f"over {item.symbol}" for item in between[:10]]
            found.append(f"gap {near(high - low)}")
            found.append(f"companies between {min(2, sum(i.kind == 'co' for i in between))}")
            if len(between) <= 3:
                found.append("path " + " ".join(item.symbol for item in between))
        else:
            found += [f"starts {item.symbol}" for item in items[:4]]
            found.append(f"starts {scene.symbol(number, 0)} {scene.symbol(number, 1)}")
        around = _SETTING_APART.intersection([item.word for item in items[max(0, p - 6) : p + 4]])
        if around:
            found += [f"near {word}" for word in sorted(around)]
        return found

    def _contents(self, trigger: Told, deal: Told) -> list[str]:
        step = step_of(trigger.sentence - deal.sentence)
        company, other = (
            _relation(trigger.names.get(role, _NONE), deal.names.get(role, _NONE))
            for role in PARTY_ROLES[:2]
        )
        mine, theirs = _parties(trigger), _parties(deal)
        shared = f"{bool(mine)} {bool(theirs)} {not mine.isdisjoint(theirs)}"
        sides = f"{company} {other}"
        found = [
            f"company {company}",
            f"counterparty {other}",
            f"parties {shared}",
            f"parties {shared} {step}",
            f"sides {sides}",
            f"sides {sides} {step}",
            f"nobody new {bool(mine) and mine <= theirs}",
        ]
        where = _relation(trigger.names.get("site", _NONE), deal.names.get("site", _NONE))
        found += [f"site {where}", f"site {where} {sides} {step}"]
        for slot, other_slot in _FIGURES.items():
            a = trigger.numbers.get(slot)
            b = deal.numbers.get(slot, _NO_NUMBERS) | deal.numbers.get(other_slot, _NO_NUMBERS)
            if not a or not b:
                found.append(f"{slot} {bool(a)} {bool(b)}")
                continue
            relation = "equal" if any(close(x, y) for x in a for y in b) else "differs"
            found += [f"{slot} {relation}", f"number {relation}", f"{relation} {sides} {step}"]
        return found


def side_by_side(probabilities: Sequence[float]) -> list[Numbers]:
    """How likely the words link a trigger to each of several deals, beside one another."""
    found = []
    for order, mine in enumerate(probabilities):
        others = [p for other, p in enumerate(probabilities) if other != order]
        found.append(
            {
                "words": mine,
                "strongest rival": max(others, default=0.0),
                "stronger rivals": sum(other > mine for other in others),
            }
        )
    return found


def _determiner(items: Sequence[Item], position: int) -> str:
    """What shortly before a trigger says whether it is a new deal; "" for nothing."""
    for index in range(position - 1, max(-1, position - 5), -1):
        if items[index].word in _DETERMINERS:
            return items[index].word
        if items[index].kind != "w":
            return _MENTION
    return ""


def close(a: float, b: float) -> bool:
    """Whether two figures are the same but for rounding."""
    return isclose(a, b, rel_tol=_CLOSE)


def _likeness(mine: Mapping[str, float], theirs: Mapping[str, float]) -> float:
    """How much of the probability of types two triggers share."""
    ours, others = sum(mine.values()) or 1.0, sum(theirs.values()) or 1.0
    return sum([min(p / ours, theirs.get(type_, 0.0) / others) for type_, p in mine.items()])


def step_of(sentences: int) -> str:
    """How far apart two sentences are, coarser the further."""
    return "0" if sentences == 0 else "1" if sentences == 1 else "2" if sentences <= 3 else "4"


def _parties(told: Told) -> _Names:
    return told.names.get("company", _NONE) | told.names.get("counterparty", _NONE)


def _relation(mine: _Names, theirs: _Names) -> str:
    if not mine:
        return "theirs" if theirs else "neither"
    if not theirs:
        return "mine"
    return "differs" if mine.isdisjoint(theirs) else "equal"
