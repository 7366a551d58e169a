"""Reports meet in deals: by principal and type first, then by parties and figures."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import groupby

from extractor.deals.agreement import Resolve, Signature, needed, points, signature
from extractor.deals.consensus import agree
from extractor.deals.rules import MergeRules, load_rules
from extractor.names import company_key
from extractor.records import Deal, ReportRef

_LAST = datetime.max.replace(tzinfo=UTC)


class _Meeting:
    """Reports that have met so far."""

    def __init__(self, first: Signature) -> None:
        self.refs: list[ReportRef] = []
        self.articles: set[str] = set()
        # Copies say the same: of equal reports of one story one is enough to compare with.
        self._faces: dict[tuple[object, ...], Signature] = {}
        self.add(first)

    def add(self, report: Signature) -> None:
        self.refs.append(report.ref)
        self.articles.add(report.ref.article_key)
        self._faces[report.content] = report

    def tie(self, report: Signature, rules: MergeRules) -> float | None:
        """The points by which a report belongs here, None if it does not.

        It must agree with more of the reports than it contradicts, or a vague report would
        bridge two transactions.
        """
        best: float | None = None
        votes = 0
        for face in self._faces.values():
            score = points(report, face, rules)
            if score >= needed(report, face, rules):
                votes += 1
                best = score if best is None else max(best, score)
            elif score < 0:
                votes -= 1
        return best if votes > 0 else None


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
        for meeting in _meet(sorted(told, key=_when), resolve, rules):
            first = meeting.refs[0]
            key = _key(taken, first.article_key, kind, company, _number(first, told))
            deals.append(agree(key, meeting.refs, resolve))
    return tuple(sorted(deals, key=lambda deal: (deal.first_published or _LAST, deal.key)))


def _meet(refs: Iterable[ReportRef], resolve: Resolve, rules: MergeRules) -> list[_Meeting]:
    """Article by article, each report joins the deal it agrees with best, or opens one.

    An article tells each deal once, so its reports never meet each other.
    """
    meetings: list[_Meeting] = []
    for article, own in groupby(refs, key=lambda ref: ref.article_key):
        reports = [signature(ref, resolve) for ref in own]
        ties = [
            (score, place, number)
            for number, report in enumerate(reports)
            for place, meeting in enumerate(meetings)
            if (score := meeting.tie(report, rules)) is not None
        ]
        placed: set[int] = set()
        # The best agreement first; of equally good deals the latest.
        for _, place, number in sorted(ties, key=lambda tie: (-tie[0], -tie[1], tie[2])):
            meeting = meetings[place]
            if number not in placed and article not in meeting.articles:
                meeting.add(reports[number])
                placed.add(number)
        meetings += [_Meeting(r) for number, r in enumerate(reports) if number not in placed]
    return meetings


def _when(ref: ReportRef) -> tuple[datetime, str]:
    return ref.published or _LAST, ref.article_key


def _number(ref: ReportRef, told: Sequence[ReportRef]) -> int:
    """Which of its article's reports of one principal and type a report is, from 0."""
    own = [other for other in told if other.article_key == ref.article_key]
    return next(number for number, other in enumerate(own) if other is ref)


def _key(taken: set[str], *parts: object) -> str:
    """Eight hex digits of what the first report is; the rare collision takes the next hash."""
    text = "|".join(map(str, parts))
    key = hashlib.sha256(text.encode()).hexdigest()[:8]
    while key in taken:
        text += "+"
        key = hashlib.sha256(text.encode()).hexdigest()[:8]
    taken.add(key)
    return key
