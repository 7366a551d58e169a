"""The lines around a scraped article that are not the article."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Literal

from extractor.assets import models_dir
from extractor.errors import ModelError
from extractor.gather.dates import WRITTEN_DATE, read_written_date

End = Literal["start", "end"]

_URL_LINE = re.compile(r"(?:[-*•\d.]{1,3}\s+)?(https?://\S+)")
_PIECES = re.compile(r"\s*[|·•—–]\s*|\s+[-/]\s+")
# "Last Updated: May 27, 2026The miner said": a date line that lost its line end
_GLUED_DATE = re.compile(
    rf"(?:(?:(?:last\s+)?updated|published|posted)(?:\s+on)?\s*:\s*(?>{WRITTEN_DATE})\s*"
    rf"|(?>{WRITTEN_DATE})(?=(?-i:[A-Z][a-z])))(?=\S)",
    re.I,
)
_NAME_WORD = r"[A-Z][\w.'’-]*"
_PERSON = re.compile(rf"{_NAME_WORD}(?:\s+{_NAME_WORD}){{1,3}}")
_NO_TITLE_START = re.compile(r"[-*•→‣◦>|]|https?://|\d+[.)]\s")
_TITLE_CHARACTERS = 200
_TITLE_WORDS = range(2, 31)
_CRUMB_WORDS = 6  # "Home Crypto Markets" before the title
_CRUMBED_TITLE_WORDS = 3  # shorter titles end too many sentences


@dataclass(frozen=True, slots=True)
class Body:
    """A text without its debris, and what the debris told. `updated` is no publication."""

    text: str
    title: str = ""
    author: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    source: str = ""


def cut_debris(text: str, title: str = "") -> Body:
    """Cut known debris from both ends of a canonical text.

    Without a title, a first line that looks like one becomes it. Only whole lines that a
    rule of models/debris.toml knows are cut, from the ends inwards, up to the first line
    that no rule knows. Cutting a second time changes nothing.
    """
    body = Body(text, title)
    while True:
        shorter = _cut_start(_cut_end(body))
        if shorter == body:
            return body
        body = shorter


def _cut_end(body: Body) -> Body:
    lines = body.text.split("\n")
    while lines:
        if not lines[-1]:
            lines.pop()
        elif start := _links_start(lines):
            body = _learn_source(body, lines[start - 1 :])
            del lines[start - 1 :]
        elif line := _rules().match("end", lines[-1]):
            body = _learn(body, line)
            lines.pop()
        else:
            break
    return replace(body, text="\n".join(lines))


def _cut_start(body: Body) -> Body:
    lines = body.text.split("\n")
    while lines:
        first, rest = lines[0], lines[1:]
        if not first:
            pass
        elif glued := _GLUED_DATE.match(first):
            body = _learn(body, _Line("updated", glued[0]))
            rest = [first[glued.end() :].lstrip(), *rest]
        elif found := _furniture(first):
            for line in found:
                body = _learn(body, line)
        elif _is_crumb(first, body.title or _next_line(rest)):
            pass
        elif not body.title and _is_title(first) and _next_line(rest):
            body = replace(body, title=first)
        elif body.title and _words(first) == _words(body.title):
            pass
        elif body.title and _PERSON.fullmatch(first) and _is_dated(_next_line(rest)):
            body = _learn(body, _Line("author", first))
        else:
            break
        lines = rest
    return replace(body, text="\n".join(lines))


def _furniture(line: str) -> list[_Line]:
    """The line as furniture: whole, or piece by piece ("By A | May 27 | 3 min read")."""
    whole = _rules().match("start", line)
    if whole:
        return [whole]
    pieces = [piece for piece in _PIECES.split(line) if piece]
    found = [match for piece in pieces if (match := _rules().match("start", piece))]
    return found if pieces and len(found) == len(pieces) else []


def _is_title(line: str) -> bool:
    bare = line.rstrip("\"'”’»)")
    return (
        len(line) <= _TITLE_CHARACTERS
        and len(line.split()) in _TITLE_WORDS
        and not bare.endswith((".", ":", ";", ",", "…"))
        and not _NO_TITLE_START.match(line)
    )


def _is_crumb(line: str, title: str) -> bool:
    """Whether a line is a path of sections that ends in the title."""
    words, wanted = _words(line), _words(title)
    before = len(words) - len(wanted)
    return (
        len(wanted) >= _CRUMBED_TITLE_WORDS
        and 0 < before <= _CRUMB_WORDS
        and words[before:] == wanted
        and not line.endswith(".")
    )


def _is_dated(line: str) -> bool:
    found = _furniture(line) if line else []
    return any(match.gives in ("published", "updated") for match in found)


def _next_line(lines: list[str]) -> str:
    return next((line for line in lines if line), "")


def _words(line: str) -> list[str]:
    return re.findall(r"\w+", line.casefold())


def _links_start(lines: list[str]) -> int:
    """The index after a heading such as "Sources:" if only urls follow it, else 0."""
    index = len(lines)
    while index and (not lines[index - 1] or _URL_LINE.fullmatch(lines[index - 1])):
        index -= 1
    only_blank = all(not line for line in lines[index:])
    return index if index and not only_blank and _rules().links(lines[index - 1]) else 0


def _learn_source(body: Body, block: list[str]) -> Body:
    """A single "Source" is where the text was taken from; "Sources" are what it read."""
    urls = [match[1] for line in block if (match := _URL_LINE.fullmatch(line))]
    if len(urls) != 1 or block[0].rstrip(" :").casefold().endswith("s"):
        return body
    return replace(body, source=body.source or urls[0])


@dataclass(frozen=True, slots=True)
class _Line:
    gives: str
    said: str


def _learn(body: Body, line: _Line) -> Body:
    if line.gives == "author":
        return replace(body, author=body.author or line.said)
    if line.gives == "source":
        return replace(body, source=body.source or line.said)
    if line.gives == "published":
        return replace(body, published=body.published or read_written_date(line.said))
    if line.gives == "updated":
        return replace(body, updated=body.updated or read_written_date(line.said))
    return body


@dataclass(frozen=True, slots=True)
class _Rule:
    at: str
    gives: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Rules:
    lines: tuple[_Rule, ...]
    headings: tuple[re.Pattern[str], ...]
    labels: frozenset[str]
    joints: frozenset[str]
    most_words: int

    def match(self, end: End, line: str) -> _Line | None:
        for rule in self.lines:
            if rule.at in (end, "both") and (match := rule.pattern.fullmatch(line)):
                return _Line(rule.gives, match.groupdict().get(rule.gives) or line)
        if end == "start" and self._is_label(line):
            return _Line("", line)
        return None

    def links(self, line: str) -> bool:
        return any(pattern.fullmatch(line) for pattern in self.headings)

    def _is_label(self, line: str) -> bool:
        words = [word for word in line.casefold().split() if word not in self.joints]
        return 0 < len(words) <= self.most_words and self.labels.issuperset(words)


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    path = models_dir() / "debris.toml"
    with path.open("rb") as file:
        data = tomllib.load(file)
    labels = data["labels"]
    try:
        return _Rules(
            lines=tuple(
                _Rule(str(rule["at"]), str(rule.get("gives", "")), _compiled(rule["pattern"]))
                for rule in data["line"]
            ),
            headings=tuple(_compiled(rule["pattern"]) for rule in data["links"]),
            labels=frozenset(labels["words"]),
            joints=frozenset(labels["joints"]),
            most_words=int(labels["most_words"]),
        )
    except (KeyError, re.error) as error:
        raise ModelError(str(path), "a rule is incomplete or its pattern is faulty") from error


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace("{date}", WRITTEN_DATE), re.I)
