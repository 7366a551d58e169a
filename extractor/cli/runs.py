"""What the verbs that write a ledger share: rules at the start, failures at the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from extractor.cli.words import clean
from extractor.errors import without_secrets

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
        said = without_secrets(f"failed {failure.source}: {failure.reason}")
        typer.echo(clean(said), err=True)
    if failures:
        raise typer.Exit(1)


INTERRUPTED = 130  # as shells tell of a program that Ctrl-C ended


def going_on_later() -> AbstractContextManager[None]:
    """For a verb that stores as it goes: what Ctrl-C leaves of it."""
    return _stoppable("stopped: what was taken in is kept, and the same command goes on from there")


def all_or_nothing() -> AbstractContextManager[None]:
    """For a verb that changes a ledger at once: Ctrl-C leaves it as it was."""
    return _stoppable("stopped: the ledger is as it was before")


@contextmanager
def _stoppable(message: str) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        typer.echo(message, err=True)
        raise typer.Exit(INTERRUPTED) from None
