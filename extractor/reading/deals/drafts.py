"""Deals as one text tells them, with the places that state each field."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isclose

from extractor.records import DealType, SlotName, Status

_SAME = 0.005
_ALONE: tuple[DealType, ...] = ("acquisition", "equity", "debt", "treasury")
_FIGURES: tuple[SlotName, ...] = ("value", "megawatts", "gpus", "coins", "term_years")


@dataclass(frozen=True, slots=True)
class Filled:
    """A field's value with the place that states it (characters of the whole text)."""

    value: str | float
    unit: str
    start: int
    end: int
    rule: str


@dataclass(slots=True)
class Draft:
    """One transaction as the text tells it; names are the keys of the parties."""

    type: DealType
    status: Status
    company: Filled
    probability: float
    rule: str
    counterparties: dict[str, Filled] = field(default_factory=dict)
    backers: dict[str, Filled] = field(default_factory=dict)
    slots: dict[SlotName, Filled] = field(default_factory=dict)
    evidence: list[tuple[int, int]] = field(default_factory=list)

    def repeats(self, other: Draft) -> bool:
        """Whether two drafts of one type and principal are one deal told twice.

        No figure differs, and they state one alike; or one has no figures, and they share a
        party. Contracts for capacity come in series, other deals do not: of those, one that
        names nobody is the other, too.
        """
        if (self.type, self.company.value) != (other.type, other.company.value):
            return False
        alike = 0
        for name in _FIGURES:
            mine, theirs = self.slots.get(name), other.slots.get(name)
            if mine is None or theirs is None:
                continue
            if not isclose(float(mine.value), float(theirs.value), rel_tol=_SAME):
                return False
            alike += name != "term_years"
        if alike:
            return True
        for one, two in ((self, other), (other, self)):
            if one.slots:
                continue
            if one.counterparties.keys() & two.counterparties.keys():
                return True
            if not one.counterparties and self.type in _ALONE:
                return True
        return False

    def take_over(self, other: Draft) -> None:
        """What the other says and this one lacks."""
        known = {str(self.company.value), *self.counterparties, *self.backers}
        for mine, theirs in (
            (self.counterparties, other.counterparties),
            (self.backers, other.backers),
        ):
            mine.update({name: filled for name, filled in theirs.items() if name not in known})
        for slot, filled in other.slots.items():
            self.slots.setdefault(slot, filled)
        self.evidence += other.evidence
