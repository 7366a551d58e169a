"""`dealwire show DEAL`: a deal with the sentences behind every field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from extractor.cli.deals import other_side
from extractor.cli.fields import FIELDS, field_value
from extractor.cli.options import DEFAULT_DB, Db, PageFormat, PageFormatOption
from extractor.cli.output import json_text, line_width
from extractor.cli.passages import marked_lines
from extractor.cli.words import clean, date, plural
from extractor.store.answers import DealDetail, DealRow, Source, Statement, as_json
from extractor.store.read import open_for_reading


def show(
    deal: Annotated[str, typer.Argument(metavar="DEAL", help="Its key, or the beginning of it.")],
    form: PageFormatOption = PageFormat.table,
    db: Db = DEFAULT_DB,
) -> None:
    """Show a deal with the sentence behind every field.

    Each sentence comes with its article and date; the words that state the field are marked.

    \b
    Example:
      dealwire show e4ea0ff2
    """
    with open_for_reading(db) as ledger:
        detail = ledger.deal(deal)
    if form is PageFormat.json:
        typer.echo(json_text(as_json(detail), indent=2))
        return
    width = line_width()
    for line in _page(detail, width):
        typer.echo(line)


def _page(detail: DealDetail, width: int) -> Iterator[str]:
    deal = detail.deal
    yield f"{deal.key}  {deal.type}, {deal.status}"
    yield clean(" with ".join(name for name in (deal.company, other_side(deal)) if name))
    for said in _by_value(detail):
        first = said[0]
        note = "" if _is_agreed(deal, first) else "  (not the agreed value)"
        yield ""
        value = clean(field_value(first.slot, first.value, first.unit))
        yield f"{FIELDS.get(first.slot, first.slot)}: {value}{note}"
        yield from _sentences(said, width)
    if detail.history:
        yield ""
        yield "history"
        for step in detail.history:
            yield f"    {date(step.since) or 'undated':10}  {step.status:11}  {clean(step.article)}"
    yield ""
    yield plural(len(detail.sources), "source")
    for source in detail.sources:
        yield f"    {_source(source)}  {clean(source.title)}".rstrip()
        yield f"      {clean(source.url or source.key)}"


def _by_value(detail: DealDetail) -> list[list[Statement]]:
    """Statements by field and value: fields as people ask, the agreed value first."""
    order = list(FIELDS)
    found: dict[tuple[str, str | float, str], list[Statement]] = {}
    for said in detail.statements:
        found.setdefault((said.slot, said.value, said.unit), []).append(said)
    return sorted(
        found.values(),
        key=lambda said: (order.index(said[0].slot), not _is_agreed(detail.deal, said[0])),
    )


def _is_agreed(deal: DealRow, said: Statement) -> bool:
    """Whether the ledger has this value in its row of the deal."""
    if said.slot == "counterparty":
        return said.value in deal.counterparties
    if said.slot == "backer":
        return said.value in deal.backers
    return bool(getattr(deal, said.slot) == said.value)


def _sentences(said: list[Statement], width: int) -> Iterator[str]:
    """Each sentence once, its words marked, under it the articles that print it."""
    sources: dict[tuple[str, int, int], list[Source]] = {}
    for statement in said:
        place = (statement.sentence, statement.start, statement.end)
        sources.setdefault(place, []).append(statement.source)
    for (sentence, start, end), printed in sources.items():
        for line in marked_lines(sentence, start, end, width - 4):
            yield "    " + line
        yield f"      {'; '.join(dict.fromkeys(_source(source) for source in printed))}"


def _source(source: Source) -> str:
    """Who said so, and when; the list at the end has the addresses."""
    return clean(f"{source.site or source.key}, {date(source.published) or 'undated'}")
