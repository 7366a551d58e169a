"""What a ledger says, without row ids or the times at which a run stored it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

Rows = list[tuple[object, ...]]

# Names instead of ids; a list within a row is in its own order.
_SAID = {
    "articles": """
        SELECT key, url, canonical_url, title, site, author, published, language, text, digest
        FROM articles
    """,
    "versions": """
        SELECT a.key, v.title, v.text, v.digest, v.published, v.fingerprint, v.reading
        FROM article_versions AS v JOIN articles AS a ON a.id = v.article_id
    """,
    "readings": """
        SELECT a.key, r.fingerprint
        FROM readings AS r JOIN articles AS a ON a.id = r.article_id
    """,
    "facts": """
        SELECT a.key, kind, name, company_key, number, unit, part, start_char, end_char, literal,
            rule, role
        FROM facts JOIN articles AS a ON a.id = article_id
    """,
    "reports": """
        SELECT a.key, r.ordinal, r.type, r.status, r.rule,
            (SELECT json_group_array(json_array(slot, name, number, unit, part, start_char,
                    end_char, rule))
                FROM (SELECT * FROM report_slots WHERE report_id = r.id ORDER BY id)),
            (SELECT json_group_array(json_array(part, start_char, end_char))
                FROM (SELECT * FROM report_evidence WHERE report_id = r.id ORDER BY id))
        FROM reports AS r JOIN articles AS a ON a.id = r.article_id
    """,
    "stories": """
        SELECT s.key, m.ordinal, a.key, m.score, m.reason
        FROM story_members AS m
        JOIN stories AS s  ON s.id = m.story_id
        JOIN articles AS a ON a.id = m.article_id
    """,
    "deals": "SELECT * FROM ledger",
    "deal_reports": """
        SELECT d.key, dr.ordinal, a.key, r.ordinal
        FROM deal_reports AS dr
        JOIN deals AS d    ON d.id = dr.deal_id
        JOIN reports AS r  ON r.id = dr.report_id
        JOIN articles AS a ON a.id = r.article_id
    """,
    "conflicts": """
        SELECT d.key, c.slot, c.name, c.number, a.key
        FROM deal_conflicts AS c
        JOIN deals AS d    ON d.id = c.deal_id
        JOIN articles AS a ON a.id = c.article_id
    """,
    "history": """
        SELECT d.key, h.status, h.since, a.key
        FROM deal_history AS h
        JOIN deals AS d    ON d.id = h.deal_id
        JOIN articles AS a ON a.id = h.article_id
    """,
    "companies": """
        SELECT c.key, c.name, c.category, c.listed, n.kind, n.name, n.key
        FROM companies AS c LEFT JOIN company_names AS n ON n.company_id = c.id
    """,
    "pages": """
        SELECT p.url, p.canonical_url, p.final_url, p.status, p.body, p.body_digest, p.entry,
            p.article_digest, a.key
        FROM pages AS p LEFT JOIN articles AS a ON a.id = p.article_id
    """,
    "feeds": "SELECT url, title, etag, modified FROM feeds",
    "entries": """
        SELECT f.url, e.guid, e.url, e.title, e.published, e.summary, e.due
        FROM entries AS e JOIN feeds AS f ON f.id = e.feed_id
    """,
    "failures": "SELECT source, stage, reason FROM failures",
}
TABLES = tuple(_SAID)


def said(path: Path, *tables: str) -> dict[str, Rows]:
    """The rows of each table (all without names), sorted."""
    with closing(sqlite3.connect(path)) as raw:
        return {
            name: sorted(raw.execute(_SAID[name]).fetchall(), key=repr) for name in tables or TABLES
        }


def differences(one: Path, other: Path, *tables: str) -> list[str]:
    """What only one of two ledgers says; nothing if they are the same."""
    before, after = said(one, *tables), said(other, *tables)
    lines = []
    for table in before:
        lost, gained = (
            set(before[table]) - set(after[table]),
            set(after[table]) - set(before[table]),
        )
        lines += [f"- {table} {row!r:.300}" for row in sorted(lost, key=repr)]
        lines += [f"+ {table} {row!r:.300}" for row in sorted(gained, key=repr)]
        if not lost and not gained and before[table] != after[table]:
            lines.append(f"! {table}: {len(before[table])} rows, then {len(after[table])}")
    return lines
