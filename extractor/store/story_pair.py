"""Two articles as the stories stage keeps them."""

from __future__ import annotations

import sqlite3

from extractor.errors import QueryError
from extractor.store.answers import Source, StoryDecided, StoryPair
from extractor.store.detail import source_of
from extractor.store.rows import from_iso
from extractor.store.story_choice import article_id


def pair(connection: sqlite3.Connection, left: str, right: str) -> StoryPair:
    """Both articles. Raises QueryError for one that is missing, or was not read."""
    ids = article_id(connection, left), article_id(connection, right)
    if ids[0] == ids[1]:
        raise QueryError(f"article {right}", "this is the same article: name two")
    one, other = (_side(connection, id_) for id_ in ids)
    return StoryPair(
        articles=(one[0], other[0]),
        bodies=(one[1], other[1]),
        stories=(one[2], other[2]),
        decision=_decision(connection, min(ids), max(ids)),
    )


def _side(connection: sqlite3.Connection, id_: int) -> tuple[Source, bytes, str]:
    row = connection.execute(
        """
        SELECT a.key, a.title, a.site, a.url, a.published, p.body, coalesce(s.key, '')
        FROM articles AS a
        LEFT JOIN story_profiles AS p ON p.article_id = a.id
        LEFT JOIN story_members AS m  ON m.article_id = a.id
        LEFT JOIN stories AS s        ON s.id = m.story_id
        WHERE a.id = ?
        """,
        (id_,),
    ).fetchone()
    *source, body, story = row
    if body is None:
        raise QueryError(
            f"article {source[0]}", "its story was not looked for yet; `dealwire ingest` does"
        )
    return source_of(source), body, story


def _decision(connection: sqlite3.Connection, left: int, right: int) -> StoryDecided | None:
    row = connection.execute(
        """
        SELECT l.key, r.key, d.joined, d.decided_at
        FROM story_decisions AS d
        JOIN articles AS l ON l.id = d.left_id
        JOIN articles AS r ON r.id = d.right_id
        WHERE d.left_id = ? AND d.right_id = ?
        """,
        (left, right),
    ).fetchone()
    return None if row is None else StoryDecided(row[0], row[1], bool(row[2]), from_iso(row[3]))
