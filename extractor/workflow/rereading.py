"""The language half once more, over stored text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from extractor.records import Article, DealReport, Fact, Reading
from extractor.store.write import Ledger
from extractor.workflow.parts import Failed, Progress, ReadsArticles, no_progress
from extractor.workflow.telling import read_one, read_versions, tell

Found = TypeVar("Found", Fact, DealReport)


@dataclass(frozen=True, slots=True)
class ArticleDiff:
    """What another reading of one article lost or gained."""

    article: Article
    lost_facts: tuple[Fact, ...]
    gained_facts: tuple[Fact, ...]
    lost_reports: tuple[DealReport, ...]
    gained_reports: tuple[DealReport, ...]


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
            difference = compare(article, before.get(article.key, Reading()), reading)
            if difference is not None:
                changed.append(difference)
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


def compare(article: Article, before: Reading, after: Reading) -> ArticleDiff | None:
    """The difference between two readings of an article; None if they say the same.

    Which rule found a fact does not matter, nor where its evidence ends.
    """
    lost_facts, gained_facts = _difference(before.facts, after.facts, _fact_says)
    lost_reports, gained_reports = _difference(before.reports, after.reports, _report_says)
    if not (lost_facts or gained_facts or lost_reports or gained_reports):
        return None
    return ArticleDiff(article, lost_facts, gained_facts, lost_reports, gained_reports)


def _fact_says(fact: Fact) -> Hashable:
    return fact.kind, fact.value, fact.unit, fact.span


def _report_says(report: DealReport) -> Hashable:
    slots = frozenset((slot.name, slot.value, slot.unit) for slot in report.slots)
    return report.type, report.status, slots


def _difference(
    before: Iterable[Found], after: Iterable[Found], says: Callable[[Found], Hashable]
) -> tuple[tuple[Found, ...], tuple[Found, ...]]:
    """What is only in `before`, what is only in `after`; equal ones cancel out in pairs."""
    before, after = tuple(before), tuple(after)
    return _beyond(before, after, says), _beyond(after, before, says)


def _beyond(
    these: tuple[Found, ...], those: tuple[Found, ...], says: Callable[[Found], Hashable]
) -> tuple[Found, ...]:
    left = Counter(says(each) for each in those)
    only: list[Found] = []
    for each in these:
        if left[says(each)] > 0:
            left[says(each)] -= 1
        else:
            only.append(each)
    return tuple(only)
