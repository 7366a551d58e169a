"""The archive of an open ledger: kept pages to replay, or to give up."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from extractor.errors import LedgerError
from extractor.records import Article
from extractor.store import pages, pruning, recut


class Archive:
    """The kept pages of a ledger; every method is a transaction of the ledger."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        transaction: Callable[[], AbstractContextManager[None]],
        clock: Callable[[], datetime],
    ) -> None:
        self._connection = connection
        self._transaction = transaction
        self._clock = clock

    def pages(self) -> Iterator[pages.KeptPage | LedgerError]:
        """All pages that were not pruned, in the order in which they came.

        A damaged one is given back as an error that names its url.
        """
        return pages.kept(self._connection)

    def count(self) -> int:
        """How many pages were not pruned."""
        return pages.count_kept(self._connection)

    def begin_recut(self) -> None:
        """Before pages are cut out anew: forgets what was noted by `note_recut`."""
        with self._transaction():
            recut.begin(self._connection)

    def note_recut(self, page_id: int, article: Article | None) -> bool:
        """Notes the article that a kept page gives now, None for none; whether that is new."""
        with self._transaction():
            return recut.note(self._connection, page_id, article)

    def settle_recut(self) -> tuple[recut.RecutDiff, ...]:
        """Makes the articles what was noted of their pages; those that changed."""
        with self._transaction():
            return recut.settle(self._connection, self._clock())

    def prunable(self, pages: timedelta | None, versions: timedelta | None) -> pruning.Prunable:
        """What is older than that: pages not seen since, versions that came in before."""
        return pruning.find(self._connection, self._before(pages), self._before(versions))

    def prune(self, pages: timedelta | None, versions: timedelta | None) -> None:
        """Gives up what `prunable` counts. Articles, facts, stories, deals stay."""
        with self._transaction():
            pruning.prune(
                self._connection, self._before(pages), self._before(versions), self._clock()
            )

    def _before(self, age: timedelta | None) -> datetime | None:
        return None if age is None else self._clock() - age
