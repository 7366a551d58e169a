"""Profiles as bytes, to be kept between runs."""

from __future__ import annotations

import json
import sys
from array import array
from datetime import UTC, datetime

from extractor.stories.profile import MainDeal, Profile


def encode(profile: Profile) -> bytes:
    """A profile as a line of JSON, then the hashes of its sketch."""
    data = [
        profile.key,
        None if profile.published is None else int(profile.published.timestamp()),
        profile.site,
        profile.title,
        sorted(profile.urls),
        profile.digest,
        profile.names,
        profile.figures,
        sorted(profile.title_names),
        sorted(profile.title_figures),
        sorted(profile.title_words),
        sorted(profile.weekdays),
        sorted(profile.stages),
        [profile.is_ended, profile.is_digest, profile.is_comment],
        profile.subject,
        profile.dominance,
        [[deal.type, deal.status, deal.parties, deal.numbers] for deal in profile.deals],
        profile.principals,
        profile.runs,
    ]
    return json.dumps(data).encode() + b"\n" + _little(profile.sketch).tobytes()


def decode(body: bytes) -> Profile:
    """The profile that was encoded."""
    line, _, hashes = body.partition(b"\n")
    (
        key,
        at,
        site,
        title,
        urls,
        digest,
        names,
        figures,
        title_names,
        title_figures,
        title_words,
        weekdays,
        stages,
        (is_ended, is_digest, is_comment),
        subject,
        dominance,
        deals,
        principals,
        runs,
    ) = json.loads(line)
    return Profile(
        key=key,
        published=None if at is None else datetime.fromtimestamp(at, UTC),
        site=site,
        title=title,
        urls=frozenset(urls),
        digest=digest,
        names=names,
        figures=figures,
        title_names=frozenset(title_names),
        title_figures=frozenset(title_figures),
        title_words=frozenset(title_words),
        weekdays=frozenset(weekdays),
        stages=frozenset(stages),
        is_ended=is_ended,
        is_digest=is_digest,
        is_comment=is_comment,
        subject=subject,
        dominance=dominance,
        deals=tuple(
            MainDeal(type_, status, tuple(map(tuple, parties)), numbers)
            for type_, status, parties, numbers in deals
        ),
        principals=principals,
        sketch=_little(array("I", hashes)),
        runs=runs,
    )


def _little(hashes: array[int]) -> array[int]:
    if sys.byteorder == "little":
        return hashes
    swapped = array("I", hashes)
    swapped.byteswap()
    return swapped
