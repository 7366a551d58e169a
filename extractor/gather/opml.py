"""Lists of feeds in OPML."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import listparser

from extractor.errors import FeedError
from extractor.gather.text import canonical_line
from extractor.gather.url import is_web_url
from extractor.records import Feed, Page

_OPML = re.compile(rb"<opml[\s>]", re.I)
_HEAD = 4096


def looks_like_opml(page: Page) -> bool:
    """Whether a page is a list of feeds."""
    return bool(_OPML.search(page.body[:_HEAD]))


def read_opml(page: Page) -> tuple[Feed, ...]:
    """The feeds of a list in its order, each once; urls are absolute.

    Raises FeedError, naming the page's url, if it is no list or holds no feed.
    """
    if not looks_like_opml(page):
        raise FeedError(page.url, "this is no OPML")
    found = listparser.parse(page.body)
    base = page.final_url or page.url
    feeds: dict[str, Feed] = {}
    for outline in found.feeds:
        url = urljoin(base, str(outline.url).strip())
        if is_web_url(url):
            feeds.setdefault(url, Feed(url=url, title=canonical_line(str(outline.title or ""))))
    if not feeds:
        error = FeedError(page.url, "this OPML lists no feed")
        raise error from (found.bozo_exception if found.bozo else None)
    return tuple(feeds.values())
