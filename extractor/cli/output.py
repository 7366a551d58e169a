"""Rows of answers in the format that was asked for."""

from __future__ import annotations

import csv
import dataclasses
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

import typer

from extractor.cli.options import Format
from extractor.cli.words import clean, plural

Row = TypeVar("Row")
WIDTH = 100


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """What people see of a row. A `loose` column gives way when the line is full."""

    title: str
    cell: Callable[[Row], str]
    justify: Literal["left", "right"] = "left"
    loose: bool = False


def write_rows(
    rows: Sequence[Row], form: Format, columns: Sequence[Column[Row]], noun: str, nouns: str = ""
) -> None:
    """Prints rows on stdout; people are told on stderr how many there were."""
    if form is Format.json:
        typer.echo(json.dumps([as_json(row) for row in rows], ensure_ascii=False, indent=2))
    elif form is Format.jsonl:
        write_jsonl(as_json(row) for row in rows)
    elif form is Format.csv:
        _write_csv([as_json(row) for row in rows], _fields(rows))
    elif form is Format.markdown:
        _write_markdown(rows, columns)
    else:
        if rows:
            print_table(rows, columns)
        typer.echo(
            plural(len(rows), noun, nouns) if rows else f"no {nouns or noun + 's'}", err=True
        )


def write_jsonl(rows: Iterable[Any]) -> None:
    """One JSON object a line."""
    for row in rows:
        typer.echo(json.dumps(row, ensure_ascii=False))


def as_json(value: Any) -> Any:
    """Answers as JSON can hold them: whole numbers without fraction, ISO 8601 times."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: as_json(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, tuple | list):
        return [as_json(item) for item in value]
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _fields(rows: Sequence[Any]) -> list[str]:
    return [field.name for field in dataclasses.fields(rows[0])] if rows else []


def _write_csv(rows: list[dict[str, Any]], fields: list[str]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    if fields:
        writer.writerow(fields)
    writer.writerows([_csv_cell(row[field]) for field in fields] for row in rows)


def _csv_cell(value: Any) -> Any:
    return "; ".join(map(str, value)) if isinstance(value, list) else value


def _write_markdown(rows: Sequence[Row], columns: Sequence[Column[Row]]) -> None:
    typer.echo("| " + " | ".join(column.title for column in columns) + " |")
    rules = ("---:" if column.justify == "right" else "---" for column in columns)
    typer.echo("| " + " | ".join(rules) + " |")
    for row in rows:
        cells = (clean(column.cell(row)).replace("|", "\\|") for column in columns)
        typer.echo("| " + " | ".join(cells) + " |")


def print_table(rows: Sequence[Row], columns: Sequence[Column[Row]]) -> None:
    """A table that fits the terminal, or 100 columns where there is none."""
    # Only tables need rich: other formats start without it.
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for column in columns:
        table.add_column(
            Text(column.title),
            justify=column.justify,
            no_wrap=not column.loose,
            overflow="fold",
        )
    for row in rows:
        table.add_row(*(Text(clean(column.cell(row))) for column in columns))
    console = Console(width=line_width(), highlight=False)
    with console.capture() as printed:
        console.print(table)
    for line in printed.get().splitlines():
        typer.echo(line.rstrip())


def line_width() -> int:
    """How wide a line may be."""
    if sys.stdout.isatty():
        import shutil

        return shutil.get_terminal_size((WIDTH, 24)).columns
    return WIDTH
