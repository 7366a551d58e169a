"""How far a report and earlier ones speak of one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_

from extractor.deals.earlier import Bits, Earlier, Numbers
from extractor.deals.progress import amended, drawn_on, steps
from extractor.deals.rules import MergeRules, Points, Rate
from extractor.deals.signature import Signature

# A round-up may err in a figure, hardly in who lends.
_FIRM = frozenset(("counterparty", "instrument", "security", "mark"))


@dataclass(frozen=True, slots=True)
class Agreement:
    """Which earlier reports may tell of the same transaction, and which contradict.

    `joining` holds sets of reports with their points, most points first. News of these days
    is what an article rather tells of: it is in `preferred`.
    """

    joining: tuple[tuple[float, Bits], ...]
    contradicting: Bits
    preferred: Bits


@dataclass(frozen=True, slots=True)
class _Judged:
    """Reports with which one slot agrees or from which it differs.

    Money has two amounts, of which one may agree and the other differ. What is `close` does
    not count as different where two articles rather err; what is `firm` counts in full in a
    round-up.
    """

    reports: Bits
    agree: float = 0.0
    differ: float = 0.0
    close: bool = False
    firm: bool = False


@dataclass(frozen=True, slots=True)
class _Doubt:
    """How much it counts that slots differ."""

    scale: float
    firm_scale: float
    close: float | None = None  # what a close figure counts instead


def compare(report: Signature, earlier: Earlier, live: Bits, rules: MergeRules) -> Agreement:
    """How a report stands to each of the earlier reports in `live`.

    Points are added for slots that agree and taken for slots that differ. Reports with
    enough points join; those below zero contradict.
    """
    slots = list(_slots(report, earlier, rules))
    told = earlier.stories.saying((report.ref.story_key,))
    retold = live & ~told
    if report.ref.article_deals < rules.round_ups.deals and not _looks_back(report, rules):
        retold &= earlier.round_ups
    # Two articles of the same days that are nearly of one mind rather err than tell two deals.
    soon = 0 if report.expands or report.sums_up else _recent(report, earlier, rules)
    inside = _scores(
        live & told, slots, _Doubt(rules.within_story_differ, rules.within_story_differ)
    )
    across = _scores(live & ~told & ~retold & ~soon, slots, _Doubt(1.0, 1.0))
    at_once = _scores(
        live & ~told & ~retold & soon, slots, _Doubt(1.0, 1.0, rules.round_ups.close_points)
    )
    by_round_up = _scores(
        retold, slots, _Doubt(rules.round_ups.differ, 1.0, rules.round_ups.close_points)
    )
    joining: dict[float, Bits] = defaultdict(int)
    contradicting = 0
    for score, reports in inside.items():
        if score >= rules.within_story:
            joining[score] |= reports
        elif score < 0:
            contradicting |= reports
    thresholds = _thresholds(report, earlier, retold, rules)
    for score, reports in (*across.items(), *at_once.items(), *by_round_up.items()):
        enough = 0
        for needed, of in thresholds:
            if score >= needed:
                enough |= reports & of
        if enough:
            joining[score] |= enough
        if score < 0:
            contradicting |= reports & ~enough
    looks_back = report.ref.article_deals >= rules.round_ups.deals
    preferred = 0 if looks_back else _recent(report, earlier, rules)
    return Agreement(tuple(sorted(joining.items(), reverse=True)), contradicting, preferred)


def _thresholds(
    report: Signature, earlier: Earlier, retold: Bits, rules: MergeRules
) -> tuple[tuple[float, Bits], ...]:
    """The points that are needed to join, each with the reports of other stories it holds for."""
    when = report.ref.published
    late = 0
    if when is not None and not _looks_back(report, rules):
        late = earlier.older(when, rules.late_after)
    both = earlier.with_figures & ~late if report.has_figures else 0
    bare = (~0 if report.is_bare else earlier.bare) & ~late
    rest = ~(late | bare)
    return (
        (rules.late, late),
        (rules.bare, bare),
        (rules.round_ups.join, both & rest & retold),
        (rules.across_stories, both & rest & ~retold),
        (rules.without_figures, rest & ~both),
    )


def _scores(
    reports: Bits, slots: Iterable[Iterable[_Judged]], doubt: _Doubt
) -> Mapping[float, Bits]:
    """Sets of reports by their points; what differs counts by the `doubt`."""
    scores: dict[float, Bits] = {0.0: reports} if reports else {}
    for slot in slots:
        before, scores = scores, defaultdict(int)
        for score, rest in before.items():
            for judged in slot:
                if found := rest & judged.reports:
                    scale = doubt.firm_scale if judged.firm else doubt.scale
                    differ = judged.differ * scale
                    if judged.close and doubt.close is not None:
                        differ = doubt.close
                    scores[score + (judged.agree + differ)] |= found
                    rest ^= found
            if rest:
                scores[score] |= rest
    return scores


def _slots(report: Signature, earlier: Earlier, rules: MergeRules) -> Iterator[list[_Judged]]:
    """The slots that the report states; of each, the first judgement on a report counts."""
    kind = report.ref.report.type
    table = rules.points[kind]

    def judged(
        slot: str, same: Bits, stated: Bits, rounding: Bits = 0, near: Bits = 0, close: Bits = 0
    ) -> list[_Judged]:
        return [
            _Judged(same, agree=table.agree[slot]),
            _Judged(rounding, agree=table.rounded.get(slot, 0.0)),
            _Judged(near, agree=table.agree["near"]),
            _Judged(close, differ=differ(slot), close=True),
            _Judged(stated, differ=differ(slot), firm=slot in _FIRM),
        ]

    def differ(slot: str) -> float:
        """What may become of a deal is no other deal."""
        return 0.0 if report.is_potential and slot == "megawatts" else table.differ.get(slot, 0.0)

    recent = _recent(report, earlier, rules)
    yield _money(report, earlier, table, rules)
    if report.value is not None:
        same_currency = earlier.currencies.saying((report.currency,))
        equal = earlier.value.equal(report.value) & same_currency
        yield [_Judged(equal, agree=table.agree["exact"])]
    if report.powers:
        same = rounding = equal = near = close = 0
        for megawatts in report.powers:
            equal |= earlier.power.equal(megawatts)
            near |= earlier.power.near(megawatts)
            same |= earlier.power.same(megawatts) | near & recent | earlier.critical(megawatts)
            rounding |= earlier.power.rounding(megawatts)
            close |= earlier.power.close(megawatts, rules.round_ups.close)
        yield judged("megawatts", same, earlier.power.stated, rounding, near, close)
        yield [_Judged(equal, agree=table.agree["exact"])]
    for number, others in ((report.gpus, earlier.gpus), (report.coins, earlier.coins)):
        if number is not None:
            coarser = _coarser(report, earlier, others, number, rules)
            same, rounding = others.same(number) & ~coarser, others.rounding(number) & ~coarser
            close = 0 if kind in rules.recurring else others.close(number, rules.round_ups.close)
            yield judged("pieces", same, others.stated, rounding, close=close)
    if report.term_years is not None:
        terms = earlier.term_years
        yield judged("term_years", terms.same(report.term_years), terms.stated)
    if report.parties:
        # Of several investors or lenders each outlet names its own.
        beside = earlier.named_beside(report.parties) & recent
        same, stated = earlier.parties.saying(report.parties), earlier.parties.stated
        yield [
            _Judged(same, agree=table.agree["counterparty"]),
            _Judged(beside),
            _Judged(stated, differ=differ("counterparty"), firm=True),
        ]
    for slot, words, said in (
        ("instrument", report.instruments, earlier.instruments),
        ("security", report.securities, earlier.securities),
        ("mark", report.marks, earlier.marks),
        ("site", report.site, earlier.sites),
    ):
        if words:
            yield judged(slot, said.saying(words), said.stated)
    yield from _course(report, earlier, rules)


def _course(report: Signature, earlier: Earlier, rules: MergeRules) -> Iterator[list[_Judged]]:
    """What the report tells of the course of things: a step, a change, an addition, news."""
    kind = report.ref.report.type
    recent = _recent(report, earlier, rules)
    yield [
        _Judged(steps(report, earlier, progress), agree=progress.points)
        for progress in rules.progress.get(kind, ())
    ]
    if report.draws and kind in rules.draws.types:
        yield [_Judged(drawn_on(report, earlier, rules.draws), agree=rules.draws.points)]
    if report.amends and kind in rules.amendments.types:
        changed = amended(report, earlier, rules.amendments)
        yield [_Judged(changed, agree=rules.amendments.points)]
    if report.ref.report.status in ("completed", "terminated") and kind in rules.delivered.types:
        agreed = _agreed(report, earlier, is_once=kind in rules.delivered.once)
        yield [_Judged(agreed, agree=rules.delivered.points)]
    if report.separates:
        yield [_Judged(~(earlier.separate | recent), differ=rules.separate, firm=True)]
    if report.expands and kind in rules.expansions.types:
        # What is added later was no part of what was told before.
        first = ~(earlier.expanding | recent)
        yield [_Judged(first, differ=rules.expansions.differ, firm=True)]
    if kind in rules.recent.lending and not report.sums_up:
        soon = earlier.within(rules.recent.lending_reach, report.ref.published)
        of_lender = soon & earlier.parties.saying(report.parties)
        yield [_Judged(of_lender, agree=rules.recent.one_lender)]
    yield [_Judged(recent, agree=rules.recent.points)]


def _agreed(report: Signature, earlier: Earlier, *, is_once: bool) -> Bits:
    """The reports of what was agreed by the same pair, of the same megawatts or pieces.

    Where it `is_once` that one pair agrees on such a thing, of any size, and completed ones.
    """
    of_pair = earlier.parties.saying(report.parties)
    if is_once:
        return of_pair & earlier.statuses.saying(("announced", "completed"))
    signed = of_pair & earlier.statuses.saying(("announced",))
    sizes = [earlier.power.same(megawatts) for megawatts in report.powers]
    sizes += [earlier.gpus.same(report.gpus)]
    return signed & reduce(or_, sizes)


def _looks_back(report: Signature, rules: MergeRules) -> bool:
    """Whether a report says that it retells a deal; of those that recur it may be the next."""
    return report.looks_back and report.ref.report.type not in rules.recurring


def _recent(report: Signature, earlier: Earlier, rules: MergeRules) -> Bits:
    """The reports that appeared in the same days."""
    return earlier.within(rules.recent.reach, report.ref.published)


def _coarser(
    report: Signature, earlier: Earlier, numbers: Numbers, number: float | None, rules: MergeRules
) -> Bits:
    """The reports whose number rounds one that this report is the first to state.

    Where like deals recur, an exact figure of a later day is that of the next one.
    """
    if report.ref.report.type not in rules.recurring:
        return 0
    return numbers.coarser(number) & ~_recent(report, earlier, rules)


def _converted(
    report: Signature, earlier: Earlier, rates: Mapping[str, Rate], margin: float = 0.0
) -> Bits:
    """The reports whose amount in another currency may be the amount of this one.

    With a `margin` also those that are off by that part.
    """
    rate, found = rates.get(report.currency), 0
    if report.value is None or rate is None:
        return 0
    for currency in earlier.currencies.words:
        other = rates.get(currency)
        if other is not None and currency != report.currency:
            least, most = rate.converted(report.value, other)
            amounts = earlier.value.from_to(least * (1 - margin), most * (1 + margin))
            found |= amounts & earlier.currencies.saying((currency,))
    return found


def _money(report: Signature, earlier: Earlier, table: Points, rules: MergeRules) -> list[_Judged]:
    value, largest = earlier.value, earlier.value_max
    coarser = _coarser(report, earlier, value, report.value, rules)
    near, near_by = value.near(report.value), value.close(report.value, rules.round_ups.close)
    # Who differs by little in the same days means one amount.
    recent = _recent(report, earlier, rules)
    same = value.same(report.value) & ~coarser | near & recent
    if report.ref.report.type in rules.recurring:
        near &= recent
    same_largest = largest.same(report.value_max)
    # One reporter's headline may be the other's sum with all options.
    crossed = largest.same(report.value) | value.same(report.value_max)
    crossed |= earlier.without_options(report.value)
    other = value.stated if report.value is not None else 0
    agree, differ = table.agree, table.differ["value"]
    rounded = value.rounded(report.value)
    # Who retells a deal rounds; a company knows what it sold.
    rounding = value.rounding(report.value) & ~coarser
    retold = rounding & ~rounded & ~earlier.primary
    if not report.is_primary:
        retold |= rounded
    # Where one names no other side, the amount is all by which it can be told.
    unnamed = ~earlier.parties.stated if report.parties else ~0
    judged = [
        _Judged(same & same_largest, agree=agree["value_max"] + agree["value"]),
        _Judged(same, agree=agree["value"]),
        _Judged(crossed, agree=agree["value_max"]),
        _Judged(retold & unnamed, agree=agree["value"]),
        _Judged(retold, agree=table.rounded["value_retold"]),
        _Judged(rounding, agree=table.rounded["value"]),
        _Judged(same_largest & near, agree=agree["value_max"] + agree["near"]),
        _Judged(near, agree=agree["near"]),
        _Judged(same_largest & near_by, agree=agree["value_max"], differ=differ, close=True),
        _Judged(same_largest & other, agree=agree["value_max"], differ=differ),
        _Judged(same_largest, agree=agree["value_max"]),
        _Judged(near_by, differ=differ, close=True),
        _Judged(other, differ=differ),
    ]
    if report.currency:
        # Of amounts in two currencies only those are apart between which no rate can lie.
        converted = _converted(report, earlier, rules.rates)
        near_by = _converted(report, earlier, rules.rates, rules.rate_margin)
        known = earlier.currencies.saying(rules.rates.keys() - {report.currency, ""})
        apart = known & other & ~near_by if report.currency in rules.rates else 0
        judged[:0] = [
            _Judged(converted, agree=agree["converted"]),
            _Judged(apart, differ=differ),
            _Judged(~earlier.currencies.saying((report.currency, ""))),
        ]
    return [each for each in judged if each.reports]
