"""Rows of answers in the format that was asked for."""

from __future__ import annotations

import csv
import dataclasses
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Generic, Literal, TypeVar
from unicodedata import combining, east_asian_width

import typer

from extractor.cli.options import Format
from extractor.cli.words import clean, plural
from extractor.store.answers import as_json

Row = TypeVar("Row")
WIDTH = 100
_STEERING = re.compile("[\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MARKDOWN = str.maketrans(
    {"|": "\\|", "\\": "\\\\", "<": "&lt;", ">": "&gt;", "[": "\\[", "]": "\\]", "`": "\\`"}
)
_LOW = re.compile("[\x00-\x08\x0b-\x1f]")  # all but tab and line feed


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """What people see of a row; a column with a `least` width shrinks when the line is full."""

    title: str
    cell: Callable[[Row], str]
    justify: Literal["left", "right"] = "left"
    least: int = 0


def write_rows(
    rows: Sequence[Row], form: Format, columns: Sequence[Column[Row]], noun: str, nouns: str = ""
) -> None:
    """Prints rows on stdout; people are told on stderr how many there were."""
    if form is Format.json:
        # A row a line: readable, and ten times as fast as an indented document.
        lines = ",\n ".join(_json_line(as_json(row)) for row in rows)
        write_lines([f"[{lines}]"])
    elif form is Format.jsonl:
        write_jsonl(as_json(row) for row in rows)
    elif form is Format.csv:
        _write_csv([as_json(row) for row in rows], _fields(rows))
    elif form is Format.markdown:
        _write_markdown(rows, columns)
    else:
        if rows:
            print_table(rows, columns)
        found = plural(len(rows), noun, nouns) if rows else f"no {nouns or noun + 's'}"
        typer.echo(found, err=True)


def write_lines(lines: Iterable[str]) -> None:
    """Prints lines without the flush after each that `typer.echo` makes."""
    for line in lines:
        sys.stdout.write(f"{line}\n")


def write_jsonl(rows: Iterable[Any]) -> None:
    """One JSON object a line."""
    write_lines(map(_json_line, rows))


def _json_line(value: Any) -> str:
    return json_text(value)


def json_text(value: Any, *, indent: int | None = None) -> str:
    """JSON that says the same to programs and nothing to a terminal that shows it."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    # JSON escapes what is below a space, but neither the other controls nor turned directions.
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _fields(rows: Sequence[Any]) -> list[str]:
    return [field.name for field in dataclasses.fields(rows[0])] if rows else []


def _write_csv(rows: list[dict[str, Any]], fields: list[str]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    if fields:
        writer.writerow(fields)
    writer.writerows([_csv_cell(row[field]) for field in fields] for row in rows)


def _csv_cell(value: Any) -> Any:
    if isinstance(value, list):
        value = "; ".join(
            " ".join(map(str, v.values())) if isinstance(v, dict) else str(v) for v in value
        )
    return _STEERING.sub("", _LOW.sub("", value)) if isinstance(value, str) else value


def _write_markdown(rows: Sequence[Row], columns: Sequence[Column[Row]]) -> None:
    rules = ("---:" if column.justify == "right" else "---" for column in columns)
    lines = [[column.title for column in columns], list(rules)]
    lines += [[_markdown_cell(column.cell(row)) for column in columns] for row in rows]
    write_lines(f"| {' | '.join(cells)} |" for cells in lines)


def _markdown_cell(text: str) -> str:
    """A cell that shows its text: no tag, link or code of a stranger comes to life in it."""
    return clean(text).translate(_MARKDOWN)


def print_table(rows: Sequence[Row], columns: Sequence[Column[Row]]) -> None:
    """A table that fits the terminal, or 100 columns where there is none."""
    cells = [[clean(column.cell(row)) for column in columns] for row in rows]
    natural = [
        max(len(column.title), *map(printed_width, own))
        for column, own in zip(columns, zip(*cells, strict=True), strict=True)
    ]
    room = line_width() - (len(columns) - 1)
    widths = fitted(natural, [column.least for column in columns], room)
    head = _table_line([column.title for column in columns], widths, columns)
    write_lines([typer.style(head, bold=True) if sys.stdout.isatty() else head])
    for own in cells:
        pieces = [_folded(cell, width) for cell, width in zip(own, widths, strict=True)]
        for line in zip_longest(*pieces, fillvalue=""):
            write_lines([_table_line(line, widths, columns)])


def _table_line(cells: Iterable[str], widths: Sequence[int], columns: Sequence[Column[Any]]) -> str:
    padded = []
    for cell, width, column in zip(cells, widths, columns, strict=True):
        space = " " * (width - printed_width(cell))
        padded.append(space + cell if column.justify == "right" else cell + space)
    return " ".join(padded).rstrip()


def _folded(cell: str, width: int) -> list[str]:
    """A cell on as many lines as it needs, broken between words where that is possible."""
    if printed_width(cell) <= width:
        return [cell]
    lines = [""]
    for word in cell.split():
        for piece in _broken(word, width):
            joined = f"{lines[-1]} {piece}".strip()
            if printed_width(joined) <= width:
                lines[-1] = joined
            else:
                lines.append(piece)
    return [line for line in lines if line]


def _broken(word: str, width: int) -> Iterator[str]:
    """A word in pieces that fit."""
    piece = ""
    for letter in word:
        if piece and printed_width(piece + letter) > width:
            yield piece
            piece = ""
        piece += letter
    yield piece


def printed_width(text: str) -> int:
    """How many columns of a terminal a text takes: East Asian letters take two."""
    if text.isascii():
        return len(text)
    return sum(
        0 if combining(letter) else 2 if east_asian_width(letter) in "WF" else 1 for letter in text
    )


def fitted(natural: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    """Widths of columns within `room`: the widest that may shrink gives way first.

    A column with a `least` of 0 keeps its width.
    """
    widths = list(natural)
    while sum(widths) > room:
        loose = [n for n, width in enumerate(widths) if least[n] and width > least[n]]
        if not loose:
            break
        widths[max(loose, key=lambda n: widths[n])] -= 1
    return widths


def line_width() -> int:
    """How wide a line may be."""
    if sys.stdout.isatty():
        import shutil

        return shutil.get_terminal_size((WIDTH, 24)).columns
    return WIDTH
