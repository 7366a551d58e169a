"""Reports that name the tenant as the company are turned around."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import reduce

from extractor.deals.numbers import apart, are_roundings
from extractor.deals.signature import Signature
from extractor.records import SlotName

_LAST = datetime.max.replace(tzinfo=UTC)
# Figures of which one reporter's may be the other's; nearly every lease runs for ten or
# fifteen years.
_FIGURES: tuple[tuple[SlotName, ...], ...] = (
    ("value", "value_max"),
    ("megawatts", "megawatts_gross"),
    ("gpus",),
    ("coins",),
)


def oriented(
    reports: Iterable[Signature], types: frozenset[str], tolerance: float
) -> list[Signature]:
    """The reports, in their order, those told the other way around with their sides changed.

    Of two companies that reports of one type name as principal and other side in both ways,
    the way that most stories tell is right. A report the other way around
    is turned if it states nothing, or something that a report the right way states as well:
    otherwise the two companies may have dealt with each other both ways.
    """
    given = list(reports)
    both_ways: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for place, report in enumerate(given):
        kind = report.ref.report.type
        if kind in types:
            for other in report.parties:
                one, two = sorted((report.principal, other))
                both_ways[kind, one, two].append(place)
    turned = list(given)
    for pair in sorted(both_ways):
        places = both_ways[pair]
        ways: dict[str, list[int]] = defaultdict(list)
        for place in places:
            ways[given[place].principal].append(place)
        if len(ways) == 2:
            right, wrong = _by_weight(given, ways)
            known = [given[place] for place in right]
            name = _usual_name(known)
            for place in wrong:
                if turned[place] is given[place] and _fits(given[place], known, tolerance):
                    turned[place] = given[place].turned(name)
    return turned


def _by_weight(given: Sequence[Signature], ways: dict[str, list[int]]) -> list[list[int]]:
    """The way that is told by most stories, then by most primary sources, then first.

    Each company's release tells the deal as its own, so a source counts for less here.
    """

    def weight(places: list[int]) -> tuple[int, int, float, str]:
        refs = [given[place].ref for place in places]
        primary = len({ref.story_key for ref in refs if ref.source})
        first = min((ref.published or _LAST for ref in refs), default=_LAST)
        stories = len({ref.story_key for ref in refs})
        return -stories, -primary, first.timestamp(), given[places[0]].principal

    return sorted(ways.values(), key=weight)


def _usual_name(reports: Sequence[Signature]) -> str:
    """Of spellings with one comparison key the one of the earliest article."""
    return reduce(lambda one, other: min(one, other, key=_when), reports).company


def _when(report: Signature) -> tuple[datetime, str]:
    return report.ref.published or _LAST, report.ref.article_key


def _fits(report: Signature, known: Iterable[Signature], tolerance: float) -> bool:
    if not report.has_figures:
        return True
    return any(_share_a_figure(report, other, tolerance) for other in known)


def _share_a_figure(left: Signature, right: Signature, tolerance: float) -> bool:
    if left.currency and right.currency and left.currency != right.currency:
        return False
    return any(
        apart(ours, theirs) <= tolerance or are_roundings(ours, theirs)
        for names in _FIGURES
        for ours in _numbers(left, names)
        for theirs in _numbers(right, names)
    )


def _numbers(report: Signature, names: tuple[SlotName, ...]) -> list[float]:
    return [number for name in names if (number := getattr(report, name)) is not None]
