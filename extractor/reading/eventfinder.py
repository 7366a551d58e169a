"""Statements into events: their verbs and nouns read, those of one deal united."""

from __future__ import annotations

from extractor.reading.arguments import Arguments
from extractor.reading.events import Event
from extractor.reading.lexicon import Lexicon
from extractor.reading.nouns import POINTERS, NounReader
from extractor.reading.objects import ObjectClasses
from extractor.reading.statements import PREPOSITIONS, Statement
from extractor.reading.tokens import Tokens
from extractor.reading.verbs import VerbReader

_MONTHS = frozenset(
    "january february march april may june july august september october november december "
    "earlier spring summer autumn fall winter 2021 2022 2023 2024 2025 2026".split()
)
_INVESTING = ("invest", "inject", "pour", "put", "plough", "plow")
# general nouns that are too vague to open a deal
_VAGUE = ("capacity", "tenant", "customer", "expansion", "option")


class EventFinder:
    """Finds the events of a statement by the lexicon's frames."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._words = lexicon.words
        self._arguments = Arguments(lexicon.words)
        objects = ObjectClasses(lexicon.words)
        self._verbs = VerbReader(lexicon, self._arguments, objects)
        self._nouns = NounReader(lexicon, self._arguments, objects)

    def find(self, tokens: Tokens, statement: Statement) -> list[Event]:
        """The events of the statement: at most one for each type and verb-noun group."""
        candidates: list[Event] = []
        verb_at = -1
        for cue in statement.cues:
            event = None
            if cue.kind == "verb":
                event = self._verbs.event(tokens, statement, cue)
                verb_at = cue.first if event is not None else verb_at
            elif cue.first == verb_at or self._nouns.is_none(tokens, cue, statement):
                continue
            elif cue.kind == "noun":
                event = self._nouns.event(tokens, statement, cue)
            if event is None and cue.is_general and cue.lemma not in _VAGUE:
                event = Event(None, statement, cue, f"noun {cue.lemma}")
                event.roles = self._arguments.roles(tokens, statement, cue, {}, passive=False)
            if event is not None:
                self._mark(tokens, event)
                candidates.append(event)
        return self._unite(candidates)

    def _mark(self, tokens: Tokens, event: Event) -> None:
        """Whether the cue points back ("the agreement") or introduces something new."""
        cue, lower = event.cue, tokens.lower
        window = lower[max(event.statement.first, cue.first - 6) : cue.first]
        if cue.kind in ("noun", "deal noun"):
            cut = max(
                (
                    i
                    for i, w in enumerate(window)
                    if w in PREPOSITIONS or w in (",", "and", "'s", "’s")
                ),
                default=-1,
            )
            near = window[cut + 1 :]
            event.indefinite = bool({"a", "an", "two", "three"} & set(window))
            event.anaphoric = any(w in POINTERS for w in near) and not ({"a", "an"} & set(near))
            if "its" in near and any(p.label == "subj" and p.name for p in event.statement.parties):
                event.anaphoric = False  # "Hut 8 increased its line": its own, not the one told
        else:
            behind = lower[cue.last : cue.last + 3]
            event.indefinite = bool({"a", "an", "two", "three", "some"} & set(behind))
        behind = lower[cue.last : min(cue.last + 5, event.statement.last)]
        if (
            event.anaphoric
            and any(w in self._words["done_marks"] for w in behind)
            and any(w in _MONTHS for w in behind)
        ):
            event.anaphoric = False  # "the two leases executed in May"

    def _unite(self, events: list[Event]) -> list[Event]:
        """Cues of one statement that speak of one deal become one event.

        Typed cues of the same type unite; unspecific ones join the nearest typed one; a
        weak event gives way to a strong one.
        """
        typed = [e for e in events if e.type is not None]
        generic = [e for e in events if e.type is None]
        strong = [e for e in typed if not e.weak]
        if generic or len({e.type for e in typed}) > 1:
            # "the partnership" is but another word for a deal that is named beside it
            strong = [e for e in strong if e.type != "partnership" or e.indefinite]
            typed = [e for e in typed if e.type != "partnership" or e.indefinite]
        if strong:
            kept = strong + [e for e in typed if e.weak and all(self._apart(e, s) for s in strong)]
        else:
            kept = typed
        if any(e.type == "debt" and not e.weak for e in kept):
            # money put into a company "through a convertible note" is lent
            kept = [e for e in kept if not (e.type == "equity" and e.cue.lemma in _INVESTING)]
        if any(e.type == "power" and e.cue.kind == "verb" for e in kept) and not any(
            e.type == "hosting" and e.cue.kind == "verb" for e in kept
        ):
            # power secured through a lease of land is power
            kept = [e for e in kept if e.type != "hosting"]
        united: list[Event] = []
        for event in sorted(kept, key=lambda e: e.cue.first):
            twin = next((u for u in united if u.type == event.type), None)
            if twin is None:
                united.append(event)
                continue
            for role, parties in event.roles.items():
                mine = twin.roles.setdefault(role, [])
                known = {
                    p.first
                    for ps in twin.roles.values()
                    for p in ps
                    if ps is not twin.roles.get("other")
                }
                mine.extend(p for p in parties if p.first not in known)
            twin.anaphoric = twin.anaphoric and event.anaphoric
        if not united and generic:
            first = generic[0]
            for event in generic[1:]:
                first.anaphoric = first.anaphoric and event.anaphoric
            return [first]
        return united

    def _apart(self, weak: Event, strong: Event) -> bool:
        return weak.type in ("treasury", "equity") and strong.type not in (
            "equity",
            "treasury",
            "debt",
        )
