"""Stored reports become deals."""

from __future__ import annotations

from extractor import deals
from extractor.asking import report_refs
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
        found = deals.assemble(
            refs, ledger.resolver(), category=ledger.categories(), principals=principals
        )
        ledger.replace_deals(found, principals)
        ledger.note_assembled(fingerprint)
        progress("deals", 1, 1)
