"""How far a deal has come, by the words around its triggers."""

from __future__ import annotations

import re
from collections.abc import Iterable

from extractor.reading.deals.scene import Scene
from extractor.reading.deals.thesaurus import Thesaurus
from extractor.reading.deals.weights import BIAS, Features
from extractor.reading.statusrules import StatusRules

_START = 2  # sentences
_YEAR = re.compile(r"20\d\d")
# tell whether a verb is done, to be done or not
_COURSE = frozenset(
    "has have had is are was were been be to will would could may might should shall can not n't "
    "no never yet already still plan plans wants expects hopes talks if".split()
)


class StatusFeatures:
    """How far a deal has come."""

    def __init__(self, thesaurus: Thesaurus, rules: StatusRules) -> None:
        self._thesaurus = thesaurus
        self._rules = rules

    def features(self, scene: Scene, places: Iterable[tuple[int, int]], type_: str) -> Features:
        """The features of a deal of a type, told at these places."""
        told = list(places)
        found = {BIAS, "type " + type_, f"{type_} triggers {min(4, len(told))}"}
        for number in dict.fromkeys(number for number, _ in told):
            found.update(_of_sentence(scene, number))
        found.add(f"at the start {min(number for number, _ in told) < _START}")
        for order, (number, p) in enumerate(told):
            items, sentence = scene.items[number], scene.sentences[number]
            lemma = self._thesaurus.lemma(items[p].word)
            here = ["word " + items[p].word, "word " + lemma]
            here += [f"left {item.symbol}" for item in items[max(0, p - 7) : p]]
            here += [f"right {item.symbol}" for item in items[p + 1 : p + 5]]
            here += [f"-{p - q} {items[q].symbol}" for q in range(max(0, p - 2), p)]
            when = "first" if order == 0 else "later"
            typed = [f"word {lemma}"]
            if p:
                typed.append(f"-1 {items[p - 1].symbol}")
            first = max(sentence.first, items[p].first - 12)
            last = min(sentence.last, items[p].first + 10)
            statuses = {f"states {s}" for s in self._rules.find(scene.tokens, first, last)}
            found.update(here, [f"{when} {f}" for f in here], [f"{type_} {f}" for f in typed])
            found.update(statuses, [f"{when} {f}" for f in statuses])
            found.update([f"{type_} {f}" for f in statuses])
            found.update(self._around(scene, number, p))
            found.update(_course(scene, number, p, lemma, type_))
        return [("", sorted(found))]

    def _around(self, scene: Scene, number: int, p: int) -> list[str]:
        """The words farther off, and what those near by are like."""
        items = scene.items[number]
        found = [f"far left {i.symbol}" for i in items[max(0, p - 25) : max(0, p - 7)]]
        found += [f"far right {i.symbol}" for i in items[p + 5 : p + 20]]
        for item in (*items[max(0, p - 7) : p], *items[p + 1 : p + 5]):
            found += [f"near like {n}" for n in self._thesaurus.near(item.symbol)]
        return found


def _of_sentence(scene: Scene, number: int) -> list[str]:
    """Where a sentence stands, how it begins, and the years that it names."""
    items = scene.items[number]
    found = [f"starts {item.symbol}" for item in items[:3]]
    found += [f"year {item.word}" for item in items if _YEAR.fullmatch(item.word)]
    return [*found, "zone " + scene.sentences[number].zone]


def _course(scene: Scene, number: int, p: int, lemma: str, type_: str) -> list[str]:
    """Whether what a trigger tells is done, to be done or not, by the words around it."""
    items = scene.items[number]
    before = [item.word for item in items[max(0, p - 6) : p] if item.word in _COURSE]
    behind = [item.word for item in items[p + 1 : p + 8] if item.word in _COURSE]
    one, next_ = scene.symbol(number, p - 1), scene.symbol(number, p + 1)
    last = " ".join(before[-2:])
    return [
        "course " + " ".join(before[-3:]),
        f"course {last} ending {items[p].word[-3:]}",
        f"course {last} {type_}",
        f"course {' '.join(before[-1:])} word {lemma}",
        "course behind " + " ".join(behind[:2]),
        f"word {items[p].word} {type_}",
        f"word {lemma} -1 {one}",
        f"word {lemma} +1 {next_}",
        f"-2-1 {scene.symbol(number, p - 2)} {one}",
        f"+1+2 {next_} {scene.symbol(number, p + 2)}",
    ]
