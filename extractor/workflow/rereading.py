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
        diff = read_all(ledger, reader, progress, saying(ledger))
        finish(ledger, run, diff)
    return diff


@dataclass(frozen=True, slots=True)
class Saying:
    """What a ledger says before it is read anew: readings by article key and digest, deals."""

    readings: dict[tuple[str, str], Reading]
    deals: int


def saying(ledger: Ledger) -> Saying:
    """What the ledger says now."""
    readings = {(article.key, article.digest): found for article, found in ledger.readings()}
    return Saying(readings, ledger.count_told()[1])


def finish(ledger: Ledger, run: int, diff: RereadDiff) -> None:
    """Notes that a run that read all came to its end."""
    ledger.finish_run(
        run, articles_new=0, articles_read=diff.articles_read, failures=len(diff.failures)
    )


def read_all(
    ledger: Ledger, reader: ReadsArticles, progress: Progress, before: Saying
) -> RereadDiff:
    """Reads every stored article anew and tells all; how that differs from `before`."""
    articles = list(ledger.articles())
    ledger.sync_companies(reader.companies)
    texts = {key: reading for (key, _), reading in before.readings.items()}
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
        is_same_text = (article.key, article.digest) in before.readings
        difference = compare_readings(
            texts.get(article.key, Reading()), reading, places=is_same_text
        )
        if difference is not None:
            changed.append(ArticleDiff(article, difference))
    progress("reading", len(articles), len(articles))
    read_versions(ledger, reader, anew=True)
    _, deals_after = tell(ledger, progress)
    return RereadDiff(
        articles_read=len(articles) - len(failures),
        changed=tuple(changed),
        deals_before=before.deals,
        deals_after=deals_after,
        failures=tuple(failures),
    )
