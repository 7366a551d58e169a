"""Nouns into events: "a 15-year lease", "the notes"."""

from __future__ import annotations

from extractor.reading.arguments import Arguments
from extractor.reading.events import Event
from extractor.reading.lexicon import Cue, Lexicon
from extractor.reading.objects import OBJECT_OF_KIND, ObjectClasses
from extractor.reading.statements import Statement
from extractor.reading.tokens import Tokens

POINTERS = frozenset("the this that these both each its those".split())


class NounReader:
    """Reads the deal nouns of statements."""

    def __init__(self, lexicon: Lexicon, arguments: Arguments, objects: ObjectClasses) -> None:
        self._words = lexicon.words
        self._arguments = arguments
        self._objects = objects

    def event(self, tokens: Tokens, statement: Statement, cue: Cue) -> Event | None:
        found: dict[str, int] | None = None
        pointing: Event | None = None
        for frame in cue.nouns:
            if frame.objects:
                if found is None:
                    found = self._objects.find(
                        tokens, cue.last, statement.last, statement.parties, statement.quantities
                    )
                    before = self._objects.find(
                        tokens,
                        max(statement.first, cue.first - 6),
                        cue.first,
                        statement.parties,
                        statement.quantities,
                    )
                    found = {**before, **found}
                for quantity in statement.quantities:
                    name = OBJECT_OF_KIND.get(quantity.amount.kind)
                    if name:
                        found.setdefault(name, 9)
                if any(
                    p.label == "mod" and 0 <= cue.first - p.last <= 3 for p in statement.parties
                ):
                    found["company"] = 1
                missing = not frame.objects & found.keys()
                if missing and not self._points_back(tokens, statement, cue):
                    continue
            else:
                missing = False
            event = Event(
                frame.type, statement, cue, f"{frame.type}: noun {frame.phrase}", weak=frame.weak
            )
            event.roles = self._arguments.roles(tokens, statement, cue, frame.roles, passive=False)
            event.needs_focus = missing
            if not missing:
                return event
            pointing = pointing or event
        return pointing

    def is_none(self, tokens: Tokens, cue: Cue, statement: Statement) -> bool:
        """Whether a cue in the form of a noun names no deal here."""
        return (
            self._is_modifier(tokens, cue, statement)
            or self._is_general_plural(tokens, cue)
            or self._is_verb_after_all(tokens, cue, statement)
        )

    def _points_back(self, tokens: Tokens, statement: Statement, cue: Cue) -> bool:
        window = tokens.lower[max(statement.first, cue.first - 3) : cue.first]
        return any(w in POINTERS for w in window)

    def _is_verb_after_all(self, tokens: Tokens, cue: Cue, statement: Statement) -> bool:
        """Whether a noun in "-ing" is a verb: "is offering a reward"."""
        before = tokens.lower[cue.first - 1] if cue.first > statement.first else ""
        return cue.lemma.endswith("ing") and before in ("is", "are", "was", "were", "been", "be")

    def _is_general_plural(self, tokens: Tokens, cue: Cue) -> bool:
        """Whether a plural speaks of no deal in particular: "to fund capex and acquisitions"."""
        return (
            cue.lemma in ("acquisition", "merger", "takeover")
            and tokens.lower[cue.last - 1].endswith("s")
            and (cue.last >= len(tokens) or tokens.lower[cue.last] != "of")
        )

    def _is_modifier(self, tokens: Tokens, cue: Cue, statement: Statement) -> bool:
        """Whether a noun only colours the next one: "lease payments", "loan agreement date"."""
        following = tokens.lower[cue.last] if cue.last < statement.last else ""
        return following in self._words["coloured_nouns"]
