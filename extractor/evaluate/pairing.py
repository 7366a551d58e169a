"""Which predicted deal answers which gold deal of one article."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

from extractor.evaluate.rows import DealRow
from extractor.names import company_key

NumberField = Literal["value", "value_max", "megawatts", "term_years", "gpus", "coins"]
NUMBER_FIELDS: tuple[NumberField, ...] = get_args(NumberField)
STRICT_FIELDS: tuple[NumberField, ...] = ("value", "megawatts", "term_years")

_TOLERANCE = 0.005  # numbers within 0.5 % are equal
_FOR_A_PAIR = 0.5  # a pair without any equal slot still beats no pair


def pair_deals(
    golds: Sequence[DealRow], predictions: Sequence[DealRow]
) -> tuple[tuple[DealRow, DealRow], ...]:
    """One-to-one pairs (gold, predicted) with the most equal slots in total.

    A pair shares its company and agrees in type, a counterparty, value or megawatts.
    """
    weights = [[_agreement(g, p) for p in predictions] for g in golds]
    return tuple((golds[i], predictions[j]) for i, j in heaviest_pairs(weights))


def count_slots(deal: DealRow) -> int:
    """The filled slots of a deal: type, status, each party besides the principal, numbers."""
    numbers = sum(getattr(deal, name) is not None for name in NUMBER_FIELDS)
    texts = bool(deal.type) + bool(deal.status)
    return numbers + texts + len(deal.counterparties) + len(deal.backers)


def equal_slots(gold: DealRow, predicted: DealRow) -> int:
    """How many slots both fill with the same."""
    return (
        (gold.type == predicted.type)
        + (gold.status == predicted.status)
        + sum(equal_number(gold, predicted, name) for name in NUMBER_FIELDS)
        + common_names(gold.counterparties, predicted.counterparties)
        + common_names(gold.backers, predicted.backers)
    )


def strictly_equal(gold: DealRow, predicted: DealRow) -> bool:
    """Whether type, counterparties, value, megawatts and term all agree, absence included."""
    if gold.type != predicted.type:
        return False
    for name in STRICT_FIELDS:
        absent = getattr(gold, name) is None, getattr(predicted, name) is None
        if any(absent) and not all(absent):
            return False
        if not any(absent) and not equal_number(gold, predicted, name):
            return False
    common = common_names(gold.counterparties, predicted.counterparties)
    return len(gold.counterparties) == len(predicted.counterparties) == common


def equal_number(gold: DealRow, predicted: DealRow, name: NumberField) -> bool:
    """Whether both state the number and it is the same, for money in the same currency."""
    left, right = getattr(gold, name), getattr(predicted, name)
    if left is None or right is None:
        return False
    if abs(left - right) > _TOLERANCE * max(abs(left), abs(right)):
        return False
    money = name in ("value", "value_max")
    return not money or (gold.currency or "USD") == (predicted.currency or "USD")


def equal_site(gold: DealRow, predicted: DealRow) -> bool:
    """Whether both name a place, with a name in common: "Helios" of "Helios campus in Texas"."""
    return bool(_site_names(gold.site) & _site_names(predicted.site))


def _site_names(site: str) -> set[str]:
    return {word.strip(",.") for word in site.split() if not word[0].islower()}


def common_names(golds: Sequence[str], predictions: Sequence[str]) -> int:
    """How many gold names are found among the predicted ones, one to one."""
    left = [_keys(name) for name in predictions]
    hits = 0
    for gold in map(_keys, golds):
        match = next((keys for keys in left if gold & keys), None)
        if match is not None:
            left.remove(match)
            hits += 1
    return hits


def heaviest_pairs(weights: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """The one-to-one (row, column) pairs of greatest total weight; weights of 0 never pair.

    The Hungarian method in its potentials form, O(rows² x columns): exact for any size.
    """
    if not weights or not weights[0]:
        return []
    if len(weights) > len(weights[0]):
        flipped = [list(column) for column in zip(*weights, strict=True)]
        return sorted((i, j) for j, i in heaviest_pairs(flipped))
    rows, columns = len(weights), len(weights[0])
    row_potential = [0.0] * (rows + 1)
    column_potential = [0.0] * (columns + 1)
    row_of = [0] * (columns + 1)  # counted from 1; column 0 holds the row being placed
    for row in range(1, rows + 1):
        row_of[0] = row
        came_from = [0] * (columns + 1)
        slack = [float("inf")] * (columns + 1)
        visited = [False] * (columns + 1)
        at = 0
        while row_of[at]:
            visited[at] = True
            current = row_of[at]
            step, nearest = float("inf"), 0
            for column in range(1, columns + 1):
                if visited[column]:
                    continue
                cost = -weights[current - 1][column - 1]
                reduced = cost - row_potential[current] - column_potential[column]
                if reduced < slack[column]:
                    slack[column], came_from[column] = reduced, at
                if slack[column] < step:
                    step, nearest = slack[column], column
            for column in range(columns + 1):
                if visited[column]:
                    row_potential[row_of[column]] += step
                    column_potential[column] -= step
                else:
                    slack[column] -= step
            at = nearest
        while at:
            row_of[at] = row_of[came_from[at]]
            at = came_from[at]
    chosen = (
        (row_of[column] - 1, column - 1) for column in range(1, columns + 1) if row_of[column]
    )
    return sorted((i, j) for i, j in chosen if weights[i][j] > 0)


def _agreement(gold: DealRow, predicted: DealRow) -> float:
    # Ties stay ties: to prefer, say, strictly equal pairs among them would flatter that score.
    return equal_slots(gold, predicted) + _FOR_A_PAIR if _pairable(gold, predicted) else 0.0


def _pairable(gold: DealRow, predicted: DealRow) -> bool:
    if not common_names((gold.company,), (predicted.company,)):
        return False
    return (
        gold.type == predicted.type
        or common_names(gold.counterparties, predicted.counterparties) > 0
        or equal_number(gold, predicted, "value")
        or equal_number(gold, predicted, "megawatts")
    )


def _keys(name: str) -> frozenset[str]:
    return frozenset(company_key(part) for part in name.split("|") if part.strip())
