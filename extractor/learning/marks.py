"""Marked articles: texts in which every word that tells of a deal says of which, and as what."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from extractor.errors import SourceError
from extractor.evaluate.rows import Row, from_dict
from extractor.reading.deals.arguments import PARTY_ROLES, SLOT_KINDS
from extractor.records import Part

TRIGGER = "trigger"
ROLES = frozenset((TRIGGER, *PARTY_ROLES, *SLOT_KINDS))
_START = re.compile(r"^=== ARTICLE[ \t]*\n", re.MULTILINE)
_END = re.compile(r"^=== END", re.MULTILINE)
_MARK = re.compile(r"\{\{([^|{}]*)\|([^{}]*)\}\}")
_FIELD = re.compile(r"(id|story|site|published|companies|tickers|deals|title):\s?(.*)$")
_LISTS = ("companies", "tickers", "deals")


@dataclass(frozen=True, slots=True)
class Mark:
    """Characters `start` to `end` of a part play a role in a deal, counted from 1."""

    deal: int
    role: str
    part: Part
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class MarkedArticle:
    """An annotated article with its marks."""

    row: Row
    marks: tuple[Mark, ...]


def read_marked(path: Path) -> Iterator[MarkedArticle]:
    """The articles of a file. Raises SourceError with the path and the article at fault."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(str(path), "cannot be read") from error
    for block in _START.split(text)[1:]:
        yield _article(path, _END.split(block)[0])


def _article(path: Path, block: str) -> MarkedArticle:
    head, separator, body = block.partition("\ntext:\n")
    fields: dict[str, str] = {}
    key = ""
    for line in head.split("\n"):
        match = _FIELD.match(line)
        if match:
            key = match[1]
            fields[key] = match[2]
        elif key:
            fields[key] += "\n" + line
    where = f"{path}: {fields.get('id', block[:40])}"
    if not separator:
        raise SourceError(where, "no line 'text:'")
    title, title_marks = _unmark(fields.pop("title", "").strip(), "title", where)
    plain, text_marks = _unmark(body.strip("\n"), "text", where)
    try:
        lists = {name: json.loads(fields.pop(name, "") or "[]") for name in _LISTS}
        row = from_dict({**fields, **lists, "title": title, "text": plain})
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SourceError(where, "its head is no annotation") from error
    marks = (*title_marks, *text_marks)
    for mark in marks:
        if not 1 <= mark.deal <= len(row.deals):
            raise SourceError(where, f"a mark of deal {mark.deal}, there are {len(row.deals)}")
    return MarkedArticle(row, marks)


def _unmark(marked: str, part: Part, where: str) -> tuple[str, list[Mark]]:
    """The words without marks, and where the marks were."""
    pieces: list[str] = []
    marks: list[Mark] = []
    done = length = 0
    for match in _MARK.finditer(marked):
        pieces += [marked[done : match.start()], match[2]]
        length += match.start() - done
        for tag in match[1].split(","):
            number, _, role = tag.strip().partition(".")
            if role not in ROLES or not number.isdigit():
                raise SourceError(where, f"{tag!r} is no mark")
            marks.append(Mark(int(number), role, part, length, length + len(match[2])))
        length += len(match[2])
        done = match.end()
    plain = "".join([*pieces, marked[done:]])
    if "{{" in plain or "}}" in plain:
        raise SourceError(where, "a mark is broken or lies in another")
    return plain, marks
