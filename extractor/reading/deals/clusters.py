"""Triggers found, their arguments weighed, those of one deal brought together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from extractor.reading.deals.arguments import (
    PARTY_ROLES,
    SLOT_KINDS,
    ArgumentFeatures,
    Place,
    pairs,
)
from extractor.reading.deals.evidence import (
    Argument,
    Cluster,
    Figure,
    FigureEvidence,
    NameEvidence,
    Trigger,
    add_figures,
    add_name,
)
from extractor.reading.deals.links import LATEST, LinkFeatures, Told, side_by_side
from extractor.reading.deals.referents import referents
from extractor.reading.deals.scene import Mention, Scene
from extractor.reading.deals.thesaurus import Thesaurus
from extractor.reading.deals.trees import Trees
from extractor.reading.deals.triggers import SentenceView, TriggerFeatures, cue_tags
from extractor.reading.deals.weights import Features, Floats, Weights

_LEAST_TRIGGER = 0.15  # what may tell of a deal at all; the deal's own weights decide later
_LEAST_LEAD = 0.3  # logits: words that by themselves speak so much against a deal are none
_REMEMBERED = 20_000  # words
_LEAST_LINK = 0.6
_LEAST_ARGUMENT = 0.5  # what counts for links between triggers
_LEAST_REFERENCE = 0.3
_NAMED = 0.5


@dataclass(frozen=True, slots=True)
class MentionWeights:
    """The weights and trees of the first half: on words and mentions."""

    triggers: Weights
    parties: Weights
    amounts: Weights
    link_words: Weights  # what the words say of links, which the trees of links ask among others
    links: Trees
    referents: Trees


class ClusterFinder:
    """Finds clusters; holds nothing between texts."""

    def __init__(self, thesaurus: Thesaurus, weights: MentionWeights) -> None:
        self.weights = weights
        self.trigger_features = TriggerFeatures(thesaurus)
        self.argument_features = ArgumentFeatures(thesaurus)
        self.link_features = LinkFeatures(thesaurus)
        # the same few words stand in every article
        self._lead = lru_cache(maxsize=_REMEMBERED)(self._lead_of)

    def find(self, scene: Scene) -> list[Cluster]:
        """All clusters of a scene, evidence collected, in order of their first triggers."""
        triggers = self.triggers(scene)
        self.weigh(
            scene,
            triggers,
            {t.place: t.type for t in triggers},
            by_sentence(t.place for t in triggers),
        )
        return self.join(scene, triggers)

    def triggers(self, scene: Scene) -> list[Trigger]:
        """The words that may tell of a deal, without arguments."""
        places = []
        examples = []
        shared: dict[int, SentenceView] = {}
        for number, position in self.trigger_features.candidates(scene):
            item = scene.items[number][position]
            if self._lead(item.word, cue_tags(scene, number, item.first)) < _LEAST_LEAD:
                continue
            if number not in shared:
                shared[number] = self.trigger_features.sentence(scene, number)
            places.append((number, position))
            examples.append(self.trigger_features.features(scene, number, position, shared[number]))
        return triggers_of(places, self.weights.triggers, examples)

    def _lead_of(self, word: str, tags: tuple[str, ...]) -> float:
        """How far a word by itself speaks for a deal, in logits."""
        return self.weights.triggers.lead(self.trigger_features.word(word, tags))

    def weigh(
        self,
        scene: Scene,
        triggers: Iterable[Trigger],
        types: Mapping[Place, str],
        all_places: Mapping[int, list[int]],
    ) -> None:
        """Give triggers their arguments, under the type that `types` has for each."""
        by_place = {t.place: t for t in triggers}
        for trigger in by_place.values():
            trigger.arguments = []
        every = [pair for pair in pairs(scene, all_places) if pair[0] in by_place]
        for is_party, weights in ((True, self.weights.parties), (False, self.weights.amounts)):
            chosen = [pair for pair in every if (pair[1].kind in ("co", "ref")) == is_party]
            order: dict[tuple[int, str], int] = {}
            alone: list[Features] = []
            of: list[int] = []
            together: list[Features] = []
            for place, mention, distance in chosen:
                type_ = types[place]
                number = order.setdefault((mention.first, type_), len(alone))
                if number == len(alone):
                    alone.append(self.argument_features.alone(scene, mention, type_))
                of.append(number)
                together.append(
                    self.argument_features.features(
                        scene, place, type_, mention, distance, all_places
                    )
                )
            found = weights.probabilities(together, alone, of)
            classes = weights.classes[1:]
            for (place, mention, distance), (nothing, *row) in zip(
                chosen, found.tolist(), strict=True
            ):
                roles = dict(zip(classes, row, strict=True))
                by_place[place].arguments.append(Argument(mention, roles, 1 - nothing, distance))

    def pair(
        self,
        scene: Scene,
        place: Place,
        type_: str,
        mention: Mention,
        distance: int,
        all_places: Mapping[int, list[int]],
        alone: dict[tuple[int, str], Features],
    ) -> Features:
        """The features of a trigger with a mention; `alone` keeps what the mention says."""
        key = mention.first, type_
        if key not in alone:
            alone[key] = self.argument_features.alone(scene, mention, type_)
        together = self.argument_features.features(
            scene, place, type_, mention, distance, all_places
        )
        return [*alone[key], *together]

    def join(self, scene: Scene, triggers: Sequence[Trigger]) -> list[Cluster]:
        """Bring the triggers of one deal together; the title's come last."""
        clusters: list[Cluster] = []
        for trigger in in_order(scene, triggers):
            told = told_by(trigger)
            latest = clusters[-LATEST:][::-1]
            if latest:
                fitting = self._links(scene, told, [c.told for c in latest], len(clusters))
                best = int(fitting.argmax())
                if fitting[best] > _LEAST_LINK:
                    cluster = latest[best]
                    cluster.triggers.append(trigger)
                    cluster.told.add(told)
                    continue
            clusters.append(Cluster([trigger], told))
        for cluster in clusters:
            types: dict[str, float] = defaultdict(float)
            for trigger in cluster.triggers:
                for type_, probability in trigger.types.items():
                    types[type_] += probability
            cluster.types = types
            cluster.type = max(types, key=lambda t: types[t])
            self.collect(scene, cluster)
        return clusters

    def _links(self, scene: Scene, trigger: Told, deals: Sequence[Told], count: int) -> Floats:
        """How likely a trigger tells of each of the latest deals, of `count` so far."""
        features = [
            self.link_features.features(scene, trigger, deal, count, order)
            for order, deal in enumerate(deals)
        ]
        words = self.weights.link_words.probabilities(features)[:, 1]
        numbers = [
            self.link_features.numbers(scene, trigger, deal, count, order) | of_words
            for order, (deal, of_words) in enumerate(
                zip(deals, side_by_side(words.tolist()), strict=True)
            )
        ]
        found: Floats = self.weights.links.probabilities(numbers)[:, 1]
        return found

    def retype(
        self, scene: Scene, cluster: Cluster, type_: str, all_places: Mapping[int, list[int]]
    ) -> None:
        """Weigh the arguments anew where triggers were taken for another type."""
        if all(trigger.type == type_ for trigger in cluster.triggers):
            return
        cluster.type = type_
        types = {trigger.place: type_ for trigger in cluster.triggers}
        self.weigh(scene, cluster.triggers, types, all_places)
        self.collect(scene, cluster)

    def collect(self, scene: Scene, cluster: Cluster) -> None:
        """What the triggers of a cluster say of each name and each figure."""
        names: dict[str, NameEvidence] = defaultdict(NameEvidence)
        figures: dict[Figure, FigureEvidence] = defaultdict(FigureEvidence)
        references: dict[Place, tuple[Mention, dict[str, float]]] = {}
        for trigger in cluster.triggers:
            for argument in trigger.arguments:
                mention = argument.mention
                if mention.kind == "co":
                    add_name(names[mention.name], argument, trigger)
                elif mention.kind == "ref":
                    place = mention.sentence, mention.position
                    roles = references.setdefault(place, (mention, {}))[1]
                    for role, probability in argument.roles.items():
                        roles[role] = max(roles.get(role, 0.0), probability)
                else:
                    add_figures(scene, figures, argument, trigger)
        cluster.names, cluster.figures = dict(names), dict(figures)
        cluster.references = list(references.values())

    def refer(self, scene: Scene, cluster: Cluster) -> None:
        """Add whom descriptions mean, and who is meant where the clause names nobody."""
        names = cluster.names
        for mention, roles in cluster.references:
            for role in PARTY_ROLES[:2]:
                if roles.get(role, 0.0) >= _LEAST_REFERENCE:
                    self._refer(scene, cluster, mention, role, roles[role])
        first = cluster.triggers[0]
        taken = {n for n, e in names.items() if e.total["counterparty"] > _NAMED}
        found = self._meant(scene, "", first.place, "company", cluster.type, taken)
        for name, probability in found.items():
            names.setdefault(name, NameEvidence()).unnamed = probability

    def _meant(
        self,
        scene: Scene,
        reference: str,
        place: Place,
        role: str,
        type_: str,
        taken: Collection[str],
    ) -> dict[str, float]:
        """For each name near the place, the probability that it is meant."""
        names = scene.names_near(place[0])
        found = self.weights.referents.probabilities(
            referents(scene, names, reference, place, role, type_, taken)
        )
        return dict(zip(names, found[:, 1].tolist(), strict=True))

    def _refer(
        self,
        scene: Scene,
        cluster: Cluster,
        mention: Mention,
        role: str,
        probability: float,
    ) -> None:
        names = cluster.names
        other = "counterparty" if role == "company" else "company"
        taken = {n for n, e in names.items() if e.total[other] > _NAMED}
        place = mention.sentence, mention.position
        found = self._meant(scene, mention.reference, place, role, cluster.type, taken)
        for name, meant in found.items():
            evidence = names.setdefault(name, NameEvidence())
            evidence.referred[role] += probability * meant
            if evidence.place is None and meant > _NAMED:
                evidence.place = mention


