"""What triggers and their arguments say of one deal, added up by name and by figure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from extractor.reading.deals.arguments import SLOT_KINDS, Place
from extractor.reading.deals.links import Told
from extractor.reading.deals.scene import Mention, Scene

_LEAST_SLOT = 0.05


@dataclass(slots=True)
class Argument:
    """A mention with the probability of each role under a trigger."""

    mention: Mention
    roles: dict[str, float]
    any: float
    distance: int  # sentences


@dataclass(slots=True)
class Trigger:
    """A word that may tell of a deal."""

    sentence: int
    position: int
    type: str
    probability: float
    types: dict[str, float]
    arguments: list[Argument] = field(default_factory=list)

    @property
    def place(self) -> Place:
        return self.sentence, self.position


@dataclass(slots=True)
class NameEvidence:
    """What all triggers of a deal say of one name: sums and maxima of probabilities by role."""

    total: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    most: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    referred: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    unnamed: float = 0.0  # as the principal where the clause names none
    pairs: int = 0
    near_pairs: int = 0
    place: Mention | None = None  # the mention that says it best
    trigger: Trigger | None = None


@dataclass(slots=True)
class FigureEvidence:
    """What all triggers of a deal say of one figure in one slot."""

    total: float = 0.0
    most: float = 0.0
    count: int = 0
    in_title: bool = False
    mentions: list[Mention] = field(default_factory=list)
    best: Mention | None = None
    trigger: Trigger | None = None


Figure = tuple[str, float | str, str]  # slot, value or the name of a site, unit


@dataclass(slots=True)
class Cluster:
    """The triggers of one deal, in the order in which the text tells it."""

    triggers: list[Trigger]
    told: Told
    type: str = ""
    types: dict[str, float] = field(default_factory=dict)
    names: dict[str, NameEvidence] = field(default_factory=dict)
    figures: dict[Figure, FigureEvidence] = field(default_factory=dict)
    references: list[tuple[Mention, dict[str, float]]] = field(default_factory=list)


def add_name(evidence: NameEvidence, argument: Argument, trigger: Trigger) -> None:
    """Add what one trigger says of a name."""
    best = max(evidence.most.values(), default=0.0)
    for role, probability in argument.roles.items():
        evidence.total[role] += probability
        evidence.most[role] = max(evidence.most[role], probability)
    if evidence.trigger is None or argument.any > best:
        evidence.place, evidence.trigger = argument.mention, trigger
    evidence.pairs += 1
    evidence.near_pairs += argument.distance == 0


def add_figures(
    scene: Scene,
    figures: dict[Figure, FigureEvidence],
    argument: Argument,
    trigger: Trigger,
) -> None:
    """Add what one trigger says of an amount or a site, for each slot that it may fill."""
    mention = argument.mention
    value: float | str = mention.name
    unit = ""
    if mention.quantity is not None:
        value, unit = mention.quantity.amount.value, mention.quantity.amount.unit
    for slot, probability in argument.roles.items():
        if SLOT_KINDS[slot] != mention.kind or probability <= _LEAST_SLOT:
            continue
        evidence = figures[slot, value, unit]
        if probability > evidence.most:
            evidence.best, evidence.trigger, evidence.most = mention, trigger, probability
        evidence.total += probability
        evidence.count += 1
        evidence.in_title |= scene.sentences[mention.sentence].zone == "title"
        evidence.mentions.append(mention)
