"""`dealwire story ID`: a story with who told it first, who added what, where they differ."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Sequence
from datetime import datetime, time
from typing import Annotated

import typer

from extractor.cli.fields import FIELDS, field_value
from extractor.cli.options import DEFAULT_DB, Db, PageFormat, PageFormatOption
from extractor.cli.output import line_width
from extractor.cli.words import clean, date, plural
from extractor.store.answers import (
    Said,
    StoryDecided,
    StoryDifference,
    StoryMember,
    StoryPage,
    as_json,
)
from extractor.store.read import open_for_reading

_MANY = 12  # what an article adds is shown up to here
_KINDS = ("money", "power", "coins", "count", "duration", "percent", "company", "site", "ticker")


def story(
    name: Annotated[
        str,
        typer.Argument(metavar="ID", help="Key of a story, or key or url of an article of it."),
    ],
    form: PageFormatOption = PageFormat.table,
    db: Db = DEFAULT_DB,
) -> None:
    """Show a story: its articles in order, who was first, who added what.

    An article that states nothing new "adds no fact"; fields of a deal for which articles
    give other figures come at the end, with what people decided by `join` or `split`.

    \b
    Example:
      dealwire story https://wire.example.com/2025/terawulf-fluidstack
    """
    with open_for_reading(db) as ledger:
        page = ledger.story(name)
    if form is PageFormat.json:
        typer.echo(json.dumps(as_json(page), ensure_ascii=False, indent=2))
        return
    for line in _page(page, line_width()):
        typer.echo(line)


def _page(page: StoryPage, width: int) -> Iterator[str]:
    first = page.members[0]
    numbers = {member.article.key: n for n, member in enumerate(page.members, start=1)}
    yield clean(f"{page.key}  {first.article.title or first.article.key}")
    yield clean(_summary(page.members))
    for member in page.members:
        yield ""
        yield from _member(member, first, numbers, width)
    if page.differences:
        yield ""
        yield "figures that differ"
        for difference in page.differences:
            yield from (f"    {line}" for line in _difference(difference, numbers))
    if page.decisions:
        yield ""
        yield "decided by hand"
        for decision in page.decisions:
            yield f"    {_decision(decision, numbers)}"
    if page.deals:
        yield ""
        yield f"{plural(len(page.deals), 'deal')}: {', '.join(page.deals)}"


def _summary(members: Sequence[StoryMember]) -> str:
    articles = [member.article for member in members]
    sites = len({article.site or article.key for article in articles})
    dates = [date(article.published) for article in articles if article.published]
    span = "" if not dates else f", {dates[0]}" + (f" to {dates[-1]}" * (dates[0] != dates[-1]))
    silent = sum(not member.added for member in members[1:])
    rest = f"; {silent} of them {'adds' if silent == 1 else 'add'} no fact" if silent else ""
    return f"{plural(len(members), 'article')} at {plural(sites, 'site')}{span}{rest}"


def _member(
    member: StoryMember, first: StoryMember, numbers: dict[str, int], width: int
) -> Iterator[str]:
    article = member.article
    number = numbers[article.key]
    when = _moment(article.published)
    later = "first" if number == 1 else _later(first.article.published, article.published)
    yield clean(f"{number:3}  {when:16}  {article.site or article.key}  {later}".rstrip())
    if article.title:
        yield from _wrapped(article.title, width)
    yield clean(f"     {article.url or article.key}")
    if number > 1:
        other = numbers.get(member.tied_to)
        to = f" with {other}" if other else ""
        yield f"     {member.reason}{to}, score {member.score:.2f}"
    yield from _wrapped(_added(member, number), width)


def _moment(published: datetime | None) -> str:
    """Day and time; the day alone where nothing but the day was stated."""
    if published is None:
        return "undated"
    return published.strftime("%Y-%m-%d" if published.time() == time.min else "%Y-%m-%d %H:%M")


def _later(first: datetime | None, then: datetime | None) -> str:
    if first is None or then is None:
        return ""
    minutes = int((then - first).total_seconds() // 60)
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days:
        return f"{plural(days, 'day')} {plural(hours, 'hour')} later"
    if hours:
        return f"{plural(hours, 'hour')} {minutes % 60} min later"
    return f"{minutes} min later"


def _added(member: StoryMember, number: int) -> str:
    if not member.facts:
        return "states no facts"
    if number == 1:
        return f"states {plural(member.facts, 'fact')}"
    if not member.added:
        return f"adds no fact to those before ({member.facts:,} stated)"
    ordered = sorted(member.added, key=lambda said: _KINDS.index(said.kind))
    shown = ", ".join(_said(said) for said in ordered[:_MANY])
    rest = len(ordered) - _MANY
    return f"adds {shown}" + (f" and {rest} more" if rest > 0 else "")


def _said(said: Said) -> str:
    if said.kind == "percent":
        return f"{said.value:g}%" if isinstance(said.value, float) else str(said.value)
    return field_value(said.kind, said.value, said.unit)


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(clean(text), width, initial_indent="     ", subsequent_indent="     ")


def _difference(difference: StoryDifference, numbers: dict[str, int]) -> Iterator[str]:
    field = FIELDS.get(difference.slot, difference.slot)
    values = "; ".join(
        f"{field_value(difference.slot, value, difference.unit)} "
        f"({', '.join(str(numbers[key]) for key in said)})"
        for value, said in difference.values
    )
    yield clean(f"{difference.company}, {difference.type}, {field}: {values}")


def _decision(decision: StoryDecided, numbers: dict[str, int]) -> str:
    one, other = (str(numbers.get(key, key)) for key in (decision.left, decision.right))
    what = "joined with" if decision.joined else "parted from"
    return clean(f"{date(decision.at)}  {one} {what} {other}")
