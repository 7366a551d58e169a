"""Whom "the company", "its new tenant" or nobody at all stands for in a deal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from extractor.reading.deals.arguments import PARTY_ROLES
from extractor.reading.deals.numbers import category_code
from extractor.reading.deals.scene import REACH, Mention, Scene
from extractor.reading.deals.trees import Numbers
from extractor.records import DEAL_TYPES

_POSSESSIVE = frozenset(("pronoun its", "pronoun their", "pronoun our"))
_PLURAL = frozenset(("pronoun they", "pronoun their", "pronoun them"))
_NEVER = 99


@dataclass(slots=True)
class Memory:
    """Who was named before a place, as a reader has it in mind."""

    place: tuple[int, int]
    last: dict[str, Mention] = field(default_factory=dict)  # the latest mention, latest name last
    times: Counter[str] = field(default_factory=Counter)
    acting: str = ""  # the latest subject
    opening: str = ""  # the first name of the paragraph
    before: str = ""  # the first name of the sentence before
    behind: set[str] = field(default_factory=set)  # names that follow in the sentence

    @classmethod
    def of(cls, scene: Scene, place: tuple[int, int]) -> Memory:
        """What is in mind at (sentence, position)."""
        memory = cls(place)
        number = place[0]
        paragraph = scene.sentences[number].paragraph
        around = range(max(0, number - REACH), number + 1)
        for mention in scene.mentions:
            if mention.kind != "co" or mention.sentence not in around:
                continue
            name = mention.name
            if (mention.sentence, mention.position) >= place:
                memory.behind.add(name)
                continue
            memory.last.pop(name, None)
            memory.last[name] = mention
            memory.times[name] += 1
            if mention.label == "subj":
                memory.acting = name
            if not memory.opening and scene.sentences[mention.sentence].paragraph == paragraph:
                memory.opening = name
            if not memory.before and mention.sentence == number - 1:
                memory.before = name
        return memory

    def ranks(self) -> dict[str, int]:
        """How many others were named since, for each name."""
        return {name: rank for rank, name in enumerate(reversed(self.last))}


def referents(
    scene: Scene,
    names: Sequence[str],
    reference: str,
    place: tuple[int, int],
    role: str,
    type_: str,
    taken: Collection[str],
) -> list[Numbers]:
    """What speaks for each name as the one meant at a place, in numbers for the trees.

    `reference` is the kind of description ("" where nobody is named at all); `taken` are names
    that already have another role in the deal. Distances are in sentences and items.
    """
    memory = Memory.of(scene, place)
    ranks = memory.ranks()
    categories = Counter(scene.categories.get(name, "") for name in names)
    shared: Numbers = {
        "as counterparty": role == "counterparty",
        "type": DEAL_TYPES.index(type_),
        "nobody": not reference,
        "pronoun": reference.startswith("pronoun"),
        "possessive": reference in _POSSESSIVE,
        "plural": reference in _PLURAL,
        "described as": category_code(reference),
        "described by role": reference in PARTY_ROLES,
        "taken": len(taken),
        "names": len(names),
        "somebody acts": bool(memory.acting),
        "paragraph has names": bool(memory.opening),
        "sentence before has names": bool(memory.before),
        "category of main": category_code(scene.categories.get(scene.main)),
        "sentence": place[0],
        "sentences": len(scene.sentences),
    }
    found = []
    for order, name in enumerate(names):
        last, category = memory.last.get(name), scene.categories.get(name, "")
        is_here = last is not None and last.sentence == place[0]
        found.append(
            {
                **shared,
                "category": category_code(category),
                "category described": category == reference,
                "of its category": categories[category],
                "is taken": name in taken,
                "named": scene.counts[name],
                "order": order,
                "named before": memory.times[name],
                "others named more": max(
                    (memory.times[other] for other in names if other != name), default=0
                ),
                "named since": ranks.get(name, _NEVER),
                "sentences away": place[0] - last.sentence if last else _NEVER,
                "items away": place[1] - last.position if last and is_here else _NEVER,
                "was subject": last is not None and last.label == "subj",
                "was object": last is not None and last.label == "obj",
                "behind": name in memory.behind,
                "main": name == scene.main,
                "in title": name in scene.in_title,
                "self": name == scene.self_name,
                "acts": name == memory.acting,
                "opens": name == memory.opening,
                "before": name == memory.before,
            }
        )
    return found
