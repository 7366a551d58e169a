"""Reports that name the tenant as the company are turned around."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from extractor.deals.numbers import SUM, apart, are_roundings
from extractor.deals.rules import MergeRules
from extractor.deals.signature import Category, Signature
from extractor.names import (
    are_short_and_long,
    are_spellings,
    company_key,
    name_family,
    party_key,
)
from extractor.records import SlotName

# Figures of which one reporter's may be the other's; nearly every lease runs for ten or
# fifteen years.
_AMOUNTS: tuple[SlotName, ...] = ("value", "value_max")
_COUNTS: tuple[tuple[SlotName, ...], ...] = (
    ("megawatts", "megawatts_gross"),
    ("gpus",),
    ("coins",),
)


def oriented(
    reports: Iterable[Signature], rules: MergeRules, category: Category
) -> list[Signature]:
    """The reports, in their order, those told the other way around with their sides changed.

    Of two companies that reports of one type name as principal and other side in both ways,
    the way that fits their categories is right, where both have one that tells, else the way
    that most stories tell, of equally many the one that rather fits. A report the other way
    around is turned if it states nothing, or something that a report the right way states as
    well: otherwise the two companies may have dealt with each other both ways.
    """
    given = list(reports)
    both_ways: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for place, report in enumerate(given):
        kind = report.ref.report.type
        if kind in rules.turned:
            own = name_family(report.principal)
            for other in set(map(name_family, report.parties)):
                one, two = sorted((own, other))
                both_ways[kind, one, two].append(place)
    turned = list(given)
    for pair in sorted(both_ways):
        ways: dict[str, list[int]] = defaultdict(list)
        for place in both_ways[pair]:
            ways[name_family(given[place].principal)].append(place)
        if len(ways) == 2:
            behind = _behind(given, ways, pair[0], rules, category)
            right, wrong = _by_weight(given, ways, behind)
            known = [given[place] for place in right]
            for place in wrong:
                report = given[place]
                if turned[place] is report:
                    turned[place] = _turned(report, known, rules)
    return turned


def _turned(report: Signature, known: Iterable[Signature], rules: MergeRules) -> Signature:
    """The report with its sides changed, if one of those that are right tells the same."""
    for name in report.counterparties:
        key = party_key(name)
        of_key = [
            other
            for other in known
            if are_one(other.principal, key)
            and any(are_one(report.principal, party) for party in other.parties)
        ]
        if of_key and fits(report, of_key, rules):
            so_called = [other for other in of_key if other.principal == key]
            return report.turned(_usual_name(so_called) if so_called else name)
    return report


def are_one(left: str, right: str) -> bool:
    """Whether two comparison keys may be of one company."""
    return left == right or are_short_and_long(left, right) or are_spellings(left, right)


def _by_weight(
    given: Sequence[Signature], ways: dict[str, list[int]], behind_by_category: tuple[str, bool]
) -> list[list[int]]:
    """The way that is surely not that of the company `behind`, then the one of most stories,
    then not of the company behind, then of most stories but those of an end, then of most
    primary sources, then the first.

    Each company's release tells the deal as its own, so a source counts for less here; and a
    target refuses a bid as if that were its own deal.
    """
    behind, is_sure = behind_by_category

    def weight(own: str) -> tuple[bool, int, bool, int, int, datetime, str]:
        refs = [given[place].ref for place in ways[own]]
        return (
            is_sure and own == behind,
            -len({ref.story_key for ref in refs}),
            own == behind,
            -len({ref.story_key for ref in refs if ref.report.status != "terminated"}),
            -len({ref.story_key for ref in refs if ref.source}),
            min(given[place].order for place in ways[own])[0],
            given[ways[own][0]].principal,
        )

    return [ways[own] for own in sorted(ways, key=weight)]


def _behind(
    given: Sequence[Signature],
    ways: dict[str, list[int]],
    kind: str,
    rules: MergeRules,
    category: Category,
) -> tuple[str, bool]:
    """Which of two companies is the other side by its category, and whether that is sure.

    It is unsure where one of them has no category that tells; "" if it is neither.
    """
    lines = rules.sides.get(kind, {})
    line: dict[str, float | None] = {}
    is_sure = True
    told = [given[place] for places in ways.values() for place in places]
    names = [name for report in told for name in (report.company, *report.counterparties)]
    for own in ways:
        fullest = max((name for name in names if name_family(party_key(name)) == own), key=len)
        known = category(fullest) or _trade(fullest, rules)
        line[own] = lines.get(known)
        is_sure &= bool(known)
    (one, first), (two, second) = line.items()
    if first is None or second is None or first == second:
        return "", False
    return (one if first > second else two), is_sure


def _trade(name: str, rules: MergeRules) -> str:
    """The category that the last telling word of an unlisted name speaks of, "" without one."""
    words = reversed(company_key(name).split())
    return next((rules.trades[word] for word in words if word in rules.trades), "")


def _usual_name(reports: Sequence[Signature]) -> str:
    """Of spellings with one comparison key the one of the earliest article."""
    return min(reports, key=lambda report: report.order).company


def fits(report: Signature, known: Iterable[Signature], rules: MergeRules) -> bool:
    """Whether a report states nothing, a figure that one of the others states, or its sum.

    What is drawn on a facility is a part of it; who writes in the same days may err a little.
    """
    if not report.has_figures:
        return True
    known = list(known)
    return _completes_a_total(report, known, rules) or any(
        share_a_figure(report, other, rules)
        or (report.sums_up and _holds(report, other))
        or (report.draws and _is_part(report, other))
        or _is_close_at_once(report, other, rules)
        for other in known
    )


def share_a_figure(left: Signature, right: Signature, rules: MergeRules) -> bool:
    """Whether an amount, a power or a count of one report may be that of the other."""
    if not left.currency or not right.currency or left.currency == right.currency:
        if _share(left, right, _AMOUNTS, rules.tolerance):
            return True
    elif _is_converted(left, right, rules):
        return True
    return any(_share(left, right, names, rules.tolerance) for names in _COUNTS)


def _holds(total: Signature, part: Signature) -> bool:
    """Whether a size that is told as the sum of contracts is larger than that of one."""
    if total.gpus is not None and part.gpus is not None:
        return total.gpus > part.gpus
    return bool(total.powers and part.powers) and max(total.powers) > max(part.powers)


def _completes_a_total(report: Signature, known: Iterable[Signature], rules: MergeRules) -> bool:
    """Whether an addition makes of the power of one contract that of another."""
    powers = {power for other in known for power in other.powers}
    return report.expands and any(
        apart(power + added, total) <= SUM
        for added in report.powers
        for power in powers
        for total in powers
    )


def _is_close_at_once(left: Signature, right: Signature, rules: MergeRules) -> bool:
    """Whether reports of the same days differ little in a figure."""
    one, two = left.ref.published, right.ref.published
    if one is None or two is None or abs(one - two) > rules.recent.reach:
        return False
    one_currency = left.currency == right.currency
    names = (_AMOUNTS, *_COUNTS) if one_currency else _COUNTS
    return any(_share(left, right, each, rules.round_ups.close) for each in names)


def _is_part(drawn: Signature, facility: Signature) -> bool:
    """Whether an amount is less than another in its currency."""
    if drawn.value is None or facility.value is None or drawn.currency != facility.currency:
        return False
    return drawn.value < facility.value


def _share(
    left: Signature, right: Signature, names: tuple[SlotName, ...], tolerance: float
) -> bool:
    return any(
        apart(ours, theirs) <= tolerance or are_roundings(ours, theirs)
        for ours in _numbers(left, names)
        for theirs in _numbers(right, names)
    )


def _is_converted(left: Signature, right: Signature, rules: MergeRules) -> bool:
    """Whether there has been a rate at which the amounts of two currencies are one."""
    ours, theirs = rules.rates.get(left.currency), rules.rates.get(right.currency)
    if left.value is None or right.value is None or ours is None or theirs is None:
        return False
    low, high = ours.converted(left.value, theirs)
    return low * (1 - rules.tolerance) <= right.value <= high * (1 + rules.tolerance)


def _numbers(report: Signature, names: tuple[SlotName, ...]) -> list[float]:
    return [number for name in names if (number := getattr(report, name)) is not None]
