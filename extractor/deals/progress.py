"""How one transaction goes on from report to report: steps, amendments, replaced amounts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import reduce
from operator import or_

from extractor.deals.earlier import Bits, Earlier, Numbers
from extractor.deals.rules import Amendments, Draws, MergeRules, Progress
from extractor.deals.signature import Signature
from extractor.records import Status

# How far a transaction has come; the end of one says nothing about its figures.
STAGES: dict[Status, int] = {"proposed": 1, "announced": 2, "completed": 3}
CLOSED = 3


def steps(report: Signature, earlier: Earlier, progress: Progress) -> Bits:
    """The reports of which this one is the next step of one offering, or they are its next."""
    when, stage = report.ref.published, STAGES.get(report.ref.report.status)
    if when is None or stage is None:
        return 0
    recent = earlier.within(progress.reach, when)
    if progress.of_one_pair:
        recent &= earlier.parties.saying(report.parties)
    instruments = earlier.instruments
    if progress.unnamed:
        recent &= ~(earlier.parties.stated | instruments.stated) if not report.instruments else 0
    if progress.with_instrument and not report.instruments:
        return 0
    if report.instruments:
        recent &= ~instruments.stated | instruments.saying(report.instruments)
    before = earlier.older(when, timedelta(0))
    if launched := recent & before & earlier.statuses.saying(_stages(1, progress.until(stage))):
        launched &= _of_size(report, earlier, progress, _grown_from)
    # Of two that appeared at one time either may be the launch.
    if stage >= progress.until(CLOSED):
        return launched
    if grown := recent & ~before & earlier.statuses.saying(_stages(stage + 1, CLOSED + 1)):
        grown &= _of_size(report, earlier, progress, _growing_to)
    return launched | grown


def _grown_from(numbers: Numbers, own: float, rule: Progress | Amendments) -> Bits:
    """The reports of a number that this one may have become by the rule."""
    return numbers.between(
        lambda smaller: own <= rule.largest * smaller,
        lambda larger: own < rule.smallest * larger,
    )


def _growing_to(numbers: Numbers, own: float, rule: Progress | Amendments) -> Bits:
    """The reports of a number that may become of this one by the rule."""
    return numbers.from_to(rule.smallest * own, rule.largest * own)


def _of_size(
    report: Signature,
    earlier: Earlier,
    progress: Progress,
    in_reach: Callable[[Numbers, float, Progress], Bits],
) -> Bits:
    """The reports whose amount is in reach of this one's.

    Talks are often told without an amount: then their power counts.
    """
    found, without = 0, ~0
    if (value := report.value) is not None:
        found = in_reach(earlier.value, value, progress)
        found &= earlier.currencies.saying((report.currency,))
        without = ~earlier.value.stated
    for megawatts in report.powers if progress.from_talks else ():
        found |= in_reach(earlier.power, megawatts, progress) & without
    return found


def drawn_on(report: Signature, earlier: Earlier, draws: Draws) -> Bits:
    """The reports of a larger facility of the same lender, and of what else was drawn on it.

    Who tells of a draw need not name the lender.
    """
    if report.value is None:
        return 0
    larger = earlier.value.from_to(report.value, float("inf"))
    whose = _of_pair if report.parties else _of_currency
    return whose(report, earlier, draws.reach) & (earlier.drawn | larger)


def amended(report: Signature, earlier: Earlier, amendments: Amendments) -> Bits:
    """The reports of contracts of the same parties that this one may change.

    Of what is told without an amount, the power counts.
    """
    if report.value is not None:
        before = _of_pair(report, earlier, amendments.reach)
        return before & _grown_from(earlier.value, report.value, amendments)
    sizes = (_grown_from(earlier.power, megawatts, amendments) for megawatts in report.powers)
    soon = earlier.within(amendments.reach, report.ref.published)
    return reduce(or_, sizes, 0) & soon & earlier.parties.saying(report.parties)


def _of_pair(report: Signature, earlier: Earlier, reach: timedelta) -> Bits:
    """The reports within reach that name a party of this one, in its currency."""
    return _of_currency(report, earlier, reach) & earlier.parties.saying(report.parties)


def _of_currency(report: Signature, earlier: Earlier, reach: timedelta) -> Bits:
    soon = earlier.within(reach, report.ref.published)
    return soon & earlier.currencies.saying((report.currency,))


def replaced_by(report: Signature, earlier: Earlier, rules: MergeRules) -> Bits:
    """The reports whose amount this one replaces if it tells of the same transaction.

    An amendment replaces what was agreed, the closing of an offering its size at pricing.
    """
    kind = report.ref.report.type
    changes = report.amends and kind in rules.amendments.types
    if report.value is None:
        near = (earlier.power.near(megawatts) for megawatts in report.powers)
        return earlier.power.stated & ~reduce(or_, near, 0) if changes and report.powers else 0
    other = earlier.value.stated & ~earlier.value.near(report.value)
    if changes:
        return other
    if all(progress.from_talks for progress in rules.progress[kind]):
        return 0
    return other & earlier.statuses.saying(_stages(1, STAGES.get(report.ref.report.status, 0)))


def _stages(first: int, end: int) -> list[str]:
    return [status for status, stage in STAGES.items() if first <= stage < end]
