"""Stored articles become readings, stories, deals."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from extractor import deals, stories
from extractor.records import Article, Reading, ReportRef, Story
from extractor.store.write import Ledger
from extractor.workflow.parts import Failed, Progress, ReadsArticles

_BATCH = 100


def read_articles(
    ledger: Ledger, reader: ReadsArticles, progress: Progress
) -> tuple[int, tuple[Failed, ...]]:
    """Reads the articles that this reader has not read; how many, and which failed."""
    unread = ledger.unread(reader.fingerprint)
    failures: list[Failed] = []
    failing = ledger.failing()
    for start in range(0, len(unread), _BATCH):
        progress("reading", start, len(unread))
        # Read first, then write: the ledger is not locked while the language half works.
        found = [read_one(article, reader) for article in unread[start : start + _BATCH]]
        with ledger.transaction():
            for article, reading in zip(unread[start:], found, strict=False):
                if isinstance(reading, Failed):
                    failures.append(reading)
                    ledger.add_failure(reading.source, reading.stage, reading.reason)
                else:
                    ledger.save_reading(article, reading, reader.fingerprint)
                    if article.key in failing:
                        ledger.clear_failure(article.key)
    if unread:
        progress("reading", len(unread), len(unread))
    read_versions(ledger, reader)
    return len(unread) - len(failures), tuple(failures)


def read_versions(ledger: Ledger, reader: ReadsArticles, *, anew: bool = False) -> None:
    """Reads what articles said before they were edited, as far as this reader has not.

    Nothing is told from it: it shows what an edit changed. A version that breaks a rule
    counts as one that says nothing, since its article is what a user hears about.
    """
    for version_id, article in (
        ledger.versions() if anew else ledger.unread_versions(reader.fingerprint)
    ):
        found = read_one(article, reader)
        reading = Reading() if isinstance(found, Failed) else found
        ledger.save_version_reading(version_id, reading, reader.fingerprint)


def read_one(article: Article, reader: ReadsArticles) -> Reading | Failed:
    """A reading, or the fault of a rule: one article must not stop ten thousand."""
    try:
        return reader.read(article)
    except Exception as error:  # noqa: BLE001 recorded with its type, counted, shown
        return Failed(article.key, "reading", f"{type(error).__name__}: {error}")


def tell(ledger: Ledger, progress: Progress, *, anew: bool) -> tuple[int, int]:
    """Groups all readings into stories and assembles their reports into deals.

    Nothing is done unless `anew`. Returns how many stories and deals there are.
    """
    if not anew:
        return ledger.count_told()
    with _without_cycle_search():
        progress("stories", 0, 1)
        readings = ledger.readings()
        told = stories.group(readings, ledger.stories())
        ledger.replace_stories(told)
        progress("stories", 1, 1)
        progress("deals", 0, 1)
        found = deals.assemble(report_refs(readings, told), ledger.resolver())
        ledger.replace_deals(found)
        progress("deals", 1, 1)
    return len(told), len(found)


@contextmanager
def _without_cycle_search() -> Iterator[None]:
    """Frozen records form no cycles; looking for some among millions took a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def report_refs(
    readings: list[tuple[Article, Reading]], told: tuple[Story, ...]
) -> list[ReportRef]:
    """Every report with its article and story."""
    story_of = {member.article_key: story.key for story in told for member in story.members}
    return [
        ReportRef(article.key, story_of.get(article.key, ""), article.published, report)
        for article, reading in readings
        for report in reading.reports
    ]
