"""Whether two articles tell the same story, with a score and the reason."""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from extractor.records import DealReport
from extractor.stories.profile import Profile, company_words
from extractor.stories.rules import StoryRules

Rarity = Callable[[str], float]

SAME_URL = "same url"
SAME_TEXT = "same text"
COPY = "copy"
PARAPHRASE = "same figures and names"
TEMPLATE = "one template, other figures"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How strongly two articles belong together (0 to 1), and why."""

    score: float
    reason: str
    same: bool


@dataclass(frozen=True, slots=True)
class Weighed:
    """An article with the weights that its features have among all the others."""

    profile: Profile
    names: _Features
    figures: _Features
    lead_figures: _Features


@dataclass(frozen=True, slots=True)
class _Features:
    """Features by their weight times their rarity."""

    weights: Mapping[str, float]
    total: float

    def covered(self, other: Collection[str]) -> float:
        """Part of the weight that the other side has; 0 when there is none."""
        found = 0.0
        for feature, weight in self.weights.items():
            if feature in other:
                found += weight
        return found / self.total if self.total else 0.0


def weigh(profile: Profile, rarity: Rarity) -> Weighed:
    """The article ready for many comparisons."""
    lead = {feature: weight for feature, weight in profile.figures.items() if weight == 1.0}
    return Weighed(
        profile,
        names=_weighed(profile.names, rarity),
        figures=_weighed(profile.figures, rarity),
        lead_figures=_weighed(lead, rarity),
    )


def _weighed(features: Mapping[str, float], rarity: Rarity) -> _Features:
    weights: dict[str, float] = {}
    total = 0.0
    for feature in sorted(features):  # sorted: sums of floats depend on their order
        weights[feature] = features[feature] * rarity(feature)
        total += weights[feature]
    return _Features(weights, total)


def compare(this: Weighed, that: Weighed, rules: StoryRules) -> Verdict:
    """The verdict on a pair, whichever comes first."""
    left, right = this.profile, that.profile
    if left.urls & right.urls:
        return Verdict(1.0, SAME_URL, True)
    if left.digest == right.digest:
        return Verdict(1.0, SAME_TEXT, True)
    overlap = _overlap(left, right)
    if overlap >= rules.copy.template_overlap:
        ours = this.lead_figures.covered(right.figures)
        theirs = that.lead_figures.covered(left.figures)
        filled_anew = max(ours, theirs) < rules.copy.figures
        if filled_anew or _other_stage(left, right) or _other_amount(left, right):
            return Verdict(0.0, TEMPLATE, False)
        # An excerpt states part of the figures: what the shorter text says must be there.
        shorter = ours if left.runs <= right.runs else theirs
        if overlap >= rules.copy.overlap and shorter >= rules.copy.figures:
            return Verdict(overlap, COPY, True)
    score = _likeness(this, that, rules)
    dated = left.published is not None and right.published is not None
    limit = rules.paraphrase.threshold if dated else rules.paraphrase.undated_threshold
    return Verdict(score, PARAPHRASE, score >= limit)


def _overlap(left: Profile, right: Profile) -> float:
    """Estimated part of the shorter text's runs that the other text repeats.

    The smallest hashes of the union are a fair sample of it; the share of them that both
    sketches hold estimates the resemblance (Broder 1997, bottom-k sketches).
    """
    ours, theirs = left.sketch, right.sketch
    shared = sorted(set(ours).intersection(theirs))
    if not shared:
        return 0.0

    def rank(number: int) -> int:
        """The place of a shared hash in the union, without building the union."""
        return bisect(ours, shared[number]) + bisect(theirs, shared[number]) - number - 1

    union = len(ours) + len(theirs) - len(shared)
    sample = min(max(len(ours), len(theirs)), union)
    resemblance = bisect(range(len(shared)), sample, key=rank) / sample
    common = resemblance / (1 + resemblance) * (left.runs + right.runs)
    return min(1.0, common / min(left.runs, right.runs))


def _likeness(this: Weighed, that: Weighed, rules: StoryRules) -> float:
    weights = rules.paraphrase
    left, right = this.profile, that.profile
    likeness = (
        weights.names * _mutual(this.names, that.names)
        + weights.figures * _mutual(this.figures, that.figures)
        + weights.title * fuzz.token_set_ratio(left.title.lower(), right.title.lower()) / 100
    )
    return min(1.0, likeness * _events(left, right, rules))


def _mutual(left: _Features, right: _Features) -> float:
    """How far each side's features are found on the other: the poorer of the two counts.

    A round-up covers a report fully, but the report covers little of the round-up.
    """
    return min(left.covered(right.weights), right.covered(left.weights))


def _events(left: Profile, right: Profile, rules: StoryRules) -> float:
    """A factor for how well the main events agree."""
    events = rules.events
    factor = _deals(left.reports, right.reports, rules)
    if _ended(left) != _ended(right):
        factor *= events.one_terminated
    if left.title_names - right.names.keys() and right.title_names - left.names.keys():
        factor *= events.other_parties
    if _other_amount(left, right):
        factor *= events.other_amount
    if _other_stage(left, right):
        factor *= events.other_stage
    if left.is_digest != right.is_digest:
        factor *= events.one_digest
    return factor


def _ended(profile: Profile) -> bool:
    """Whether the news is that something comes to nothing."""
    terminated = bool(profile.reports) and profile.reports[0].status == "terminated"
    return terminated or "ended" in profile.stages


def _other_stage(left: Profile, right: Profile) -> bool:
    """Whether the titles speak of launch, pricing, closing or end, and not of the same."""
    return bool(left.stages and right.stages and not left.stages & right.stages)


def _other_amount(left: Profile, right: Profile) -> bool:
    """Whether the titles name different amounts, one of them unknown to the other text."""
    ours, theirs = left.title_figures, right.title_figures
    silent = ours - right.figures.keys() or theirs - left.figures.keys()
    return bool(ours and theirs and not ours & theirs and silent)


def _deals(left: tuple[DealReport, ...], right: tuple[DealReport, ...], rules: StoryRules) -> float:
    events = rules.events
    if not left and not right:
        return 1.0
    if not left or not right:
        return events.one_without_deal
    # The first of a text may be the second of another, if both were announced together.
    agreeing = _among(left[0], right[:2]) + _among(right[0], left[:2])
    return (events.other_deal, 1.0, events.same_deal)[agreeing]


def _among(report: DealReport, others: tuple[DealReport, ...]) -> bool:
    """Whether another report has the type and one of the parties."""
    return any(
        other.type == report.type
        and any(_same_company(x, y) for x in _parties(report) for y in _parties(other))
        for other in others
    )


def _parties(report: DealReport) -> tuple[str, ...]:
    # Either side: who is the principal is the first thing that a hasty text leaves open.
    return (report.company, *report.counterparties)


def _same_company(left: str, right: str) -> bool:
    """Whether one name is the other or a shortening of it."""
    ours, theirs = company_words(left), company_words(right)
    length = min(len(ours), len(theirs))
    return ours[:length] == theirs[:length]


def rarity_in(frequency: dict[str, int], articles: int, unseen: int) -> Rarity:
    """Inverse document frequency, smoothed by `unseen` articles without the feature."""
    total = articles + unseen

    def rarity(feature: str) -> float:
        return math.log(1 + total / (frequency.get(feature, 0) + 1))

    return rarity
