"""How far a deal has come, by what one event says of it."""

from __future__ import annotations

from extractor.reading.events import Event
from extractor.reading.lexicon import Lexicon
from extractor.reading.statusrules import StatusRules
from extractor.reading.tokens import Tokens
from extractor.records import DEAL_TYPES, DealType

# which of several phrases in one statement counts
_WEIGHT = ("terminated", "proposed", "completed", "announced", "outstanding")
# capacity is never "completed", coins are not "announced", only debt stays "outstanding"
_NEVER: dict[str, tuple[DealType, ...]] = {
    "completed": ("hosting", "compute", "power"),
    "announced": ("treasury",),
    "outstanding": tuple(t for t in DEAL_TYPES if t not in ("debt", "backlog")),
}
_NOT_YET = frozenset("be will would to agreed not being".split())


class Progress:
    """Decides the status that an event gives its deal."""

    def __init__(self, rules: StatusRules, lexicon: Lexicon) -> None:
        self._rules = rules
        self._offers = lexicon.words["offers"]
        self._closed_rounds = lexicon.words["closed_rounds"]
        self._promises = lexicon.words["promises"]

    def phrases(self, tokens: Tokens, first: int, last: int) -> list[str]:
        """The statuses that the words of a stretch state."""
        return self._rules.find(tokens, first, last)

    def status(
        self, type_: DealType, event: Event, found: list[str], tokens: Tokens
    ) -> tuple[str, bool]:
        """The status, and whether words say so (or it is but the type's default)."""
        lemma = event.cue.lemma
        if type_ == "backlog" or (type_ == "debt" and lemma == "owe"):
            return "outstanding", True
        for name in _WEIGHT:
            if name in found and type_ not in _NEVER.get(name, ()):
                return name, True
        if type_ == "acquisition" and lemma in self._offers:
            return "proposed", True
        if type_ == "equity" and (lemma.lower() in self._closed_rounds or lemma == "raise"):
            return "completed", True
        if type_ in ("acquisition", "equipment", "equity") and self._is_done(event, tokens):
            return "completed", True
        return self._rules.defaults[type_], False

    def _is_done(self, event: Event, tokens: Tokens) -> bool:
        """Whether a verb of buying is in the past: "bought", not "agreed to buy"."""
        cue = event.cue
        if cue.kind != "verb" or cue.form != "past" or cue.lemma in self._promises:
            return False
        return not _NOT_YET & set(
            tokens.lower[max(event.statement.first, cue.first - 4) : cue.first]
        )
