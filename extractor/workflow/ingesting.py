"""The conductor of a run that takes in sources."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import BinaryIO

from extractor.store.write import Ledger
from extractor.workflow.gathering import Gathering
from extractor.workflow.parts import Failed, FetchesPages, Progress, ReadsArticles, no_progress
from extractor.workflow.telling import read_articles, tell

# A run that broke off is gone on with; after more than a day its pages may have changed.
_RESUMED_WITHIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class IngestSummary:
    """What a run brought: `seen` counts articles that came in, `new` those not yet known.

    `pages_postponed` are those of entries that failed before and are asked for again later.
    """

    feeds: int
    articles_seen: int
    articles_new: int
    articles_read: int
    stories: int
    deals: int
    failures: tuple[Failed, ...]
    pages_postponed: int = 0


def ingest(
    sources: Iterable[str],
    ledger: Ledger,
    reader: ReadsArticles,
    fetcher: FetchesPages,
    progress: Progress = no_progress,
    stdin: BinaryIO | None = None,
) -> IngestSummary:
    """Takes in what SOURCE words stand for, then reads what is unread, then tells deals.

    A source that fails is recorded and counted, and stops no other. What the ledger has
    already stays as it is.
    """
    resumes = ledger.broken_off("ingest", within=_RESUMED_WITHIN)
    run = ledger.start_run("ingest", reader.fingerprint)
    gathering = Gathering(ledger, progress, resumes=resumes)
    gathering.take_files(sources, stdin)
    if gathering.has_urls:
        asyncio.run(gathering.take_urls(fetcher))
    ledger.sync_companies(reader.companies)
    read, unreadable = read_articles(ledger, reader, progress)
    taken = gathering.taken
    failures = (*taken.failures, *unreadable)
    stories, deals = tell(ledger, progress)
    ledger.finish_run(run, articles_new=taken.new, articles_read=read, failures=len(failures))
    return IngestSummary(
        feeds=taken.feeds,
        articles_seen=taken.seen,
        articles_new=taken.new,
        articles_read=read,
        stories=stories,
        deals=deals,
        failures=failures,
        pages_postponed=len(taken.postponed),
    )
