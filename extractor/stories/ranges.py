"""Ranges of an array, spread into the places that they cover."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int64]


def spread(first: Places, last: Places) -> tuple[Places, Places]:
    """Every place from `first` up to `last`, range by range: the range's number, the place."""
    sizes = last - first
    number = np.repeat(np.arange(len(sizes)), sizes)
    before = np.cumsum(sizes) - sizes
    return number, np.arange(len(number)) + (first - before)[number]
