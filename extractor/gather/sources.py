"""What a SOURCE is: words of the command line as items of work."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from extractor.errors import SourceError
from extractor.gather import warc
from extractor.gather.dataset import JsonLine, read_json_lines
from extractor.gather.encoding import decode
from extractor.gather.feed import looks_like_feed
from extractor.gather.opml import looks_like_opml
from extractor.gather.url import is_web_url
from extractor.gather.warc import ArchivedPage
from extractor.records import Page

STDIN = "-"
_HTML = {".html", ".htm", ".xhtml"}
_XML = {".xml", ".rss", ".atom", ".rdf", ".opml", ".json"}
_JSON_LINES = {".jsonl", ".ndjson"}
_KNOWN = _HTML | _XML | _JSON_LINES | {".txt", *warc.SUFFIXES}
_LOOKS_LIKE_HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}(?:[/:?#].*)?", re.I)
_OTHER_SCHEME = re.compile(r"([a-z][a-z0-9+.-]+)://", re.I)
_HTML_START = re.compile(rb"<(?:!doctype\s+html|html|head|body|article|div|p|h1)\b", re.I)
_HEAD = 4096
_MAX_FILE_BYTES = 64 * 1024 * 1024  # a page or text; JSON Lines are read line by line


@dataclass(frozen=True, slots=True)
class UrlSource:
    """A url to fetch: what it is (feed, list of feeds, article) its page will tell."""

    url: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class FeedFile:
    """A saved feed; `page.url` is its path."""

    page: Page


@dataclass(frozen=True, slots=True)
class OpmlFile:
    """A list of feeds; `page.url` is its path."""

    page: Page


@dataclass(frozen=True, slots=True)
class HtmlFile:
    """A saved page; `page.url` is its path, the page's own canonical link is its url."""

    page: Page


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text as scraped."""

    path: str
    text: str


WorkItem = UrlSource | FeedFile | OpmlFile | HtmlFile | TextFile | JsonLine | ArchivedPage
# A failure is a result like the others: it stops nothing.
Expanded = WorkItem | SourceError


def expand(words: Iterable[str], stdin: BinaryIO | None = None) -> Iterator[Expanded]:
    """The items that SOURCE words stand for, in order; files are read as they come up.

    A word is a url, a file, a folder (read in sorted order with all below it, hidden and
    unknown files passed over) or `-` for `stdin`, whose kind is told from its content.
    What cannot be read is given back as a SourceError with file and line.
    """
    for word in words:
        if word == STDIN:
            yield from _read_stream(stdin) if stdin else [SourceError("-", "nothing is piped in")]
        elif is_web_url(word):
            yield UrlSource(word.strip())
        elif _is_folder(word):
            yield from _read_folder(Path(word))
        else:
            yield from _read_named(word)


def _read_named(word: str) -> Iterator[Expanded]:
    path = Path(word)
    scheme = _OTHER_SCHEME.match(word)
    if scheme:
        known = scheme[1].lower() in ("http", "https")
        reason = "the url has no host" if known else "only http and https urls can be fetched"
        yield SourceError(word, reason)
    elif not _exists(path):
        hint = f"; as a url it is https://{word}" if _LOOKS_LIKE_HOST.fullmatch(word) else ""
        yield SourceError(word, f"there is no such file or folder{hint}")
    elif _suffix(path) not in _KNOWN:
        yield SourceError(word, f"unknown kind of file; known are {' '.join(sorted(_KNOWN))}")
    else:
        items = _read_file(path)
        first = next(items, SourceError(word, "it holds no article, feed or list of feeds"))
        yield from chain([first], items)


def _suffix(path: Path) -> str:
    """The end of a name that tells its kind; that of a gzipped archive has two parts."""
    name = path.name.lower()
    return ".warc.gz" if name.endswith(".warc.gz") else path.suffix.lower()


def _is_folder(word: str) -> bool:
    return os.path.isdir(word)  # noqa: PTH112 - pathlib raises for names that no file can have


def _exists(path: Path) -> bool:
    return os.path.lexists(path)


def _read_folder(folder: Path) -> Iterator[Expanded]:
    errors: list[OSError] = []
    empty = True
    for place, folders, files in os.walk(folder, onerror=errors.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(place, name)
            if name.startswith(".") or _suffix(path) not in _KNOWN:
                continue
            for item in _read_file(path):
                empty = False
                yield item
        while errors:
            yield _unreadable(errors.pop())
            empty = False
    while errors:
        yield _unreadable(errors.pop())
        empty = False
    if empty:
        yield SourceError(str(folder), "the folder holds no file of a known kind")


def _read_file(path: Path) -> Iterator[Expanded]:
    """The items of a file of a known kind; none for XML or JSON that is no feed."""
    if _suffix(path) in warc.SUFFIXES:
        yield from warc.read_warc(str(path))
        return
    try:
        with path.open("rb") as file:
            if path.suffix.lower() in _JSON_LINES:
                yield from read_json_lines(str(path), file)
                return
            body = file.read(_MAX_FILE_BYTES + 1)
    except OSError as error:
        yield _unreadable(error, str(path))
        return
    if len(body) > _MAX_FILE_BYTES:
        yield SourceError(str(path), f"the file is larger than {_MAX_FILE_BYTES >> 20} MB")
    elif not body.strip():
        yield SourceError(str(path), "the file is empty")
    elif path.suffix.lower() in _HTML:
        yield HtmlFile(_page(str(path), body))
    elif path.suffix.lower() in _XML:
        yield from _read_xml(_page(str(path), body))
    else:
        yield from _read_text(str(path), body)


def _unreadable(error: OSError, subject: str = "") -> SourceError:
    failure = SourceError(
        subject or str(error.filename), f"it cannot be read: {error.strerror or error}"
    )
    failure.__cause__ = error
    return failure


def _page(path: str, body: bytes) -> Page:
    return Page(url=path, final_url="", status=200, body=body)


def _read_xml(page: Page) -> Iterator[Expanded]:
    if looks_like_opml(page):
        yield OpmlFile(page)
    elif looks_like_feed(page):
        yield FeedFile(page)


def _read_text(path: str, body: bytes) -> Iterator[Expanded]:
    """A text, or the urls in it if each line is one (lines that begin with # are remarks)."""
    try:
        text = decode(body)
    except ValueError as error:
        failure = SourceError(path, "the file is no text")
        failure.__cause__ = error
        yield failure
        return
    lines = [
        (number, line.strip())
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if lines and all(is_web_url(line) and " " not in line for _, line in lines):
        for number, line in lines:
            yield UrlSource(line, place=f"{path}:{number}")
    else:
        yield TextFile(path, text)


def _read_stream(stream: BinaryIO) -> Iterator[Expanded]:
    """Standard input: JSON Lines as they arrive, anything else once it is complete."""
    before = []
    while (first := stream.readline()) and not first.strip():
        before.append(first)
    if not first:
        yield SourceError(STDIN, "nothing came in")
    elif _is_json_line(first):
        yield from read_json_lines(STDIN, chain(before, [first], stream))
    else:
        body = first + stream.read(_MAX_FILE_BYTES)
        page = _page(STDIN, body)
        if looks_like_opml(page) or looks_like_feed(page):
            yield from _read_xml(page)
        elif _HTML_START.search(body[:_HEAD]):
            yield HtmlFile(page)
        else:
            yield from _read_text(STDIN, body)


def _is_json_line(line: bytes) -> bool:
    """Whether a first line is an object; a lone brace begins a document of many lines."""
    line = line.removeprefix(b"\xef\xbb\xbf").strip()
    return line.startswith(b"{") and line != b"{" and not looks_like_feed(_page(STDIN, line))
