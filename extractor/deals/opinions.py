"""The different numbers that reports state for one slot, and the one to believe."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from extractor.deals.folding import Met
from extractor.deals.numbers import SUM, apart, are_roundings, is_equal, is_rounding
from extractor.deals.progress import CLOSED, STAGES
from extractor.deals.rules import MergeRules
from extractor.records import (
    CONFLICT_LABELS,
    Claim,
    Conflict,
    ConflictLabel,
    Deal,
    DealType,
    ReportRef,
    Slot,
    SlotName,
)

_EARLY = datetime.min.replace(tzinfo=UTC)
_LATE = datetime.max.replace(tzinfo=UTC)
_POTENTIAL, _AMENDED, _DRAWN, _WITH_DEBT = "potential", "amended", "drawn", "with debt"
_PART, _WHOLE = "part", "whole site"
# What a slot holds with all options or in gross: another scope of the same thing.
_WIDER: dict[SlotName, SlotName] = {"value": "value_max", "megawatts": "megawatts_gross"}


@dataclass(frozen=True, slots=True, eq=False)
class Opinion:
    """A number, its unit, and the reports that state it, in order of publication."""

    number: float
    unit: str
    refs: tuple[ReportRef, ...]
    stories: frozenset[str] = field(init=False)
    primary: bool = field(init=False)
    stage: int = field(init=False)
    first: datetime = field(init=False)
    last: datetime = field(init=False)

    def __post_init__(self) -> None:
        dates = [ref.published for ref in self.refs if ref.published is not None]
        stages = [STAGES.get(ref.report.status, 0) for ref in self.refs]
        for name, value in (
            ("stories", frozenset(ref.story_key for ref in self.refs)),
            ("primary", any(ref.source for ref in self.refs)),
            ("stage", max(stages)),
            ("first", min(dates, default=_LATE)),
            ("last", max(dates, default=_EARLY)),
        ):
            object.__setattr__(self, name, value)


@dataclass(frozen=True, slots=True)
class Settled:
    """The opinions about a slot: which one is agreed, and how each other differs from it."""

    slot: SlotName
    agreed: Opinion | None
    others: tuple[tuple[Opinion, ConflictLabel], ...]

    @property
    def number(self) -> float | None:
        return self.agreed.number if self.agreed else None

    def conflict(self) -> Conflict | None:
        """The conflict, if there is one, its claims in order of first statement."""
        if self.agreed is None or not self.others:
            return None
        claims = [_claim(self.agreed, ""), *(_claim(o, label) for o, label in self.others)]
        labels = {label for _, label in self.others}
        return Conflict(
            self.slot,
            next(label for label in CONFLICT_LABELS if label in labels),
            tuple(sorted(claims, key=lambda claim: (claim.since or _LATE, claim.number))),
        )


def _claim(opinion: Opinion, label: ConflictLabel | str) -> Claim:
    return Claim(
        number=opinion.number,
        unit=opinion.unit,
        article_keys=tuple(ref.article_key for ref in opinion.refs),
        stories=len(opinion.stories),
        since=None if opinion.first == _LATE else opinion.first,
        primary=opinion.primary,
        label=label,  # type: ignore[arg-type]
    )


class Opinions:
    """What the reports of one deal say about its numbers."""

    def __init__(self, met: Met, rules: MergeRules, bases: Sequence[Deal]) -> None:
        self._reports = reports = met.reports
        self._sums = met.sums
        self._rules = rules
        self._updates = rules.updates
        self._bases = bases  # the contract that this one expands, the one that expands, ...
        self._type: DealType = reports[0].ref.report.type

    def settle(self, slot: SlotName, currency: str | None = None) -> Settled:
        """The number to believe, of those in `currency` if one is given.

        What another scope explains has no vote, nor what a newer figure has replaced. Of the
        rest that counts which a primary source states, then what most independent stories
        say, with those who round it, then what most articles say, then the newest.
        """
        stated = self._stated(slot)
        if not stated:
            return Settled(slot, None, ())
        labels: dict[Opinion, ConflictLabel] = {}
        left = list(stated)

        def set_aside(opinions: Iterable[Opinion], label: ConflictLabel) -> None:
            for opinion in list(opinions):
                labels[opinion] = label
                left.remove(opinion)

        set_aside(self._wider(slot, left), "scope")
        set_aside(self._parts(slot, left), "scope")
        if currency is None and left:
            currency = max(left, key=_weight).unit
        set_aside([o for o in left if o.unit != currency], "currency")
        if not left:
            return Settled(slot, None, ())
        set_aside([o for o in left if any(self._replaces(p, o) for p in left)], "update")
        left = left or [max((o for o in stated if o.unit == currency), key=lambda o: o.last)]
        family = max(_families(left), key=_family_weight)
        agreed = family[0]
        for opinion in stated:
            if opinion is not agreed and opinion not in labels:
                if opinion in family or are_roundings(agreed.number, opinion.number):
                    labels[opinion] = "rounding"
                else:
                    labels[opinion] = "scope" if self._with_debt(opinion) else "contradiction"
        labels.pop(agreed, None)
        return Settled(slot, agreed, tuple((o, labels[o]) for o in stated if o in labels))

    def _stated(self, slot: SlotName) -> list[Opinion]:
        """The distinct numbers stated for a slot, by first statement."""
        stated: list[tuple[float, str, list[ReportRef]]] = []
        for report in self._reports:
            found = slot_of(report.ref, slot)
            if found is None:
                continue
            number = float(found.value)
            for known, unit, told in stated:
                if unit == found.unit and is_equal(known, number):
                    told.append(report.ref)
                    break
            else:
                stated.append((number, found.unit, [report.ref]))
        return [Opinion(number, unit, tuple(told)) for number, unit, told in stated]

    def _wider(self, slot: SlotName, opinions: Sequence[Opinion]) -> list[Opinion]:
        """The opinions that mean more than this slot: with all options, gross, or with what
        was contracted before. One always remains."""
        wide = set(self._wide_numbers(slot))
        before = self._before(slot)
        found = []
        for opinion in opinions:
            others = [o for o in opinions if o is not opinion and o.unit == opinion.unit]
            smaller = [o for o in others if o.number < opinion.number]
            # An option that was exercised is no option any more, nor is a size that was
            # agreed after it had been one.
            is_wide = opinion.stage < CLOSED and any(
                is_equal(opinion.number, number) and opinion.stage <= stage
                for number, stage in wide
            )
            is_sum = all(id(ref) in self._sums for ref in opinion.refs) or any(
                _is_sum(opinion, o, base)
                for o in smaller
                for base in before
                if o.primary or not opinion.primary
            )
            may_be = slot in _WIDER and _all_say(_POTENTIAL, opinion)
            may_be |= slot == "megawatts" and _all_say(_WHOLE, opinion)
            may_be |= slot == "term_years" and all(map(self._has_options, opinion.refs))
            if smaller and (is_wide or is_sum or may_be):
                found.append(opinion)
        return found if len(found) < len(opinions) else []

    def _parts(self, slot: SlotName, opinions: Sequence[Opinion]) -> list[Opinion]:
        """The opinions that tell what was drawn on a larger facility, or is a part of the whole."""
        largest = max((o.number for o in opinions), default=0.0)
        before = self._before(slot)
        of_facility = slot == "value" and self._type in self._rules.draws.types
        return [
            o
            for o in opinions
            if o.number < largest
            and (
                _all_say(_PART, o)
                or (of_facility and _all_say(_DRAWN, o))
                or any(_is_sum(other, o, base) for other in opinions for base in before)
            )
        ]

    def _with_debt(self, opinion: Opinion) -> bool:
        """Whether a price is told with or without the debt that is taken over."""
        return self._type in self._rules.with_debt and _all_say(_WITH_DEBT, opinion)

    def _has_options(self, ref: ReportRef) -> bool:
        """Whether what a report calls the value is what others call it with all options."""
        value = slot_of(ref, "value")
        wide = self._wide_numbers("value")
        return value is not None and any(is_equal(float(value.value), n) for n, _ in wide)

    def _before(self, slot: SlotName) -> list[float]:
        """What was contracted before: by the contract expanded, and by those it expands."""
        sums: list[float] = []
        for base in self._bases if slot in _WIDER else ():
            number = getattr(base, slot)
            if number is None:
                break
            sums.append(number + (sums[-1] if sums else 0.0))
        return sums

    def _wide_numbers(self, slot: SlotName) -> Iterable[tuple[float, int]]:
        """What reports that state both say that the wider slot holds, and at which stage."""
        wider = _WIDER.get(slot)
        if wider is None:
            return
        for report in self._reports:
            narrow, wide = getattr(report, slot), getattr(report, wider)
            if narrow is not None and wide is not None and wide > narrow:
                yield wide, STAGES.get(report.ref.report.status, 0)

    def _replaces(self, newer: Opinion, older: Opinion) -> bool:
        """Whether a figure is the same one at a later time: it grew, or was corrected."""
        if newer is older or newer.first <= older.first:
            return False
        if is_rounding(older.number, newer.number) and older.primary and not newer.primary:
            return False
        was_proposed = older.stage == STAGES["proposed"]
        further = 0 < older.stage < newer.stage
        waited = older.last + self._updates.after <= newer.first
        if further and (was_proposed or waited) and self._type in self._updates.types:
            return True
        off = apart(newer.number, older.number)
        if further and was_proposed and off > self._updates.talks:
            return True
        if are_roundings(newer.number, older.number):
            return False
        if any(_AMENDED in ref.cues for ref in newer.refs):
            return True
        if newer.stories & older.stories or not waited:
            return False
        return newer.primary or len(newer.stories) > 1


def _all_say(cue: str, opinion: Opinion) -> bool:
    return all(cue in ref.cues for ref in opinion.refs)


def _is_sum(total: Opinion, addition: Opinion, base: float) -> bool:
    """Whether a number holds an addition and what was there before; words may say so."""
    if apart(addition.number + base, total.number) <= SUM:
        return True
    in_words = all("total" in ref.cues for ref in total.refs)
    return in_words and total.number >= (addition.number + base) * (1 - SUM)


def slot_of(ref: ReportRef, name: SlotName) -> Slot | None:
    """The slot of a report, if it states it."""
    return next((slot for slot in ref.report.slots if slot.name == name), None)


def _weight(opinion: Opinion) -> tuple[bool, bool, int, int, datetime, float]:
    settled = opinion.stage != STAGES["proposed"]
    stories, articles = len(opinion.stories), len(opinion.refs)
    return settled, opinion.primary, stories, articles, opinion.last, opinion.number


def _families(opinions: Sequence[Opinion]) -> list[list[Opinion]]:
    """Opinions with those that round them; the first of each family is what it means.

    A number is in the family of the weightiest number that it rounds, unless a primary source
    states it and not the other.
    """
    settled = [o for o in opinions if o.stage != STAGES["proposed"]] or list(opinions)
    members: dict[Opinion, list[Opinion]] = {opinion: [opinion] for opinion in settled}
    for round_ in sorted(settled, key=_weight):
        exact = [o for o in members if o is not round_ and is_rounding(o.number, round_.number)]
        exact = [o for o in exact if o.primary or not round_.primary]
        if exact:
            head = max(exact, key=_weight)
            members[head] += members.pop(round_)
    return list(members.values())


def _family_weight(family: Sequence[Opinion]) -> tuple[bool, int, int, datetime, float]:
    stories = frozenset[str]().union(*(opinion.stories for opinion in family))
    articles = sum(len(opinion.refs) for opinion in family)
    newest = max(opinion.last for opinion in family)
    return any(o.primary for o in family), len(stories), articles, newest, family[0].number
