"""Which type an unspecific "deal" is: the one it points to, or what the words around say."""

from __future__ import annotations

from collections.abc import Sequence

from extractor.reading.drafts import Named
from extractor.reading.events import Event
from extractor.reading.lexicon import Lexicon
from extractor.reading.told import Told
from extractor.records import DealType

_PARTY_ROLES = ("company", "counterparty", "party")
_REACH = 2  # paragraphs
_LEAST_SCORE = 2.0


class DealKinds:
    """Decides the type of events whose cue leaves it open."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._anaphora = lexicon.common["deal_anaphora"]
        self._hints = lexicon.common["category_hints"]

    def kind(self, event: Event, named: dict[str, list[Named]], told: Told) -> DealType | None:
        """The type, or None where nothing tells. May add the topic to `named`."""
        if sum(len(named.get(r, ())) for r in _PARTY_ROLES) == 1 and not event.anaphoric:
            # "an agreement with Microsoft could bring revenue for IREN's business"
            named["party"] = [*named.get("party", ()), *named.get("topic", ())[:1]]
        names = {n.name for role in _PARTY_ROLES for n in named.get(role, ())}
        for draft in reversed(told.drafts):
            if len(names) >= 2 and names <= draft.names:
                return draft.type
        focus = told.focus if told.is_near(event.statement, _REACH) else None
        if focus is not None and (event.anaphoric or len(names) < 2):
            if (not names or names & focus.names) and self._can_mean(event, focus.type):
                return focus.type
        measured = any(
            q.amount.kind in ("money", "power", "duration") for q in event.statement.quantities
        )
        if len(names) < 2 and not measured:
            return None
        found = self._by_context(event, names, told)
        if found is None and focus is not None and names & focus.names:
            return focus.type if self._can_mean(event, focus.type) else None
        return found

    def _can_mean(self, event: Event, type_: DealType) -> bool:
        """Whether "the contract", "the offer" can be a deal of that type."""
        nouns = self._anaphora.get(type_, ())
        lemma = event.cue.lemma
        return lemma in nouns or lemma.rstrip("s") in nouns or lemma + "s" in nouns

    def _by_context(self, event: Event, names: set[str], told: Told) -> DealType | None:
        """The type with the most telling words around, near words counting more."""
        sentence, lower = event.statement.sentence, told.tokens.lower
        window = lower[event.statement.first : event.statement.last]
        wide = lower[sentence.first : sentence.last]
        before = lower[max(0, sentence.first - 30) : sentence.first]
        scores: dict[DealType, float] = {}
        for type_, rules in self._lexicon.types.items():
            score = _word_score(rules.context, window, wide, before)
            if score and type_ != "backlog":
                scores[type_] = score
        for type_, extra in self._category_hints(event, [told.category(n) for n in names]):
            scores[type_] = scores.get(type_, 0.0) + extra
        if not scores:
            return None
        best = max(scores, key=lambda t: scores[t])
        return best if scores[best] >= _LEAST_SCORE else None

    def _category_hints(
        self, event: Event, categories: Sequence[str]
    ) -> list[tuple[DealType, float]]:
        """What the kinds of the companies make likely."""
        hints: list[tuple[DealType, float]] = []
        for row in self._hints:
            needed = [sum(c in group for c in categories) for group in row["groups"]]
            enough = all(count >= row.get("least", 1) for count in needed)
            fits_noun = "nouns" not in row or event.cue.lemma in row["nouns"]
            if enough and fits_noun:
                hints.append((row["type"], row["weight"]))
        return hints


def _word_score(
    context: dict[str, int], window: list[str], wide: list[str], before: list[str]
) -> float:
    score = 0.0
    for word, weight in context.items():
        parts = word.split()
        if len(parts) > 1:
            if any(wide[i : i + len(parts)] == parts for i in range(len(wide))):
                score += weight
        elif word in window:
            score += weight
        elif word in wide:
            score += 0.5 * weight
        elif word in before:
            score += 0.4 * weight
    return score
