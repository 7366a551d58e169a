"""The rules of merging by comparing pair with pair: slow, plain, what the quick way must equal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from itertools import groupby
from typing import NamedTuple

from extractor.deals.numbers import apart as part
from extractor.deals.numbers import (
    are_roundings,
    is_equal,
    is_one_amount,
    is_one_count,
    is_rounding,
)
from extractor.deals.rules import MergeRules, Progress
from extractor.deals.signature import Signature


class Wider(NamedTuple):
    """Amounts with and without options, gross and critical powers, as reports tell them."""

    amounts: set[tuple[float, float]]
    powers: set[tuple[float, float]]
    parties: list[frozenset[str]]  # as they are named together


STAGES = {"proposed": 1, "announced": 2, "completed": 3}


def partition(reports: Iterable[Signature], rules: MergeRules) -> list[list[Signature]]:
    """The deals of one principal and type, from reports in order of publication."""
    deals: list[list[Signature]] = []
    for article, own in groupby(reports, key=lambda report: report.ref.article_key):
        fresh = list(own)
        told = [report for deal in deals for report in deal]
        wider = Wider(
            {
                (report.value_max, report.value)
                for report in told
                if report.value is not None and report.value_max is not None
            },
            {
                (report.megawatts_gross, report.megawatts)
                for report in told
                if report.megawatts is not None and report.megawatts_gross is not None
            },
            [report.parties for report in told],
        )
        ties = [
            (score, place, number)
            for number, report in enumerate(fresh)
            for place, deal in enumerate(deals)
            if (score := tie(report, deal, rules, wider)) is not None
        ]
        placed: set[int] = set()
        for _, place, number in sorted(ties, key=lambda tie: (-tie[0], -tie[1], tie[2])):
            articles = {report.ref.article_key for report in deals[place]}
            if number not in placed and article not in articles:
                deals[place].append(fresh[number])
                placed.add(number)
        deals += [[report] for number, report in enumerate(fresh) if number not in placed]
    return deals


def tie(
    report: Signature,
    deal: list[Signature],
    rules: MergeRules,
    wider: Wider,
) -> float | None:
    faces = {other.content: other for other in deal}.values()
    past = [face for face in faces if is_past(face, deal, rules)]
    joining: list[float] = []
    against = 0
    for face in faces:
        score = points(report, face, rules, wider)
        if score >= needed(report, face, rules):
            joining.append(score)
        elif score < 0 and not (len(past) < len(faces) and face in past):
            against += 1
    if len(joining) <= against:
        return None
    is_news = report.ref.article_deals < rules.round_ups.deals and any(
        recent(report, face, rules)
        and points(report, face, rules, wider) >= needed(report, face, rules)
        for face in faces
    )
    return max(joining) + (rules.recent.prefer if is_news else 0.0)


def is_past(face: Signature, deal: list[Signature], rules: MergeRules) -> bool:
    if face.ref.report.status == "proposed":
        return True
    later = deal[max(at for at, other in enumerate(deal) if other is face) + 1 :]
    return any(replaces(other, face, rules) for other in later)


def replaces(later: Signature, face: Signature, rules: MergeRules) -> bool:
    kind = later.ref.report.type
    changes = later.amends and kind in rules.amendments.types
    if later.value is None:
        pairs = [(x, y) for x in later.powers for y in face.powers]
        return changes and bool(pairs) and not any(near(x, y, rules) for x, y in pairs)
    if face.value is None or near(face.value, later.value, rules):
        return False
    if changes:
        return True
    grows = any(not progress.from_talks for progress in rules.progress[kind])
    stages = [STAGES.get(side.ref.report.status, 0) for side in (face, later)]
    return grows and 0 < stages[0] < stages[1]


def near(x: float, y: float, rules: MergeRules) -> bool:
    return abs(x - y) <= rules.tolerance * max(abs(x), abs(y))


def needed(left: Signature, right: Signature, rules: MergeRules) -> float:
    if left.ref.story_key == right.ref.story_key:
        return rules.within_story
    if not looks_back(left, rules) and apart(left, right) > rules.late_after:
        return rules.late
    if bare(left) or bare(right):
        return rules.bare
    if left.has_figures and right.has_figures:
        return rules.round_ups.join if retold(left, right, rules) else rules.across_stories
    return rules.without_figures


def bare(report: Signature) -> bool:
    return not report.has_figures and not report.parties


def retold(left: Signature, right: Signature, rules: MergeRules) -> bool:
    if left.ref.story_key == right.ref.story_key:
        return False
    deals = max(left.ref.article_deals, right.ref.article_deals)
    return deals >= rules.round_ups.deals or looks_back(left, rules)


def looks_back(report: Signature, rules: MergeRules) -> bool:
    return report.looks_back and report.ref.report.type not in rules.recurring


def points(left: Signature, right: Signature, rules: MergeRules, wider: Wider) -> float:
    table = rules.points[left.ref.report.type]
    same_story = left.ref.story_key == right.ref.story_key
    scale = rules.within_story_differ if same_story else 1.0
    firm = scale
    if retold(left, right, rules):
        scale = rules.round_ups.differ

    def equal(x: float | None, y: float | None) -> bool | None:
        if x is None or y is None:
            return None
        return near(x, y, rules) and is_one_amount(x, y)

    def alike(x: float | None, y: float | None) -> bool | None:
        if x is None or y is None:
            return None
        return equal(x, y) or (near(x, y, rules) and recent(left, right, rules))

    def common(x: frozenset[str], y: frozenset[str]) -> bool | None:
        return bool(x & y) if x and y else None

    def judged(slot: str, verdict: bool | None) -> float:
        if verdict is None:
            return 0.0
        own = firm if slot in ("counterparty", "instrument", "security", "mark") else scale
        if slot == "megawatts" and left.is_potential and not verdict:
            return 0.0
        return table.agree[slot] if verdict else table.differ.get(slot, 0.0) * own

    def money() -> float:
        if left.currency and right.currency and left.currency != right.currency:
            if is_converted(left, right, rules):
                return table.agree["converted"]
            return table.differ["value"] * scale if is_beyond_rates(left, right, rules) else 0.0
        total = table.agree["value_max"] if equal(left.value_max, right.value_max) else 0.0
        same = alike(left.value, right.value)
        if left.value is not None and right.value is not None:
            same = same and not is_first_exact(left.value, right.value)
        if same:
            return total + table.agree["value"]
        if equal(left.value, right.value_max) or equal(left.value_max, right.value):
            return table.agree["value_max"]
        for largest, base in wider.amounts:
            with_options = left.value is not None and is_equal(largest, left.value)
            if with_options and equal(base, right.value):
                return table.agree["value_max"]
        if left.value is None or right.value is None:
            return total
        first = is_first_exact(left.value, right.value)
        if not first and (is_retold(left, right) or is_retold(right, left)):
            named = left.parties and right.parties
            return table.rounded["value_retold"] if named else table.agree["value"]
        if not first and are_roundings(left.value, right.value):
            return table.rounded["value"]
        recurs = left.ref.report.type in rules.recurring and not recent(left, right, rules)
        if near(left.value, right.value, rules) and not recurs:
            return total + table.agree["near"]
        if is_spared() and is_close(left.value, right.value):
            return total + rules.round_ups.close_points
        return total + table.differ["value"] * scale

    def is_spared() -> bool:
        return retold(left, right, rules) or at_once(left, right, rules)

    def is_close(x: float, y: float) -> bool:
        return part(x, y) <= rules.round_ups.close

    def pieces(x: float | None, y: float | None) -> float:
        if x is None or y is None:
            return 0.0
        first = is_first_exact(x, y)
        is_one = not first and near(x, y, rules) and is_one_count(x, y)
        if not first and not is_one and are_roundings(x, y):
            return table.rounded["pieces"]
        spared = is_spared() and left.ref.report.type not in rules.recurring
        if not is_one and spared and is_close(x, y):
            return rules.round_ups.close_points
        return judged("pieces", is_one)

    def is_first_exact(x: float, y: float) -> bool:
        recurs = left.ref.report.type in rules.recurring and not recent(left, right, rules)
        return recurs and is_rounding(x, y)

    def is_exact() -> bool:
        if left.value is None or right.value is None or left.currency != right.currency:
            return False
        return is_equal(left.value, right.value)

    def is_gross(megawatts: float, load: float) -> bool:
        return any(
            is_equal(gross, megawatts) and equal(critical, load) for gross, critical in wider.powers
        )

    both_powers = [(x, y) for x in left.powers for y in right.powers]
    powers = [alike(x, y) or is_gross(x, y) for x, y in both_powers]

    def power() -> float:
        if not any(powers) and any(are_roundings(x, y) for x, y in both_powers):
            return table.rounded["megawatts"]
        if not any(powers) and any(near(x, y, rules) for x, y in both_powers):
            return table.agree["near"]
        if not any(powers) and is_spared() and any(is_close(x, y) for x, y in both_powers):
            return rules.round_ups.close_points
        return judged("megawatts", any(powers) if powers else None)

    def are_beside() -> bool:
        together = any(left.parties & names and right.parties & names for names in wider.parties)
        return together and not left.parties & right.parties and recent(left, right, rules)

    def is_delivered() -> bool:
        statuses = (left.ref.report.status, right.ref.report.status)
        if left.ref.report.type not in rules.delivered.types or not left.parties & right.parties:
            return False
        of_one_size = any(equal(x, y) for x, y in both_powers) or (
            left.gpus is not None
            and right.gpus is not None
            and near(left.gpus, right.gpus, rules)
            and is_one_count(left.gpus, right.gpus)
        )
        if left.ref.report.type in rules.delivered.once:
            return statuses[0] in ("completed", "terminated") and statuses[1] in (
                "announced",
                "completed",
            )
        ends = (("completed", "announced"), ("terminated", "announced"))
        return statuses in ends and of_one_size

    return (
        money()
        + power()
        + pieces(left.gpus, right.gpus)
        + pieces(left.coins, right.coins)
        + judged("term_years", equal(left.term_years, right.term_years))
        + (0.0 if are_beside() else judged("counterparty", common(left.parties, right.parties)))
        + judged("instrument", common(left.instruments, right.instruments))
        + judged("security", common(left.securities, right.securities))
        + judged("mark", common(left.marks, right.marks))
        + judged("site", common(left.site, right.site))
        + progress_points(left, right, rules)
        + (table.agree["exact"] if is_exact() else 0.0)
        + (table.agree["exact"] if any(is_equal(x, y) for x, y in both_powers) else 0.0)
        + (rules.separate * firm if is_apart(left, right, rules) else 0.0)
        + amendment_points(left, right, rules)
        + draw_points(left, right, rules)
        + (rules.expansions.differ * firm if is_added(left, right, rules) else 0.0)
        + (rules.recent.points if recent(left, right, rules) else 0.0)
        + (rules.recent.one_lender if is_of_lender(left, right, rules) else 0.0)
        + (rules.delivered.points if is_delivered() else 0.0)
    )


def is_converted(left: Signature, right: Signature, rules: MergeRules, margin: float = 0.0) -> bool:
    rates = [rules.rates.get(side.currency) for side in (left, right)]
    if left.value is None or right.value is None or rates[0] is None or rates[1] is None:
        return False
    lowest = left.value * rates[0].low / rates[1].high * (1 - margin)
    return lowest <= right.value <= left.value * rates[0].high / rates[1].low * (1 + margin)


def is_beyond_rates(left: Signature, right: Signature, rules: MergeRules) -> bool:
    known = left.currency in rules.rates and right.currency in rules.rates
    both = left.value is not None and right.value is not None
    return known and both and not is_converted(left, right, rules, rules.rate_margin)


def is_retold(exact: Signature, round_: Signature) -> bool:
    if exact.value is None or round_.value is None:
        return False
    return not round_.is_primary and is_rounding(exact.value, round_.value)


def is_apart(later: Signature, earlier: Signature, rules: MergeRules) -> bool:
    return later.separates and not earlier.separates and not recent(later, earlier, rules)


def is_added(later: Signature, earlier: Signature, rules: MergeRules) -> bool:
    if later.ref.report.type not in rules.expansions.types or recent(later, earlier, rules):
        return False
    return later.expands and not earlier.expands


def is_of_lender(left: Signature, right: Signature, rules: MergeRules) -> bool:
    if left.ref.report.type not in rules.recent.lending or left.sums_up:
        return False
    dated = left.ref.published is not None and right.ref.published is not None
    soon = dated and apart(left, right) <= rules.recent.lending_reach
    return soon and bool(left.parties & right.parties)


def amendment_points(later: Signature, earlier: Signature, rules: MergeRules) -> float:
    amendments = rules.amendments
    if later.ref.report.type not in amendments.types or not later.amends:
        return 0.0
    if later.ref.published is None or earlier.ref.published is None:
        return 0.0
    if apart(later, earlier) > amendments.reach or not later.parties & earlier.parties:
        return 0.0
    sizes = [(x, y) for x in later.powers for y in earlier.powers]
    if later.value is not None:
        if earlier.value is None or later.currency != earlier.currency:
            return 0.0
        sizes = [(later.value, earlier.value)]
    is_of_size = any(amendments.smallest * y <= x <= amendments.largest * y for x, y in sizes)
    return amendments.points if is_of_size else 0.0


def draw_points(later: Signature, earlier: Signature, rules: MergeRules) -> float:
    draws = rules.draws
    if later.ref.report.type not in draws.types or not later.draws or later.value is None:
        return 0.0
    if later.ref.published is None or earlier.ref.published is None:
        return 0.0
    if later.currency != earlier.currency:
        return 0.0
    if later.parties and not later.parties & earlier.parties:
        return 0.0
    is_larger = earlier.value is not None and earlier.value >= later.value
    near_enough = apart(later, earlier) <= draws.reach
    return draws.points if near_enough and (is_larger or earlier.draws) else 0.0


def recent(left: Signature, right: Signature, rules: MergeRules) -> bool:
    dated = left.ref.published is not None and right.ref.published is not None
    return dated and apart(left, right) <= rules.recent.reach


def at_once(left: Signature, right: Signature, rules: MergeRules) -> bool:
    another = left.ref.story_key != right.ref.story_key
    news = not {"expansion", "total"} & set(left.ref.cues)
    return another and recent(left, right, rules) and news


def progress_points(left: Signature, right: Signature, rules: MergeRules) -> float:
    kinds = rules.progress[left.ref.report.type]
    return next((kind.points for kind in kinds if is_step(left, right, kind)), 0.0)


def is_step(left: Signature, right: Signature, progress: Progress) -> bool:
    if left.ref.published is None or right.ref.published is None:
        return False
    if apart(left, right) > progress.reach:
        return False
    if left.instruments and right.instruments and not left.instruments & right.instruments:
        return False
    if progress.of_one_pair and not left.parties & right.parties:
        return False
    if progress.unnamed and (left.instruments or right.instruments or right.parties):
        return False
    if progress.with_instrument and not left.instruments:
        return False
    first, second = (right, left) if left.ref.published > right.ref.published else (left, right)
    stages = [STAGES.get(side.ref.report.status, 0) for side in (first, second)]
    if progress.from_talks and stages[0] != STAGES["proposed"]:
        return False

    def grown(x: float, y: float) -> bool:
        return progress.smallest * x <= y <= progress.largest * x

    if first.value is not None and second.value is not None:
        of_size = left.currency == right.currency and grown(first.value, second.value)
    else:
        sizes = ((x, y) for x in first.powers for y in second.powers)
        of_size = progress.from_talks and any(grown(x, y) for x, y in sizes)
    return of_size and 0 < stages[0] < stages[1]


def apart(left: Signature, right: Signature) -> timedelta:
    if left.ref.published is None or right.ref.published is None:
        return timedelta(0)
    return abs(left.ref.published - right.ref.published)
