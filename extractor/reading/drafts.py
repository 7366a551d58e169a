"""Deals in the making: what several mentions in one article say of one transaction."""

from __future__ import annotations

from dataclasses import dataclass, field

from extractor.reading.statements import Quantity
from extractor.records import DealType, SlotName

_CLOSE = 0.03
_EXCHANGEABLE = {"hosting", "compute", "power", "partnership"}


@dataclass(frozen=True, slots=True)
class Filled:
    """A slot's value with the place that states it (characters of the whole text)."""

    value: str | float
    unit: str
    start: int
    end: int
    rule: str


@dataclass(frozen=True, slots=True)
class Named:
    """A party with the place that names it."""

    name: str
    start: int
    end: int
    rule: str


@dataclass(slots=True)
class Draft:
    """One transaction as far as the article has told it."""

    type: DealType
    company: Named | None = None
    counterparties: dict[str, Named] = field(default_factory=dict)
    backers: dict[str, Named] = field(default_factory=dict)
    slots: dict[SlotName, Filled] = field(default_factory=dict)
    statuses: list[tuple[str, bool]] = field(default_factory=list)  # status, is explicit
    evidence: list[tuple[int, int]] = field(default_factory=list)
    rule: str = ""
    last_sentence: int = 0
    last_token: int = 0
    mentions: int = 0
    strength: float = 0.0
    extra: float = 0.0  # an option on top of the value
    in_title: bool = False
    tentative: bool = False  # the type is a guess that a telling cue may correct

    @property
    def names(self) -> set[str]:
        """The principal and the other side."""
        return set(self.counterparties) | ({self.company.name} if self.company else set())

    def number(self, name: SlotName) -> float | None:
        slot = self.slots.get(name)
        return float(slot.value) if slot is not None else None

    def add(self, claim: Claim, last_token: int) -> None:
        """Take over what a claim says and the draft lacks; the text corrects the title."""
        if self.company is None:
            self.company = claim.company
        told_from_other_side = (
            claim.company is not None and claim.company.name in self.counterparties
        )
        for name, named in claim.counterparties.items():
            if not told_from_other_side and (self.company is None or name != self.company.name):
                self.counterparties.setdefault(name, named)
        for name, named in claim.backers.items():
            self.backers.setdefault(name, named)
        for slot, filled in claim.numbers.items():
            self.fill(slot, filled, replace=self.in_title)
        self.in_title = self.in_title and claim.in_title
        if self.tentative and not claim.tentative:
            self.type, self.tentative = claim.type, False
        self.statuses.append(claim.status)
        self.evidence.append(claim.span)
        self.last_sentence, self.last_token = claim.sentence, last_token
        self.mentions += 1
        self.strength += 0.3 if claim.weak else 1.0

    def fill(self, name: SlotName, slot: Filled, *, replace: bool = False) -> None:
        """Set a slot unless it is set; `replace` for newer or more exact figures."""
        if replace or name not in self.slots:
            self.slots[name] = slot


@dataclass(slots=True)
class Claim:
    """What one event says, with names resolved; to be matched against the drafts."""

    type: DealType
    company: Named | None
    counterparties: dict[str, Named]
    backers: dict[str, Named]
    numbers: dict[SlotName, Filled]
    quantities: list[Quantity]
    status: tuple[str, bool]
    span: tuple[int, int]
    sentence: int
    anaphoric: bool
    indefinite: bool
    finite: bool
    tentative: bool  # the type is a guess from the words around
    is_new: bool
    rule: str
    together: Filled | None
    in_title: bool
    inherited_company: bool = False
    weak: bool = False


def differs(a: float | None, b: float | None) -> bool:
    """Whether two numbers are both there but are not the same figure."""
    return a is not None and b is not None and abs(a - b) > _CLOSE * max(abs(a), abs(b))


def match(claim: Claim, drafts: list[Draft]) -> Draft | None:
    """The draft that a claim continues, or None if it opens a new deal."""
    best: tuple[float, Draft] | None = None
    for draft in drafts:
        score = _affinity(claim, draft)
        if score is not None and (best is None or score >= best[0]):
            best = (score, draft)
    return best[1] if best is not None and best[0] > 0 else None


def _affinity(claim: Claim, draft: Draft) -> float | None:
    """How well a claim fits a draft; None if they contradict each other."""
    score = 0.0
    if claim.type != draft.type:
        if not (claim.tentative or draft.tentative) or {claim.type, draft.type} - _EXCHANGEABLE:
            return None
        if not (set(claim.counterparties) & set(draft.counterparties)):
            return None
        score -= 0.5
    if claim.company is not None and draft.company is not None:
        if claim.company.name == draft.company.name:
            score += 2.0
        elif (
            claim.company.name in draft.counterparties
            and draft.company.name in claim.counterparties
        ):
            score += 1.5  # told from the other side
        elif claim.inherited_company and (set(claim.counterparties) & set(draft.counterparties)):
            score += 0.5
        elif claim.anaphoric and claim.company.name in draft.counterparties:
            score += 1.0
        else:
            return None
    theirs, mine = set(draft.counterparties), set(claim.counterparties)
    if theirs and mine:
        if theirs & mine:
            score += 2.0
        elif claim.type in ("acquisition", "equity", "debt", "partnership") and claim.anaphoric:
            score += 0.0
        else:
            return None
    same_value = False
    for name in ("value", "megawatts", "coins", "gpus"):
        a = claim.numbers.get(name)
        if a is None:
            continue
        own = draft.number(name)
        if own is None:
            continue
        if differs(float(a.value), own):
            alternatives = [draft.number("value_max"), draft.number("megawatts_gross")]
            if any(x is not None and not differs(float(a.value), x) for x in alternatives):
                score += 1.0
                continue
            return None
        score += 2.0
        same_value = True
    term, own_term = claim.numbers.get("term_years"), draft.number("term_years")
    if term is not None and own_term is not None and differs(float(term.value), own_term):
        return None
    if claim.is_new and not same_value and not claim.anaphoric:
        return None
    if (
        claim.type == "acquisition"
        and claim.indefinite
        and not same_value
        and not theirs & mine
        and (
            not claim.in_title
            and (theirs or mine)
            and (claim.numbers or mine)
            and draft.mentions > 0
        )
    ):
        return None  # "the company also paid for a 7.2 MW data centre"
    if claim.anaphoric:
        score += 1.5
    if not claim.company and not mine and not claim.numbers:
        score += 0.2
    distance = claim.sentence - draft.last_sentence
    score += max(0.0, 1.0 - 0.1 * distance)
    return score
