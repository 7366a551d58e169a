"""Reports of one principal and type meet in deals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from extractor.deals.agreement import compare
from extractor.deals.earlier import Bits, Earlier
from extractor.deals.numbers import apart
from extractor.deals.progress import replaced_by
from extractor.deals.rules import MergeRules
from extractor.deals.signature import Signature


def of_one_event(meetings: Iterable[list[Signature]]) -> list[list[Signature]]:
    """Meetings, those that only one story tells joined to the one that its other articles tell.

    A story tells of one event: where one of its articles errs in a figure, the others know the
    deal that is meant, if it is known from elsewhere. Both must name a party in common.
    """
    told = list(meetings)
    stories = [{report.ref.story_key for report in reports} for reports in told]
    telling: dict[str, list[int]] = defaultdict(list)
    for place, own in enumerate(stories):
        for story in own:
            telling[story].append(place)
    for place, own in enumerate(stories):
        others = [other for story in own for other in telling[story] if other != place]
        if len(own) != 1 or len(others) != 1 or len(stories[others[0]]) == 1:
            continue
        if _may_be_one(told[place], told[others[0]]):
            both = [*told[others[0]], *told[place]]
            told[others[0]] = sorted(both, key=lambda report: report.order)
            told[place] = []
    return [reports for reports in told if reports]


def of_what_is_known(
    meetings: Iterable[list[Signature]], rules: MergeRules
) -> list[list[Signature]]:
    """Meetings, those that only round-ups tell joined to the deal that they retell.

    A round-up retells what is known: an amount that it gives without another side is that of
    the only deal told before, if it comes close.
    """
    told = list(meetings)
    for place, reports in enumerate(told):
        if not all(_retells(report, rules) for report in reports):
            continue
        before = [other for other in told if other and _was_before(other, reports[0], rules)]
        if len(before) != 1 or not _are_of_one_kind(before[0], reports):
            continue
        if _is_close(before[0], reports, rules.round_ups.close):
            before[0][:] = sorted([*before[0], *reports], key=lambda report: report.order)
            told[place] = []
    return [reports for reports in told if reports]


def _retells(report: Signature, rules: MergeRules) -> bool:
    """Whether a report of a round-up tells no more than an amount."""
    is_round_up = report.ref.article_deals >= rules.round_ups.deals
    recurs = report.ref.report.type in rules.recurring
    return is_round_up and not recurs and not report.parties and report.value is not None


def _was_before(reports: list[Signature], retold: Signature, rules: MergeRules) -> bool:
    """Whether news of a deal came before it was retold, and not so long before."""
    when = retold.ref.published
    if when is None or reports[0].order >= retold.order:
        return False
    return any(
        report.ref.published is not None and when - report.ref.published <= rules.late_after
        for report in reports
    )


def _is_close(reports: list[Signature], others: list[Signature], close: float) -> bool:
    return any(
        report.currency == other.currency and apart(report.value, other.value) <= close
        for report in reports
        for other in others
        if report.value is not None and other.value is not None
    )


def _may_be_one(reports: list[Signature], others: list[Signature]) -> bool:
    """Whether two meetings of one story name a party in common and no two kinds of contract."""
    if any(report.expands or report.separates for report in reports):
        return False
    if {report.ref.article_key for report in reports} & {other.ref.article_key for other in others}:
        return False
    return bool(_said("parties", reports) & _said("parties", others)) and _are_of_one_kind(
        reports, others
    )


def _are_of_one_kind(reports: list[Signature], others: list[Signature]) -> bool:
    """Whether two meetings may be of one instrument, security and issue."""
    kinds = ("instruments", "securities", "marks")
    both = ((_said(kind, reports), _said(kind, others)) for kind in kinds)
    return all(ours & theirs or not ours or not theirs for ours, theirs in both)


def _said(name: str, told: list[Signature]) -> frozenset[str]:
    return frozenset[str]().union(*(getattr(report, name) for report in told))


class _Meeting:
    """Reports that have met so far."""

    def __init__(self) -> None:
        self.told: list[Signature] = []
        self.articles: set[str] = set()
        self.reports: Bits = 0
        # Copies say the same: of equal reports of one story one is enough to compare with.
        self.faces: dict[tuple[object, ...], Bits] = {}


class Meetings:
    """The deals of one principal and type while reports join them in order of publication."""

    def __init__(self, rules: MergeRules) -> None:
        self._rules = rules
        self._earlier = Earlier(rules.tolerance, rules.round_ups.deals)
        self._live: Bits = 0
        self._replaced: Bits = 0  # reports whose figure a later one of their deal has changed
        self._meetings: list[_Meeting] = []
        self._place_of: list[int] = []  # by the number of the report

    def __iter__(self) -> Iterator[list[Signature]]:
        return (meeting.told for meeting in self._meetings)

    def take(self, reports: list[Signature]) -> None:
        """Each report of one article joins the deal it agrees with best, or opens one.

        An article tells each deal once, so its reports never meet each other.
        """
        ties = [
            (score, place, number)
            for number, report in enumerate(reports)
            for score, place in self._ties(report)
        ]
        placed: set[int] = set()
        # The best agreement first; of equally good deals the latest.
        for _, place, number in sorted(ties, key=lambda tie: (-tie[0], -tie[1], tie[2])):
            report = reports[number]
            if (
                number not in placed
                and report.ref.article_key not in self._meetings[place].articles
            ):
                self._join(report, place)
                placed.add(number)
        for number, report in enumerate(reports):
            if number not in placed:
                self._meetings.append(_Meeting())
                self._join(report, len(self._meetings) - 1)

    def _ties(self, report: Signature) -> Iterator[tuple[float, int]]:
        """The deals a report may belong to, with the points by which it does.

        It must agree with more of the reports than it contradicts, or a vague report would
        bridge two transactions. What was proposed before the agreement, or has been replaced,
        may be contradicted.
        """
        if not self._live:
            return
        found = compare(report, self._earlier, self._live, self._rules)
        past = self._replaced | self._earlier.statuses.saying(("proposed",))
        seen: Bits = 0
        everyone: Bits = 0
        for _, joining in found.joining:
            everyone |= joining
        for score, joining in found.joining:
            while left := joining & ~seen:
                place = self._place_of[left.bit_length() - 1]
                met = self._meetings[place].reports
                seen |= met
                contradicted = found.contradicting & met
                if met & ~past:
                    contradicted &= ~past
                if (everyone & met).bit_count() > contradicted.bit_count():
                    is_news = everyone & met & found.preferred
                    yield score + (self._rules.recent.prefer if is_news else 0.0), place

    def _join(self, report: Signature, place: int) -> None:
        meeting = self._meetings[place]
        meeting.told.append(report)
        meeting.articles.add(report.ref.article_key)
        self._replaced |= meeting.reports & replaced_by(report, self._earlier, self._rules)
        bit = self._earlier.add(report)
        replaced = meeting.faces.get(report.content, 0)
        meeting.faces[report.content] = bit
        meeting.reports ^= replaced | bit
        self._live ^= replaced | bit
        self._place_of.append(place)