def triggers_of(
    places: Sequence[Place], weights: Weights, examples: Sequence[Features]
) -> list[Trigger]:
    """The candidates that may tell of a deal."""
    found = []
    types = weights.classes[1:]
    for place, row in zip(places, weights.probabilities(examples).tolist(), strict=True):
        if 1.0 - row[0] > _LEAST_TRIGGER:
            by_type = dict(zip(types, row[1:], strict=True))
            best = max(by_type, key=lambda t: by_type[t])
            found.append(Trigger(*place, best, 1.0 - row[0], by_type))
    return found


def by_sentence(places: Iterable[Place]) -> dict[int, list[int]]:
    """The positions at these places, by sentence, in order."""
    positions: dict[int, list[int]] = {}
    for number, position in sorted(places):
        positions.setdefault(number, []).append(position)
    return positions


def in_order(scene: Scene, triggers: Iterable[Trigger]) -> list[Trigger]:
    """As the text tells it; what the title means by "deal" the text has told by then."""
    return sorted(triggers, key=lambda t: (scene.sentences[t.sentence].zone == "title", t.place))


def told_by(trigger: Trigger) -> Told:
    """What a trigger says with some certainty."""
    told = Told(
        trigger.sentence,
        trigger.position,
        trigger.type,
        places=[trigger.place],
        types=dict(trigger.types),
    )
    for argument in trigger.arguments:
        if argument.any < _LEAST_ARGUMENT:
            continue
        role = max(argument.roles, key=lambda r: argument.roles[r])
        mention = argument.mention
        if mention.kind == "co" or role == mention.kind == "site":
            told.names.setdefault(role, set()).add(mention.name)
        elif mention.quantity is not None and SLOT_KINDS.get(role) == mention.kind:
            told.numbers.setdefault(role, set()).add(mention.quantity.amount.value)
    return told
