"""Reports meet in deals: by principal and type first, then by parties and figures."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby

from extractor.deals.checks import Plausibility, load_plausibility
from extractor.deals.consensus import agree
from extractor.deals.folding import folded
from extractor.deals.links import (
    bases_of,
    doubles,
    expansion_of,
    parts_of,
    sums_of,
)
from extractor.deals.meetings import Meetings, of_one_event, of_what_is_known
from extractor.deals.naming import named
from extractor.deals.orientation import oriented
from extractor.deals.rules import MergeRules, load_rules
from extractor.deals.signature import Category, Resolve, Signature, signature
from extractor.records import Deal, ReportRef

_LAST = datetime.max.replace(tzinfo=UTC)
# Sixteen digits name each of a billion deals; people see the first eight.
_KEY_DIGITS = 16


@dataclass(frozen=True, slots=True)
class DealRules:
    """When reports meet, and which figures are plausible."""

    merging: MergeRules
    plausibility: Plausibility


def load_deal_rules() -> DealRules:
    """The shipped rules. Raises ModelError with the path of a faulty file."""
    return DealRules(load_rules(), load_plausibility())


def assemble(
    refs: Sequence[ReportRef],
    resolve: Resolve,
    rules: DealRules | None = None,
    category: Category = lambda _: "",
    principals: Collection[str] | None = None,
) -> tuple[Deal, ...]:
    """The transactions that reports tell of, by first publication; each report is in one.

    `resolve` gives the current name of a company, `category` what a listed one is. The order
    of `refs` does not matter, except that reports of one article are numbered in it. With
    `principals` (comparison keys) only their deals come back: the same as without, if `refs`
    has all the reports of these deals.
    """
    rules = rules or load_deal_rules()
    merging = rules.merging
    signed = oriented((signature(ref, resolve) for ref in refs), merging, category)
    numbers = _numbered(signed)
    signed = named(signed, resolve, merging)
    told: dict[str, dict[str, list[Signature]]] = defaultdict(lambda: defaultdict(list))
    for report in signed:
        if principals is None or report.principal in principals:
            told[report.principal][report.ref.report.type].append(report)
    deals: list[Deal] = []
    for own in told.values():
        deals += _deals_of(own, numbers, resolve, rules)
    return tuple(sorted(deals, key=lambda deal: (deal.first_published or _LAST, deal.key)))


def _deals_of(
    by_type: dict[str, list[Signature]],
    numbers: dict[int, tuple[str, int]],
    resolve: Resolve,
    rules: DealRules,
) -> list[Deal]:
    """All deals of one principal."""
    merging = rules.merging
    found: list[Deal] = []
    for kind in sorted(by_type):
        same: list[Deal] = []
        for met in folded(
            _meet(sorted(by_type[kind], key=lambda report: report.order), merging),
            merging.expansions,
        ):
            first = met.reports[0]
            principal, number = numbers[id(first.ref)]
            key = _key(first.ref.article_key, kind, principal, number)
            bases = bases_of(met.reports, same, merging.expansions)
            deal = agree(key, met, resolve, merging, bases)
            if parts := parts_of(deal, same, met.reports):
                deal = replace(deal, links=parts)
            elif bases:
                deal = replace(deal, links=(expansion_of(deal, bases[0], met.reports),))
            same.append(replace(deal, checks=rules.plausibility.checks(deal)))
        found += same
    double = doubles(found)
    return [
        replace(
            deal,
            links=(
                *deal.links,
                *(sums_of(deal, found, merging) if deal.type == "backlog" else ()),
                *([double[deal.key]] if deal.key in double else ()),
            ),
        )
        for deal in found
    ]


def _meet(reports: Iterable[Signature], rules: MergeRules) -> list[list[Signature]]:
    """The deals of one principal and type, from reports in order of publication."""
    meetings = Meetings(rules)
    for _, own in groupby(reports, key=lambda report: report.ref.article_key):
        meetings.take(list(own))
    return of_what_is_known(of_one_event(meetings), rules)


def _numbered(reports: Iterable[Signature]) -> dict[int, tuple[str, int]]:
    """By identity, the principal of a report as it tells it, and which of its article's
    reports of that principal and type it is, from 0.

    Later reports, which may tell a fuller name, change neither.
    """
    counts: Counter[tuple[str, str, str]] = Counter()
    numbers: dict[int, tuple[str, int]] = {}
    for report in reports:
        of = (report.ref.article_key, report.principal, report.ref.report.type)
        numbers.setdefault(id(report.ref), (report.principal, counts[of]))
        counts[of] += 1
    return numbers


def _key(*parts: object) -> str:
    """Hex digits of what the first report is."""
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:_KEY_DIGITS]
