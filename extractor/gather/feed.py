"""Feeds of every format as entries."""

from __future__ import annotations

import io
import json
import re
from calendar import timegm
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

import feedparser

from extractor.errors import FeedError
from extractor.gather.dates import read_date
from extractor.gather.encoding import decode, is_binary
from extractor.gather.feedpace import asked_seconds, skipped_days, skipped_hours
from extractor.gather.sitemap import read_sitemap, sitemap_kind, unpacked
from extractor.gather.text import canonical_line, canonical_text, plain_text
from extractor.gather.url import is_web_url
from extractor.records import Entry, Feed, Page

_HEAD = 4096
_FEED_ROOT = re.compile(rb"<(?:(?:\w+:)?(?:rss|feed|rdf)|channel)[\s>]", re.I)
_HTML_ROOT = re.compile(rb"<(?:!doctype\s+html|html[\s>]|head[\s>]|body[\s>])", re.I)
_JSON_FEED = re.compile(rb'"version"\s*:\s*"https?:(?:\\?/){2}jsonfeed\.org')
_ISO_DATE = re.compile(r"\s*\d{4}-\d\d-\d\d")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff")
# Declared entities are what "billion laughs" are made of; no feed needs its own. feedparser
# drops the nested ones too, but by patterns that a crafted prologue makes slow.
_COMMENT = re.compile(rb"<!--.*?-->", re.S)
_PROLOGUE = re.compile(rb"<!DOCTYPE\b[^\[>]*(?:\[.*?\]\s*)?>", re.I | re.S)
_VERSION = re.compile(r"(rss|atom|cdf)(?:(0)(9\d)|(\d)(\d))?")
_FEEDPARSER_BUGS = (AssertionError, AttributeError, KeyError, LookupError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """What a feed says, with the pace that it asks for and what is wrong with it.

    `entries` are in the feed's order, each once. `skip_hours` and `skip_days` (0 is Monday)
    are in UTC.
    """

    kind: str
    title: str
    entries: tuple[Entry, ...]
    least_seconds: float = 0.0
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    faults: tuple[str, ...] = ()


def looks_like_feed(page: Page) -> bool:
    """Whether a page is a feed (RSS, Atom, RDF, JSON Feed, news sitemap), by its first 4 kB.

    The content type is no help: feeds are sent as text/html and pages as application/xml.
    """
    head = _utf8_head(page.body)
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        return bool(_JSON_FEED.search(page.body))
    root, html = _FEED_ROOT.search(head), _HTML_ROOT.search(head)
    if root is None:
        return _sitemap_of(page) == "news"
    return not (html and html.start() < root.start())


def read_feed(page: Page) -> tuple[Feed, tuple[Entry, ...]]:
    """A feed and its entries; see `read_document`."""
    document = read_document(page)
    feed = Feed(
        url=page.url,
        title=document.title,
        etag=page.header("etag"),
        modified=page.header("last-modified"),
    )
    return feed, document.entries


def read_document(page: Page) -> FeedDocument:
    """What a page says as a feed.

    Links are absolute, titles and summaries plain text, dates aware UTC. An entry without
    an id gets its url as guid; an entry with neither is left out. Raises FeedError, naming
    the page's url, for what is no feed. Faulty feeds are read as far as they go.
    """
    if not page.body.strip():
        raise FeedError(page.url, "the feed is empty")
    if not looks_like_feed(page):
        raise FeedError(page.url, f"this is no feed but {_kind(page)}")
    if page.body.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        return _read_json(page)
    return _read_news(page) if _sitemap_of(page) else _read_xml(page)


def _sitemap_of(page: Page) -> str:
    try:
        return sitemap_kind(unpacked(page.body[:_HEAD]))
    except ValueError:
        return ""


def _kind(page: Page) -> str:
    body = page.body
    if kind := _sitemap_of(page):
        return "an index of sitemaps" if kind == "index" else "a sitemap of pages, not of news"
    if is_binary(body):
        return "a binary file"
    head = body[:_HEAD].lstrip()
    if _HTML_ROOT.search(head):
        return "an HTML page"
    return "other XML" if head.startswith(b"<?xml") else "other text"


def _utf8_head(body: bytes) -> bytes:
    """The beginning of a body with single bytes for ASCII, also if it is in UTF-16."""
    if body.startswith(_WIDE_BOMS):
        return body[:_HEAD].decode("utf-16", errors="ignore").encode("utf-8", errors="ignore")
    return body[:_HEAD]


def _document(
    kind: str, title: str, found: Iterable[Entry | None], faults: Iterable[str] = (), **pace: Any
) -> FeedDocument:
    """A document of the entries that were found: of those with one guid the first counts."""
    listed = list(found)
    entries: dict[str, Entry] = {}
    for entry in listed:
        if entry is not None:
            entries.setdefault(entry.guid, entry)
    counted = (
        (listed.count(None), "without id or link, left out"),
        (len(listed) - listed.count(None) - len(entries), "listed twice"),
        (sum(not entry.url for entry in entries.values()), "without a link to an article"),
        (sum(entry.published is None for entry in entries.values()), "without a date"),
    )
    counts = (f"entries {what}: {number}" for number, what in counted if number)
    return FeedDocument(kind, title, tuple(entries.values()), faults=(*faults, *counts), **pace)


def _read_news(page: Page) -> FeedDocument:
    try:
        listed = tuple(read_sitemap(unpacked(page.body)))
    except ValueError as error:
        raise FeedError(page.url, "the sitemap cannot be unpacked") from error
    title = next((page.publication for page in listed if page.publication), "")
    found = (
        _entry(guid=each.url, url=each.url, title=each.title, published=each.published, summary="")
        for each in listed
    )
    return _document("news sitemap", title, found)


def _read_xml(page: Page) -> FeedDocument:
    body, base = _without_prologue(_narrow(page.body)), page.final_url or page.url
    headers = {"content-type": page.header("content-type"), "content-location": base}
    try:
        # Bytes as such would be taken for a file name.
        parsed = feedparser.parse(io.BytesIO(body), response_headers=headers)
    except _FEEDPARSER_BUGS as error:
        raise FeedError(page.url, "the feed is too damaged to be read") from error
    if not parsed.version and not parsed.entries:
        cause = parsed.get("bozo_exception")
        raise FeedError(page.url, "the feed is too damaged to be read") from cause
    return _document(
        _kind_of(str(parsed.version)),
        canonical_line(plain_text(str(parsed.feed.get("title", "")))),
        [_xml_entry(item, base) for item in parsed.entries],
        _faults(parsed),
        least_seconds=asked_seconds(parsed.feed),
        skip_hours=skipped_hours(body),
        skip_days=skipped_days(body),
    )


def _kind_of(version: str) -> str:
    """feedparser's name of a format as people write it: "rss20" is RSS 2.0."""
    match = _VERSION.match(version)
    if match is None:
        return "RSS"
    name = "Atom" if match[1] == "atom" else match[1].upper()
    return f"{name} {'.'.join(filter(None, match.groups()[1:]))}".rstrip()


def _faults(parsed: Any) -> tuple[str, ...]:
    error = parsed.get("bozo_exception") if parsed.get("bozo") else None
    # Another charset or type in the header than in the feed is common, and does no harm.
    harmless = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)
    if error is None or isinstance(error, harmless):
        return ()
    return (f"not well-formed: {canonical_line(str(error))}",)


