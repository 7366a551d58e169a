"""Stored reports become deals."""

from __future__ import annotations

from collections.abc import Iterable

from extractor import deals
from extractor.records import ReportRef
from extractor.store.told import ToldReport
from extractor.store.write import Ledger
from extractor.workflow.parts import Progress


def assemble_deals(ledger: Ledger, progress: Progress) -> None:
    """Assembles the deals of the companies that new or changed reports name.

    Those of all companies when the rules or the names of companies have changed. The result
    is the same; what did not change is not touched.
    """
    fingerprint = deals.fingerprint()
    with ledger.transaction():
        principals = ledger.stale_principals() if ledger.is_assembled_by(fingerprint) else None
        if principals is not None and not principals:
            return
        progress("deals", 0, 1)
        refs = report_refs(ledger.told_reports(principals))
        found = deals.assemble(refs, ledger.resolver(), principals=principals)
        ledger.replace_deals(found, principals)
        ledger.note_assembled(fingerprint)
        progress("deals", 1, 1)


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
