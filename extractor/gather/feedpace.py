"""When a feed wants to be asked, by its own words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

_PERIODS = {
    "daily": 86_400.0,
    "weekly": 7 * 86_400.0,
    "monthly": 30 * 86_400.0,
    "yearly": 365 * 86_400.0,
}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CHANNEL_HEAD = 65_536
_SKIP_HOURS = re.compile(rb"<skipHours>(.{0,4000}?)</skipHours>", re.I | re.S)
_SKIP_DAYS = re.compile(rb"<skipDays>(.{0,4000}?)</skipDays>", re.I | re.S)
_SKIPPED = re.compile(rb"<(?:hour|day)>([^<]{1,20})</", re.I)


def asked_seconds(feed: Any) -> float:
    """How long an RSS feed asks to be left alone: by its ttl, or by the syndication module.

    WordPress writes "hourly" into every feed, so that it is no wish of anybody.
    """
    minutes = _number(feed.get("ttl", ""))
    period = _PERIODS.get(str(feed.get("sy_updateperiod", "")).strip().lower(), 0.0)
    times = _number(feed.get("sy_updatefrequency", "")) or 1.0
    return max(minutes * 60, period / max(times, 1.0))


def skipped_hours(body: bytes) -> tuple[int, ...]:
    """The hours of a day, in UTC, in which an RSS feed says that nothing new comes."""
    return _skipped(body, _SKIP_HOURS, _hour)


def skipped_days(body: bytes) -> tuple[int, ...]:
    """The days of a week, Monday is 0, on which an RSS feed says that nothing new comes."""
    return _skipped(body, _SKIP_DAYS, _day)


def _number(text: Any) -> float:
    try:
        return min(max(float(str(text).strip()), 0.0), 1e9)
    except ValueError:
        return 0.0


def _skipped(
    body: bytes, block: re.Pattern[bytes], read: Callable[[str], int | None]
) -> tuple[int, ...]:
    # They stand in the channel, before its items.
    found = block.search(body[:_CHANNEL_HEAD])
    words = _SKIPPED.findall(found[1]) if found else []
    read_words = (read(word.decode("ascii", errors="replace").strip()) for word in words)
    return tuple(sorted({value for value in read_words if value is not None}))


def _hour(word: str) -> int | None:
    # RSS 0.91 counts to 24, RSS 2.0 from 0
    return int(word) % 24 if word.isdecimal() and int(word) <= 24 else None


def _day(word: str) -> int | None:
    return _DAYS.index(word.lower()) if word.lower() in _DAYS else None
