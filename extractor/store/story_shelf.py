"""What the stories stage remembers of each article, in the ledger."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from extractor.records import StoryDecision, StoryEntry, StoryTie
from extractor.store.rows import listed

# Times are minutes since 1970. Postings stand together by the period of their article, so that
# a table of many years is written and read in a few places only.
_PERIOD = 30 * 24 * 60
_UNDATED = -1  # a time, and the period of what has it
_LASTING = -2  # the period of what is found at any time
_EVER = 1 << 40


class StoryShelf:
    """Profiles, postings, ties and decisions, by the row ids of articles.

    Every method is part of the transaction around it.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put(self, entries: Sequence[StoryEntry]) -> None:
        """Keeps what is known of articles that are not there."""
        self._connection.executemany(
            "INSERT INTO story_profiles (article_id, at, keys, body) VALUES (?, ?, ?, ?)",
            [(e.id, e.at, array("q", (*e.lasting, *e.keys)).tobytes(), e.body) for e in entries],
        )
        rows = _posting_rows(entries)
        for start in range(0, len(rows), _ROWS):
            part = rows[start : start + _ROWS]
            self._connection.execute(
                "INSERT OR IGNORE INTO story_postings (period, key, at, article_id) VALUES "
                + ",".join(["(?, ?, ?, ?)"] * len(part)),
                part.ravel().tolist(),
            )

    def drop(self, ids: Collection[int]) -> None:
        """Forgets articles, with their ties; what people decided stays."""
        rows = self._connection.execute(
            f"SELECT article_id, at, keys FROM story_profiles WHERE article_id IN ({listed(ids)})"
        ).fetchall()
        if not rows:
            return
        self._connection.executemany(
            "DELETE FROM story_postings "
            "WHERE period IN (?, ?) AND key = ? AND at = ? AND article_id = ?",
            [
                (_LASTING, _period(at), key, at, id_)
                for id_, at, keys in rows
                for key in array("q", keys)
            ],
        )
        known = listed(id_ for id_, _, _ in rows)
        self._connection.execute(
            f"DELETE FROM story_ties WHERE left_id IN ({known}) OR right_id IN ({known})"
        )
        self._connection.execute(f"DELETE FROM story_profiles WHERE article_id IN ({known})")

    def clear(self) -> None:
        """Forgets all articles; what people decided stays."""
        for table in ("story_postings", "story_ties", "story_profiles"):
            self._connection.execute(f"DELETE FROM {table}")

    def postings(
        self, keys: Collection[int], since: int | None, until: int | None
    ) -> Iterator[tuple[int, int, int]]:
        """Key, time and number of each article with one of the keys.

        Those of a time from `since` to `until`, and the undated; all without bounds.
        """
        if since is None or until is None:
            since, until = -_EVER, _EVER
        first, last = (max(0, bound // _PERIOD) for bound in (since, until))
        for period in self._periods():
            if period == _UNDATED:
                yield from self._postings(keys, period, _UNDATED, _UNDATED)
            elif first <= period <= last:
                yield from self._postings(keys, period, since, until)

    def lasting(self, keys: Collection[int]) -> Iterator[tuple[int, int, int]]:
        """Key, time and number of each article with one of these lasting keys."""
        return self._postings(keys, _LASTING, -_EVER, _EVER)

    def _periods(self) -> list[int]:
        """Those that have postings, found by as many look-ups."""
        rows = self._connection.execute(
            """
            WITH RECURSIVE there (period) AS (
                SELECT min(period) FROM story_postings WHERE period >= :undated
                UNION ALL
                SELECT (SELECT min(period) FROM story_postings WHERE period > there.period)
                FROM there WHERE there.period IS NOT NULL
            )
            SELECT period FROM there WHERE period IS NOT NULL
            """,
            {"undated": _UNDATED},
        )
        return [period for (period,) in rows]

    def _postings(
        self, keys: Collection[int], period: int, since: int, until: int
    ) -> Iterator[tuple[int, int, int]]:
        ordered = sorted(keys)
        for start in range(0, len(ordered), _AT_ONCE):
            yield from self._connection.execute(
                """
                SELECT p.key, p.at, p.article_id
                FROM json_each(:keys) AS wanted
                CROSS JOIN story_postings AS p
                    ON p.period = :period AND p.key = wanted.value
                        AND p.at BETWEEN :since AND :until
                """,
                {
                    "keys": json.dumps(ordered[start : start + _AT_ONCE]),
                    "period": period,
                    "since": since,
                    "until": until,
                },
            )

    def bodies(self, ids: Collection[int]) -> dict[int, bytes]:
        """What was kept of these articles, of those that are there."""
        rows = self._connection.execute(
            f"SELECT article_id, body FROM story_profiles WHERE article_id IN ({listed(ids)})"
        )
        return dict(rows.fetchall())

    def tie(self, ties: Iterable[StoryTie]) -> None:
        """Keeps which pairs were found to be one story."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO story_ties (left_id, right_id, score, reason) "
            "VALUES (?, ?, ?, ?)",
            [(tie.left, tie.right, tie.score, tie.reason) for tie in ties],
        )

    def ties(self, ids: Collection[int]) -> list[StoryTie]:
        """The ties that one of these articles has."""
        wanted = listed(ids)
        rows = self._connection.execute(
            f"""
            SELECT left_id, right_id, score, reason FROM story_ties WHERE left_id IN ({wanted})
            UNION
            SELECT left_id, right_id, score, reason FROM story_ties WHERE right_id IN ({wanted})
            ORDER BY left_id, right_id
            """
        )
        return [StoryTie(*row) for row in rows]

    def decisions(self, ids: Collection[int]) -> list[StoryDecision]:
        """What people decided about one of these articles, the newest first."""
        wanted = listed(ids)
        rows = self._connection.execute(
            f"""
            SELECT id, left_id, right_id, joined FROM story_decisions
            WHERE left_id IN ({wanted}) OR right_id IN ({wanted})
            ORDER BY id DESC
            """
        )
        return [StoryDecision(id_, left, right, bool(joined)) for id_, left, right, joined in rows]

    def groups(self, ids: Collection[int]) -> dict[str, tuple[int, ...]]:
        """The stories that hold one of these articles, with all their members in order."""
        rows = self._connection.execute(
            f"""
            SELECT s.key, m.article_id
            FROM stories AS s JOIN story_members AS m ON m.story_id = s.id
            WHERE s.id IN (SELECT story_id FROM story_members WHERE article_id IN ({listed(ids)}))
            ORDER BY s.id, m.ordinal
            """
        )
        found: dict[str, list[int]] = {}
        for key, id_ in rows:
            found.setdefault(key, []).append(id_)
        return {key: tuple(members) for key, members in found.items()}

    def has_story(self, key: str) -> bool:
        """Whether a story has this key."""
        row = self._connection.execute("SELECT 1 FROM stories WHERE key = ?", (key,))
        return row.fetchone() is not None


_AT_ONCE = 20_000
_ROWS = 100


def _period(at: int) -> int:
    """The period of a time; all before 1970 is of the first one."""
    return _UNDATED if at == _UNDATED else max(0, at // _PERIOD)


def _posting_rows(entries: Sequence[StoryEntry]) -> NDArray[np.int64]:
    """Period, key, time and number of each posting.

    They are in the order of the table, which spares it from moving pages back and forth, and
    put a hundred at once, which takes half the time.
    """
    ids, times = np.array([(entry.id, entry.at) for entry in entries], np.int64).reshape(-1, 2).T
    parts = []
    for keys, periods in (
        ([entry.lasting for entry in entries], [_LASTING] * len(entries)),
        ([entry.keys for entry in entries], [_period(entry.at) for entry in entries]),
    ):
        owner = np.repeat(np.arange(len(entries)), [len(each) for each in keys])
        key = np.fromiter(chain.from_iterable(keys), np.int64)
        period = np.array(periods, np.int64)[owner]
        parts.append(np.stack((period, key, times[owner], ids[owner]), axis=1))
    rows = np.concatenate(parts)
    return rows[np.lexsort((rows[:, 1], rows[:, 0]))]
