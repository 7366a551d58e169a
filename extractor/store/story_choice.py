"""Articles that a person names, by their own key or by that of their story."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from datetime import datetime

from extractor.errors import QueryError
from extractor.store.rows import listed, to_iso


def article_id(connection: sqlite3.Connection, name: str) -> int:
    """The article with this key or url, or the only one whose key begins so."""
    rows = connection.execute(
        """
        SELECT id, key, url FROM articles
        WHERE url = :name OR canonical_url = :name OR substr(key, 1, length(:name)) = :name
        ORDER BY key <> :name, url <> :name, canonical_url <> :name, key LIMIT 5
        """,
        {"name": name},
    ).fetchall()
    if not rows or not name:
        hint = "`dealwire articles --format json` lists the keys"
        raise QueryError(f"article {name}", f"no such article; {hint}")
    if len(rows) > 1 and name not in rows[0][1:]:
        keys = ", ".join(key for _, key, _ in rows)
        raise QueryError(f"article {name}", f"several articles begin like that: {keys}")
    return int(rows[0][0])


def story_id(connection: sqlite3.Connection, name: str) -> int:
    """The story with this key, the only one whose key begins so, or that of an article."""
    rows = connection.execute(
        """
        SELECT id, key FROM stories
        WHERE substr(key, 1, length(:name)) = :name ORDER BY key <> :name, key LIMIT 5
        """,
        {"name": name},
    ).fetchall()
    if name and rows and (len(rows) == 1 or rows[0][1] == name):
        return int(rows[0][0])
    if len(rows) > 1 and name:
        keys = ", ".join(key for _, key in rows)
        raise QueryError(f"story {name}", f"several stories begin like that: {keys}")
    try:
        id_ = article_id(connection, name)
    except QueryError:
        raise QueryError(
            f"story {name}", "no such story or article; `dealwire stories` lists the keys"
        ) from None
    row = connection.execute(
        "SELECT story_id FROM story_members WHERE article_id = ?", (id_,)
    ).fetchone()
    if row is None:
        raise QueryError(f"article {name}", "it is in no story: it has not been read yet")
    return int(row[0])


def members(connection: sqlite3.Connection, story: int) -> tuple[int, ...]:
    """The articles of a story, in order of publication."""
    rows = connection.execute(
        "SELECT article_id FROM story_members WHERE story_id = ? ORDER BY ordinal", (story,)
    )
    return tuple(id_ for (id_,) in rows)


def decide(
    connection: sqlite3.Connection,
    pairs: Iterable[tuple[int, int]],
    joined: bool,
    now: datetime,
) -> None:
    """Notes that pairs tell one story, or do not, in place of what was decided before."""
    for pair in pairs:
        left, right = sorted(pair)
        connection.execute(
            "DELETE FROM story_decisions WHERE left_id = ? AND right_id = ?", (left, right)
        )
        connection.execute(
            "INSERT INTO story_decisions (left_id, right_id, joined, decided_at) "
            "VALUES (?, ?, ?, ?)",
            (left, right, joined, to_iso(now)),
        )


def undo(connection: sqlite3.Connection, ids: Collection[int], joined: bool) -> tuple[int, ...]:
    """Forgets decisions of one kind about articles; which articles they concerned."""
    wanted = listed(ids)
    where = f"joined = ? AND (left_id IN ({wanted}) OR right_id IN ({wanted}))"
    rows = connection.execute(
        f"SELECT left_id, right_id FROM story_decisions WHERE {where}", (joined,)
    ).fetchall()
    connection.execute(f"DELETE FROM story_decisions WHERE {where}", (joined,))
    return tuple(dict.fromkeys(id_ for row in rows for id_ in row))
