"""The archive cut out anew: articles become what their kept pages give now.

    kept pages --read--> outcomes (noted by page) --settle--> articles, versions

Settling repeats, for each article that an outcome changes, the order in which its versions
came in, so that the same pages under the same code give the same ledger. A version whose page
was pruned, or that never had one, stays as it is at its place in that order.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from extractor.differences import Edit, text_edits
from extractor.records import Article
from extractor.store import versions
from extractor.store.rows import ARTICLE_COLUMNS, article_of, article_row, to_iso
from extractor.store.story_queue import delete_article


@dataclass(frozen=True, slots=True)
class RecutDiff:
    """An article that its kept pages give otherwise than before.

    `before` or `after` is None for an article that was not found before, or is not any more.
    """

    before: Article | None
    after: Article | None
    title: tuple[Edit, ...]
    text: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A version of an article and when it came in."""

    came: str
    article: Article


_NOTES = f"""
    CREATE TEMP TABLE IF NOT EXISTS recut (
        page_id INTEGER PRIMARY KEY,      -- a page that gives something else than before
        {", ".join(ARTICLE_COLUMNS.split(", "))}
    )
"""


def begin(connection: sqlite3.Connection) -> None:
    """Forgets all outcomes noted so far."""
    connection.execute(_NOTES)
    connection.execute("CREATE INDEX IF NOT EXISTS temp.recut_by_key ON recut (key)")
    connection.execute("DELETE FROM temp.recut")


def note(connection: sqlite3.Connection, page_id: int, article: Article | None) -> bool:
    """Notes the article that a page gives now, or that it gives none; whether that is new."""
    if article == _given(connection, page_id):
        return False
    row = article_row(article) if article else (None,) * 10
    connection.execute(
        f"INSERT INTO temp.recut (page_id, {ARTICLE_COLUMNS}) VALUES (?{', ?' * 10})",
        (page_id, *row),
    )
    return True


def settle(connection: sqlite3.Connection, now: datetime) -> tuple[RecutDiff, ...]:
    """Makes the articles what was noted; those that changed, in the order of their keys."""
    keys = [
        key
        for (key,) in connection.execute(
            """
            SELECT key FROM temp.recut WHERE key IS NOT NULL
            UNION
            SELECT a.key FROM temp.recut AS n
            JOIN pages AS p    ON p.id = n.page_id
            JOIN articles AS a ON a.id = p.article_id
            """
        )
    ]
    # What came in is collected for all before anything is written: a page may change its article.
    arrivals = {key: _arrivals(connection, key, now) for key in keys}
    found = [diff for key in keys if (diff := _rewrite(connection, key, arrivals[key]))]
    connection.execute(
        """
        UPDATE pages SET
            article_id = (SELECT a.id FROM articles AS a WHERE a.key = n.key),
            article_digest = n.digest
        FROM temp.recut AS n WHERE n.page_id = pages.id
        """
    )
    return tuple(found)


def _given(connection: sqlite3.Connection, page_id: int) -> Article | None:
    """The stored version that was cut from a page."""
    row = connection.execute(
        f"""
        SELECT a.id, p.article_digest, {_qualified("a")}
        FROM pages AS p JOIN articles AS a ON a.id = p.article_id WHERE p.id = ?
        """,
        (page_id,),
    ).fetchone()
    if row is None:
        return None
    id_, digest, *columns = row
    article = article_of(columns)
    if digest == article.digest:
        return article
    earlier = {v.digest: v for v in versions.of_article(connection, id_)}
    return earlier.get(digest)


def _arrivals(connection: sqlite3.Connection, key: str, now: datetime) -> list[_Arrival]:
    """All versions under a key in the order in which they came in, each as it is cut out now."""
    stored = connection.execute("SELECT id FROM articles WHERE key = ?", (key,)).fetchone()
    article_id = stored[0] if stored else None
    came_in = dict(_came_in(connection, article_id))
    known = {} if article_id is None else _known(connection, article_id)
    ordered: list[tuple[str, int, Article]] = []
    latest, with_page = "", set()
    for owner, digest, fetched, is_noted, columns in _pages_of(connection, key, article_id, now):
        # Pages came in the order of their rows; a version without one lies between by its time.
        is_first = owner == article_id and digest in known and digest not in with_page
        latest = max(latest, came_in[digest] if is_first else fetched)
        if owner == article_id:
            with_page.add(digest)
        if not is_noted:
            article = known.get(digest)
        else:
            article = None if columns[0] is None else article_of(columns)
        if article is not None and article.key == key:
            ordered.append((latest, 1, article))
    ordered += [
        (came_in[digest], 0, article)
        for digest, article in known.items()
        if digest not in with_page
    ]
    ordered.sort(key=lambda each: each[:2])
    return [_Arrival(came, each) for came, _, each in ordered]


