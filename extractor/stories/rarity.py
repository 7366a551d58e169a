"""How much it tells that two articles share a word: the rarer, the more."""

from __future__ import annotations

import csv
import math
from collections.abc import Collection, Mapping
from itertools import repeat
from pathlib import Path

from extractor.errors import ModelError

TITLE_WORD = "title:"  # a word of titles is counted apart from the name that it may be


class Rarity:
    """How rare features are: the logarithm of the sample's size over their articles in it."""

    def __init__(self, table: Mapping[str, float], unlisted: float) -> None:
        self._table = table
        self._unlisted = unlisted

    def __call__(self, feature: str) -> float:
        return self._table.get(feature, self._unlisted)

    def of(self, features: Collection[str]) -> dict[str, float]:
        """Features, in their order, with their rarity."""
        found = map(self._table.get, features, repeat(self._unlisted))
        return dict(zip(features, found, strict=True))


def load_rarity(path: Path) -> Rarity:
    """Inverse document frequency in a sample of the trade; what is not listed is rare.

    The counts are fixed, not those of a ledger: so what two articles have in common does
    not change with the articles that come after them. Raises ModelError with the path.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            if next(rows, None) != ["feature", "articles"]:
                raise ValueError("another header")
            counts = {feature: int(articles) for feature, articles in rows}
    except (OSError, ValueError) as error:
        raise ModelError(str(path), "not a table of feature,articles") from error
    if "" not in counts:
        raise ModelError(str(path), "the row without a feature, with the sample's size, is missing")
    total = counts.pop("") + _UNSEEN
    table = {feature: math.log(1 + total / (count + 1)) for feature, count in counts.items()}
    return Rarity(table, math.log(1 + total))


_UNSEEN = 50  # articles that the sample is thought to lack
