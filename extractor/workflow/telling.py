"""Stored articles become readings, stories, deals."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from extractor import stories
from extractor.records import Article, Reading
from extractor.store.write import Ledger
from extractor.workflow.assembling import assemble_deals
from extractor.workflow.parts import Failed, Progress, ReadsArticles

_BATCH = 100
_STORY_BATCH = 1000


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


def tell(ledger: Ledger, progress: Progress) -> tuple[int, int]:
    """Finds the stories of what is new, then assembles what changed into deals.

    Returns how many stories and deals there are.
    """
    tell_stories(ledger, progress)
    with _without_cycle_search():
        assemble_deals(ledger, progress)
    return ledger.count_told()


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


@_without_cycle_search()
def tell_stories(
    ledger: Ledger, progress: Progress, rules: stories.StoryRules | None = None
) -> frozenset[str]:
    """Finds the stories of new and changed articles; which articles have another story now.

    Each batch is kept with its stories: a run that breaks off is continued by the next one.
    """
    rules = rules or stories.load_rules()
    queue, shelf = ledger.story_queue(stories.fingerprint()), ledger.story_shelf
    with ledger.transaction():
        queue.start()
    batches = list(queue.batches(_STORY_BATCH, rules.window.days))
    total, done = sum(map(len, batches)), 0
    retold: set[str] = set()
    for ids in batches:
        progress("stories", done, total)
        with ledger.transaction():
            batch = queue.read(ids)
            found = stories.take_in(shelf, ids, batch, rules)
            ledger.replace_stories(found.stories, found.gone)
            queue.done(ids)
        retold |= {member.article_key for story in found.stories for member in story.members}
        done += len(ids)
    if total:
        progress("stories", total, total)
    return frozenset(retold)


def regroup_stories(ledger: Ledger, article_ids: Collection[int]) -> None:
    """Groups some articles anew, after a person has decided about them."""
    rules = stories.load_rules()
    with ledger.transaction():
        found = stories.regroup(ledger.story_shelf, article_ids, rules)
        ledger.replace_stories(found.stories, found.gone)
