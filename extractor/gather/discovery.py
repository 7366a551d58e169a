"""Feeds that a page points to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from lxml import html

from extractor.gather.encoding import decode
from extractor.gather.feedrules import DiscoveryRules
from extractor.gather.sitemap import read_sitemap, sitemap_kind, unpacked
from extractor.gather.text import canonical_line
from extractor.gather.url import is_web_url
from extractor.records import Page

_FEED_TYPES = (
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/feed+json",
    "text/xml",
    "application/xml",
)
_WORD = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A link that says of itself to be a feed."""

    url: str
    title: str = ""


def linked_feeds(page: Page, rules: DiscoveryRules) -> tuple[FeedLink, ...]:
    """The feeds that an HTML page or an index of sitemaps names; the likeliest come first.

    Those about something else than the site's news (comments, podcasts) come last.
    """
    kind = _sitemap_kind(page)
    found = _children(page) if kind == "index" else _links(page) if not kind else ()
    unique: dict[str, FeedLink] = {}
    for link in found:
        unique.setdefault(link.url, link)
    return tuple(sorted(unique.values(), key=lambda link: _is_aside(link, rules)))


def likely_feeds(page: Page, rules: DiscoveryRules) -> tuple[str, ...]:
    """Where the feed of a site may be when its page names none: beside the page, at its root."""
    here = page.final_url or page.url
    folder = here if here.endswith("/") else f"{here}/"
    bases = (folder, urljoin(here, "/"))
    return tuple(dict.fromkeys(urljoin(base, path) for base in bases for path in rules.paths))


def _sitemap_kind(page: Page) -> str:
    try:
        return sitemap_kind(unpacked(page.body))
    except ValueError:
        return ""


def _children(page: Page) -> Iterator[FeedLink]:
    for listed in read_sitemap(unpacked(page.body)):
        if "news" in listed.url.lower():
            yield FeedLink(listed.url)


def _links(page: Page) -> Iterator[FeedLink]:
    try:
        markup = decode(page.body, page.header("content-type"))
        tree = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", markup))
    except (ValueError, html.etree.ParserError):
        return
    base = urljoin(page.final_url or page.url, tree.xpath("string(//base/@href)").strip())
    for link in tree.iter("link", "a"):
        url = urljoin(base, str(link.get("href") or "").strip())
        kinds = str(link.get("rel") or "").lower().split()
        content_type = str(link.get("type") or "").split(";")[0].strip().lower()
        # JSON Feed 1.0 was sent as plain JSON; so is what WordPress links for programs.
        is_feed = content_type in _FEED_TYPES or (
            content_type == "application/json" and "feed" in url.lower()
        )
        if is_web_url(url) and "alternate" in kinds and is_feed:
            yield FeedLink(url, canonical_line(str(link.get("title") or "")))


def _is_aside(link: FeedLink, rules: DiscoveryRules) -> bool:
    words = set(_WORD.findall(f"{link.url} {link.title}".lower()))
    return not words.isdisjoint(rules.aside)
