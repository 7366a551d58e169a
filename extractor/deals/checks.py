"""Figures that betray a slip: what a megawatt costs a year."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractor.assets import models_dir
from extractor.errors import ModelError
from extractor.records import Check, Deal, Verdict


@dataclass(frozen=True, slots=True)
class _Band:
    name: str
    types: frozenset[str]
    currency: str
    low: float
    high: float
    doubtful: float


@dataclass(frozen=True, slots=True)
class _Slip:
    factor: float
    times_term: bool
    says: str


@dataclass(frozen=True, slots=True)
class Plausibility:
    """The bands and slips of models/plausibility.toml."""

    bands: tuple[_Band, ...]
    slips: tuple[_Slip, ...]

    def checks(self, deal: Deal) -> tuple[Check, ...]:
        """The figures that can be computed from a deal; nothing in the deal is changed."""
        found = []
        for band in self.bands:
            if deal.type in band.types and deal.currency == band.currency:
                number = _per_megawatt_year(deal)
                if number is not None:
                    found.append(self._judged(band, number, deal.term_years or 1.0))
        return tuple(found)

    def _judged(self, band: _Band, number: float, term: float) -> Check:
        verdict: Verdict = "usual"
        hint = ""
        if not band.low <= number <= band.high:
            verdict = "unusual"
        if number < band.low / band.doubtful or number > band.high * band.doubtful:
            verdict = "doubtful"
            hint = self._hint(band, number, term)
        return Check(band.name, number, band.low, band.high, verdict, hint)

    def _hint(self, band: _Band, number: float, term: float) -> str:
        for slip in self.slips:
            factor = term if slip.times_term else slip.factor
            if band.low <= number * factor <= band.high:
                return slip.says
        return ""


def _per_megawatt_year(deal: Deal) -> float | None:
    if not (deal.value and deal.megawatts and deal.term_years):
        return None
    return deal.value / (deal.megawatts * deal.term_years)


def load_plausibility(path: Path | None = None) -> Plausibility:
    """The shipped bands, or those of another file. Raises ModelError with the path."""
    path = path or models_dir() / "plausibility.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return Plausibility(
            tuple(_band(rule) for rule in data["check"]),
            tuple(_slip(rule) for rule in data.get("slip", ())),
        )
    except KeyError as error:
        raise ModelError(str(path), f"{error.args[0]!r} is missing") from error
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(str(path), "not a file of plausible figures") from error


def _band(rule: Mapping[str, Any]) -> _Band:
    low, high = rule["usual"]
    return _Band(
        rule["name"], frozenset(rule["types"]), rule["currency"], low, high, rule["doubtful"]
    )


def _slip(rule: Mapping[str, Any]) -> _Slip:
    return _Slip(rule.get("factor", 1.0), rule.get("times_term", False), rule["says"])
