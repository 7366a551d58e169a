"""Whether two articles tell the same story, with a score and the reason."""

from __future__ import annotations

import math
from dataclasses import dataclass

from extractor.stories.likeness import (
    Weighed,
    amounts_differ,
    likeness,
    overlap,
    text_overlap,
)
from extractor.stories.rules import StoryRules

SAME_URL = "same url"
SAME_TEXT = "same text"
COPY = "copy"
PARAPHRASE = "same figures and names"
TEMPLATE = "one template, other figures"
OTHER = "other event"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How strongly two articles belong together (0 to 1), and why."""

    score: float
    reason: str
    same: bool


def compare(this: Weighed, that: Weighed, rules: StoryRules) -> Verdict:
    """The verdict on a pair, whichever comes first; it depends on nothing but these two."""
    verdict = _at_sight(this, that, rules)
    if verdict is not None:
        return verdict
    score = probability(likeness(this, that), rules)
    same = score >= rules.paraphrase.threshold
    return Verdict(round(score, 4), PARAPHRASE if same else OTHER, same)


def _at_sight(this: Weighed, that: Weighed, rules: StoryRules) -> Verdict | None:
    """The verdict where addresses and words alone tell."""
    left, right = this.profile, that.profile
    if not left.urls.isdisjoint(right.urls):
        return Verdict(1.0, SAME_URL, True)
    if left.digest == right.digest:
        return Verdict(1.0, SAME_TEXT, True)
    repeated = text_overlap(this, that)
    if repeated >= rules.copy.template_overlap:
        return _of_one_hand(this, that, repeated, rules)
    return None


def _of_one_hand(
    this: Weighed, that: Weighed, repeated: float, rules: StoryRules
) -> Verdict | None:
    """A copy, or a template filled anew; None if the words alone do not tell."""
    left, right = this.profile, that.profile
    shared = overlap(this, that)
    other_stage = bool(left.stages and right.stages and not left.stages & right.stages)
    if shared.are_filled_anew(rules.copy.figures, rules.copy.names):
        return Verdict(0.0, TEMPLATE, False)
    if repeated < rules.copy.verbatim and (other_stage or amounts_differ(left, right)):
        return Verdict(0.0, TEMPLATE, False)
    # An excerpt states part of the figures: what the shorter text says must be there.
    # And the longer must not tell of much else: a round-up takes over whole items.
    excerpt = shared.shorter_figures >= rules.copy.figures and shared.longer_lead >= rules.copy.lead
    if repeated >= rules.copy.overlap and excerpt:
        return Verdict(round(repeated, 4), COPY, True)
    return None


def probability(seen: dict[str, float], rules: StoryRules) -> float:
    """That a pair with these likenesses is one story, by logistic regression."""
    weights = rules.weights
    total = weights["base"] + sum(weights[name] * value for name, value in seen.items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
