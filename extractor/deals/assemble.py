"""Reports meet in deals: by principal and type first, then by parties and figures."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import groupby

from extractor.deals.consensus import agree
from extractor.deals.meetings import Meetings
from extractor.deals.rules import MergeRules, load_rules
from extractor.deals.signature import Resolve, signature
from extractor.names import company_key
from extractor.records import Deal, ReportRef

_LAST = datetime.max.replace(tzinfo=UTC)


def assemble(
    refs: Sequence[ReportRef], resolve: Resolve, rules: MergeRules | None = None
) -> tuple[Deal, ...]:
    """The transactions that reports tell of, by first publication; each report is in one.

    `resolve` gives the current name of a company. The order of `refs` does not matter,
    except that reports of one article are numbered in it.
    """
    rules = rules or load_rules()
    indexed: dict[tuple[str, str], list[ReportRef]] = defaultdict(list)
    for ref in refs:
        indexed[company_key(resolve(ref.report.company)), ref.report.type].append(ref)
    taken: set[str] = set()
    deals: list[Deal] = []
    for (company, kind), told in sorted(indexed.items(), key=lambda item: item[0]):
        numbers = _numbered(told)
        for met in _meet(sorted(told, key=_when), resolve, rules):
            key = _key(taken, met[0].article_key, kind, company, numbers[id(met[0])])
            deals.append(agree(key, met, resolve))
    return tuple(sorted(deals, key=lambda deal: (deal.first_published or _LAST, deal.key)))


def _meet(refs: Iterable[ReportRef], resolve: Resolve, rules: MergeRules) -> Meetings:
    """The deals of one principal and type, from reports in order of publication."""
    meetings = Meetings(rules)
    for _, own in groupby(refs, key=lambda ref: ref.article_key):
        meetings.take([signature(ref, resolve) for ref in own])
    return meetings


def _when(ref: ReportRef) -> tuple[datetime, str]:
    return ref.published or _LAST, ref.article_key


def _numbered(told: Iterable[ReportRef]) -> dict[int, int]:
    """Which of its article's reports of one principal and type each is, from 0, by identity."""
    counts: Counter[str] = Counter()
    numbers: dict[int, int] = {}
    for ref in told:
        numbers.setdefault(id(ref), counts[ref.article_key])
        counts[ref.article_key] += 1
    return numbers


def _key(taken: set[str], *parts: object) -> str:
    """Eight hex digits of what the first report is; the rare collision takes the next hash."""
    text = "|".join(map(str, parts))
    key = hashlib.sha256(text.encode()).hexdigest()[:8]
    while key in taken:
        text += "+"
        key = hashlib.sha256(text.encode()).hexdigest()[:8]
    taken.add(key)
    return key
