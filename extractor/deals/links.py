"""Which deals of a principal expand earlier ones, or sum up others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from extractor.deals.folding import SIZES, mostly, numbers_of
from extractor.deals.numbers import SUM, apart, is_equal
from extractor.deals.rules import Expansions, MergeRules
from extractor.deals.signature import MARK, Signature, site_words
from extractor.names import party_key
from extractor.records import Deal, Link, Span


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
    if not mostly(report.expands or report.sums_up for report in reports):
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
            for name in SIZES
            if (old := getattr(deal, name)) is not None
            for new in numbers_of(reports, name)
            for both in numbers_of(reports, name)
        ]
        off = min([1.0, *(off for off in sums if off <= SUM)])
        return -off, bool(sites & site_words(deal.site)), deal.first_published, deal.key

    return max(candidates, key=fits, default=None)


def expansion_of(deal: Deal, base: Deal, reports: Sequence[Signature]) -> Link:
    """The link of an expansion to the contract that it expands."""
    grown = [
        (getattr(base, name), getattr(deal, name))
        for name in SIZES
        if getattr(base, name) is not None and getattr(deal, name) is not None
    ]
    is_larger = bool(grown) and all(new > old * (1 + SUM) for old, new in grown)
    # The words stand with the agreed figure, not with another scope of it.
    cued = any(
        report.sums_up
        and any(
            getattr(report, name) is not None
            and getattr(deal, name) is not None
            and apart(getattr(report, name), getattr(deal, name)) <= SUM
            for name in SIZES
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
    if not mostly(report.sums_up for report in reports):
        return ()
    earlier = [
        other
        for other in before
        if other.status not in ("proposed", "terminated")
        and not any(link.kind == "sums" for link in other.links)
    ]
    named = _keys(deal)
    for parts in ([other for other in earlier if named & _keys(other)], earlier):
        for name in SIZES:
            numbers = [getattr(part, name) for part in parts]
            total = getattr(deal, name)
            if len(parts) < 2 or total is None or None in numbers:
                continue
            if name == "value" and any(part.currency != deal.currency for part in parts):
                continue
            if apart(sum(numbers), total) <= SUM:
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
