"""quantulum3 as a finder of money and power."""

from __future__ import annotations

import warnings

from protocol import Amount, answer

warnings.simplefilter("ignore")
from quantulum3 import parser  # noqa: E402 its import warns of versions that are pinned

_MEGAWATTS = {"watt": 1e-6, "kilowatt": 1e-3, "megawatt": 1.0, "gigawatt": 1e3}


def find(text: str) -> list[Amount]:
    found: list[Amount] = []
    for quantity in parser.parse(text):
        # A range comes as its middle and the distance to both ends.
        off = quantity.uncertainty or 0.0
        ends = [quantity.value - off, quantity.value + off] if off else [quantity.value]
        unit = quantity.unit
        if unit.entity.name == "currency":
            code = getattr(unit, "currency_code", None) or "USD"
            found += [("money", end, code) for end in ends]
        elif unit.name in _MEGAWATTS:
            found += [("power", end * _MEGAWATTS[unit.name], "MW") for end in ends]
    return found


answer(find)
