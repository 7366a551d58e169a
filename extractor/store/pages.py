"""The archive of a ledger: pages as they came, with what was cut from them."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from extractor.errors import LedgerError
from extractor.records import Article, Entry, Page
from extractor.store.bodies import pack, unpack
from extractor.store.rows import from_iso, to_iso


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page of the archive with what a feed said of it when its article was cut out."""

    id: int
    page: Page
    entry: Entry | None


def add(
    connection: sqlite3.Connection,
    page: Page,
    canonical_url: str,
    entry: Entry | None,
    now: datetime,
) -> int:
    """Keeps the bytes of a page, each once under its url; returns the row that holds them."""
    digest = body_digest(page)
    came = to_iso(page.fetched_at or now)
    connection.execute(
        """
        INSERT INTO pages (url, canonical_url, final_url, status, headers, body, body_digest,
            fetched_at, seen_at, entry)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (url, body_digest) DO UPDATE SET
            seen_at = excluded.seen_at,
            body = excluded.body, -- the kept one may be pruned or damaged
            entry = CASE WHEN pruned_at IS NULL THEN entry ELSE excluded.entry END,
            pruned_at = NULL
        """,
        (
            page.url,
            canonical_url,
            page.final_url,
            page.status,
            json.dumps(page.headers),
            pack(page.body),
            digest,
            came,
            came,
            _entry_json(entry),
        ),
    )
    (id_,) = connection.execute(
        "SELECT id FROM pages WHERE url = ? AND body_digest = ?", (page.url, digest)
    ).fetchone()
    return int(id_)


def link(
    connection: sqlite3.Connection, page_id: int, article: Article, entry: Entry | None, new: bool
) -> None:
    """Notes which version of which stored article was cut from a page.

    Of several entries that led to one page, the one that made its article stays.
    """
    connection.execute(
        """
        UPDATE pages SET
            article_id = (SELECT id FROM articles WHERE key = :key),
            article_digest = :digest,
            entry = CASE WHEN :new THEN :entry ELSE entry END
        WHERE id = :page
        """,
        {
            "key": article.key,
            "digest": article.digest,
            "entry": _entry_json(entry),
            "new": new,
            "page": page_id,
        },
    )


def newest(connection: sqlite3.Connection, url: str, since: datetime | None = None) -> Page | None:
    """The page that came last from `url` (not before `since`), unless it was pruned."""
    row = connection.execute(
        """
        SELECT url, final_url, status, body, headers, fetched_at
        FROM (SELECT * FROM pages WHERE url = :url ORDER BY seen_at DESC, id DESC LIMIT 1)
        WHERE pruned_at IS NULL AND (:since IS NULL OR seen_at >= :since)
        """,
        {"url": url, "since": to_iso(since)},
    ).fetchone()
    return None if row is None else _page_of(*row)


def confirm(connection: sqlite3.Connection, url: str, now: datetime) -> None:
    """Notes that the page that came last from `url` is still the same."""
    connection.execute(
        """
        UPDATE pages SET seen_at = :now
        WHERE id = (SELECT id FROM pages WHERE url = :url ORDER BY seen_at DESC, id DESC LIMIT 1)
        """,
        {"url": url, "now": to_iso(now)},
    )


def is_taken(connection: sqlite3.Connection, page: Page) -> bool:
    """Whether an article was cut from the same bytes under the same url."""
    row = connection.execute(
        "SELECT 1 FROM pages WHERE url = ? AND body_digest = ? AND article_id IS NOT NULL",
        (page.url, body_digest(page)),
    )
    return row.fetchone() is not None


def is_known(connection: sqlite3.Connection, canonical_url: str) -> bool:
    """Whether a url led to an article: its own url, or that of a page of it."""
    (known,) = connection.execute(
        """
        SELECT EXISTS (SELECT 1 FROM articles WHERE canonical_url = :url)
            OR EXISTS (SELECT 1 FROM pages WHERE canonical_url = :url AND article_id IS NOT NULL)
        """,
        {"url": canonical_url},
    ).fetchone()
    return bool(known)


def fill_canonical_urls(connection: sqlite3.Connection, canonical: Callable[[str], str]) -> None:
    """Gives the pages of an older ledger their canonical urls."""
    rows = connection.execute("SELECT id, url FROM pages WHERE canonical_url IS NULL").fetchall()
    connection.executemany(
        "UPDATE pages SET canonical_url = ? WHERE id = ?",
        [(canonical(url), id_) for id_, url in rows],
    )


def kept(connection: sqlite3.Connection) -> Iterator[KeptPage | LedgerError]:
    """All pages that were not pruned, in the order in which they came.

    A damaged one is given back as an error that names its url.
    """
    ids = connection.execute("SELECT id FROM pages WHERE pruned_at IS NULL ORDER BY id").fetchall()
    for (id_,) in ids:
        row = connection.execute(
            """
            SELECT url, final_url, status, body, headers, fetched_at, entry
            FROM pages WHERE id = ?
            """,
            (id_,),
        ).fetchone()
        *columns, entry = row
        try:
            yield KeptPage(id_, _page_of(*columns), _entry_of(entry))
        except LedgerError as error:
            yield error


def count_kept(connection: sqlite3.Connection) -> int:
    """How many pages were not pruned."""
    (count,) = connection.execute("SELECT count(*) FROM pages WHERE pruned_at IS NULL").fetchone()
    return int(count)


def body_digest(page: Page) -> str:
    """SHA-256 of the bytes, which tells whether they are kept already."""
    return hashlib.sha256(page.body).hexdigest()


def _page_of(
    url: str, final_url: str, status: int, body: bytes, headers: str, fetched_at: str | None
) -> Page:
    pairs = tuple((str(name), str(value)) for name, value in json.loads(headers))
    return Page(url, final_url, status, unpack(body, subject=url), pairs, from_iso(fetched_at))


def _entry_json(entry: Entry | None) -> str | None:
    if entry is None:
        return None
    published = to_iso(entry.published)
    fields = (entry.guid, entry.url, entry.title, published, entry.summary)
    return json.dumps(fields, ensure_ascii=False)


def _entry_of(text: str | None) -> Entry | None:
    if text is None:
        return None
    guid, url, title, published, summary = map(_text_or_none, json.loads(text))
    return Entry(guid or "", url or "", title or "", from_iso(published), summary or "")


def _text_or_none(value: Any) -> str | None:
    return None if value is None else str(value)
