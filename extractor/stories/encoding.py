"""Profiles as bytes, to be kept between runs."""

from __future__ import annotations

import json
import sys
from array import array
from collections.abc import Mapping
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
        *(_by_weight(features) for features in (profile.names, profile.figures)),
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
    line = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    return line + b"\n" + _little(profile.sketch).tobytes()


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
        names=_weights(names),
        figures=_weights(figures),
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


def _by_weight(features: Mapping[str, float]) -> list[tuple[float, list[str]]]:
    """There are two weights and many features: each weight is written once."""
    found: dict[float, list[str]] = {}
    for feature, weight in features.items():
        found.setdefault(weight, []).append(feature)
    return list(found.items())


def _weights(groups: list[tuple[float, list[str]]]) -> dict[str, float]:
    return {feature: weight for weight, features in groups for feature in features}


def _little(hashes: array[int]) -> array[int]:
    if sys.byteorder == "little":
        return hashes
    swapped = array("I", hashes)
    swapped.byteswap()
    return swapped
