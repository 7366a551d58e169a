"""How much it tells that two articles share a word: the rarer, the more."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from pathlib import Path

from extractor.errors import ModelError

Rarity = Callable[[str], float]
TITLE_WORD = "title:"  # a word of titles is counted apart from the name that it may be


def load_rarity(path: Path) -> Rarity:
    """Inverse document frequency in a sample of the trade; what is not listed is rare.

    The counts are fixed, not those of a ledger: so what two articles have in common does
    not change with the articles that come after them. Raises ModelError with the path.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            counts = {row["feature"]: int(row["articles"]) for row in csv.DictReader(file)}
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise ModelError(str(path), "not a table of feature,articles") from error
    if "" not in counts:
        raise ModelError(str(path), "the row without a feature, with the sample's size, is missing")
    total = counts.pop("") + _UNSEEN
    table = {feature: math.log(1 + total / (count + 1)) for feature, count in counts.items()}
    rarest = math.log(1 + total)

    def rarity(feature: str) -> float:
        return table.get(feature, rarest)

    return rarity


_UNSEEN = 50  # articles that the sample is thought to lack
