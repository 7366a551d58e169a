"""`dealwire extract FILE`: what an article says, without a ledger."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from typing import Annotated

import typer

from extractor.cli.fields import FIELDS, field_value
from extractor.cli.options import Models, PageFormat, PageFormatOption
from extractor.cli.output import line_width, write_jsonl
from extractor.cli.words import clean, date, plural
from extractor.records import Article, DealReport, Part, Reading, Slot

# What stands out of the text, and how; private letters hold the places while lines are broken.
_STYLES = {"money": "32", "power": "33", "company": "36", "ticker": "35"}
_MARKS = {kind: chr(0xE000 + number) for number, kind in enumerate(_STYLES)}
_OFF = chr(0xE000 + len(_STYLES))
_ALL_OFF = "\x1b[0m"
_PRIVATE = {ord(mark): "\ufffd" for mark in (*_MARKS.values(), _OFF)}


def extract(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            help=".txt, .html or .jsonl, a folder of these, or - for what is piped in.",
        ),
    ],
    form: PageFormatOption = PageFormat.table,
    models: Models = None,
) -> None:
    """Read articles and print what they say.

    People see the text with companies, tickers, money and power in colour, and under it each
    deal with the words that state each field. JSON is one line an article, in the form of
    the annotations of the corpus. Nothing is stored.

    \b
    Example:
      dealwire extract corpus/sites/wire.example.com --format json
    """
    from extractor.errors import DealwireError
    from extractor.gather.files import articles_in

    reader = None
    failed = False
    for found in articles_in(files, sys.stdin.buffer):
        if isinstance(found, DealwireError):
            typer.echo(clean(f"failed {found}"), err=True)
            failed = True
            continue
        if reader is None:
            from extractor.reading import load_reader

            reader = load_reader(models=models)
        reading = reader.read(found)
        if form is PageFormat.json:
            _write_row(found, reading)
        else:
            for line in _page(found, reading, line_width()):
                typer.echo(line)
    if failed:
        raise typer.Exit(1)


def _write_row(article: Article, reading: Reading) -> None:
    from extractor.evaluate.rows import to_dict, to_row

    write_jsonl([to_dict(to_row(article, reading))])


def _page(article: Article, reading: Reading, width: int) -> Iterator[str]:
    if article.title:
        yield from _coloured(article, reading, "title", width, bold=True)
    origin = ", ".join(part for part in (article.site, date(article.published)) if part)
    if origin:
        yield clean(origin)
    if article.title or origin:
        yield ""
    yield from _coloured(article, reading, "text", width)
    yield ""
    yield plural(len(reading.reports), "deal") if reading.reports else "no deals"
    for number, report in enumerate(reading.reports, start=1):
        yield ""
        yield f"{number}. {report_line(report)}"
        shown = [(slot, *_shown(article, slot)) for slot in report.slots]
        value_width = max(len(value) for _, value, _ in shown)
        for slot, value, literal in shown:
            field = FIELDS.get(slot.name, slot.name)
            yield f"   {field:13}{value:{value_width}}  {literal}".rstrip()
    yield ""


def report_line(report: DealReport) -> str:
    """`hosting, announced: TeraWulf with Fluidstack (backed by Google)`."""
    names = report.company
    if report.counterparties:
        names += f" with {', '.join(report.counterparties)}"
    if report.backers:
        names += f" (backed by {', '.join(report.backers)})"
    return clean(f"{report.type}, {report.status}: {names}")


def _shown(article: Article, slot: Slot) -> tuple[str, str]:
    """A slot's value, and the literal words for it."""
    value = clean(field_value(slot.name, slot.value, slot.unit))
    return value, f'"{clean(slot.span.of(article))}"'


def _coloured(
    article: Article, reading: Reading, part: Part, width: int, *, bold: bool = False
) -> Iterator[str]:
    """A part of an article on lines of `width`, in colour on a terminal."""
    text = article.title if part == "title" else article.text
    base = "\x1b[1m" if bold else ""
    if not sys.stdout.isatty():
        for paragraph in text.split("\n"):
            yield from _wrapped(clean(paragraph), width)
        return
    for paragraph in _marked(text.translate(_PRIVATE), reading, part).split("\n"):
        for line in _wrapped(clean(paragraph), width):
            for kind, style in _STYLES.items():
                line = line.replace(_MARKS[kind], f"\x1b[{style}m")
            yield f"{base}{line.replace(_OFF, _ALL_OFF + base)}{_ALL_OFF}"


def _wrapped(paragraph: str, width: int) -> list[str]:
    return textwrap.wrap(paragraph, width, break_on_hyphens=False) or [""]


def _marked(text: str, reading: Reading, part: Part) -> str:
    """The text with a mark before each fact and one behind it; of two that meet, the first."""
    pieces = []
    done = 0
    facts = [fact for fact in reading.facts if fact.span.part == part and fact.kind in _STYLES]
    for fact in sorted(facts, key=lambda fact: (fact.span.start, -fact.span.end)):
        if fact.span.start < done:
            continue
        literal = text[fact.span.start : fact.span.end]
        # each word on its own, so that a colour ends with its line
        words = " ".join(f"{_MARKS[fact.kind]}{word}{_OFF}" for word in literal.split(" "))
        pieces += [text[done : fact.span.start], words]
        done = fact.span.end
    return "".join([*pieces, text[done:]])
