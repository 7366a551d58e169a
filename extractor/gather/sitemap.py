"""News sitemaps as entries."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from extractor.gather.dates import read_date
from extractor.gather.text import canonical_line
from extractor.gather.url import is_web_url

_HEAD = 4096
_ROOT = re.compile(rb"<(?:\w+:)?(urlset|sitemapindex)[\s>]", re.I)
_NEWS = b"sitemap-news/"
_GZIP = b"\x1f\x8b"
_MAX_BYTES = 50 * 1024 * 1024  # what sitemaps.org allows
# A sitemap of 50,000 urls may have as many children; beyond that lies mischief.
_MAX_URLS = 50_000


@dataclass(frozen=True, slots=True)
class Listed:
    """A page in a sitemap; `title` and `published` only where it is listed as news."""

    url: str
    title: str = ""
    published: datetime | None = None
    publication: str = ""


def unpacked(body: bytes) -> bytes:
    """A body without its gzip: sitemaps come as .xml.gz. What is no gzip stays as it is.

    Raises ValueError for gzip that is damaged or holds more than 50 MB.
    """
    if not body.startswith(_GZIP):
        return body
    reader = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        plain = reader.decompress(body, _MAX_BYTES + 1)
    except zlib.error as error:
        raise ValueError("the gzip of the sitemap is damaged") from error
    if len(plain) > _MAX_BYTES:
        raise ValueError(f"the sitemap is larger than {_MAX_BYTES:,} bytes")
    return plain


def sitemap_kind(body: bytes) -> str:
    """`news`, `pages` or `index`, judged by the first 4 kB; "" for what is no sitemap."""
    root = _ROOT.search(body[:_HEAD])
    if root is None:
        return ""
    if root[1].lower() == b"sitemapindex":
        return "index"
    return "news" if _NEWS in body[:_HEAD] else "pages"


def read_sitemap(body: bytes) -> Iterator[Listed]:
    """The pages of a sitemap, or the sitemaps of an index, in its order.

    Faulty XML is read as far as it goes; no entity is expanded, nothing is loaded.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False
    )
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        return
    for number, child in enumerate(root if root is not None else ()):
        if number >= _MAX_URLS:
            return
        own = {_name(part): part for part in child.iter() if isinstance(part.tag, str)}
        url = _text(own.get("loc"))
        if is_web_url(url):
            yield Listed(
                url=url,
                title=_text(own.get("title")) if "news" in own else "",
                published=read_date(_text(own.get("publication_date")))
                or read_date(_text(own.get("lastmod"))),
                publication=_text(own.get("name")),
            )


def _name(element: etree._Element) -> str:
    return str(etree.QName(element).localname)


def _text(element: etree._Element | None) -> str:
    return canonical_line("".join(element.itertext())) if element is not None else ""
