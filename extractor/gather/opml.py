"""Lists of feeds in OPML."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urljoin
from xml.etree import ElementTree

import listparser

from extractor.errors import FeedError
from extractor.gather.text import canonical_line
from extractor.gather.url import is_web_url
from extractor.records import Feed, Page, Subscription

_OPML = re.compile(rb"<opml[\s>]", re.I)
_HEAD = 4096
_SLASH, _LIKE_SLASH = "/", "\u2215"  # a slash within a folder's name is no level of folders


def looks_like_opml(page: Page) -> bool:
    """Whether a page is a list of feeds."""
    return bool(_OPML.search(page.body[:_HEAD]))


def read_opml(page: Page) -> tuple[Feed, ...]:
    """The feeds of a list; see `read_subscriptions`."""
    return tuple(each.feed for each in read_subscriptions(page))


def read_subscriptions(page: Page) -> tuple[Subscription, ...]:
    """The feeds of a list in its order, with their folders; each once, urls are absolute.

    Raises FeedError, naming the page's url, if it is no list or holds no feed.
    """
    if not looks_like_opml(page):
        raise FeedError(page.url, "this is no OPML")
    found = listparser.parse(page.body)
    base = page.final_url or page.url
    feeds: dict[str, Subscription] = {}
    for outline in found.feeds:
        url = urljoin(base, str(outline.url).strip())
        if is_web_url(url):
            feed = Feed(url=url, title=canonical_line(str(outline.title or "")))
            feeds.setdefault(url, Subscription(feed, _folder(outline)))
    if not feeds:
        error = FeedError(page.url, "this OPML lists no feed")
        raise error from (found.bozo_exception if found.bozo else None)
    return tuple(feeds.values())


def write_opml(subscriptions: Iterable[Subscription], title: str) -> str:
    """The feeds as OPML 2.0, in their folders; `read_subscriptions` gives them back."""
    root = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = title
    folders = {"": ElementTree.SubElement(root, "body")}
    for each in subscriptions:
        feed = each.feed
        name = feed.title or feed.url
        ElementTree.SubElement(
            _outline_of(each.folder, folders),
            "outline",
            {"type": "rss", "text": name, "title": name, "xmlUrl": feed.url},
        )
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _folder(outline: Any) -> str:
    names = next(iter(outline.get("categories", ())), ())
    clean = (canonical_line(str(name)).replace(_SLASH, _LIKE_SLASH) for name in names)
    return _SLASH.join(name for name in clean if name)


def _outline_of(
    folder: str, folders: dict[str, ElementTree.Element[str]]
) -> ElementTree.Element[str]:
    """The outline of a folder, made with those around it where it is missing."""
    if folder not in folders:
        outer, _, name = folder.rpartition(_SLASH)
        name = name.replace(_LIKE_SLASH, _SLASH)
        folders[folder] = ElementTree.SubElement(
            _outline_of(outer, folders), "outline", {"text": name, "title": name}
        )
    return folders[folder]
