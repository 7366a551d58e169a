"""Whom "the company", "its new tenant" or nobody at all stands for in a deal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from extractor.reading.deals.links import step_of
from extractor.reading.deals.scene import REACH, Mention, Scene
from extractor.reading.deals.weights import BIAS, Features


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
        around = scene.items[max(0, number - REACH) : number + 1]
        for mention in (item.mention for items in around for item in items):
            if mention is None or mention.kind != "co":
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


class ReferentFeatures:
    """What speaks for each name as the one meant at a place."""

    def features(
        self,
        scene: Scene,
        names: tuple[str, ...],
        reference: str,
        place: tuple[int, int],
        role: str,
        type_: str,
        taken: Mapping[str, str],
    ) -> list[Features]:
        """What speaks for each name. `reference` is the kind of description ("" for none).

        `taken` are names that already have another role in the deal.
        """
        memory = Memory.of(scene, place)
        ranks = memory.ranks()
        kind = reference or "nobody"
        found = [
            self._of(scene, name, kind, role, type_, taken.get(name, ""), memory, ranks.get(name))
            for name in names
        ]
        return [[("", of_name)] for of_name in found]

    def _of(
        self,
        scene: Scene,
        name: str,
        kind: str,
        role: str,
        type_: str,
        taken: str,
        memory: Memory,
        rank: int | None,
    ) -> list[str]:
        category = scene.categories.get(name, "other")
        is_main, in_title = name == scene.main, name in scene.in_title
        acts, is_before = memory.acting == name, memory.before == name
        opens = str(memory.opening == name) if memory.opening else ""
        last = memory.last.get(name)
        number = memory.place[0]
        here = last is not None and last.sentence == number
        others = 4 if rank is None else min(3, rank)
        found = [
            BIAS,
            f"{role} category {category}",
            f"{kind} {role} category {category}",
            f"{role} {type_} category {category}",
            f"taken {taken} {kind}",
            f"taken {taken} {role}",
            f"named {min(4, scene.counts[name])}",
            f"{role} names {min(5, len(scene.names))}",
            f"{kind} here {here}",
            f"{kind} behind {name in memory.behind}",
            f"{kind} times {min(memory.times[name], 4)}",
            f"{kind} {role} {is_main} {acts} {in_title} {here}",
            f"{kind} between {others}",
            f"{role} {kind} between {others}",
            f"{kind} opens {opens}",
            f"{kind} before {is_before}",
            f"{kind} opens {opens} acting {acts} between {others}",
            f"{kind} opens {opens} before {is_before} main {is_main}",
            f"{kind} taken {taken} between {others}",
        ]
        if last is None:
            found += [f"{kind} not yet", f"{role} not yet"]
        else:
            step = step_of(number - last.sentence)
            found += [
                f"{kind} apart {step}",
                f"{role} apart {step}",
                f"{kind} apart {step} between {others}",
                f"{kind} label {last.label}",
                f"{kind} label {last.label} {step}",
                f"{role} label {last.label}",
            ]
        for who in (kind, role):
            found += [
                f"{who} main {is_main}",
                f"{who} in title {in_title}",
                f"{who} acting {acts}",
                f"{who} self {name == scene.self_name}",
            ]
        return found
