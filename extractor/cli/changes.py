"""`dealwire changes`: what was edited after it came in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

import typer

from extractor.cli.differing import difference_lines, edit_lines
from extractor.cli.options import DEFAULT_DB, Db, Limit, PageFormat, PageFormatOption, Since, Until
from extractor.cli.output import line_width
from extractor.cli.words import clean, period, plural
from extractor.store.answers import Change, as_json
from extractor.store.read import open_for_reading


def changes(
    article: Annotated[
        str, typer.Argument(metavar="[ARTICLE]", help="Only this one: its url or key.")
    ] = "",
    since: Since = "",
    until: Until = "",
    deals: Annotated[
        bool, typer.Option("--deals", help="Only edits that changed what a deal is told to be.")
    ] = False,
    limit: Limit = None,
    form: PageFormatOption = PageFormat.table,
    db: Db = DEFAULT_DB,
) -> None:
    """Show how articles were edited after they had come in, the newest edit first.

    Words that went are shown as [-so-], new ones as {+so+}; below them the facts and deals that
    an edit took away (-) or brought (+). Dates are those at which an edit was noticed.

    \b
    Example:
      dealwire changes --since 2025 --deals
    """
    first, after = period(since, until)
    with open_for_reading(db) as ledger:
        found = ledger.changes(article, since=first, until=after, only_deals=deals)[:limit]
    if form is PageFormat.json:
        typer.echo(json.dumps(as_json(found), ensure_ascii=False, indent=2))
        return
    for change in found:
        for line in _change_lines(change, line_width()):
            typer.echo(line)
    typer.echo(plural(len(found), "edit") if found else "no edits", err=True)


def _change_lines(change: Change, width: int) -> Iterator[str]:
    article = change.article
    yield clean(f"{_minute(change.noticed)}  {article.site}  {article.title or article.key}")
    yield f"    {clean(article.url or article.key)}, as it was from {_minute(change.seen)} on:"
    for part, edits in (("title", change.title), ("text", change.text)):
        yield from (f"    {line}" for line in edit_lines(part, edits, width - 4))
    if change.reading:
        yield from (f"    {line}" for line in difference_lines(change.reading, places=False))
    yield ""


def _minute(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")
