"""The deals of a text: clusters judged, parties and figures chosen, repetitions joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TypeVar, cast, get_type_hints

from extractor.reading.deals.clusters import ClusterFinder, MentionWeights, by_sentence
from extractor.reading.deals.drafts import Draft, Filled
from extractor.reading.deals.evidence import Cluster, Figure, FigureEvidence, NameEvidence
from extractor.reading.deals.links import LATEST
from extractor.reading.deals.numbers import SceneNumbers, of_words
from extractor.reading.deals.scene import Mention, Scene
from extractor.reading.deals.statuses import StatusFeatures
from extractor.reading.deals.thesaurus import Thesaurus
from extractor.reading.deals.trees import Trees
from extractor.reading.deals.types import TypeFeatures
from extractor.reading.deals.weights import Weights
from extractor.reading.statusrules import StatusRules
from extractor.records import DealType, SlotName, Status

_LEAST_BARE = 0.7  # of a deal with neither another side nor a figure
_LEAST_COMPANY = 0.25
_LEAST_COUNTERPARTY = 0.4
_LEAST_BACKER = 0.4
_LEAST_FIGURE = 0.45
_LEAST_SITE = 0.3
_SHORTEST = 1 / 12  # years: no contract runs for days, an option on more notes does
_FIGURES = frozenset(("value", "megawatts", "gpus", "coins"))


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DealWeights:
    """The weights and trees of the second half: on whole deals."""

    type_words: Weights  # what the words say of the type, which the trees of types ask among others
    types: Trees
    roles: Trees
    figures: Trees
    statuses: Weights


class DealFinder:
    """Finds the deals of scenes; holds nothing between texts."""

    least_deal = 0.35  # probability

    def __init__(
        self,
        thesaurus: Thesaurus,
        mentions: MentionWeights,
        deals: DealWeights,
        status: StatusRules,
    ) -> None:
        self.clusters = ClusterFinder(thesaurus, mentions)
        self.weights = deals
        self.type_features = TypeFeatures(thesaurus)
        self.status_features = StatusFeatures(thesaurus, status)

    @classmethod
    def load(cls, folder: Path, status: StatusRules) -> DealFinder:
        """The finder with the thesaurus and weights of a folder."""
        return cls(
            Thesaurus.load(folder / "thesaurus.tsv"),
            _loaded(MentionWeights, folder),
            _loaded(DealWeights, folder),
            status,
        )

    def save(self, folder: Path) -> None:
        """Write all weights and trees into a folder, from which `load` reads them."""
        for held in (self.clusters.weights, self.weights):
            for field in fields(held):
                each = getattr(held, field.name)
                path = folder / (field.name + each.suffix)
                path.write_text("\n".join(each.lines()) + "\n", encoding="utf-8")

    def find(self, scene: Scene) -> list[Draft]:
        """The deals of a scene, in order of first mention."""
        clusters = self.clusters.find(scene) if scene.names else []
        drafts: list[Draft] = []
        numbers = SceneNumbers(scene, clusters)
        types = self.judge(numbers)
        places = by_sentence(t.place for c in clusters for t in c.triggers)
        for index, (type_, probability) in enumerate(types):
            if probability < self.least_deal:
                continue
            self.clusters.retype(scene, clusters[index], type_, places)
            self.clusters.refer(scene, clusters[index])
            draft = self._draft(numbers, index, type_, probability)
            if draft is not None:
                drafts.append(draft)
        return _united(drafts)

    def judge(self, numbers: SceneNumbers) -> list[tuple[DealType, float]]:
        """For each cluster the likeliest type, and how likely it is a deal at all."""
        scene, clusters = numbers.scene, numbers.clusters
        words = self.weights.type_words.probabilities(
            [
                self.type_features.features(scene, c, neighbours(clusters, index))
                for index, c in enumerate(clusters)
            ]
        )
        rows = self.weights.types.probabilities(
            [{**numbers.of_type(i), **of_words(row)} for i, row in enumerate(words.tolist())]
        )
        types = self.weights.types.classes
        return [
            (cast(DealType, types[1 + int(row[1:].argmax())]), 1.0 - float(row[0])) for row in rows
        ]

    def _draft(
        self, numbers: SceneNumbers, index: int, type_: DealType, probability: float
    ) -> Draft | None:
        scene, cluster = numbers.scene, numbers.clusters[index]
        names = names_of(scene, cluster)
        rows = self.weights.roles.probabilities(numbers.of_names(index, names, type_))
        best = int(rows[:, 1].argmax())
        if rows[best, 1] < _LEAST_COMPANY:
            return None
        slots = self._figures(numbers, index, type_)
        if type_ == "backlog" and "value" not in slots:
            return None
        words = ", ".join(
            dict.fromkeys(scene.items[t.sentence][t.position].word for t in cluster.triggers)
        )
        draft = Draft(
            type_,
            self._status(scene, cluster, type_),
            _filled_name(scene, cluster, names[best], "company", float(rows[best, 1])),
            probability,
            f"{type_}: {words} ({probability:.2f})",
            slots=slots,
        )
        for order, (name, (_, _, other, backer)) in enumerate(
            zip(names, rows.tolist(), strict=True)
        ):
            if order == best:
                continue
            if other > _LEAST_COUNTERPARTY and other > backer:
                draft.counterparties[name] = _filled_name(
                    scene, cluster, name, "counterparty", other
                )
            elif backer > _LEAST_BACKER and backer > other:
                draft.backers[name] = _filled_name(scene, cluster, name, "backer", backer)
        if not draft.counterparties and not _FIGURES & slots.keys() and probability < _LEAST_BARE:
            return None
        for number in dict.fromkeys(t.sentence for t in cluster.triggers):
            sentence = scene.sentences[number]
            tokens = scene.tokens
            draft.evidence.append((tokens.starts[sentence.first], tokens.ends[sentence.last - 1]))
        return draft

    def _status(self, scene: Scene, cluster: Cluster, type_: DealType) -> Status:
        if type_ == "backlog":
            return "outstanding"
        places = [t.place for t in cluster.triggers]
        weights = self.weights.statuses
        row = weights.probabilities([self.status_features.features(scene, places, type_)])[0]
        return cast(Status, weights.classes[int(row.argmax())])

    def _figures(
        self, numbers: SceneNumbers, index: int, type_: DealType
    ) -> dict[SlotName, Filled]:
        """The surest figure of each slot; no figure fills two."""
        figures = list(numbers.clusters[index].figures.items())
        fitting = self.weights.figures.probabilities(numbers.of_figures(index, type_))
        slots: dict[SlotName, Filled] = {}
        used: set[float | str] = set()
        for probability, (figure, evidence) in sorted(
            zip(fitting[:, 1].tolist(), figures, strict=True), key=lambda pair: -pair[0]
        ):
            slot = cast(SlotName, figure[0])
            if probability < (_LEAST_SITE if slot == "site" else _LEAST_FIGURE):
                continue
            if slot == "term_years" and float(figure[1]) < _SHORTEST:
                continue
            if slot not in slots and figure[1] not in used:
                slots[slot] = _filled_figure(numbers.scene, figure, evidence, probability)
                used.add(figure[1])
        return _with_options_added(slots)


def _loaded(kind: type[T], folder: Path) -> T:
    """A dataclass of weights and trees, each field from the file of its name."""
    hints = get_type_hints(kind).items()
    return kind(**{name: of.load(folder / f"{name}{of.suffix}") for name, of in hints})


def names_of(scene: Scene, cluster: Cluster) -> tuple[str, ...]:
    """The names that may have a part in the deal of a cluster."""
    return scene.names_near(cluster.triggers[0].sentence)


def neighbours(clusters: Sequence[Cluster], index: int) -> Sequence[Cluster]:
    """The clusters that are told around one."""
    return clusters[max(0, index - LATEST) : index + LATEST]


def _with_options_added(slots: dict[SlotName, Filled]) -> dict[SlotName, Filled]:
    """`value_max` as the whole: an option on top of the value is added to it."""
    base, most = slots.get("value"), slots.get("value_max")
    if most is None:
        return slots
    if base is None:
        slots["value"] = slots.pop("value_max")  # an "up to X" that stands alone
        return slots
    if base.unit != most.unit:
        del slots["value_max"]
    elif float(most.value) < float(base.value):
        total = float(base.value) + float(most.value)
        slots["value_max"] = Filled(
            total, most.unit, most.start, most.end, f"{most.rule}, on top of the value"
        )
    return slots


def _filled_figure(
    scene: Scene, figure: Figure, evidence: FigureEvidence, probability: float
) -> Filled:
    mention = evidence.best
    assert mention is not None
    rule = f"{figure[0]} of {_word(scene, evidence)!r} ({probability:.2f})"
    if mention.quantity is None:
        start = scene.tokens.starts[mention.first]
        text = mention.reference
        return Filled(text, "", start, start + len(text), rule)
    amount = mention.quantity.amount
    return Filled(amount.value, amount.unit, amount.start, amount.end, rule)


def _filled_name(
    scene: Scene, cluster: Cluster, name: str, role: str, probability: float
) -> Filled:
    evidence = cluster.names.get(name)
    mention = evidence.place if evidence is not None else None
    if evidence is None or mention is None:
        rule = f"{role} by what the text is about ({probability:.2f})"
        mention = next(m for m in scene.mentions if m.name == name)
    elif mention.kind == "ref":
        words = scene.tokens.span_text(mention.first, mention.last)
        rule = f"{role}, meant by {words!r} ({probability:.2f})"
    else:
        rule = f"{role} of {_word(scene, evidence)!r} ({probability:.2f})"
    start, end = _place(scene, mention)
    return Filled(name, "", start, end, rule)


def _word(scene: Scene, evidence: NameEvidence | FigureEvidence) -> str:
    """The trigger that says it."""
    trigger = evidence.trigger
    return scene.items[trigger.sentence][trigger.position].word if trigger is not None else ""


def _place(scene: Scene, mention: Mention) -> tuple[int, int]:
    return scene.tokens.starts[mention.first], scene.tokens.ends[mention.last - 1]


def _united(drafts: Sequence[Draft]) -> list[Draft]:
    """Drafts that repeat one another joined to the surest of them; the order is kept."""
    kept: list[Draft] = []
    for draft in sorted(drafts, key=lambda d: -d.probability):
        twin = next((k for k in kept if k.repeats(draft)), None)
        if twin is None:
            kept.append(draft)
        else:
            twin.take_over(draft)
    return [draft for draft in drafts if any(draft is k for k in kept)]
