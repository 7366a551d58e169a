"""What the rules make of a text, step by step, for a researcher who asks why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from extractor.reading.discourse import ArticleText, DealFinder
from extractor.reading.drafts import Claim, Draft, Named
from extractor.reading.events import Event
from extractor.reading.lexicon import Cue
from extractor.reading.reader import Reader
from extractor.reading.reports import to_report
from extractor.reading.statementbuilder import StatementBuilder
from extractor.reading.statements import Statement
from extractor.reading.tokens import Tokens
from extractor.reading.told import Told
from extractor.records import DealType

_FIGURES = frozenset(("value", "megawatts", "coins", "gpus"))


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
    """A cue, the types it can mean, and what became of it.

    `type` is that of the event it made, "" where it made none. Such an event `points_back`
    where it counts only if its deal was told before.
    """

    text: str
    lemma: str
    kind: str
    types: tuple[DealType, ...]
    type: DealType | str
    points_back: bool
    outcome: str


@dataclass(frozen=True, slots=True)
class SeenStatement:
    """A stretch of a sentence that makes one claim."""

    text: str
    sentence: str
    parties: tuple[SeenParty, ...]
    amounts: tuple[SeenAmount, ...]
    cues: tuple[SeenCue, ...]
    statuses: tuple[str, ...]
    passed_over: tuple[str, ...]  # phrases that the rules tell to ignore


def look(reader: Reader, text: str, title: str = "") -> tuple[SeenStatement, ...]:
    """Everything the rules see in a text, statement by statement; the title comes last.

    Paragraphs that are page furniture or legal matter are not heard.
    """
    layer = reader.layer(text, title)
    frames = reader.frames
    assert layer.words is not None  # the pipeline has run
    witness = _Witness(frames.lexicon, StatementBuilder(frames.lexicon, layer.words), frames.status)
    drafts = witness.find(frames.article_text(layer))
    kept = {id(draft) for draft in drafts if to_report(draft, layer.title_end) is not None}
    statuses = frames.status
    return tuple(
        SeenStatement(
            layer.tokens.span_text(s.first, s.last),
            layer.tokens.span_text(s.sentence.first, s.sentence.last),
            tuple(_parties(s)),
            tuple(
                SeenAmount(
                    layer.tokens.text[q.amount.start : q.amount.end],
                    q.amount.kind,
                    q.amount.value,
                    q.amount.unit,
                    q.role,
                )
                for q in s.quantities
            ),
            tuple(_cue(cue, heard, layer.tokens, kept) for cue in s.cues),
            tuple(dict.fromkeys(statuses.find(layer.tokens, s.first, s.last))),
            tuple(
                layer.tokens.span_text(first, last)
                for first, last in frames.lexicon.ignored(layer.tokens, s.first, s.last)
            ),
        )
        for heard in witness.heard
        for s in [heard.statement]
    )


@dataclass(slots=True)
class _Heard:
    """A statement with its events, and the claims that came of them."""

    statement: Statement
    events: list[Event]
    claims: list[tuple[Claim, Draft | None, bool]] = field(default_factory=list)


class _Witness(DealFinder):
    """Finds deals as ever, and keeps what it heard on the way."""

    heard: list[_Heard]

    def find(self, text: ArticleText) -> list[Draft]:
        self.heard = []
        return super().find(text)

    def _hear(self, statement: Statement, carried: Named | None, told: Told) -> Named | None:
        self.heard.append(_Heard(statement, self._events.find(told.tokens, statement)))
        return super()._hear(statement, carried, told)

    def _apply(self, claim: Claim, statement: Statement, told: Told) -> bool:
        before = len(told.drafts)
        applied = super()._apply(claim, statement, told)
        self.heard[-1].claims.append(
            (claim, told.focus if applied else None, len(told.drafts) > before)
        )
        return applied


def _parties(statement: Statement) -> Iterator[SeenParty]:
    for party in statement.parties:
        name = party.name or f"({party.reference})"
        yield SeenParty(name, party.category, f"{party.label} {party.head}".strip())


def _cue(cue: Cue, heard: _Heard, tokens: Tokens, kept: set[int]) -> SeenCue:
    types = tuple(dict.fromkeys([f.type for f in cue.verbs] + [f.type for f in cue.nouns]))
    event = next((e for e in heard.events if e.cue == cue), None)
    return SeenCue(
        tokens.span_text(cue.first, cue.last),
        cue.lemma,
        cue.kind,
        types,
        (event.type or "") if event else "",
        event.needs_focus if event else False,
        _fate(event, heard, kept) if event else _why_no_event(cue, types, heard),
    )


def _why_no_event(cue: Cue, types: tuple[DealType, ...], heard: _Heard) -> str:
    if not types:
        return "names no deal by itself" if cue.kind == "deal verb" else "its type stays open"
    twin = next((e for e in heard.events if e.type in types), None)
    if twin is not None:
        return f"speaks of the same deal as {twin.cue.lemma!r}"
    if heard.events:
        return f"gives way to {heard.events[0].cue.lemma!r}"
    objects = [frame.objects for frame in cue.verbs] + [frame.objects for frame in cue.nouns]
    if all(objects):
        wanted = sorted(frozenset().union(*objects) - {"none"})
        return f"no frame fits: none of {', '.join(wanted)} beside it, or it is no {cue.kind} here"
    return f"it is no {cue.kind} of a deal here"


def _fate(event: Event, heard: _Heard, kept: set[int]) -> str:
    """What came of an event: a deal, or the reason why none."""
    name = event.rule if event.type else f"{event.rule}, of no type by itself"
    own = [entry for entry in heard.claims if entry[0].rule == event.rule]
    if not own:
        if event.type is None:
            return f"{name}: the words around do not tell which type of deal it is"
        if event.needs_focus:
            return f"{name}: it lacks its object, and no such deal was told before"
        return f"{name}: a guard finds that no deal is told here"
    claim, draft, is_new = own[0]
    if draft is not None:
        if id(draft) not in kept:
            return f"{name}: a deal of type {draft.type} was begun, but {_lack(draft)}"
        return f"{name}: {'opens' if is_new else 'goes on about'} a deal of type {draft.type}"
    return f"{name}: no {claim.type} deal is opened, {_too_little(claim)}"


def _lack(draft: Draft) -> str:
    return "it has no principal" if draft.company is None else "it got no other side and no figure"


def _too_little(claim: Claim) -> str:
    if claim.company is None:
        return "no company is its principal"
    if claim.anaphoric and not claim.counterparties:
        return "it points back to a deal that was not told"
    if not claim.counterparties and not _FIGURES & claim.numbers.keys():
        return "neither another side nor a figure is stated"
    return "it says too little"
