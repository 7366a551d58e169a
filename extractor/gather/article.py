"""Articles from pages, from scraped text, from records."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus

from extractor.errors import ArticleError
from extractor.gather.blocked import WORDS, Kind, blocked_answer, blocked_page
from extractor.gather.dates import as_utc
from extractor.gather.debris import cut_debris
from extractor.gather.encoding import decode, is_binary
from extractor.gather.page import PageText, read_html
from extractor.gather.text import canonical_line, canonical_text, digest_of
from extractor.gather.url import canonical_url, host_of, is_web_url, without_login
from extractor.records import Article, ArticleWarning, Entry, Page

# A brief of the trade press has two sentences; less is a teaser, a login or an error page.
MIN_PAGE_CHARACTERS = 140
# A summary is known to be of the article, so that less of it says enough to be read.
MIN_SUMMARY_CHARACTERS = 40
_SERVES = "the feed's summary serves instead"
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
    text than the entry's summary, and too little for an article, the summary serves; so it
    does where a login, a challenge or a question of consent stands before the article, which
    is told as a warning. Raises ArticleError, naming the page's url, for what holds no article.
    """
    if page.status != HTTPStatus.OK and (blocked := blocked_answer(page)):
        return _from_summary(page, entry, blocked)
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
    url = without_login(address) if is_web_url(address) else ""
    if page.header("content-type").lower().startswith("text/plain") and "<" not in markup[:200]:
        return _from_plain_page(page, markup, url, entry)
    return _from_html(page, markup, url, entry)


def has_summary(entry: Entry | None) -> bool:
    """Whether a feed tells enough of an entry to serve where its page is kept back."""
    return entry is not None and len(canonical_text(entry.summary)) >= MIN_SUMMARY_CHARACTERS


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
        raise ArticleError(page.url, "the page is no HTML that can be read")
    kind = blocked_page(page, found.head_title, markup, found.text, found.shown)
    if kind and kind != "paywall":
        return _from_summary(page, entry, kind)
    title = found.title or canonical_line(entry.title if entry else "")
    body = cut_debris(found.text, title)
    text, warnings = body.text, list(found.warnings)
    if kind:
        summary = canonical_text(entry.summary if entry else "")
        warnings.append((kind, WORDS[kind] + (f"; {_SERVES}" if len(summary) > len(text) else "")))
        text = _longer(text, summary)
    least = MIN_SUMMARY_CHARACTERS if kind else MIN_PAGE_CHARACTERS
    if len(text) < least:
        text = _longer(text, canonical_text(entry.summary if entry else ""))
        if len(text) < least:
            why = WORDS[kind] if kind else "no article was found in the page"
            raise ArticleError(page.url, f"{why} ({len(text)} characters of text)")
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
    return _with_warnings(replace(article, url=url or found.link), *warnings)


def _from_summary(page: Page, entry: Entry | None, kind: Kind) -> Article:
    """The article as far as its feed tells it, with why its page could not be had."""
    if entry is None or not has_summary(entry):
        raise ArticleError(page.url, WORDS[kind])
    given = GivenArticle(
        text=entry.summary,
        url=without_login(entry.url),
        title=entry.title,
        published=entry.published,
    )
    article = article_from_record(given, place=page.url)
    return _with_warnings(article, (kind, f"{WORDS[kind]}; {_SERVES}"))


def _with_warnings(article: Article, *warnings: tuple[str, str]) -> Article:
    return replace(article, warnings=tuple(ArticleWarning(*each) for each in warnings))


def _longer(text: str, summary: str) -> str:
    return summary if len(summary) > len(text) else text


def _date(found: PageText, entry: Entry | None) -> datetime | None:
    """The page's own word first, then the feed's, then a guess."""
    return found.published or (entry.published if entry else None) or found.guessed_date
