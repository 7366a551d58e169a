"""How one transaction goes on from report to report: steps, amendments, replaced amounts."""

from __future__ import annotations

from datetime import timedelta

from extractor.deals.earlier import Bits, Earlier
from extractor.deals.rules import Amendments, MergeRules, Progress
from extractor.deals.signature import Signature
from extractor.records import Status

# How far a transaction has come; the end of one says nothing about its figures.
STAGES: dict[Status, int] = {"proposed": 1, "announced": 2, "completed": 3}
CLOSED = 3


def steps(report: Signature, earlier: Earlier, progress: Progress) -> Bits:
    """The reports of which this one is the next step of one offering, or they are its next."""
    when, value = report.ref.published, report.value
    stage = STAGES.get(report.ref.report.status)
    if value is None or when is None or stage is None:
        return 0
    recent = earlier.dated & ~earlier.older(when, progress.reach)
    recent &= earlier.currencies.saying((report.currency,))
    if progress.of_one_pair:
        recent &= earlier.parties.saying(report.parties)
    if report.instruments:
        instruments = earlier.instruments
        recent &= ~instruments.stated | instruments.saying(report.instruments)
    before = earlier.older(when, timedelta(0))
    if launched := recent & before & earlier.statuses.saying(_stages(1, progress.until(stage))):
        launched &= earlier.value.between(
            lambda smaller: value <= progress.largest * smaller,
            lambda larger: value < progress.smallest * larger,
        )
    # Of two that appeared at one time either may be the launch.
    if stage >= progress.until(CLOSED):
        return launched
    if grown := recent & ~before & earlier.statuses.saying(_stages(stage + 1, CLOSED + 1)):
        grown &= earlier.value.between(
            lambda larger: progress.smallest * value <= larger,
            lambda larger: progress.largest * value < larger,
        )
    return launched | grown


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
    progress = rules.progress.get(kind)
    if progress is None or progress.from_talks:
        return 0
    return other & earlier.statuses.saying(_stages(1, STAGES.get(report.ref.report.status, 0)))


def _stages(first: int, end: int) -> list[str]:
    return [status for status, stage in STAGES.items() if first <= stage < end]
