"""Dates as pages and feeds write them, in aware UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY, _YEAR = r"[0-3]?\d", r"(?:19|20)\d\d"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_ZONE = "UTC|GMT|EDT|EST|ET|CDT|CST|CT|PDT|PST|PT|CEST|CET|BST"
_CLOCK = (
    rf"(?:,?\s*(?:at\s+|[-–|·•]\s*)?[0-2]?\d:[0-5]\d(?::[0-5]\d)?(?:\s*[ap]\.?m\b\.?)?"
    rf"(?:\s*\(?(?:{_ZONE})\b\)?)?)?"
)
# A date in words or in ISO 8601, with or without the time of day. "05/06/26" is left alone:
# it does not tell which number is the month.
WRITTEN_DATE = (
    rf"{_WEEKDAY}(?:{_MONTH}\.?\s+{_DAY}(?:st|nd|rd|th)?,?\s+{_YEAR}|"
    rf"{_DAY}(?:st|nd|rd|th)?\.?\s+{_MONTH}\.?,?\s+{_YEAR}|{_YEAR}-[01]\d-[0-3]\d(?!\d)){_CLOCK}"
)
_ORDERS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"(?P<month>{_MONTH})\.?\s+(?P<day>{_DAY})(?:st|nd|rd|th)?,?\s+(?P<year>{_YEAR})",
        rf"(?P<day>{_DAY})(?:st|nd|rd|th)?\.?\s+(?P<month>{_MONTH})\.?,?\s+(?P<year>{_YEAR})",
        rf"(?P<year>{_YEAR})-(?P<month>[01]\d)-(?P<day>[0-3]\d)",
    )
)
_TIME = re.compile(
    rf"(?P<hour>[0-2]?\d):(?P<minute>[0-5]\d)(?::[0-5]\d)?(?:\s*(?P<half>[ap])\.?m\b\.?)?"
    rf"(?:\s*\(?(?P<zone>{_ZONE})\b)?",
    re.I,
)
_HALF_DAY = re.compile(r"\d\s*[ap]\.?m\b", re.I)
# "ET" says neither summer nor winter; an hour does not matter here, so summer is assumed.
_OFFSETS = {"EDT": -4, "ET": -4, "EST": -5, "CDT": -5, "CT": -5, "CST": -6, "PDT": -7, "PT": -7}
_OFFSETS |= {"PST": -8, "CEST": 2, "CET": 1, "BST": 1}


def read_date(text: str) -> datetime | None:
    """A date in ISO 8601, RFC 5322 or words, in aware UTC; None if it is none of them.

    A date without a zone counts as UTC.
    """
    text = text.strip()
    if _HALF_DAY.search(text):  # RFC 5322 would read 3 PM as three in the morning
        return read_written_date(text)
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return as_utc(read(text))
        except (ValueError, TypeError, OverflowError):
            continue
    return read_written_date(text)


def read_written_date(text: str) -> datetime | None:
    """The first date that a line names in words, in aware UTC; None if there is none."""
    for order in _ORDERS:
        match = order.search(text)
        if match:
            break
    else:
        return None
    name = match["month"].lower()
    month = int(name) if name.isdigit() else _MONTHS.index(name[:3]) + 1
    try:
        day = datetime(int(match["year"]), month, int(match["day"]), tzinfo=UTC)
    except ValueError:
        return None
    return _with_time(day, text[match.end() :])


def as_utc(moment: datetime) -> datetime:
    """A moment in aware UTC; without a zone it is taken as UTC. May raise OverflowError."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _with_time(day: datetime, rest: str) -> datetime:
    match = _TIME.search(rest[:40])
    if not match:
        return day
    hour = int(match["hour"])
    if match["half"]:
        hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
    if hour > 23:
        return day
    zone = timezone(timedelta(hours=_OFFSETS.get((match["zone"] or "").upper(), 0)))
    return day.replace(hour=hour, minute=int(match["minute"]), tzinfo=zone).astimezone(UTC)
