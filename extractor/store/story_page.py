"""A story with its members, what each of them added, and where they differ."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from extractor.names import company_key
from extractor.records import Reading
from extractor.store.answers import Said, StoryDecided, StoryDifference, StoryMember, StoryPage
from extractor.store.detail import source_of
from extractor.store.rows import from_iso, listed, readings_of
from extractor.store.story_choice import members, story_id

_COMPARED = ("value", "value_max", "megawatts", "term_years", "gpus", "coins")
_ROUNDING = 0.005


def story(connection: sqlite3.Connection, name: str) -> StoryPage:
    """The story of this key, or of this article. Raises QueryError if there is none."""
    id_ = story_id(connection, name)
    (key,) = connection.execute("SELECT key FROM stories WHERE id = ?", (id_,)).fetchone()
    ids = members(connection, id_)
    readings = readings_of(connection, ids)
    return StoryPage(
        key=key,
        members=tuple(_members(connection, id_, ids, readings)),
        deals=_deals(connection, ids),
        differences=tuple(_differences(connection, ids, readings)),
        decisions=_decisions(connection, ids),
    )


def _members(
    connection: sqlite3.Connection, story: int, ids: tuple[int, ...], readings: dict[int, Reading]
) -> Iterable[StoryMember]:
    rows = connection.execute(
        """
        SELECT m.article_id, m.score, m.reason, coalesce(t.key, ''),
            a.key, a.title, a.site, a.url, a.published
        FROM story_members AS m
        JOIN articles AS a ON a.id = m.article_id
        LEFT JOIN articles AS t ON t.id = m.tied_to
        WHERE m.story_id = ? ORDER BY m.ordinal
        """,
        (story,),
    )
    known: set[tuple[str, str]] = set()
    for id_, score, reason, tied_to, *source in rows:
        said = _facts(readings.get(id_, Reading()))
        added = tuple(fact for key, fact in said.items() if key not in known)
        known |= said.keys()
        yield StoryMember(source_of(source), score, reason, tied_to, len(said), added)


def _facts(reading: Reading) -> dict[tuple[str, str], Said]:
    """What an article states, each thing once, by what makes two statements the same."""
    found: dict[tuple[str, str], Said] = {}
    for fact in reading.facts:
        value = fact.value
        # Three digits: $523.2 million of one is $523 million of another.
        name = company_key(value) if isinstance(value, str) else f"{value:.3g} {fact.unit}"
        found.setdefault((fact.kind, name), Said(fact.kind, value, fact.unit))
    return found


def _deals(connection: sqlite3.Connection, ids: tuple[int, ...]) -> tuple[str, ...]:
    rows = connection.execute(
        f"""
        SELECT DISTINCT d.key
        FROM deals AS d
        JOIN deal_reports AS dr ON dr.deal_id = d.id
        JOIN reports AS r       ON r.id = dr.report_id
        WHERE r.article_id IN ({listed(ids)}) ORDER BY d.first_published, d.key
        """
    )
    return tuple(key for (key,) in rows)


def _differences(
    connection: sqlite3.Connection, ids: tuple[int, ...], readings: dict[int, Reading]
) -> Iterable[StoryDifference]:
    """Slots of a deal for which members give other numbers, each with who gives it."""
    keys = dict(
        connection.execute(f"SELECT id, key FROM articles WHERE id IN ({listed(ids)})").fetchall()
    )
    found: dict[tuple[str, str, str], dict[float, list[str]]] = {}
    units: dict[tuple[str, str, str], str] = {}
    for id_ in ids:
        for report in readings.get(id_, Reading()).reports:
            for slot in report.slots:
                if slot.name not in _COMPARED:
                    continue
                place: tuple[str, str, str] = (report.type, report.company, slot.name)
                units.setdefault(place, slot.unit)
                by_value = found.setdefault(place, {})
                value = next(
                    (v for v in by_value if _close(v, float(slot.value))), float(slot.value)
                )
                if keys[id_] not in by_value.setdefault(value, []):
                    by_value[value].append(keys[id_])
    for place, by_value in found.items():
        if len(by_value) > 1 and len({key for said in by_value.values() for key in said}) > 1:
            type_, company, slot_name = place
            values = tuple((value, tuple(said)) for value, said in by_value.items())
            yield StoryDifference(type_, company, slot_name, units[place], values)


def _close(one: float, other: float) -> bool:
    return abs(one - other) <= _ROUNDING * max(abs(one), abs(other))


def _decisions(connection: sqlite3.Connection, ids: tuple[int, ...]) -> tuple[StoryDecided, ...]:
    wanted = listed(ids)
    rows = connection.execute(
        f"""
        SELECT l.key, r.key, d.joined, d.decided_at
        FROM story_decisions AS d
        JOIN articles AS l ON l.id = d.left_id
        JOIN articles AS r ON r.id = d.right_id
        WHERE d.left_id IN ({wanted}) OR d.right_id IN ({wanted})
        ORDER BY d.id
        """
    )
    return tuple(
        StoryDecided(left, right, bool(joined), from_iso(at)) for left, right, joined, at in rows
    )
