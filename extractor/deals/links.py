"""Which deals of a principal expand earlier ones, or sum up others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from extractor.deals.numbers import apart, is_equal
from extractor.deals.rules import Expansions, MergeRules
from extractor.deals.signature import MARK, Signature, site_words
from extractor.names import party_key
from extractor.records import Deal, Link, SlotName, Span

_SIZES: tuple[SlotName, ...] = ("value", "megawatts", "gpus")
_SUM = 0.02  # a total may be rounded by so much
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
        if is_left and _mostly(report.sums_up for report in total):
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
        and _mostly(report.expands for report in late)
        and _exceeds(total, late)
    ]


def _is_later(
    late: Sequence[Signature], base: list[Signature], of_pair: Sequence[list[Signature]]
) -> bool:
    """Whether a meeting came after one of the same pair."""
    return any(base is other for other in of_pair) and _first(base) < _first(late)


def _articles(reports: Iterable[Signature]) -> frozenset[str]:
    return frozenset(report.ref.article_key for report in reports)


def bases_of(
    reports: Sequence[Signature], before: Sequence[Deal], rules: Expansions
) -> tuple[Deal, ...]:
    """The earlier deal of the same parties or mark that these reports expand, and its bases.

    That is the one which with the addition makes a sum that is told, else the one at the same
    place, else the latest. Bases end at a total, which holds all that was before it.
    """
    base = _base_of(reports, before, rules)
    bases = [base] if base else []
    by_key = {deal.key: deal for deal in before}
    while bases:
        links = [link for link in bases[-1].links if link.kind == "expands" and not link.total]
        if not links:
            break
        bases.append(by_key[links[0].key])
    return tuple(bases)


def _base_of(
    reports: Sequence[Signature], before: Iterable[Deal], rules: Expansions
) -> Deal | None:
    if reports[0].ref.report.type not in rules.types:
        return None
    if not _mostly(report.expands or report.sums_up for report in reports):
        return None
    when = reports[0].ref.published
    parties = frozenset[str]().union(*(report.parties for report in reports))
    if when is None:
        return None
    by_mark = reports[0].ref.report.type in rules.by_mark
    marks = frozenset[str]().union(*(report.marks for report in reports))
    articles = {report.ref.article_key for report in reports}
    candidates = [
        deal
        for deal in before
        if deal.type == reports[0].ref.report.type
        and deal.status != "terminated"
        and deal.first_published is not None
        and deal.first_published < when
        and (marks & _marks(deal) if by_mark else parties & _keys(deal))
        and not articles >= {ref.article_key for ref in deal.reports}
    ]
    sites = frozenset[str]().union(*(report.site for report in reports))

    def fits(deal: Deal) -> tuple[float, bool, datetime | None, str]:
        sums = [
            apart(old + new, both)
            for name in _SIZES
            if (old := getattr(deal, name)) is not None
            for new in _numbers(reports, name)
            for both in _numbers(reports, name)
        ]
        off = min([1.0, *(off for off in sums if off <= _SUM)])
        return -off, bool(sites & site_words(deal.site)), deal.first_published, deal.key

    return max(candidates, key=fits, default=None)


def expansion_of(deal: Deal, base: Deal, reports: Sequence[Signature]) -> Link:
    """The link of an expansion to the contract that it expands."""
    grown = [
        (getattr(base, name), getattr(deal, name))
        for name in _SIZES
        if getattr(base, name) is not None and getattr(deal, name) is not None
    ]
    is_larger = bool(grown) and all(new > old * (1 + _SUM) for old, new in grown)
    # The words stand with the agreed figure, not with another scope of it.
    cued = any(
        report.sums_up
        and any(
            getattr(report, name) is not None
            and getattr(deal, name) is not None
            and apart(getattr(report, name), getattr(deal, name)) <= _SUM
            for name in _SIZES
        )
        for report in reports
    )
    return Link("expands", base.key, total=is_larger and cued)


def sums_of(backlog: Deal, deals: Iterable[Deal], rules: MergeRules) -> tuple[Link, ...]:
    """The contracts that a backlog sums up: all of its principal that were known by then."""
    when = backlog.first_published
    parts = (
        deal
        for deal in deals
        if deal.type in rules.backlog_parts
        and deal.value is not None
        and deal.currency == backlog.currency
        and deal.status not in ("proposed", "terminated")
        and when is not None
        and deal.first_published is not None
        and deal.first_published <= when
    )
    return tuple(Link("sums", deal.key) for deal in parts)


def parts_of(deal: Deal, before: Iterable[Deal], reports: Sequence[Signature]) -> tuple[Link, ...]:
    """The earlier deals of its principal and type that a deal sums up, none if it is one itself.

    "The three leases are worth $1.45 billion in all": those with the parties named, or all.
    """
    if not _mostly(report.sums_up for report in reports):
        return ()
    earlier = [
        other
        for other in before
        if other.status not in ("proposed", "terminated")
        and not any(link.kind == "sums" for link in other.links)
    ]
    named = _keys(deal)
    for parts in ([other for other in earlier if named & _keys(other)], earlier):
        for name in _SIZES:
            numbers = [getattr(part, name) for part in parts]
            total = getattr(deal, name)
            if len(parts) < 2 or total is None or None in numbers:
                continue
            if name == "value" and any(part.currency != deal.currency for part in parts):
                continue
            if apart(sum(numbers), total) <= _SUM:
                return tuple(Link("sums", part.key) for part in parts)
    return ()


def doubles(deals: Sequence[Deal]) -> dict[str, Link]:
    """Deals of one principal whose amount is that of a deal of another type, by key.

    One printed amount belongs to one transaction: where reports of two types rest on the same
    words for it, the deal of fewer stories has it from the other.
    """
    places = {deal.key: _amount_places(deal) for deal in deals}
    by_weight = sorted(
        deals,
        key=lambda deal: (
            -len({ref.story_key for ref in deal.reports}),
            -len(deal.reports),
            deal.first_published is None,
            deal.first_published,
            deal.key,
        ),
    )
    found: dict[str, Link] = {}
    for place, deal in enumerate(by_weight):
        own = places[deal.key]
        for other in by_weight[:place]:
            shared = own & places[other.key]
            if other.type != deal.type and other.key not in found and 2 * len(shared) > len(own):
                found[deal.key] = Link("same amount", other.key)
                break
    return found


def _amount_places(deal: Deal) -> frozenset[tuple[str, Span]]:
    """The words that state the agreed amount of a deal, with their articles."""
    return frozenset(
        (ref.article_key, slot.span)
        for ref in deal.reports
        for slot in ref.report.slots
        if slot.name == "value"
        and slot.unit == deal.currency
        and deal.value is not None
        and is_equal(float(slot.value), deal.value)
    )


def _keys(deal: Deal) -> frozenset[str]:
    return frozenset(map(party_key, deal.counterparties))


def _marks(deal: Deal) -> frozenset[str]:
    """The marks of an issue or a round that reports of a deal tell: "mark c"."""
    return frozenset(cue for ref in deal.reports for cue in ref.cues if cue.startswith(MARK))


def _mostly(saying: Iterable[bool]) -> bool:
    """Whether a third of the reports say it: one stray word tells nothing."""
    told = list(saying)
    return 3 * sum(told) >= len(told)


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
        apart(first + second, both) <= _SUM
        for name in _SIZES
        for first in _numbers(base, name)
        for second in _numbers(late, name)
        for both in _numbers(total, name)
    )


def _exceeds(total: Sequence[Signature], late: Sequence[Signature]) -> bool:
    """Whether all figures of `total` are larger than those of the addition."""
    pairs = [
        (max(both), max(second))
        for name in _SIZES
        if (both := _numbers(total, name)) and (second := _numbers(late, name))
    ]
    return bool(pairs) and all(both > second * (1 + _SUM) for both, second in pairs)


def _numbers(reports: Iterable[Signature], name: str) -> set[float]:
    return {number for report in reports if (number := getattr(report, name)) is not None}


def _first(reports: Sequence[Signature]) -> tuple[str, str]:
    return _order(reports[0])


def _order(report: Signature) -> tuple[str, str]:
    when = report.ref.published
    return when.isoformat() if when else "9999", report.ref.article_key
