"""The ledger as it was known at a moment that a user names."""

from __future__ import annotations

from pathlib import Path

from extractor.cli.words import read_period
from extractor.store.read import LedgerReader, open_for_reading


def open_at(db: Path, as_of: str, known_by: str) -> LedgerReader:
    """The ledger as published by the end of `as_of`, as taken in by the end of `known_by`."""
    published = read_period("--as-of", as_of)
    taken_in = read_period("--known-by", known_by)
    if published is None and taken_in is None:
        return open_for_reading(db)
    # Only such questions need the deals stage.
    from extractor.asking import open_known

    return open_known(
        db,
        as_of=published[1] if published else None,
        known_by=taken_in[1] if taken_in else None,
    )


def then(as_of: str, known_by: str) -> str:
    """` as of 2025-09-01`, ` known by 2025-09-01`, or nothing."""
    return "".join(
        [f" as of {as_of}" if as_of else "", f" known by {known_by}" if known_by else ""]
    )
