"""The fields of a deal: what people call them, how their values are written."""

from __future__ import annotations

from extractor.cli.words import count, money, power, years

FIELDS = {
    "company": "company",
    "counterparty": "with",
    "backer": "backed by",
    "value": "value",
    "value_max": "with options",
    "megawatts": "power",
    "megawatts_gross": "gross power",
    "term_years": "term",
    "gpus": "units",
    "coins": "coins",
    "site": "site",
    "status": "status",
}


def field_value(field: str, value: str | float, unit: str) -> str:
    """A value as people write it: `$9.7bn`, `200 MW`, `15 y`, a name."""
    if isinstance(value, str):
        return value
    if field in ("value", "value_max", "money"):
        return money(value, unit)
    if field in ("megawatts", "megawatts_gross", "power"):
        return power(value)
    if field in ("term_years", "duration"):
        return years(value)
    return f"{count(value)} {unit}".strip()
