"""`dealwire replay`: the whole flow again, from kept pages."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from extractor.cli.differing import difference_lines, edit_lines
from extractor.cli.options import DEFAULT_DB, DEFAULT_WAIT, Db, Models, Wait
from extractor.cli.output import line_width
from extractor.cli.runs import all_or_nothing, end_with, loaded_reader
from extractor.cli.words import clean, plural
from extractor.differences import ReadingDiff

if TYPE_CHECKING:  # the flow is imported once the ledger is open
    from extractor.store.recut import RecutDiff
    from extractor.workflow import ReplayDiff


def replay(
    db: Db = DEFAULT_DB,
    models: Models = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would change, and change nothing.")
    ] = False,
    wait: Wait = DEFAULT_WAIT,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print the differences and failures only.")
    ] = False,
) -> None:
    """Run everything again over the kept pages, without network.

    Pages are cut out again, articles read again, stories and deals told again. What differs is
    printed article by article: [-words that went-], {+words that came+}, facts and deals that
    were lost (-) or gained (+). The same version of dealwire gives the same ledger.

    \b
    Example:
      dealwire replay --dry-run
    """
    from extractor.store.write import open_ledger

    with all_or_nothing(), open_ledger(db, create=False, wait_seconds=wait) as ledger:
        from extractor.cli.progress import shown_progress
        from extractor.workflow import replay as run_again

        with shown_progress(quiet=quiet) as progress:
            reader = loaded_reader(models, progress)
            diff = run_again(ledger, reader, progress, rehearsal=dry_run)
    for line in _lines(diff, line_width()):
        typer.echo(line)
    if not quiet:
        _sum_up(diff, dry_run=dry_run)
    end_with(diff.failures)


def _lines(diff: ReplayDiff, width: int) -> Iterator[str]:
    readings = {each.article.key: each for each in diff.reread.changed}
    for recut in diff.recut:
        article = recut.after or recut.before
        assert article is not None  # a difference has a side
        yield clean(f"{article.key}  {article.title}")
        yield from _text_lines(recut, width)
        reading = readings.pop(article.key, None)
        yield from _reading_lines(reading.reading if reading else None)
    for each in readings.values():
        yield clean(f"{each.article.key}  {each.article.title}")
        yield from _reading_lines(each.reading)


def _text_lines(recut: RecutDiff, width: int) -> Iterator[str]:
    if recut.before is None or recut.after is None:
        yield "  - no article is found any more" if recut.before else "  + an article is found"
        return
    lines = [*edit_lines("title", recut.title, width), *edit_lines("text", recut.text, width)]
    for name in ("url", "site", "author", "published", "language"):
        before, after = getattr(recut.before, name), getattr(recut.after, name)
        if before != after:
            lines += textwrap.wrap(f"{name}: [-{before or ''}-]{{+{after or ''}+}}", width - 2)
    yield from (f"  {clean(line)}" for line in lines)


def _reading_lines(reading: ReadingDiff | None) -> Iterator[str]:
    if reading:
        yield from (f"  {line}" for line in difference_lines(reading))


def _sum_up(diff: ReplayDiff, *, dry_run: bool) -> None:
    read, deals = diff.reread, plural(diff.reread.deals_before, "deal")
    recut = plural(len(diff.recut), "article")
    typer.echo(
        f"{plural(diff.pages, 'page')} cut out again, {recut} changed; "
        f"{read.articles_read:,} read again, {len(read.changed):,} say something else; "
        f"{deals} before, {read.deals_after:,} {'then; nothing was changed' if dry_run else 'now'}",
        err=True,
    )
