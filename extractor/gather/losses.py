"""Numbers that a page states but its extracted text lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from extractor.gather.text import canonical_line

# Elements around an article, and such as hold words that nobody wrote for it.
_AROUND = {
    "nav", "aside", "footer", "header", "form", "button", "select", "script", "style",
    "noscript", "template", "svg", "iframe", "figcaption", "a",
}  # fmt: skip
_BLOCKS = ("p", "li", "h1", "h2", "h3", "h4", "blockquote")
_LEAST_ANCHOR = 40  # characters: shorter paragraphs stand in menus, too
_LEAST_ROWS = 2
_MOST_ROWS = 200
_LOST_SHARE = 0.5  # of a table's figures
_LOST_FIGURES = 3  # outside tables, from which on the text is doubted
_NUMBER = re.compile(r"\d[\d,.]*\d|\d")
_SCALE = r"(?:million|billion|trillion|mn|bn|megawatts?|gigawatts?|[MGk]W|MWh?|GPUs?|BTC|%)"
_FIGURE = re.compile(
    rf"(?:[$€£¥]|US\$|C\$|A\$)\s?\d[\d,.]*(?:\s?{_SCALE}\b)?|\b\d[\d,.]*\s?{_SCALE}(?!\w)"
)
_SPACES = re.compile(r"\s+")

Warnings = tuple[tuple[str, str], ...]


def with_tables(tree: HtmlElement, text: str) -> tuple[str, Warnings]:
    """The text with the tables of its article that it lost, and what it still lacks.

    A table belongs to the article if it follows one of its paragraphs inside the element
    that holds all of them; it comes back as a block after that paragraph, a line a row.
    Figures that are lost elsewhere in that element are only told, as ("lost figures", ...).
    """
    anchors = _anchors(tree, text)
    if not anchors:
        return text, ()
    body = _common(list(anchors))
    text = _mended(body, anchors, text)
    lost = _lost_figures(body, text)
    if len(lost) < _LOST_FIGURES:
        return text, ()
    named = ", ".join(lost[:5]) + (" ..." if len(lost) > 5 else "")
    return text, (("lost figures", f"the page states figures that the text lost: {named}"),)


def _anchors(tree: HtmlElement, text: str) -> dict[HtmlElement, str]:
    """The elements of the page that the text's blocks came from, with those blocks."""
    blocks = {_key(block): block for block in text.split("\n\n") if len(block) >= _LEAST_ANCHOR}
    found: dict[HtmlElement, str] = {}
    for element in tree.iter(*_BLOCKS):
        words = "".join(element.itertext())
        if blocks and len(words) >= _LEAST_ANCHOR and (block := blocks.pop(_key(words), None)):
            found[element] = block
    return found


def _common(elements: list[HtmlElement]) -> HtmlElement:
    """The innermost element around all of some; around one, its parent."""
    path = _path(elements[0])[:-1] or _path(elements[0])
    for element in elements[1:]:
        other = _path(element)
        depth = 0
        while depth < min(len(path), len(other)) and path[depth] is other[depth]:
            depth += 1
        path = path[:depth]
    return path[-1]


def _path(element: HtmlElement) -> list[HtmlElement]:
    return [*reversed(list(element.iterancestors())), element]


def _mended(body: HtmlElement, anchors: dict[HtmlElement, str], text: str) -> str:
    last = ""
    for element in body.iter():
        if element in anchors:
            last = anchors[element]
        elif element.tag == "table" and last and (rows := _lost_rows(element, text)):
            block = "\n".join(f"| {' | '.join(row)} |" for row in rows)
            text = text.replace(last, f"{last}\n\n{block}", 1)
            last = block  # a table after a table follows it
    return text


def _lost_rows(table: HtmlElement, text: str) -> list[list[str]]:
    """The rows of a table of figures that the text lacks, else none."""
    if table.find(".//table") is not None or any(e.tag in _AROUND for e in table.iterancestors()):
        return []
    rows = [
        [canonical_line(_words(cell, links=True)) for cell in row.iterchildren("td", "th")]
        for row in table.iter("tr")
    ]
    rows = [row for row in rows if any(row)]
    if not _LEAST_ROWS <= len(rows) <= _MOST_ROWS or sum(len(row) > 1 for row in rows) < 2:
        return []
    figures = {n for row in rows for cell in row for n in _NUMBER.findall(cell) if len(n) > 1}
    present = set(_NUMBER.findall(text))
    lost = len(figures - present)
    return rows if lost >= 2 and lost >= _LOST_SHARE * len(figures) else []


def _lost_figures(body: HtmlElement, text: str) -> list[str]:
    shown = _key(text)
    stated = (_SPACES.sub(" ", found) for found in _FIGURE.findall(_words(body)))
    distinct = dict.fromkeys(figure.rstrip(".,") for figure in stated)
    return [figure for figure in distinct if _key(figure) not in shown]


def _words(element: HtmlElement, *, links: bool = False) -> str:
    return "".join(_texts(element, links=links))


def _texts(element: HtmlElement, *, links: bool) -> Iterator[str]:
    """The words below an element, in order, with a space between blocks."""
    yield element.text or ""
    for child in element:
        is_around = child.tag in _AROUND and not (links and child.tag == "a")
        if isinstance(child.tag, str) and not is_around:
            yield from _texts(child, links=links)
            if child.tag not in ("b", "i", "em", "strong", "span", "sup", "sub", "a"):
                yield " "
        yield child.tail or ""


def _key(text: str) -> str:
    """A text by its letters and digits only, since spaces and quotes are put in order."""
    return re.sub(r"[^\w$€£%]+", "", text)
