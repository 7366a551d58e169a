"""Articles of a dataset, one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from extractor.errors import SourceError
from extractor.gather.article import GivenArticle
from extractor.gather.dates import read_date


@dataclass(frozen=True, slots=True)
class JsonLine:
    """An article as a line of a dataset states it."""

    path: str
    line_no: int
    record: GivenArticle

    @property
    def place(self) -> str:
        return f"{self.path}:{self.line_no}"


def read_json_lines(path: str, lines: Iterable[bytes]) -> Iterator[JsonLine | SourceError]:
    """The articles in lines of JSON (`id`, `url`, `title`, `site`, `published`, `text`).

    A faulty line becomes a SourceError that names file and line; empty lines are passed over.
    """
    for line_no, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield JsonLine(path, line_no, _given(json.loads(line.decode("utf-8-sig"))))
        except (ValueError, RecursionError) as error:
            failure = SourceError(f"{path}:{line_no}", _reason(error))
            if not isinstance(error, _FieldError):
                failure.__cause__ = error
            yield failure


def _reason(error: Exception) -> str:
    if isinstance(error, _FieldError):
        return str(error)
    if isinstance(error, UnicodeDecodeError):
        return "the line is not in UTF-8"
    return "the line is not valid JSON"


class _FieldError(ValueError):
    """A field of a record is missing or of the wrong type."""


def _given(record: object) -> GivenArticle:
    if not isinstance(record, dict):
        raise _FieldError(f"an article is a JSON object, not {_type_name(record)}")
    text = _field(record, "text")
    if not text.strip():
        raise _FieldError("the article has no text")
    return GivenArticle(
        text=text,
        key=_key(record),
        url=_field(record, "url"),
        title=_field(record, "title"),
        site=_field(record, "site"),
        author=_field(record, "author"),
        published=_published(record),
        language=_field(record, "language"),
    )


def _field(record: dict[str, Any], name: str) -> str:
    value = record.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _FieldError(f"`{name}` must be a text, not {_type_name(value)}")
    return value


def _key(record: dict[str, Any]) -> str:
    """The id, which datasets also write as a number."""
    value = record.get("id")
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number else _field(record, "id").strip()


def _published(record: dict[str, Any]) -> datetime | None:
    text = _field(record, "published")
    moment = read_date(text) if text.strip() else None
    if text.strip() and moment is None:
        raise _FieldError(f"`published` must be a date such as 2026-05-27, not {text!r:.60}")
    return moment


def _type_name(value: object) -> str:
    if value is None:
        return "null"
    names = {bool: "true or false", int: "a number", float: "a number", list: "a list"}
    return names.get(type(value), "an object" if isinstance(value, dict) else "a text")
