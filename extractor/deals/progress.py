"""How one transaction goes on from report to report: steps, amendments, replaced amounts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from extractor.deals.earlier import Bits, Earlier
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
    recent = earlier.dated & ~earlier.older(when, progress.reach)
    if progress.of_one_pair:
        recent &= earlier.parties.saying(report.parties)
    if report.instruments:
        instruments = earlier.instruments
        recent &= ~instruments.stated | instruments.saying(report.instruments)
    before = earlier.older(when, timedelta(0))
    if launched := recent & before & earlier.statuses.saying(_stages(1, progress.until(stage))):
        launched &= _of_size(
            report,
            earlier,
            progress,
            lambda own, smaller: own <= progress.largest * smaller,
            lambda own, larger: own < progress.smallest * larger,
        )
    # Of two that appeared at one time either may be the launch.
    if stage >= progress.until(CLOSED):
        return launched
    if grown := recent & ~before & earlier.statuses.saying(_stages(stage + 1, CLOSED + 1)):
        grown &= _of_size(
            report,
            earlier,
            progress,
            lambda own, larger: progress.smallest * own <= larger,
            lambda own, larger: progress.largest * own < larger,
        )
    return launched | grown


def _of_size(
    report: Signature,
    earlier: Earlier,
    progress: Progress,
    begins: Callable[[float, float], bool],
    ended: Callable[[float, float], bool],
) -> Bits:
    """The reports whose amount is in reach of this one's: it `begins` it, and has not `ended`.

    Talks are often told without an amount: then their power counts.
    """
    found, without = 0, ~0
    if (value := report.value) is not None:
        found = earlier.value.between(partial(begins, value), partial(ended, value))
        found &= earlier.currencies.saying((report.currency,))
        without = ~earlier.value.stated
    for megawatts in report.powers if progress.from_talks else ():
        powers = earlier.power.between(partial(begins, megawatts), partial(ended, megawatts))
        found |= powers & without
    return found


def drawn_on(report: Signature, earlier: Earlier, draws: Draws) -> Bits:
    """The reports of a larger facility of the same lender, and of what else was drawn on it."""
    when, value = report.ref.published, report.value
    if value is None or when is None:
        return 0
    before = earlier.dated & ~earlier.older(when, draws.reach)
    before &= earlier.currencies.saying((report.currency,)) & earlier.parties.saying(report.parties)
    return before & (earlier.drawn | earlier.value.from_to(value, float("inf")))


def amended(report: Signature, earlier: Earlier, amendments: Amendments) -> Bits:
    """The reports of contracts of the same parties that this one may change."""
    when, value = report.ref.published, report.value
    if value is None or when is None:
        return 0
    before = earlier.dated & ~earlier.older(when, amendments.reach)
    before &= earlier.currencies.saying((report.currency,)) & earlier.parties.saying(report.parties)
    return before & earlier.value.between(
        lambda smaller: value <= amendments.largest * smaller,
        lambda larger: value < amendments.smallest * larger,
    )


def replaced_by(report: Signature, earlier: Earlier, rules: MergeRules) -> Bits:
    """The reports whose amount this one replaces if it tells of the same transaction.

    An amendment replaces what was agreed, the closing of an offering its size at pricing.
    """
    kind = report.ref.report.type
    if report.value is None:
        return 0
    other = earlier.value.stated & ~earlier.value.near(report.value)
    if report.amends and kind in rules.amendments.types:
        return other
    if all(progress.from_talks for progress in rules.progress[kind]):
        return 0
    return other & earlier.statuses.saying(_stages(1, STAGES.get(report.ref.report.status, 0)))


def _stages(first: int, end: int) -> list[str]:
    return [status for status, stage in STAGES.items() if first <= stage < end]
