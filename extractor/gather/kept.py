"""Texts of files as pages of the archive."""

from __future__ import annotations

from extractor.gather.article import article_from_text, read_article
from extractor.gather.url import is_web_url
from extractor.records import Article, Entry, Page

_PLAIN = "text/plain; charset=utf-8"


def page_of_text(path: str, text: str) -> Page:
    """A scraped text as a page that can be kept; `read_kept` makes the same article of it."""
    body = text.encode("utf-8", "surrogatepass")
    return Page(url=path, final_url="", status=200, body=body, headers=(("content-type", _PLAIN),))


def read_kept(page: Page, entry: Entry | None = None) -> Article:
    """The article of a kept page: fetched, saved, or a scraped text.

    Raises ArticleError, naming the page's url, for what holds no article.
    """
    if page.header("content-type") == _PLAIN and not is_web_url(page.url):
        text = page.body.decode("utf-8", "surrogatepass")
        return article_from_text(text, place=page.url)
    return read_article(page, entry)
