"""The fields on which the articles of a deal differ, with who says what since when."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from extractor.records import CONFLICT_LABELS, NUMBER_SLOTS
from extractor.store.answers import ClaimRow
from extractor.store.rows import from_iso, listed

_AGREED = "agreed"

_CLAIMS = """
    SELECT
        d.id, c.slot, c.label, c.number, c.unit,   -- a claim; '' labels the agreed value
        d.key, d.type, d.company,
        (SELECT json_group_array(name) FROM (
            SELECT name FROM deal_parties
            WHERE deal_id = d.id AND role = 'counterparty' ORDER BY ordinal
        )),
        dr.story, dr.source, a.published, a.site, a.key
    FROM deal_conflicts AS c
    JOIN deals AS d          ON d.id = c.deal_id
    JOIN articles AS a       ON a.id = c.article_id
    JOIN reports AS r        ON r.article_id = a.id
    JOIN deal_reports AS dr  ON dr.report_id = r.id AND dr.deal_id = d.id
    WHERE d.id IN ({ids})
    ORDER BY d.id, c.slot, c.number, c.unit, a.published IS NULL, a.published, a.key
"""


def claims(connection: sqlite3.Connection, deal_ids: Iterable[int]) -> tuple[ClaimRow, ...]:
    """The values of contested fields of deals, in the order of the ids.

    Of each deal field by field, the agreed value first, then by first statement.
    """
    ids = list(deal_ids)
    place = {id_: place for place, id_ in enumerate(ids)}
    rows = connection.execute(_CLAIMS.format(ids=listed(ids)))
    found: dict[int, list[ClaimRow]] = {}
    for (deal_id, _), field in groupby(rows, key=lambda row: row[:2]):
        found.setdefault(deal_id, []).extend(_of_field(field))
    return tuple(
        claim
        for deal_id in sorted(found, key=place.__getitem__)
        for claim in sorted(found[deal_id], key=_order)
    )


def _of_field(rows: Iterable[tuple[Any, ...]]) -> list[ClaimRow]:
    by_value = [(value, list(own)) for value, own in groupby(rows, key=lambda row: row[2:5])]
    labels = {label for (label, _, _), _ in by_value}
    gravest = next((label for label in CONFLICT_LABELS if label in labels), _AGREED)
    return list(_claims(by_value, gravest))


def _claims(
    by_value: Iterable[tuple[tuple[str, float, str], list[tuple[Any, ...]]]], gravest: str
) -> Iterator[ClaimRow]:
    for (label, number, unit), rows in by_value:
        _, slot, _, _, _, key, type_, company, counterparties, *_ = rows[0]
        told = [row[9:] for row in rows]
        yield ClaimRow(
            deal=key,
            type=type_,
            company=company,
            counterparties=tuple(json.loads(counterparties)),
            slot=slot,
            conflict=gravest,
            label=label or _AGREED,
            value=number,
            unit=unit,
            stories=len({story for story, *_ in told}),
            primary=any(source for _, source, *_ in told),
            since=from_iso(min((when for _, _, when, *_ in told if when), default=None)),
            sites=tuple(dict.fromkeys(site for *_, site, _ in told)),
            articles=tuple(dict.fromkeys(article for *_, article in told)),
        )


def _order(claim: ClaimRow) -> tuple[int, bool, str, float]:
    order = list(NUMBER_SLOTS)
    since = claim.since.isoformat() if claim.since else "9999"
    return order.index(claim.slot), claim.label != _AGREED, since, claim.value  # type: ignore[arg-type]


def counts(connection: sqlite3.Connection) -> dict[str, int]:
    """How many fields of deals are contested, by their gravest label."""
    found: dict[tuple[int, str], set[str]] = {}
    for deal_id, slot, label in connection.execute(
        "SELECT DISTINCT deal_id, slot, label FROM deal_conflicts WHERE label <> ''"
    ):
        found.setdefault((deal_id, slot), set()).add(label)
    gravest = [next(label for label in CONFLICT_LABELS if label in own) for own in found.values()]
    return {label: gravest.count(label) for label in CONFLICT_LABELS if label in gravest}
