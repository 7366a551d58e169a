"""Articles from pages, from scraped text, from records."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from extractor.errors import ArticleError
from extractor.gather.dates import as_utc
from extractor.gather.debris import cut_debris
from extractor.gather.encoding import decode, is_binary
from extractor.gather.page import PageText, read_html
from extractor.gather.text import canonical_line, canonical_text, digest_of
from extractor.gather.url import canonical_url, host_of, is_web_url
from extractor.records import Article, Entry, Page

# A brief of the trade press has two sentences; less is a teaser, a login or an error page.
MIN_PAGE_CHARACTERS = 140
_KINDS = {"application/pdf": "a PDF", "application/json": "JSON"}
_KIND_FAMILIES = {"image": "an image", "video": "a video", "audio": "an audio file"}


@dataclass(frozen=True, slots=True)
class GivenArticle:
    """An article as a dataset states it, one line of JSON Lines; `text` is the body."""

    text: str
    key: str = ""
    url: str = ""
    title: str = ""
    site: str = ""
    author: str = ""
    published: datetime | None = None
    language: str = ""


def read_article(page: Page, entry: Entry | None = None) -> Article:
    """The article of a fetched or saved page.

    What the page does not tell (title, date) its feed entry does. Where the page holds less
    text than the entry's summary, and too little for an article, the summary serves. Raises
    ArticleError, naming the page's url, for what holds no article.
    """
    kind = _other_kind(page)
    if kind:
        raise ArticleError(page.url, f"this is {kind}, not an article")
    if not page.body.strip():
        raise ArticleError(page.url, "the page is empty")
    try:
        markup = decode(page.body, page.header("content-type"))
    except ValueError as error:
        raise ArticleError(page.url, "the page is no text") from error
    address = page.final_url or page.url
    url = address if is_web_url(address) else ""
    if page.header("content-type").lower().startswith("text/plain") and "<" not in markup[:200]:
        return _from_plain_page(page, markup, url, entry)
    return _from_html(page, markup, url, entry)


def article_from_text(
    text: str,
    *,
    key: str = "",
    url: str = "",
    title: str = "",
    site: str = "",
    published: datetime | None = None,
    author: str = "",
    place: str = "",
) -> Article:
    """The article in a text as scraped, without the debris around it.

    The first line may be the title; dates, bylines and a "Source: https://..." line tell
    what the arguments do not. Raises ArticleError, naming `place` (else the url or key),
    if nothing is left.
    """
    body = cut_debris(canonical_text(text), canonical_line(title))
    if not body.text:
        raise ArticleError(place or url or key or "text", "there is no text in it")
    given = GivenArticle(
        key=key,
        url=url or body.source,
        title=body.title,
        site=site,
        author=author or body.author,
        published=published or body.published or body.updated,
        text=body.text,
    )
    return article_from_record(given, place=place)


def article_from_record(given: GivenArticle, *, place: str = "") -> Article:
    """The article that a dataset states: its words are trusted, only layout is normalised.

    Raises ArticleError, naming `place` (else the url or key), if it has no text.
    """
    text, title = canonical_text(given.text), canonical_line(given.title)
    if not text:
        raise ArticleError(place or given.url or given.key or "record", "there is no text in it")
    digest, canonical = digest_of(title, text), canonical_url(given.url)
    return Article(
        key=given.key or canonical or digest,
        url=given.url.strip(),
        canonical_url=canonical,
        title=title,
        site=canonical_line(given.site) or host_of(given.url),
        author=canonical_line(given.author),
        published=as_utc(given.published) if given.published else None,
        language=given.language,
        text=text,
        digest=digest,
    )


def _other_kind(page: Page) -> str:
    content_type = page.header("content-type").split(";")[0].strip().lower()
    if page.body[:1024].lstrip().startswith(b"%PDF-"):
        return "a PDF"
    family = _KIND_FAMILIES.get(content_type.split("/")[0], "")
    # An HTML page may be sent as JSON or the like by mistake, but never begins like an image.
    return (
        family or _KINDS.get(content_type, "") or ("a binary file" if is_binary(page.body) else "")
    )


def _from_plain_page(page: Page, text: str, url: str, entry: Entry | None) -> Article:
    return article_from_text(
        text,
        url=url,
        title=entry.title if entry else "",
        published=entry.published if entry else None,
        place=page.url,
    )


def _from_html(page: Page, markup: str, url: str, entry: Entry | None) -> Article:
    found = read_html(markup, url)
    if found is None:
        raise ArticleError(page.url, "the page is no HTML")
    title = found.title or canonical_line(entry.title if entry else "")
    body = cut_debris(found.text, title)
    text = body.text
    if len(text) < MIN_PAGE_CHARACTERS:
        text = _longer(text, canonical_text(entry.summary if entry else ""))
        if len(text) < MIN_PAGE_CHARACTERS:
            raise ArticleError(
                page.url, f"no article was found in the page ({len(text)} characters of text)"
            )
    given = GivenArticle(
        url=found.link or url,
        title=body.title,
        site=found.site,
        author=found.author or body.author,
        published=_date(found, entry) or body.published or body.updated,
        text=text,
        language=found.language,
    )
    article = article_from_record(given, place=page.url)
    return replace(article, url=url or found.link)


def _longer(text: str, summary: str) -> str:
    return summary if len(summary) > len(text) else text


def _date(found: PageText, entry: Entry | None) -> datetime | None:
    """The page's own word first, then the feed's, then a guess."""
    return found.published or (entry.published if entry else None) or found.guessed_date
