"""Meetings that tell the sum of two contracts join the later one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from extractor.deals.numbers import SUM, apart
from extractor.deals.rules import Expansions
from extractor.deals.signature import Signature
from extractor.records import SlotName

SIZES: tuple[SlotName, ...] = ("value", "megawatts", "gpus")
_TOGETHER = timedelta(days=2)  # an outlet may be quicker than the release


@dataclass(frozen=True, slots=True)
class Met:
    """Reports of one deal in order of publication, some of which tell a larger sum."""

    reports: list[Signature]
    sums: frozenset[int] = frozenset()  # the identities of their references


def folded(meetings: Iterable[list[Signature]], rules: Expansions) -> list[Met]:
    """Meetings of one principal and type, without those that tell the sum of two others.

    "400 MW and $11 billion in total" is no third lease beside those of 250 and 150 MW: such
    reports join the later of the two, unless they name the other sides of both. Nor is a total
    that is told together with an addition, even if the ledger does not have all that it sums up.
    """
    told = [Met(reports) for reports in meetings]
    for met in list(told):
        total = met.reports
        is_left = any(each is met for each in told)  # no other sum has joined it
        if is_left and mostly(report.sums_up for report in total):
            parts = _parts(total, [other.reports for other in told if other is not met], rules)
            if parts:
                first = max(parts, key=_first)
                into = next(other for other in told if other.reports is first)
                both = sorted([*first, *total], key=_order)
                sums = into.sums | {id(report.ref) for report in total}
                told = [each for each in told if each is not met and each is not into]
                told.append(Met(both, sums))
    return sorted(told, key=lambda met: _first(met.reports))


def _parts(
    total: Sequence[Signature], others: Sequence[list[Signature]], rules: Expansions
) -> list[list[Signature]]:
    """The meetings that a sum may have been told with."""
    of_pair = [other for other in others if _same(other, total)]
    expands = total[0].ref.report.type in rules.types
    return [
        late
        for late in of_pair
        if _within(late, total, rules.reach)
        and any(
            _sums(base, late, total)
            for base in others
            if base is not late
            and (
                (_articles(base) & _articles(late) and not _names_both(total, base, late))
                or (expands and _is_later(late, base, of_pair))
            )
        )
    ] or [
        late
        for late in of_pair
        if expands
        and _within(late, total, _TOGETHER)
        and mostly(report.expands for report in late)
        and _exceeds(total, late)
    ]


def _is_later(
    late: Sequence[Signature], base: list[Signature], of_pair: Sequence[list[Signature]]
) -> bool:
    """Whether a meeting came after one of the same pair."""
    return any(base is other for other in of_pair) and _first(base) < _first(late)


def _articles(reports: Iterable[Signature]) -> frozenset[str]:
    return frozenset(report.ref.article_key for report in reports)


def _same(other: Iterable[Signature], total: Iterable[Signature]) -> bool:
    """Whether two meetings share a counterparty."""
    parties = frozenset[str]().union(*(report.parties for report in other))
    return any(report.parties & parties for report in total)


def _names_both(
    total: Iterable[Signature], base: Iterable[Signature], late: Iterable[Signature]
) -> bool:
    """Whether a sum is told with the other sides of two contracts that have none in common."""
    named, ours, theirs = (
        frozenset[str]().union(*(report.parties for report in reports))
        for reports in (total, base, late)
    )
    return not ours & theirs and bool(named & ours and named & theirs)


def _within(late: Sequence[Signature], total: Sequence[Signature], reach: timedelta) -> bool:
    """Whether the sum was told soon after its later part, or with it."""
    first, when = late[0].ref.published, total[0].ref.published
    if first is None or when is None:
        return False
    return -_TOGETHER <= when - first <= reach


def _sums(base: Sequence[Signature], late: Sequence[Signature], total: Sequence[Signature]) -> bool:
    """Whether an amount or a power of `total` is that of the two others together."""
    return any(
        apart(first + second, both) <= SUM
        for name in SIZES
        for first in numbers_of(base, name)
        for second in numbers_of(late, name)
        for both in numbers_of(total, name)
    )


def _exceeds(total: Sequence[Signature], late: Sequence[Signature]) -> bool:
    """Whether all figures of `total` are larger than those of the addition."""
    pairs = [
        (max(both), max(second))
        for name in SIZES
        if (both := numbers_of(total, name)) and (second := numbers_of(late, name))
    ]
    return bool(pairs) and all(both > second * (1 + SUM) for both, second in pairs)


def _first(reports: Sequence[Signature]) -> tuple[str, str]:
    return _order(reports[0])


def _order(report: Signature) -> tuple[str, str]:
    when = report.ref.published
    return when.isoformat() if when else "9999", report.ref.article_key


def mostly(saying: Iterable[bool]) -> bool:
    """Whether a third of the reports say it: one stray word tells nothing."""
    told = list(saying)
    return 3 * sum(told) >= len(told)


def numbers_of(reports: Iterable[Signature], name: str) -> set[float]:
    return {number for report in reports if (number := getattr(report, name)) is not None}
