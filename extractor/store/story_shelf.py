"""What the stories stage remembers of each article, in the ledger."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from operator import itemgetter

from extractor.records import StoryDecision, StoryEntry, StoryTie
from extractor.store.rows import listed

_UNDATED = -1


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
            [(e.id, e.at, array("q", e.keys).tobytes(), e.body) for e in entries],
        )
        # In the order of the table, which spares it from moving pages back and forth.
        self._connection.executemany(
            "INSERT OR IGNORE INTO story_postings (key, at, article_id) VALUES (?, ?, ?)",
            sorted(((key, e.at, e.id) for e in entries for key in e.keys), key=itemgetter(0)),
        )

    def drop(self, ids: Collection[int]) -> None:
        """Forgets articles, with their ties; what people decided stays."""
        rows = self._connection.execute(
            f"SELECT article_id, at, keys FROM story_profiles WHERE article_id IN ({listed(ids)})"
        ).fetchall()
        if not rows:
            return
        self._connection.executemany(
            "DELETE FROM story_postings WHERE key = ? AND at = ? AND article_id = ?",
            [(key, at, id_) for id_, at, keys in rows for key in array("q", keys)],
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
        times = "p.at BETWEEN :since AND :until"
        if since is None or until is None:
            times = ":since IS NULL"
        elif since > _UNDATED:
            yield from self._postings(keys, "p.at = :since", _UNDATED, None)
        yield from self._postings(keys, times, since, until)

    def _postings(
        self, keys: Collection[int], times: str, since: int | None, until: int | None
    ) -> Iterator[tuple[int, int, int]]:
        ordered = sorted(keys)
        for start in range(0, len(ordered), _AT_ONCE):
            yield from self._connection.execute(
                f"""
                SELECT p.key, p.at, p.article_id
                FROM json_each(:keys) AS wanted
                CROSS JOIN story_postings AS p ON p.key = wanted.value
                WHERE {times}
                """,
                {
                    "keys": json.dumps(ordered[start : start + _AT_ONCE]),
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
