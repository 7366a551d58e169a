"""Reports of one principal and type meet in deals."""

from __future__ import annotations

from collections.abc import Iterator

from extractor.deals.agreement import compare
from extractor.deals.earlier import Bits, Earlier
from extractor.deals.progress import replaced_by
from extractor.deals.rules import MergeRules
from extractor.deals.signature import Signature


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
