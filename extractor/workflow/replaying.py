"""The whole flow once more, from the archive instead of the network."""

from __future__ import annotations

from dataclasses import dataclass

from extractor.errors import ArticleError, LedgerError
from extractor.gather.kept import read_kept
from extractor.records import Article
from extractor.store.pages import KeptPage
from extractor.store.recut import RecutDiff
from extractor.store.write import Ledger
from extractor.workflow.parts import Failed, Progress, ReadsArticles, failed, no_progress
from extractor.workflow.rereading import RereadDiff, finish, read_all, saying


@dataclass(frozen=True, slots=True)
class ReplayDiff:
    """What another run over the archive changed: in texts first, then in what they say."""

    pages: int
    recut: tuple[RecutDiff, ...]
    reread: RereadDiff
    failures: tuple[Failed, ...]


class _Rehearsed(Exception):
    pass


def replay(
    ledger: Ledger,
    reader: ReadsArticles,
    progress: Progress = no_progress,
    *,
    rehearsal: bool = False,
) -> ReplayDiff:
    """Cuts every kept page out anew, reads every article anew, tells stories and deals.

    Without network. The same code and rules give the same ledger. What has no page in the
    archive (lines of JSON, pruned pages) is read as it stands. All or nothing: an interrupted
    run leaves the ledger as it was, and so does a `rehearsal`, which only tells what would change.
    """
    diff: ReplayDiff | None = None
    try:
        with ledger.transaction():
            diff = _replay(ledger, reader, progress)
            if rehearsal:
                raise _Rehearsed
    except _Rehearsed:
        pass
    assert diff is not None  # any other exception has left
    return diff


def _replay(ledger: Ledger, reader: ReadsArticles, progress: Progress) -> ReplayDiff:
    run = ledger.start_run("replay", reader.fingerprint)
    before = saying(ledger)
    pages, failures = _cut_out(ledger, progress)
    recut = ledger.archive.settle_recut()
    diff = read_all(ledger, reader, progress, before)
    finish(ledger, run, diff)
    return ReplayDiff(pages, recut, diff, (*failures, *diff.failures))


def _cut_out(ledger: Ledger, progress: Progress) -> tuple[int, list[Failed]]:
    """Notes what each kept page gives now; how many there are, and which became useless."""
    ledger.archive.begin_recut()
    total = ledger.archive.count()
    failures: list[Failed] = []
    for done, kept in enumerate(ledger.archive.pages()):
        progress("archive", done, total)
        if isinstance(kept, LedgerError):
            failures.append(failed(kept.subject, "page", kept))
            continue
        outcome = _read(kept)
        article = outcome if isinstance(outcome, Article) else None
        if not ledger.archive.note_recut(kept.id, article):
            continue
        if isinstance(outcome, ArticleError):
            failure = failed(kept.page.url, "article", outcome)
            failures.append(failure)
            ledger.add_failure(failure.source, failure.stage, failure.reason)
        else:
            ledger.clear_failure(kept.page.url)
    progress("archive", total, total)
    return total, failures


def _read(kept: KeptPage) -> Article | ArticleError:
    try:
        return read_kept(kept.page, kept.entry)
    except ArticleError as error:
        return error
