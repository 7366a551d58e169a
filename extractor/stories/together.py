"""The stories of some articles at once, without a ledger."""

from __future__ import annotations

from collections.abc import Sequence

from extractor.records import Article, Reading, Story
from extractor.stories.rules import StoryRules, load_rules
from extractor.stories.shelf import MemoryShelf
from extractor.stories.update import take_in


def group(
    articles: Sequence[tuple[Article, Reading]], rules: StoryRules | None = None
) -> tuple[Story, ...]:
    """The stories that articles tell, each article in exactly one, by first publication.

    The order of `articles` does not matter; of an article given twice the first version counts.
    """
    rules = rules or load_rules()
    unique = {article.key: (article, reading) for article, reading in reversed(articles)}
    shelf = MemoryShelf()
    batch = [(number, *unique[key]) for number, key in enumerate(sorted(unique))]
    return take_in(shelf, range(len(batch)), batch, rules).stories
