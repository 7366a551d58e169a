"""What an HTML page says: the paragraphs of its article with their particulars."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import trafilatura
from lxml import etree, html
from lxml.html import HtmlElement

from extractor.gather.blocked import is_short
from extractor.gather.dates import read_date
from extractor.gather.losses import with_tables
from extractor.gather.text import canonical_line, canonical_text, plain_text
from extractor.gather.url import canonical_url, host_of, is_web_url

# Under this many characters the quick extraction has likely missed the body: it is worth
# the price of trafilatura's other methods.
_MISSED = 250
_BLOCKS = ("p", "list", "table", "quote", "head", "item", "cell")
_BREAK = "\u2028"
_DEEPEST = 250  # elements within elements; pages of the web stay below 60
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_DATE_PROPERTIES = (
    "article:published_time",
    "datePublished",
    "date",
    "dc.date",
    "dc.date.issued",
    "parsely-pub-date",
    "sailthru.date",
    "pubdate",
)
_META_ATTRIBUTES = ("property", "name", "itemprop", "http-equiv")  # in order of trust
_BETWEEN_TITLE_AND_SITE = r"\s+[|\-–—:·•»]\s+"


@dataclass(frozen=True, slots=True)
class PageText:
    """The article of a page. What the page does not say is empty; urls are absolute.

    `published` is what the page declares to machines, `guessed_date` what trafilatura
    finds elsewhere (in the url, in text), which is less certain and has no time of day.
    `head_title` is the page's <title>, `shown` all words of a page with a short text.
    `warnings` (kind, words) tell what the text may lack.
    """

    text: str
    title: str = ""
    author: str = ""
    site: str = ""
    language: str = ""
    link: str = ""
    published: datetime | None = None
    guessed_date: datetime | None = None
    head_title: str = ""
    shown: str = ""
    warnings: tuple[tuple[str, str], ...] = ()


def read_html(markup: str, url: str) -> PageText | None:
    """The article in a page; None if the markup is no HTML at all."""
    tree = _tree(markup)
    if tree is None:
        return None
    found = _extract(markup, url, fast=True)
    if found is None or len(_flatten(found.body)) < _MISSED:
        slower = _extract(markup, url, fast=False)
        if slower and (not found or len(_flatten(slower.body)) > len(_flatten(found.body))):
            found = slower
    declared = _Declared(tree)
    text, warnings = with_tables(tree, canonical_text(_flatten(found.body)) if found else "")
    site = declared.site or host_of(url)
    title = _without_site(declared.title or canonical_line((found and found.title) or ""), site)
    return PageText(
        text=text,
        title=title,
        author=canonical_line((found and found.author) or ""),
        site=site or host_of(declared.link(url)),
        language=declared.language,
        link=declared.link(url),
        published=declared.published,
        guessed_date=read_date(found.date) if found and found.date else None,
        head_title=canonical_line(tree.findtext(".//title") or ""),
        shown=_shown(tree) if is_short(text) else "",
        warnings=warnings,
    )


def _shown(tree: HtmlElement) -> str:
    """The words of a page, without its scripts and styles."""
    texts = tree.xpath("//body//text()[not(ancestor::script or ancestor::style)]")
    return " ".join(str(text) for text in texts)


def _tree(markup: str) -> HtmlElement | None:
    """The elements of a page; none for what is no page, or a tower that no browser shows.

    Who reads such a tower by recursion, as trafilatura does in places, brings Python down.
    """
    try:
        tree = html.document_fromstring(_XML_DECLARATION.sub("", markup))
    except (etree.ParserError, ValueError):
        return None
    return None if tree.xpath(f"boolean(//*[ancestor::*[{_DEEPEST}]])") else tree


def _extract(markup: str, url: str, *, fast: bool) -> Any:
    """trafilatura's document, whose body is a tree of p, head, list, table, quote.

    Comments of readers are left out: they are not the article's words.
    """
    return trafilatura.bare_extraction(
        _XML_DECLARATION.sub("", markup),
        url=url or None,
        fast=fast,
        with_metadata=True,
        include_comments=False,
        include_tables=True,
    )


def _flatten(body: Any) -> str:
    return "\n\n".join(block for element in body for block in _blocks(element))


def _blocks(element: Any) -> Iterator[str]:
    """Paragraphs as they are, a list or a table as one block with a line for each row."""
    if element.tag == "list":
        items = (_inline(item) for item in element.iter("item"))
        block = "\n".join(f"- {item}" for item in items if item)
    elif element.tag == "table":
        rows = ([_inline(cell) for cell in row.iter("cell")] for row in element.iter("row"))
        block = "\n".join(f"| {' | '.join(row)} |" for row in rows if any(row))
    elif any(child.tag in _BLOCKS for child in element):
        if element.text and element.text.strip():
            yield " ".join(element.text.split())
        for child in element:
            yield from _blocks(child)
        block = ""
    else:
        block = _lines(element)
    if block:
        yield block
    if element.tail and element.tail.strip():
        yield " ".join(element.tail.split())


def _inline(element: Any) -> str:
    """The words of an item or a cell on one line."""
    return " ".join(_pieces(element, " ").split())


def _lines(element: Any) -> str:
    """The words of a paragraph; a line break stays one, two of them part paragraphs."""
    # Line ends in the markup are mere spaces, so a mark stands for the breaks till those are gone.
    lines = _pieces(element, _BREAK).split(_BREAK)
    return "\n".join(" ".join(line.split()) for line in lines).strip("\n")


def _pieces(element: Any, line_break: str) -> str:
    pieces = [element.text or ""]
    for child in element:
        inner = line_break if child.tag == "lb" else _pieces(child, line_break)
        # A paragraph in a cell or an item ends a word, though its markup holds no space.
        pieces += [inner, " " if child.tag in _BLOCKS else "", child.tail or ""]
    return "".join(pieces)


def _without_site(title: str, site: str) -> str:
    if not site:
        return title
    name = re.escape(site)
    short = re.sub(rf"(?:{_BETWEEN_TITLE_AND_SITE}{name}|^{name}{_BETWEEN_TITLE_AND_SITE})", "",
                   title, flags=re.I)  # fmt: skip
    return short.strip() or title


class _Declared:
    """What a page declares to machines: meta properties, JSON-LD, links, its language."""

    def __init__(self, tree: HtmlElement) -> None:
        self._tree = tree
        self._linked = list(_linked_data(tree))
        self._metas = _metas(tree)

    @property
    def title(self) -> str:
        named = self._meta("og:title", "twitter:title")
        if not named:
            heading = [h for h in self._tree.iter("h1") if h.text_content().strip()]
            named = (
                heading[0].text_content() if len(heading) == 1 else self._linked_text("headline")
            )
        return canonical_line(plain_text(named))

    @property
    def site(self) -> str:
        publisher = next((node["publisher"] for node in self._linked if "publisher" in node), None)
        if isinstance(publisher, list):
            publisher = publisher[0] if publisher else None
        name = publisher.get("name", "") if isinstance(publisher, dict) else ""
        return canonical_line(self._meta("og:site_name") or str(name or ""))

    @property
    def language(self) -> str:
        declared = self._tree.get("lang") or self._tree.get("xml:lang") or ""
        declared = declared or self._meta("og:locale", "content-language", "language")
        match = re.match(r"[a-z]{2,3}(?![a-z])", declared.strip().lower())
        return match[0] if match else ""

    @property
    def published(self) -> datetime | None:
        for text in (self._linked_text("datePublished"), *map(self._meta, _DATE_PROPERTIES)):
            if text and (found := read_date(text)):
                return found
        stamps = self._tree.xpath("//article//time[@datetime]/@datetime|//h1/..//time/@datetime")
        return next((found for text in stamps if (found := read_date(str(text)))), None)

    def link(self, url: str) -> str:
        """The address the page claims: rel=canonical, else og:url, else "".

        A page that claims the home page has a mistaken template: nothing is claimed.
        """
        claims = [
            *self._tree.xpath("//link[translate(@rel,'CANOIL','canoil')='canonical']/@href"),
            self._meta("og:url"),
        ]
        for claim in claims:
            link = urljoin(url, str(claim).strip()) if str(claim).strip() else ""
            is_home = not urlsplit(canonical_url(link)).path.strip("/") and not urlsplit(link).query
            if is_web_url(link) and not is_home:
                return link
        return ""

    def _meta(self, *names: str) -> str:
        return next((self._metas[name] for n in names if (name := n.lower()) in self._metas), "")

    def _linked_text(self, key: str) -> str:
        values = (node.get(key) for node in self._linked)
        return next((value for value in values if isinstance(value, str) and value.strip()), "")


def _metas(tree: HtmlElement) -> dict[str, str]:
    """What a page's meta elements say, by name; of several by one name the first counts.

    The page is walked once: it is asked for some twenty names.
    """
    found: dict[tuple[str, str], str] = {}
    for element in tree.iter("meta"):
        content = element.get("content", "")
        for attribute in _META_ATTRIBUTES:
            name = element.get(attribute, "").lower()
            if name and content.strip():
                found.setdefault((attribute, name), content)
    order = sorted(found, key=lambda key: _META_ATTRIBUTES.index(key[0]), reverse=True)
    return {name: found[attribute, name] for attribute, name in order}


def _linked_data(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """The article nodes of the page's JSON-LD; what is no JSON is passed over."""
    for script in tree.xpath("//script[contains(@type,'ld+json')]"):
        try:
            data = json.loads(script.text_content(), strict=False)
        except (ValueError, RecursionError):
            continue
        nodes = data if isinstance(data, list) else [data]
        for node in nodes:
            graph = node.get("@graph") if isinstance(node, dict) else None
            for item in graph if isinstance(graph, list) else [node]:
                if isinstance(item, dict) and _is_article(item.get("@type")):
                    yield item


def _is_article(kind: object) -> bool:
    kinds = kind if isinstance(kind, list) else [kind]
    return any(
        isinstance(name, str) and name.endswith(("Article", "Posting", "Report")) for name in kinds
    )
