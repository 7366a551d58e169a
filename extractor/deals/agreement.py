"""How far two reports of one principal and type speak of one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from extractor.deals.rules import MergeRules, Points, Progress
from extractor.names import company_key
from extractor.records import NUMBER_SLOTS, ReportRef

Resolve = Callable[[str], str]

_STAGES = {"proposed": 1, "announced": 2, "completed": 3}


@dataclass(frozen=True, slots=True)
class Signature:
    """What a report says, ready for comparison."""

    ref: ReportRef
    parties: frozenset[str]
    site: frozenset[str]
    currency: str
    value: float | None
    value_max: float | None
    megawatts: float | None
    megawatts_gross: float | None
    term_years: float | None
    gpus: float | None
    coins: float | None
    has_figures: bool

    @property
    def content(self) -> tuple[object, ...]:
        """All that a comparison looks at, apart from the date."""
        numbers = (getattr(self, name) for name in NUMBER_SLOTS)
        report = self.ref.report
        return (self.ref.story_key, report.status, self.parties, self.site, self.currency, *numbers)


def signature(ref: ReportRef, resolve: Resolve) -> Signature:
    """The comparable side of a report; parties by the keys of their current names."""
    report = ref.report
    numbers = {name: report.number(name) for name in NUMBER_SLOTS}
    return Signature(
        ref=ref,
        parties=frozenset(company_key(resolve(name)) for name in report.counterparties),
        site=frozenset(word for word in report.site.lower().split() if len(word) > 3),
        currency=report.currency,
        has_figures=any(number is not None for number in numbers.values()),
        **numbers,
    )


def points(left: Signature, right: Signature, rules: MergeRules) -> float:
    """The points by which two reports tell of one transaction; negative if they contradict."""
    same_story = left.ref.story_key == right.ref.story_key
    progress = rules.progress.points if _progresses(left, right, rules.progress) else 0.0
    return _slot_points(left, right, same_story, rules) + progress


def needed(left: Signature, right: Signature, rules: MergeRules) -> float:
    """The points from which two reports are taken for one transaction."""
    if left.ref.story_key == right.ref.story_key:
        return rules.within_story
    if _apart(left.ref, right.ref) > rules.late_after:
        return rules.late
    both = left.has_figures and right.has_figures
    return rules.across_stories if both else rules.without_figures


def _slot_points(left: Signature, right: Signature, same_story: bool, rules: MergeRules) -> float:
    table = rules.points[left.ref.report.type]
    scale = rules.within_story_differ if same_story else 1.0

    def judged(slot: str, verdict: bool | None) -> float:
        if verdict is None:
            return 0.0
        return table.agree[slot] if verdict else table.differ.get(slot, 0.0) * scale

    return (
        _money(left, right, table, scale, rules.tolerance)
        + judged("megawatts", _same_power(left, right, rules.tolerance))
        + judged("pieces", _same(left.gpus, right.gpus, rules.tolerance))
        + judged("pieces", _same(left.coins, right.coins, rules.tolerance))
        + judged("term_years", _same(left.term_years, right.term_years, rules.tolerance))
        + judged("counterparty", _common(left.parties, right.parties))
        + judged("site", _common(left.site, right.site))
    )


def _money(
    left: Signature, right: Signature, table: Points, scale: float, tolerance: float
) -> float:
    if left.currency and right.currency and left.currency != right.currency:
        return 0.0  # amounts in two currencies say nothing without a rate
    largest = _same(left.value_max, right.value_max, tolerance)
    total = table.agree["value_max"] if largest else 0.0
    value = _same(left.value, right.value, tolerance)
    if value:
        return total + table.agree["value"]
    # One reporter's headline may be the other's sum with all options.
    crossed = _same(left.value, right.value_max, tolerance) or _same(
        left.value_max, right.value, tolerance
    )
    if crossed:
        return table.agree["value_max"]
    return total + (table.differ["value"] * scale if value is False else 0.0)


def _same_power(left: Signature, right: Signature, tolerance: float) -> bool | None:
    """Critical load or gross capacity: whichever both reports may mean."""
    ours = [mw for mw in (left.megawatts, left.megawatts_gross) if mw is not None]
    theirs = [mw for mw in (right.megawatts, right.megawatts_gross) if mw is not None]
    if not ours or not theirs:
        return None
    return any(_same(x, y, tolerance) for x in ours for y in theirs)


def _same(left: float | None, right: float | None, tolerance: float) -> bool | None:
    if left is None or right is None:
        return None
    return abs(left - right) <= tolerance * max(abs(left), abs(right))


def _common(left: frozenset[str], right: frozenset[str]) -> bool | None:
    return bool(left & right) if left and right else None


def _apart(left: ReportRef, right: ReportRef) -> timedelta:
    if left.published is None or right.published is None:
        return timedelta(0)
    return abs(left.published - right.published)


def _progresses(left: Signature, right: Signature, progress: Progress) -> bool:
    """Whether one report is the next step of the offering that the other launched."""
    if left.ref.report.type not in progress.types:
        return False
    if _apart(left.ref, right.ref) > progress.reach:
        return False
    if left.ref.published is None or right.ref.published is None:
        return False
    if left.value is None or right.value is None or left.currency != right.currency:
        return False
    values = [left.value, right.value]
    stages = [_STAGES.get(side.ref.report.status, 0) for side in (left, right)]
    if left.ref.published > right.ref.published:
        values.reverse()
        stages.reverse()
    grown = progress.smallest * values[0] <= values[1] <= progress.largest * values[0]
    return grown and 0 < stages[0] < stages[1]
