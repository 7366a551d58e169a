"""Deals that stand in for the stored ones while a ledger is asked."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from extractor.records import Deal
from extractor.store.telling import replace_deals

# Companies come along because deals may name some that no stored deal names.
_TABLES = (
    "companies",
    "company_names",
    "deals",
    "deal_parties",
    "deal_reports",
    "deal_conflicts",
    "deal_history",
    "deal_links",
    "deal_checks",
)
_COPIED = ("companies", "company_names")


def stand_in(connection: sqlite3.Connection, deals: Iterable[Deal]) -> None:
    """Makes every later question of this connection see these deals; the file stays as it is.

    Temporary tables of the same names and shapes come before those of the ledger.
    """
    connection.execute("PRAGMA temp_store = MEMORY")
    names = ", ".join(f"'{name}'" for name in _TABLES)
    shapes = connection.execute(
        f"""
        SELECT type, sql FROM main.sqlite_master
        WHERE tbl_name IN ({names}) AND type IN ('table', 'index') AND sql IS NOT NULL
        ORDER BY type DESC, rowid
        """
    ).fetchall()
    for kind, sql in shapes:
        if kind == "table":
            connection.execute(sql.replace("CREATE TABLE", "CREATE TEMP TABLE", 1))
        else:
            connection.execute(sql.replace("INDEX ", "INDEX temp.", 1))
    for name in _COPIED:
        connection.execute(f"INSERT INTO temp.{name} SELECT * FROM main.{name}")
    replace_deals(connection, deals, None)


def is_standing_in(connection: sqlite3.Connection) -> bool:
    """Whether the deals are not those that are stored."""
    row = connection.execute("SELECT 1 FROM temp.sqlite_master WHERE name = 'deals'").fetchone()
    return row is not None
