"""The company tables of a ledger: every name that leads to a company."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from typing import Protocol

from extractor.names import company_key, party_key
from extractor.store.told import note_unassembled

# Of two companies with the same key the one that is called so today comes first.
KIND_ORDER = ("current", "alias", "former", "ticker", "former ticker")


class ListedCompany(Protocol):
    """What a company list has to tell about a company."""

    @property
    def name(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def aliases(self) -> tuple[str, ...]: ...
    @property
    def former_names(self) -> tuple[str, ...]: ...
    @property
    def ticker(self) -> str: ...
    @property
    def former_tickers(self) -> tuple[str, ...]: ...


def sync(connection: sqlite3.Connection, companies: Iterable[ListedCompany]) -> bool:
    """Makes the listed companies those given; whether anything changed.

    Companies that are no longer listed stay as long as a deal names them.
    """
    wanted = {company_key(c.name): c for c in companies}
    names = {
        (key, kind, name, company_key(name))
        for key, company in wanted.items()
        for kind, name in _names_of(company)
    }
    stored_names = set(
        connection.execute(
            """
            SELECT c.key, n.kind, n.name, n.key
            FROM company_names AS n JOIN companies AS c ON c.id = n.company_id
            WHERE c.listed
            """
        )
    )
    stored = set(connection.execute("SELECT key, name, category FROM companies WHERE listed"))
    if names == stored_names and stored == {(k, c.name, c.category) for k, c in wanted.items()}:
        return False
    connection.execute("DELETE FROM company_names")
    connection.execute("UPDATE companies SET listed = 0")
    connection.executemany(
        """
        INSERT INTO companies (key, name, category, listed) VALUES (?, ?, ?, 1)
        ON CONFLICT (key) DO UPDATE SET
            name = excluded.name, category = excluded.category, listed = 1
        """,
        [(key, company.name, company.category) for key, company in wanted.items()],
    )
    connection.executemany(
        """
        INSERT INTO company_names (company_id, kind, name, key)
        SELECT id, ?, ?, ? FROM companies WHERE key = ?
        """,
        sorted((kind, name, name_key, key) for key, kind, name, name_key in names),
    )
    connection.execute(
        """
        INSERT INTO company_names (company_id, kind, name, key)
        SELECT id, 'current', name, key FROM companies WHERE NOT listed
        """
    )
    note_unassembled(connection)
    return True


def _names_of(company: ListedCompany) -> Iterable[tuple[str, str]]:
    yield "current", company.name
    yield from (("alias", name) for name in company.aliases)
    yield from (("former", name) for name in company.former_names)
    if company.ticker:
        yield "ticker", company.ticker
    yield from (("former ticker", ticker) for ticker in company.former_tickers)


def resolver(connection: sqlite3.Connection) -> Callable[[str], str]:
    """A function from any name of a listed company to its current one.

    Tickers are not names here: a company called "Hut" is not whoever trades as HUT. An
    unknown name is returned as it came.
    """
    current: dict[str, str] = {}
    rows = connection.execute(
        """
        SELECT n.kind, n.key, c.name
        FROM company_names AS n JOIN companies AS c ON c.id = n.company_id
        WHERE c.listed AND n.kind IN ('current', 'alias', 'former')
        ORDER BY c.id
        """
    )
    for _, key, name in sorted(rows, key=lambda row: KIND_ORDER.index(row[0])):
        current.setdefault(key, name)
    return lambda name: current.get(company_key(name), name)


def categories(connection: sqlite3.Connection) -> Callable[[str], str]:
    """A function from the current name of a listed company to its category, "" for others."""
    rows = connection.execute("SELECT name, category FROM companies WHERE listed")
    known: dict[str, str] = dict(rows.fetchall())
    return lambda name: known.get(name, "")


def drop_unlisted(connection: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Forgets those of these companies that no list and no deal names."""
    connection.executemany(
        """
        DELETE FROM companies
        WHERE id = ? AND NOT listed
            AND NOT EXISTS (SELECT 1 FROM deal_parties WHERE company_id = companies.id)
        """,
        [(id_,) for id_ in ids],
    )


class Registry:
    """Finds the row of a party, adding companies that no list has."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._resolve = resolver(connection)
        self._ids: dict[str, int] = dict(connection.execute("SELECT key, id FROM companies"))

    def id_of(self, name: str) -> int:
        current = self._resolve(name)
        key = party_key(current)
        found = self._ids.get(key)
        if found is None:
            found = self._add(key, current)
        return found

    def _add(self, key: str, name: str) -> int:
        id_ = self._connection.execute(
            "INSERT INTO companies (key, name, listed) VALUES (?, ?, 0)", (key, name)
        ).lastrowid
        assert id_ is not None  # an INSERT that did not raise has a row
        self._connection.execute(
            "INSERT INTO company_names (company_id, kind, name, key) VALUES (?, 'current', ?, ?)",
            (id_, name, key),
        )
        self._ids[key] = id_
        return id_
