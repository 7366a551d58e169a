"""What rules and weights make of a text, step by step, for a researcher who asks why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractor.reading.deals.clusters import by_sentence
from extractor.reading.deals.evidence import Cluster
from extractor.reading.deals.numbers import SceneNumbers
from extractor.reading.deals.scene import Scene
from extractor.reading.eventfinder import EventFinder
from extractor.reading.events import Event
from extractor.reading.lexicon import Cue
from extractor.reading.reader import Reader
from extractor.reading.statementbuilder import StatementBuilder
from extractor.reading.statements import Statement
from extractor.reading.tokens import Tokens
from extractor.records import DealType

_SHOWN = 3  # words of a statement that are shown, and reasons for each


@dataclass(frozen=True, slots=True)
class SeenParty:
    """Somebody a statement speaks of, with the place in the sentence that makes them that."""

    name: str
    category: str
    place: str


@dataclass(frozen=True, slots=True)
class SeenAmount:
    """An amount with the role that the rules give it, "" for a plain one."""

    text: str
    kind: str
    value: float
    unit: str
    role: str


@dataclass(frozen=True, slots=True)
class SeenCue:
    """A cue of the frames, the types it can mean, and which event the frames make of it.

    `type` is that of the event, "" where there is none. Such an event `points_back` where
    it counts only if its deal was told before.
    """

    text: str
    kind: str
    types: tuple[DealType, ...]
    type: DealType | str
    points_back: bool
    outcome: str


@dataclass(frozen=True, slots=True)
class SeenWord:
    """A word that the weights hold for one that tells of a deal, or nearly did.

    `reasons` are the features that spoke most for the outcome.
    """

    text: str
    type: DealType | str
    probability: float
    reasons: tuple[str, ...]
    outcome: str


@dataclass(frozen=True, slots=True)
class SeenStatement:
    """A stretch of a sentence that makes one claim."""

    text: str
    sentence: str
    parties: tuple[SeenParty, ...]
    amounts: tuple[SeenAmount, ...]
    cues: tuple[SeenCue, ...]
    words: tuple[SeenWord, ...]
    statuses: tuple[str, ...]
    passed_over: tuple[str, ...]  # phrases that the rules tell to ignore


def look(reader: Reader, text: str, title: str = "") -> tuple[SeenStatement, ...]:
    """Everything that rules and weights see in a text, statement by statement.

    Paragraphs that are page furniture or legal matter are not heard.
    """
    layer = reader.layer(text, title)
    frames = reader.frames
    assert layer.words is not None  # the pipeline has run
    scene = frames.scene(layer)
    builder = StatementBuilder(frames.lexicon, layer.words)
    finder = EventFinder(frames.lexicon)
    words = _Words(reader, scene)
    tokens = layer.tokens
    seen = []
    for number, sentence in enumerate(scene.sentences):
        companies = [m for m in layer.companies if sentence.first <= m.first < sentence.last]
        amounts = [q for q in layer.quantities if sentence.first <= q.first < sentence.last]
        cues = [*frames.lexicon.cues(tokens, sentence.first, sentence.last)]
        for s in builder.build(tokens, sentence, companies, amounts, cues):
            events = finder.find(tokens, s)
            seen.append(
                SeenStatement(
                    tokens.span_text(s.first, s.last),
                    tokens.span_text(sentence.first, sentence.last),
                    tuple(_parties(s)),
                    tuple(
                        SeenAmount(
                            tokens.text[q.amount.start : q.amount.end],
                            q.amount.kind,
                            q.amount.value,
                            q.amount.unit,
                            q.role,
                        )
                        for q in s.quantities
                    ),
                    tuple(_cue(cue, events, tokens) for cue in s.cues),
                    tuple(words.of(number, s)),
                    tuple(dict.fromkeys(frames.status.find(tokens, s.first, s.last))),
                    tuple(
                        tokens.span_text(first, last)
                        for first, last in frames.lexicon.ignored(tokens, s.first, s.last)
                    ),
                )
            )
    return tuple(seen)


class _Words:
    """The words of a scene as the weights see them."""

    def __init__(self, reader: Reader, scene: Scene) -> None:
        self._scene = scene
        self._finder = reader.frames.finder
        self._owner: dict[tuple[int, int], tuple[int, DealType, float]] = {}
        self._candidates: dict[int, list[int]] = {}
        if self._finder is None:
            return
        self._candidates = by_sentence(self._finder.clusters.trigger_features.candidates(scene))
        if not scene.names:
            return
        clusters: list[Cluster] = self._finder.clusters.find(scene)
        judged = self._finder.judge(SceneNumbers(scene, clusters))
        for order, (cluster, (type_, probability)) in enumerate(
            zip(clusters, judged, strict=True), start=1
        ):
            for trigger in cluster.triggers:
                self._owner[trigger.place] = order, type_, probability

    def of(self, number: int, statement: Statement) -> Iterator[SeenWord]:
        """The words of a statement that come nearest to telling of a deal, in order."""
        if self._finder is None:
            return
        features = self._finder.clusters.trigger_features
        weights = self._finder.clusters.weights.triggers
        shared = features.sentence(self._scene, number)
        items = self._scene.items[number]
        places = [
            position
            for position in self._candidates.get(number, ())
            if statement.first <= items[position].first < statement.last
        ]
        examples = [features.features(self._scene, number, p, shared) for p in places]
        rows = weights.probabilities(examples)
        nearest = sorted(range(len(places)), key=lambda i: float(rows[i, 0]))[:_SHOWN]
        for index in sorted(nearest):
            position, row = places[index], rows[index]
            owner = self._owner.get((number, position))
            type_ = weights.classes[1 + int(row[1:].argmax())]
            aim = type_ if owner else weights.classes[0]
            yield SeenWord(
                items[position].word,
                type_,
                1.0 - float(row[0]),
                tuple(r.feature for r in weights.reasons(examples[index], aim, _SHOWN)),
                self._outcome(owner),
            )

    def _outcome(self, owner: tuple[int, DealType, float] | None) -> str:
        if not self._scene.names:
            return "no deal: no company is named"
        if owner is None:
            return "tells of no deal"
        order, type_, probability = owner
        if self._finder is None or probability < self._finder.least_deal:
            return f"told together, group {order} is no deal ({probability:.2f})"
        return f"tells of deal {order}: {type_} ({probability:.2f})"


def _parties(statement: Statement) -> Iterator[SeenParty]:
    for party in statement.parties:
        name = party.name or f"({party.reference})"
        yield SeenParty(name, party.category, f"{party.label} {party.head}".strip())


def _cue(cue: Cue, events: Sequence[Event], tokens: Tokens) -> SeenCue:
    types = tuple(dict.fromkeys([f.type for f in cue.verbs] + [f.type for f in cue.nouns]))
    event = next((e for e in events if e.cue == cue), None)
    return SeenCue(
        tokens.span_text(cue.first, cue.last),
        cue.kind,
        types,
        (event.type or "") if event else "",
        event.needs_focus if event else False,
        f"frame {event.rule}" if event else _why_no_event(cue, types, events),
    )


def _why_no_event(cue: Cue, types: Sequence[DealType], events: Sequence[Event]) -> str:
    if not types:
        return "names no type of deal by itself"
    twin = next((e for e in events if e.type in types), None)
    if twin is not None:
        return f"speaks of the same deal as {twin.cue.lemma!r}"
    if events:
        return f"gives way to {events[0].cue.lemma!r}"
    objects = [frame.objects for frame in cue.verbs] + [frame.objects for frame in cue.nouns]
    if all(objects):
        wanted = sorted(frozenset().union(*objects) - {"none"})
        return f"no frame fits: none of {', '.join(wanted)} beside it, or it is no {cue.kind} here"
    return f"it is no {cue.kind} of a deal here"
