"""What a person's decision about stories sets in motion."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import typer

from extractor.cli.words import plural

if TYPE_CHECKING:  # queries must not load what only writing needs
    from extractor.store.write import Ledger


def tell_anew(ledger: Ledger, ids: Collection[int]) -> None:
    """Groups these articles anew, then tells the deals of their stories."""
    from extractor.workflow.parts import no_progress
    from extractor.workflow.telling import regroup_stories, tell

    with ledger.transaction():
        regroup_stories(ledger, ids)
        stories, deals = tell(ledger, no_progress)
    typer.echo(
        f"the ledger holds {plural(stories, 'story', 'stories')} and {plural(deals, 'deal')}",
        err=True,
    )
