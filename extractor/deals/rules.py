"""The points and thresholds of models/merging.toml as records."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from extractor.assets import models_dir
from extractor.errors import ModelError
from extractor.records import DEAL_TYPES, DealType


@dataclass(frozen=True, slots=True)
class Points:
    """What a slot adds when it agrees, or rounds the other, and takes when it differs."""

    agree: Mapping[str, float]
    rounded: Mapping[str, float]
    differ: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Progress:
    """How a transaction may grow from a plan to what comes of it.

    With `from_talks` only what was proposed grows, else also what was announced, until it is
    closed; with `of_one_pair` only between the same parties, with `unnamed` only what was told
    without another side and an instrument, `with_instrument` only to what names one.
    """

    reach: timedelta
    smallest: float
    largest: float
    points: float
    from_talks: bool
    of_one_pair: bool
    unnamed: bool
    with_instrument: bool

    def until(self, stage: int) -> int:
        """The first stage that is too late to grow further, if another reached `stage`."""
        return min(stage, 2) if self.from_talks else stage


@dataclass(frozen=True, slots=True)
class Amendments:
    """How far a contract may change when reports say that it was changed."""

    types: frozenset[str]
    reach: timedelta
    smallest: float
    largest: float
    points: float


@dataclass(frozen=True, slots=True)
class Draws:
    """How long after it was signed a facility is drawn on."""

    types: frozenset[str]
    reach: timedelta
    points: float


@dataclass(frozen=True, slots=True)
class RoundUps:
    """How articles that tell many deals are compared."""

    deals: int
    differ: float
    close: float
    close_points: float
    join: float


@dataclass(frozen=True, slots=True)
class Recent:
    """How much it counts that two reports appeared within days, and tell of one lender.

    Of several deals that a report may belong to, those told these days are preferred by so
    many points.
    """

    reach: timedelta
    points: float
    prefer: float
    one_lender: float
    lending_reach: timedelta
    lending: frozenset[str]  # the types that `one_lender` is about


@dataclass(frozen=True, slots=True)
class Updates:
    """When another figure is a newer one; of what was in talks, one that is off by `talks`."""

    types: frozenset[str]
    after: timedelta
    talks: float


@dataclass(frozen=True, slots=True)
class Expansions:
    """Which contracts may expand earlier ones, and when a sum of both is told.

    `differ` is what it takes that only the later report speaks of an expansion.
    """

    types: frozenset[str]
    by_mark: frozenset[str]  # what is known by the mark of an issue, not by the other side
    reach: timedelta
    differ: float


@dataclass(frozen=True, slots=True)
class Delivered:
    """How much it counts that what one pair had agreed, of one size, is completed.

    Of the types in `once` whatever the size.
    """

    types: frozenset[str]
    once: frozenset[str]
    points: float


@dataclass(frozen=True, slots=True)
class Rate:
    """What a unit of a currency cost, in US dollars."""

    low: float
    high: float

    def converted(self, amount: float, other: Rate) -> tuple[float, float]:
        """The least and the most that an amount may have been in the other currency."""
        return amount * self.low / other.high, amount * self.high / other.low


@dataclass(frozen=True, slots=True)
class MergeRules:
    """All of models/merging.toml; its remarks explain each figure."""

    tolerance: float
    points: Mapping[DealType, Points]
    within_story_differ: float
    separate: float
    within_story: float
    across_stories: float
    without_figures: float
    bare: float
    late: float
    late_after: timedelta
    progress: Mapping[str, tuple[Progress, ...]]
    amendments: Amendments
    draws: Draws
    with_debt: frozenset[str]
    round_ups: RoundUps
    recent: Recent
    delivered: Delivered
    turned: frozenset[str]
    trades: Mapping[str, str]  # the category that a word of a name speaks of
    sides: Mapping[str, Mapping[str, float]]  # by type, the line of each category
    recurring: frozenset[str]
    rates: Mapping[str, Rate]
    rate_margin: float
    updates: Updates
    expansions: Expansions
    backlog_parts: frozenset[str]


def load_rules(path: Path | None = None) -> MergeRules:
    """The shipped rules, or those of another file. Raises ModelError with the path."""
    path = path or models_dir() / "merging.toml"
    try:
        return _rules(tomllib.loads(path.read_text(encoding="utf-8")))
    except KeyError as error:
        raise ModelError(str(path), f"{error.args[0]!r} is missing") from error
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(str(path), "not a file of merge rules") from error


def _rules(data: Mapping[str, Any]) -> MergeRules:
    differ = dict(data["differ"])
    within_story_differ = differ.pop("within_story")
    separate = differ.pop("separate")
    own = data.get("types", {})
    if unknown := own.keys() - set(DEAL_TYPES):
        raise ValueError(f"unknown types {sorted(unknown)}")
    join = data["join"]
    return MergeRules(
        tolerance=data["tolerance"]["numbers"],
        points={
            kind: Points(
                data["agree"] | own.get(kind, {}).get("agree", {}),
                data["rounded"] | own.get(kind, {}).get("rounded", {}),
                differ | own.get(kind, {}).get("differ", {}),
            )
            for kind in DEAL_TYPES
        },
        within_story_differ=within_story_differ,
        separate=separate,
        within_story=join["within_story"],
        across_stories=join["across_stories"],
        without_figures=join["without_figures"],
        bare=join["bare"],
        late=join["late"],
        late_after=timedelta(days=join["late_days"]),
        progress={
            kind: tuple(_progress(rule) for rule in data["progress"] if kind in rule["types"])
            for kind in DEAL_TYPES
        },
        amendments=_amendments(data["amendments"]),
        draws=Draws(
            frozenset(data["draws"]["types"]),
            timedelta(days=data["draws"]["days"]),
            data["draws"]["points"],
        ),
        with_debt=frozenset(data["with_debt"]["types"]),
        round_ups=RoundUps(**data["round_ups"]),
        recent=Recent(
            timedelta(days=data["recent"]["days"]),
            data["recent"]["points"],
            data["recent"]["prefer"],
            data["recent"]["one_lender"],
            timedelta(days=data["recent"]["lending_days"]),
            frozenset(data["recent"]["lending"]),
        ),
        delivered=Delivered(
            frozenset(data["delivered"]["types"]),
            frozenset(data["delivered"]["once"]),
            data["delivered"]["points"],
        ),
        turned=frozenset(data["turned"]["types"]),
        trades={word: category for category, words in data["trades"].items() for word in words},
        sides={
            # A company that is not listed may stand anywhere.
            kind: {"": (len(lines) - 1) / 2}
            | {category: float(at) for at, line in enumerate(lines) for category in line}
            for kind, lines in data["sides"].items()
        },
        recurring=frozenset(data["recurring"]["types"]),
        rates={currency: Rate(*rate) for currency, rate in data["rates"].items()},
        rate_margin=data["tolerance"]["rates"],
        updates=Updates(
            frozenset(data["updates"]["types"]),
            timedelta(hours=data["updates"]["hours"]),
            data["updates"]["talks"],
        ),
        expansions=Expansions(
            frozenset(data["expansions"]["types"]),
            frozenset(data["expansions"]["by_mark"]),
            timedelta(days=data["expansions"]["days"]),
            data["expansions"]["differ"],
        ),
        backlog_parts=frozenset(data["backlog"]["parts"]),
    )


def _amendments(rule: Mapping[str, Any]) -> Amendments:
    return Amendments(
        frozenset(rule["types"]),
        timedelta(days=rule["days"]),
        rule["smallest"],
        rule["largest"],
        rule["points"],
    )


def _progress(rule: Mapping[str, Any]) -> Progress:
    return Progress(
        timedelta(days=rule["days"]),
        rule["smallest"],
        rule["largest"],
        rule["points"],
        rule.get("from_talks", False),
        rule.get("of_one_pair", False),
        rule.get("unnamed", False),
        rule.get("with_instrument", False),
    )