def _pages_of(
    connection: sqlite3.Connection, key: str, article_id: int | None, now: datetime
) -> Iterator[tuple[int | None, str, str, bool, list[str | None]]]:
    """Kept pages that gave an article or give it now: whose they were, what is noted of them."""
    rows = connection.execute(
        f"""
        SELECT p.article_id, p.article_digest, coalesce(p.fetched_at, :now),
            n.page_id IS NOT NULL, {_qualified("n")}
        FROM pages AS p LEFT JOIN temp.recut AS n ON n.page_id = p.id
        WHERE +p.pruned_at IS NULL AND p.id IN ( -- the sign keeps SQLite from looking at all pages
            SELECT page_id FROM temp.recut WHERE key = :key
            UNION SELECT id FROM pages WHERE article_id = :article
        )
        ORDER BY p.id
        """,
        {"key": key, "article": article_id, "now": to_iso(now)},
    )
    for owner, digest, fetched, is_noted, *columns in rows:
        yield owner, digest, fetched, bool(is_noted), columns


def _came_in(connection: sqlite3.Connection, article_id: int | None) -> Iterator[tuple[str, str]]:
    """When each version of an article came in, by digest."""
    yield from connection.execute(
        """
        SELECT digest, added_at FROM article_versions WHERE article_id = :id
        UNION ALL SELECT digest, added_at FROM articles WHERE id = :id
        """,
        {"id": article_id},
    )


def _known(connection: sqlite3.Connection, article_id: int) -> dict[str, Article]:
    """The stored versions by digest, the present one last."""
    earlier = {each.digest: each for each in versions.of_article(connection, article_id)}
    row = connection.execute(
        f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE id = ?", (article_id,)
    ).fetchone()
    present = article_of(row)
    return {**earlier, present.digest: present}


def _rewrite(
    connection: sqlite3.Connection, key: str, arrivals: Iterable[_Arrival]
) -> RecutDiff | None:
    """Stores the versions under a key as they came in; the difference, if there is one."""
    line = tuple(_line(arrivals))
    row = connection.execute(
        f"SELECT id, {ARTICLE_COLUMNS} FROM articles WHERE key = ?", (key,)
    ).fetchone()
    before = article_of(row[1:]) if row else None
    if not line:
        if row:
            delete_article(connection, row[0])
        return _diff(before, None) if before else None
    *earlier, last = line
    article_id = _write_present(connection, row[0] if row else None, before, last)
    _write_earlier(connection, article_id, earlier)
    return _diff(before, last.article) if before != last.article else None


def _line(arrivals: Iterable[_Arrival]) -> Iterator[_Arrival]:
    """The versions that follow each other; one that was there before does not return."""
    had: set[str] = set()
    for arrival in arrivals:
        if arrival.article.digest not in had:
            had.add(arrival.article.digest)
            yield arrival


def _write_present(
    connection: sqlite3.Connection, article_id: int | None, before: Article | None, last: _Arrival
) -> int:
    row = (*article_row(last.article), last.came)
    if article_id is None:
        added = connection.execute(
            f"INSERT INTO articles ({ARTICLE_COLUMNS}, added_at) VALUES (?{', ?' * 10})", row
        ).lastrowid
        assert added is not None  # an INSERT that did not raise has a row
        return added
    if before != last.article:
        if before is None or before.digest != last.article.digest:
            connection.execute("DELETE FROM readings WHERE article_id = ?", (article_id,))
        connection.execute(
            f"UPDATE articles SET ({ARTICLE_COLUMNS}, added_at) = (?{', ?' * 10}) WHERE id = ?",
            (*row, article_id),
        )
    return article_id


def _write_earlier(
    connection: sqlite3.Connection, article_id: int, earlier: Iterable[_Arrival]
) -> None:
    wanted = {each.article.digest: each for each in earlier}
    stored = {
        each.digest: (each.title, each.text, each.published)
        for each in versions.of_article(connection, article_id)
    }
    for digest in stored.keys() - wanted.keys():
        connection.execute(
            "DELETE FROM article_versions WHERE article_id = ? AND digest = ?",
            (article_id, digest),
        )
    for digest, each in wanted.items():
        article = each.article
        if stored.get(digest) != (article.title, article.text, article.published):
            connection.execute(
                """
                INSERT OR REPLACE INTO article_versions
                    (article_id, title, text, digest, published, added_at)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
                (
                    article_id,
                    article.title,
                    article.text,
                    digest,
                    to_iso(article.published),
                    each.came,
                ),
            )


def _diff(before: Article | None, after: Article | None) -> RecutDiff:
    return RecutDiff(
        before,
        after,
        text_edits(before.title if before else "", after.title if after else ""),
        text_edits(before.text, after.text) if before and after else (),
    )


def _qualified(table: str) -> str:
    return ", ".join(f"{table}.{name}" for name in ARTICLE_COLUMNS.split(", "))
