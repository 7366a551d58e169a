"""What the product says about annotated articles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from extractor.evaluate.corpus import Gold
from extractor.evaluate.rows import Row, to_row
from extractor.gather.article import GivenArticle, article_from_record
from extractor.records import Article, Reading
from extractor.stories import group


class Reader(Protocol):
    """The reading stage as the evaluation needs it."""

    def read(self, article: Article) -> Reading: ...


def predict(golds: Sequence[Gold], reader: Reader) -> dict[str, Row]:
    """The product's rows for annotated articles, keyed by their ids.

    The product sees only what a scraper would deliver: never the annotations.
    """
    read = [(article, reader.read(article)) for article in map(as_scraped, golds)]
    story_of = {m.article_key: story.key for story in group(read) for m in story.members}
    return {
        article.key: to_row(article, reading, story_of[article.key]) for article, reading in read
    }


def as_scraped(gold: Gold) -> Article:
    """The annotated article as a line of JSON Lines would deliver it."""
    row = gold.row
    return article_from_record(
        GivenArticle(
            key=row.id,
            url=row.url,
            title=row.title,
            site=row.site,
            published=row.published,
            text=row.text,
        )
    )
