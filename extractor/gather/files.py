"""Articles straight from files, for reading without a ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from extractor.errors import ArticleError, SourceError
from extractor.gather.article import article_from_record, article_from_text, read_article
from extractor.gather.dataset import JsonLine
from extractor.gather.kept import read_kept
from extractor.gather.sources import Expanded, FeedFile, HtmlFile, OpmlFile, TextFile, expand
from extractor.gather.warc import ArchivedPage
from extractor.records import Article


def articles_in(
    words: Iterable[str], stdin: BinaryIO | None = None
) -> Iterator[Article | SourceError | ArticleError]:
    """The articles in files, folders or `-`, in order; nothing is fetched.

    What holds no article, such as a url or a feed, is given back as an error that names it.
    """
    for item in expand(words, stdin):
        try:
            yield _article(item)
        except (ArticleError, SourceError) as error:
            yield error


def _article(item: Expanded) -> Article:
    match item:
        case SourceError():
            raise item
        case HtmlFile(page=page):
            return read_article(page)
        case ArchivedPage(page=page, entry=entry):
            return read_kept(page, entry)
        case TextFile(path=path, text=text):
            return article_from_text(text, place=path)
        case JsonLine():
            return article_from_record(item.record, place=item.place)
        case FeedFile(page=page) | OpmlFile(page=page):
            raise SourceError(page.url, "a list of articles; take it in with `dealwire ingest`")
        case _:
            raise SourceError(item.url, "only files are read here; fetch it with `dealwire ingest`")
