"""What the verbs that write a ledger share: rules at the start, failures at the end."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from extractor.cli.words import clean

if TYPE_CHECKING:  # loading them is what takes long
    from extractor.reading import Reader
    from extractor.workflow import Failed, Progress


def loaded_reader(models: Path | None, progress: Progress) -> Reader:
    """The reader of the shipped rules, or with those of `models`; a step of its own."""
    from extractor.reading import load_reader

    progress("rules", 0, 1)
    reader = load_reader(models=models)
    progress("rules", 1, 1)
    return reader


def end_with(failures: Sequence[Failed]) -> None:
    """Name each source that failed, with its cause; the exit code is 1 if any did."""
    for failure in failures:
        typer.echo(clean(f"failed {failure.source}: {failure.reason}"), err=True)
    if failures:
        raise typer.Exit(1)