def _narrow(body: bytes) -> bytes:
    """UTF-16 and UTF-32 as UTF-8, so that patterns over bytes hold for them as well."""
    if not body.startswith(_WIDE_BOMS):
        return body
    return _XML_DECLARATION.sub("", decode(body)).encode(errors="replace")


def _without_prologue(body: bytes) -> bytes:
    """The feed from its root element on, with its XML declaration but no entities."""
    root = _FEED_ROOT.search(body[:_HEAD])
    start = root.start() if root else 0
    return _PROLOGUE.sub(b"", _COMMENT.sub(b"", body[:start]), count=1) + body[start:]


def _xml_entry(item: Any, base: str) -> Entry | None:
    bodies = [str(content.get("value", "")) for content in item.get("content", ())]
    summary = max([str(item.get("summary", "")), *bodies], key=len)
    return _entry(
        guid=str(item.get("id", "")),
        url=_xml_link(item, base),
        title=plain_text(str(item.get("title", ""))),
        published=_moment(item, "published") or _moment(item, "updated"),
        summary=plain_text(summary),
    )


def _xml_link(item: Any, base: str) -> str:
    """The article's address: the alternate link, else the first one, else a permalink id."""
    links = [link for link in item.get("links", ()) if link.get("rel") == "alternate"]
    pages = [link for link in links if "html" in str(link.get("type", "text/html"))]
    chosen = [str(link.get("href", "")) for link in (*pages, *links)]
    for candidate in (*chosen, str(item.get("link", "")), str(item.get("id", ""))):
        url = urljoin(base, candidate.strip()) if candidate.strip() else ""
        # A bare id is no relative link: only a whole url in it is one.
        if is_web_url(url) and (candidate != item.get("id") or is_web_url(candidate)):
            return url
    return ""


def _moment(item: Any, name: str) -> datetime | None:
    """A date of an entry: as we read it, else as feedparser does, which knows odd forms."""
    # dict.get, because feedparser's own get answers with other dates where one is missing
    text, parsed = dict.get(item, name, ""), dict.get(item, f"{name}_parsed")
    found = read_date(str(text))
    # feedparser reads impossible ISO dates as days of the year: 2025-13-45 is no date
    if found or not parsed or _ISO_DATE.match(str(text)):
        return found
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _read_json(page: Page) -> FeedDocument:
    try:
        data = json.loads(decode(page.body, page.header("content-type")), strict=False)
    except (ValueError, RecursionError) as error:
        raise FeedError(page.url, "the JSON of the feed is invalid") from error
    items = data.get("items") if isinstance(data, dict) else None
    if not isinstance(items, list):
        raise FeedError(page.url, "the JSON feed has no items")
    base = page.final_url or page.url
    return _document(
        "JSON Feed",
        canonical_line(_text(data, "title")),
        [_json_entry(item, base) for item in items if isinstance(item, dict)],
        ("the feed says that it has ended",) if data.get("expired") is True else (),
    )


def _json_entry(item: dict[str, Any], base: str) -> Entry | None:
    link = _text(item, "url") or _text(item, "external_url")
    bodies = (
        plain_text(_text(item, "content_html")),
        canonical_text(_text(item, "content_text")),
        canonical_text(_text(item, "summary")),
    )
    return _entry(
        guid=_text(item, "id"),
        url=urljoin(base, link) if link else "",
        title=plain_text(_text(item, "title")),
        published=read_date(_text(item, "date_published"))
        or read_date(_text(item, "date_modified")),
        summary=max(bodies, key=len),
    )


def _text(item: dict[str, Any], key: str) -> str:
    """A string of JSON; a number counts as one, since ids are often numbers."""
    value = item.get(key)
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return str(value).strip() if isinstance(value, str) or is_number else ""


def _entry(
    *, guid: str, url: str, title: str, published: datetime | None, summary: str
) -> Entry | None:
    guid = canonical_line(guid) or url
    if not guid:
        return None
    return Entry(guid, url, canonical_line(title), published, summary)
