"""What a run has taken in so far."""

from __future__ import annotations

from collections.abc import Callable

from extractor.errors import ArticleError, DealwireError, FeedError
from extractor.gather.url import canonical_url
from extractor.records import Article
from extractor.store.write import Ledger
from extractor.workflow.ahead import Found
from extractor.workflow.parts import Failed, failed


class Takings:
    """Stores what a run finds, or why it found nothing, and counts it."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._failing = ledger.failing()
        self.feeds = 0
        self.seen = 0
        self.new = 0
        self.postponed: frozenset[str] = frozenset()
        self.failures: list[Failed] = []

    def store(self, found: Found) -> None:
        """Keeps the page with its article, also if no article is found in it."""
        article = found.outcome if isinstance(found.outcome, Article) else None
        if found.page:
            canonical = canonical_url(found.page.url)
            self.new += self._ledger.add_page(
                found.page, canonical_url=canonical, entry=found.entry, article=article
            )
        elif article:
            self.new += self._ledger.add_article(article)
        if isinstance(found.outcome, DealwireError):
            self.fail(found.source, found.stage, found.outcome)
        else:
            self.seen += 1
            self.worked(found.source)

    def attempt(self, source: str, stage: str, act: Callable[[], None]) -> None:
        """Does something with a source that may turn out to be no feed."""
        try:
            act()
        except FeedError as error:
            self.fail(source, stage, error)
        else:
            self.worked(source)

    def fail(self, source: str, stage: str, error: DealwireError) -> None:
        """Notes that a source failed."""
        failure = failed(source, stage, error)
        self.failures.append(failure)
        self.worked(source)  # an earlier failure in another stage
        self._ledger.add_failure(failure.source, failure.stage, failure.reason)

    def worked(self, source: str) -> None:
        """Forgets that a source failed in an earlier run."""
        if source in self._failing:
            self._ledger.clear_failure(source)


def outcome_of(source: str, cut: Callable[[], Article]) -> Found:
    """The article that is cut from a source, or why there is none."""
    try:
        return Found(source, cut())
    except ArticleError as error:
        return Found(source, error)
