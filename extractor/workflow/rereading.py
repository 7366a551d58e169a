"""The language half once more, over stored text."""

from __future__ import annotations

from dataclasses import dataclass

from extractor.differences import ReadingDiff, compare_readings
from extractor.records import Article, Reading
from extractor.store.write import Ledger
from extractor.workflow.parts import Failed, Progress, ReadsArticles, no_progress
from extractor.workflow.telling import read_one, read_versions, tell


@dataclass(frozen=True, slots=True)
class ArticleDiff:
    """What another reading of one article lost or gained."""

    article: Article
    reading: ReadingDiff


@dataclass(frozen=True, slots=True)
class RereadDiff:
    """What another reading of the whole ledger changed, article by article."""

    articles_read: int
    changed: tuple[ArticleDiff, ...]
    deals_before: int
    deals_after: int
    failures: tuple[Failed, ...]


def reread(ledger: Ledger, reader: ReadsArticles, progress: Progress = no_progress) -> RereadDiff:
    """Reads every stored article anew, without network, and tells its stories and deals.

    All or nothing: an interrupted run leaves the ledger as it was.
    """
    with ledger.transaction():
        run = ledger.start_run("reread", reader.fingerprint)
        _, deals_before = ledger.count_told()
        before = {article.key: reading for article, reading in ledger.readings()}
        articles = list(ledger.articles())
        ledger.sync_companies(reader.companies)
        changed: list[ArticleDiff] = []
        failures: list[Failed] = []
        for done, article in enumerate(articles):
            progress("reading", done, len(articles))
            reading = read_one(article, reader)
            if isinstance(reading, Failed):
                failures.append(reading)
                ledger.add_failure(reading.source, reading.stage, reading.reason)
                continue
            ledger.save_reading(article, reading, reader.fingerprint)
            difference = compare_readings(before.get(article.key, Reading()), reading)
            if difference is not None:
                changed.append(ArticleDiff(article, difference))
        progress("reading", len(articles), len(articles))
        read_versions(ledger, reader, anew=True)
        _, deals_after = tell(ledger, progress, anew=True)
        ledger.finish_run(
            run,
            articles_new=0,
            articles_read=len(articles) - len(failures),
            failures=len(failures),
        )
    return RereadDiff(
        articles_read=len(articles) - len(failures),
        changed=tuple(changed),
        deals_before=deals_before,
        deals_after=deals_after,
        failures=tuple(failures),
    )
