"""The paces and addresses of models/feeds.toml as records."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from extractor.assets import models_dir
from extractor.errors import ModelError

_MINUTE = 60.0
_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class PaceRules:
    """How often feeds are asked; times are in seconds."""

    first: float
    floor: float
    ceiling: float
    slower_above: float
    faster_below: float
    slower_by: float
    faster_by: float
    failure_by: float
    jitter: float
    gone: float
    longest_retry_after: float
    longest_freshness: float


@dataclass(frozen=True, slots=True)
class RetryRules:
    """Waits in seconds between attempts, one after another."""

    seconds: tuple[float, ...]
    jitter: float = 0.0


@dataclass(frozen=True, slots=True)
class DiscoveryRules:
    """Where the feeds of a site may be, and which of them are about something else."""

    paths: tuple[str, ...]
    aside: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FeedRules:
    pace: PaceRules
    pages: RetryRules
    webhooks: RetryRules
    discovery: DiscoveryRules


@lru_cache(maxsize=1)
def feed_rules() -> FeedRules:
    """The rules of models/feeds.toml. Raises ModelError if they cannot be read."""
    path = models_dir() / "feeds.toml"
    try:
        with path.open("rb") as file:
            data = tomllib.load(file)
        return FeedRules(
            pace=_pace(data["pace"]),
            pages=RetryRules(tuple(m * _MINUTE for m in data["pages"]["retry_minutes"])),
            webhooks=RetryRules(
                tuple(map(float, data["webhooks"]["retry_seconds"])), data["webhooks"]["jitter"]
            ),
            discovery=DiscoveryRules(
                tuple(data["discovery"]["paths"]), tuple(data["discovery"]["aside"])
            ),
        )
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise ModelError(str(path), "the rules for feeds cannot be read") from error


def _pace(data: Mapping[str, Any]) -> PaceRules:
    rules = PaceRules(
        first=data["first_minutes"] * _MINUTE,
        floor=data["floor_minutes"] * _MINUTE,
        ceiling=data["ceiling_minutes"] * _MINUTE,
        slower_above=data["slower_above"],
        faster_below=data["faster_below"],
        slower_by=data["slower_by"],
        faster_by=data["faster_by"],
        failure_by=data["failure_by"],
        jitter=data["jitter"],
        gone=data["gone_days"] * _DAY,
        longest_retry_after=data["longest_retry_after_days"] * _DAY,
        longest_freshness=data["longest_freshness_minutes"] * _MINUTE,
    )
    if not 0 < rules.floor <= rules.first <= rules.ceiling:
        raise ValueError("floor_minutes, first_minutes and ceiling_minutes are not in order")
    if rules.faster_below > rules.slower_above or min(rules.slower_by, rules.faster_by) <= 1:
        raise ValueError("a feed would be asked more often and more rarely at once")
    return rules
