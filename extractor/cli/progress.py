"""How far a run has come, told on stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from extractor.workflow import Progress, no_progress

_DOING = {
    "rules": "loading rules",
    "files": "reading files",
    "urls": "fetching urls",
    "feeds": "polling feeds",
    "pages": "fetching pages",
    "archive": "cutting out pages",
    "reading": "reading articles",
    "stories": "grouping stories",
    "deals": "assembling deals",
}


@contextmanager
def shown_progress(*, quiet: bool) -> Iterator[Progress]:
    """A bar a stage on a terminal, a line a stage elsewhere, nothing when quiet."""
    if quiet:
        yield no_progress
    elif sys.stderr.isatty():
        yield from _bars()
    else:
        yield _lines


def _lines(stage: str, done: int, total: int) -> None:
    """A log gets a line when a stage is through, not one a step."""
    if done == total and total > 1:
        typer.echo(f"{_DOING.get(stage, stage)}: {done:,}", err=True)


def _bars() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        SpinnerColumn,
        TaskID,
        TextColumn,
        TimeElapsedColumn,
    )
    from rich.progress import Progress as Bars

    tasks: dict[str, TaskID] = {}
    with Bars(
        SpinnerColumn(finished_text="✓"),
        TextColumn("{task.description:18}"),
        BarColumn(bar_width=36),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    ) as bars:

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                if not total:
                    return  # nothing to do needs no bar
                tasks[stage] = bars.add_task(_DOING.get(stage, stage), total=None)
            bars.update(tasks[stage], completed=done, total=total or None)

        yield show
