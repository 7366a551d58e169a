"""Why two articles are, or are not, one story: the verdict with all that speaks for and against."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from extractor.stories.compare import COPY, OTHER, PARAPHRASE, Verdict, compare
from extractor.stories.encoding import decode
from extractor.stories.likeness import Weighed, likeness, text_overlap
from extractor.stories.rules import StoryRules

_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Ground:
    """One likeness: how far it is there, and what it adds to or takes from the score."""

    name: str
    value: float
    effect: float


@dataclass(frozen=True, slots=True)
class Why:
    """A verdict with its grounds, the weightiest first; names and figures, the rarest first.

    `hours` is None where a date is missing. `grounds` are empty where the words alone decide.
    """

    verdict: Verdict
    threshold: float
    overlap: float
    hours: float | None
    window_days: float
    grounds: tuple[Ground, ...]
    shared: tuple[str, ...]
    only_left: tuple[str, ...]
    only_right: tuple[str, ...]


def explain(left: bytes, right: bytes, rules: StoryRules) -> Why:
    """The verdict on two articles from what the shelf keeps of them."""
    this, that = sorted(
        (Weighed(decode(body), rules.rarity) for body in (left, right)),
        key=lambda weighed: weighed.profile.key,
    )
    verdict = compare(this, that, rules)
    if this.profile.key != decode(left).key:
        this, that = that, this
    grounds = [
        Ground(name, round(value, 3), round(value * rules.weights[name], 2))
        for name, value in likeness(this, that).items()
    ]
    dates = this.profile.published, that.profile.published
    hours = abs((dates[0] - dates[1]).total_seconds()) / 3600 if dates[0] and dates[1] else None
    by_words = verdict.reason not in (PARAPHRASE, OTHER)
    return Why(
        verdict=verdict,
        threshold=rules.paraphrase.threshold,
        overlap=round(text_overlap(this, that), 3),
        hours=hours,
        window_days=rules.window.copy_days if verdict.reason == COPY else rules.window.days,
        grounds=() if by_words else tuple(sorted(grounds, key=lambda g: -abs(g.effect))),
        shared=_rarest(this, this.profile.names.keys() & that.profile.names.keys())
        + _rarest(this, _common_figures(this, that)),
        only_left=_alone(this, that),
        only_right=_alone(that, this),
    )


def _common_figures(this: Weighed, that: Weighed) -> set[str]:
    return {
        figure
        for figure in this.figures.weights
        if figure in that.figures.weights or this.figures.shorts.get(figure) in that.figures.rounded
    }


def _alone(this: Weighed, that: Weighed) -> tuple[str, ...]:
    """What only one lead has."""
    names = this.lead_names.keys() - that.profile.names.keys()
    figures = this.figures.lead.keys() - _common_figures(this, that)
    return _rarest(this, names) + _rarest(this, figures)


def _rarest(of: Weighed, features: Collection[str]) -> tuple[str, ...]:
    ordered = sorted(features, key=lambda feature: (-of.rarity(feature), feature))
    return tuple(ordered[:_SHOWN])
