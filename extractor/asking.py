"""Questions to a ledger that a stage helps to answer: what was known at a moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from extractor import deals
from extractor.records import ReportRef
from extractor.store.read import LedgerReader, open_for_reading
from extractor.store.told import Moment, ToldReport


def open_known(
    path: Path | str, *, as_of: datetime | None = None, known_by: datetime | None = None
) -> LedgerReader:
    """The ledger at `path`, whose deals are those that were known, opened read-only.

    `as_of` leaves out what was published at that moment or later, `known_by` what the ledger
    had not taken in before that moment. Deals, conflicts, statuses and totals are assembled
    from the rest by the rules and company names of today. Raises LedgerError as
    `open_for_reading` does.
    """
    ledger = open_for_reading(path)
    if as_of is None and known_by is None:
        return ledger
    try:
        refs = report_refs(ledger.reports_known(Moment(as_of, known_by)))
        ledger.stand_in(deals.assemble(refs, ledger.resolver(), category=ledger.categories()))
    except BaseException:
        ledger.close()
        raise
    return ledger


def report_refs(told: Iterable[ToldReport]) -> list[ReportRef]:
    """Reports as the deals stage takes them: with the kind of source, and with cues."""
    sources, cues = deals.load_sources(), deals.load_cues()
    return [
        ReportRef(
            each.article_key,
            each.story_key,
            each.published,
            each.report,
            source=sources.kind(urls=each.urls, site=each.site, opening=each.opening),
            cues=cues.of(each.sentences),
            article_deals=each.article_deals,
        )
        for each in told
    ]
