"""How two numbers that should be one may differ."""

from __future__ import annotations

from functools import lru_cache

_EQUAL = 0.005
# A rounding moves a number by no more than this part of it ($3.7 billion: "nearly $4 billion").
_NEAREST = 0.10
# What is cut off or named by a round neighbour ("over $3.6 billion" for $3.67 billion) is less.
_CUT = 0.03
# A total that is told may be rounded by so much.
SUM = 0.02


def is_equal(left: float, right: float) -> bool:
    """Whether two numbers are one, within 0.5 %."""
    return apart(left, right) <= _EQUAL


def is_rounding(exact: float, round_: float) -> bool:
    """Whether someone who knows `exact` may write `round_`, which has fewer digits."""
    if exact <= 0 or round_ <= 0 or exact == round_:
        return False
    if _digits(round_)[0] >= _digits(exact)[0]:
        return False
    step = _digits(round_)[1]
    off = abs(exact - round_)
    if off <= step / 2 * (1 + 1e-9):
        return apart(exact, round_) <= _NEAREST
    # 850 stands for 865 as a multiple of 50, not of 10.
    coarse = step * 5 if round(round_ / step) % 5 == 0 else step
    return off < coarse and apart(exact, round_) <= _CUT


def are_roundings(left: float, right: float) -> bool:
    """Whether one of the two rounds the other."""
    return is_rounding(left, right) or is_rounding(right, left)


def is_one_amount(left: float, right: float) -> bool:
    """Whether two amounts are one: equal, or rounded."""
    return is_equal(left, right) or are_roundings(left, right)


def is_one_count(left: float, right: float) -> bool:
    """Whether two counts of things are one: to the piece, or rounded."""
    return abs(left - right) < 1 or are_roundings(left, right)


def apart(left: float, right: float) -> float:
    """The difference as a part of the larger number."""
    return abs(left - right) / max(abs(left), abs(right), 1e-12)


# Each number is compared with many.
@lru_cache(maxsize=1 << 16)
def _digits(number: float) -> tuple[int, float]:
    """How many significant digits a number has, and what its last one counts."""
    mantissa, _, exponent = f"{number:.5e}".partition("e")
    digits = mantissa.replace(".", "").rstrip("0") or "0"
    return len(digits), 10.0 ** (int(exponent) - len(digits) + 1)
