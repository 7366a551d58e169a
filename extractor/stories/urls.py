"""Addresses under which one text appears: its own, its canonical one, its source's."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from extractor.records import Article

_SOURCE_LINE = re.compile(
    r"^\W*(?:sources?(?: link)?|originally (?:published|appeared)|first published|via|"
    r"read the (?:original|full) (?:article|story))\b[^\n]{0,80}?(https?://[^\s<>\"')\]]+)",
    re.IGNORECASE | re.MULTILINE,
)
_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|mc_[ce]id|ref|source|feed(?:type|name)", re.IGNORECASE
)
_MOBILE = re.compile(r"^(?:www|m|mobile|amp)\.")


def story_urls(article: Article) -> frozenset[str]:
    """All addresses that name this text, each as `address` gives it."""
    lines = _SOURCE_LINE.finditer(article.text) if "://" in article.text else ()
    printed = (match.group(1) for match in lines)
    found = {address(url) for url in {article.url, article.canonical_url, *printed}}
    return frozenset(found - {""})


def address(url: str) -> str:
    """A url as a comparison key: no scheme, mobile host, tracking, fragment or final slash.

    A site's front page names no text: "".
    """
    parts = urlsplit(url.strip().rstrip(".,;"))
    host = _MOBILE.sub("", parts.netloc.lower())
    path = re.sub(r"/(?:amp/?)?$", "", parts.path)
    query = parts.query and urlencode(
        [(k, v) for k, v in parse_qsl(parts.query) if not _TRACKING.fullmatch(k)]
    )
    if not host or not (path or query):
        return ""
    return f"{host}{path}?{query}" if query else f"{host}{path}"
