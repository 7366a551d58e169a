"""Sums over deals that count each of them once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from extractor.store.answers import Amount, DealRow, Total


def totals(deals: Sequence[DealRow]) -> tuple[Total, ...]:
    """The total of each type, the largest first, then that of all types."""
    by_type: dict[str, list[DealRow]] = {}
    for deal in deals:
        by_type.setdefault(deal.type, []).append(deal)
    found = [_total(type_, own) for type_, own in by_type.items()]
    found.sort(key=lambda total: (-total.deals, total.type))
    return (*found, _total("", deals)) if found else ()


def _total(type_: str, deals: Sequence[DealRow]) -> Total:
    counted = [deal for deal in deals if not deal.left_out]
    return Total(
        type_, len(counted), amounts(counted), megawatts(counted), len(deals) - len(counted)
    )


def amounts(deals: Iterable[DealRow]) -> tuple[Amount, ...]:
    """What deals add up to in each currency: US dollars first, then by code."""
    sums: dict[str, float] = {}
    for deal in deals:
        if deal.counted_value is not None and deal.currency:
            sums[deal.currency] = sums.get(deal.currency, 0.0) + deal.counted_value
    codes = sorted(sums, key=lambda code: (code != "USD", code))
    return tuple(Amount(code, sums[code]) for code in codes)


def megawatts(deals: Iterable[DealRow]) -> float:
    """The megawatts that deals add up to."""
    return sum(deal.counted_megawatts or 0.0 for deal in deals)
