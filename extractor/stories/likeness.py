"""In what two articles agree or differ, as named numbers that weights turn into a verdict."""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import fsum
from operator import mul

from rapidfuzz import fuzz

from extractor.stories.profile import MainDeal, Profile
from extractor.stories.rarity import TITLE_WORD, Rarity

SAME_NUMBER = 0.04  # outlets round $3.67 billion to $3.7 billion, hardly further
ROUNDED = 0.6  # what a figure counts that the other side has in a rounded form
UNDATED_HOURS = 96.0
_OFFERINGS = frozenset(("debt", "equity"))
_BY_CHANCE = 3  # runs of words that two texts may share without one knowing the other
TELLING = 15.0
OPPOSED = 0.15
SLOTS = ("value", "megawatts", "coins", "gpus")


class Weighed:
    """A profile with the weights of its features, ready for many comparisons.

    Weights are summed by `fsum`, which does not care about their order.
    """

    def __init__(self, profile: Profile, rarity: Rarity) -> None:
        self.profile = profile
        self.rarity = rarity

    @cached_property
    def names(self) -> Mapping[str, float]:
        """Names with their rarity."""
        return self.rarity.of(self.profile.names)

    @cached_property
    def lead_names(self) -> Mapping[str, float]:
        weights = self.profile.names
        return {name: rare for name, rare in self.names.items() if weights[name] == 1.0}

    @cached_property
    def names_total(self) -> float:
        return fsum(map(mul, self.profile.names.values(), self.names.values()))

    @cached_property
    def figures(self) -> Figures:
        """Figures by their weight times their rarity."""
        return Figures.of(self.profile.figures, self.rarity)

    @cached_property
    def title_words(self) -> Mapping[str, float]:
        return {w: self.rarity(TITLE_WORD + w) ** 2 for w in self.profile.title_words}

    @cached_property
    def parties(self) -> frozenset[str]:
        """Types of its deals, each with the first word of each party."""
        return frozenset(
            f"{d.type} {words[0]}" for d in self.profile.deals for words in d.parties if words
        )

    @cached_property
    def sketched(self) -> frozenset[int]:
        return frozenset(self.profile.sketch)

    @cached_property
    def title(self) -> str:
        return self.profile.title.lower()


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures by their weight, with their sum; those of the lead apart; all in two digits."""

    weights: Mapping[str, float]
    total: float
    lead: Mapping[str, float]
    lead_total: float
    shorts: Mapping[str, str]
    rounded: frozenset[str]

    @classmethod
    def of(cls, figures: Mapping[str, float], rarity: Rarity) -> Figures:
        rare = rarity.of(figures)
        weights = dict(zip(figures, map(mul, figures.values(), rare.values()), strict=True))
        lead = {figure: rare[figure] for figure, weight in figures.items() if weight == 1.0}
        shorts = {figure: short for figure in weights if (short := rounded(figure))}
        totals = fsum(weights.values()), fsum(lead.values())
        return cls(weights, totals[0], lead, totals[1], shorts, frozenset(shorts.values()))

    def found_in(self, other: Figures) -> Mapping[str, float]:
        """Which of these the other side has, and what they count: all, or less if rounded."""
        found = dict.fromkeys(self.weights.keys() & other.weights.keys(), 1.0)
        if not self.rounded.isdisjoint(other.rounded):
            for figure, short in self.shorts.items():
                if short in other.rounded:
                    found.setdefault(figure, ROUNDED)
        return found

    def part(self, found: Mapping[str, float]) -> float:
        """The part of the weight of these figures that was found."""
        return _part(self.weights, self.total, found)

    def lead_part(self, found: Mapping[str, float]) -> float:
        """The part of the weight of the lead's figures that was found."""
        return _part(self.lead, self.lead_total, found)


def _part(weights: Mapping[str, float], total: float, found: Mapping[str, float]) -> float:
    parts = [counts * weights[f] for f, counts in found.items() if f in weights]
    return fsum(parts) / total if parts else 0.0


@lru_cache(maxsize=65_536)
def rounded(figure: str) -> str:
    """An amount of money or power with two digits; "" for what nobody rounds."""
    at = 3 if figure[:3].isalpha() else 2 if figure.startswith("MW") else 0
    return f"{figure[:at]}{float(figure[at:]):.2g}" if at else ""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Whether two texts with words in common have figures and names in common, too.

    `figures` (None: a lead has none) and `names` are the parts of a lead's that the other
    article has, of the side
    that has more in common; `lead` is the part of the longer lead's names.
    """

    figures: float | None
    names: float
    shorter_figures: float
    longer_lead: float

    def are_filled_anew(self, figures: float, names: float) -> bool:
        """Whether one template holds other figures here; other names where there are none."""
        return self.names < names if self.figures is None else self.figures < figures


def overlap(this: Weighed, that: Weighed) -> Overlap:
    shorter, longer = (this, that) if this.profile.runs <= that.profile.runs else (that, this)
    of_shorter = shorter.figures.lead_part(shorter.figures.found_in(longer.figures))
    of_longer = longer.figures.lead_part(longer.figures.found_in(shorter.figures))
    both = bool(shorter.figures.lead and longer.figures.lead)
    names = _covered(shorter.lead_names, longer.profile.names)
    longer_names = _covered(longer.lead_names, shorter.profile.names)
    return Overlap(
        figures=max(of_shorter, of_longer) if both else None,
        names=max(names, longer_names),
        shorter_figures=of_shorter if shorter.figures.lead else 1.0,
        longer_lead=longer_names,
    )


def text_overlap(this: Weighed, that: Weighed) -> float:
    """Estimated part of the shorter text's runs that the other text repeats.

    The smallest hashes of the union are a fair sample of it; the share of them that both
    sketches hold estimates the resemblance (Broder 1997, bottom-k sketches).
    """
    both = this.sketched & that.sketched
    if len(both) < _BY_CHANCE:
        return 0.0
    shared = sorted(both)
    left, right = this.profile, that.profile
    ours, theirs = left.sketch, right.sketch

    def rank(number: int) -> int:
        """The place of a shared hash in the union, without building the union."""
        return bisect(ours, shared[number]) + bisect(theirs, shared[number]) - number - 1

    union = len(ours) + len(theirs) - len(shared)
    sample = min(max(len(ours), len(theirs)), union)
    resemblance = bisect(range(len(shared)), sample, key=rank) / sample
    common = resemblance / (1 + resemblance) * (left.runs + right.runs)
    return min(1.0, common / min(left.runs, right.runs))


def _covered(wanted: Mapping[str, float], known: Mapping[str, float]) -> float:
    found = fsum(weight for name, weight in wanted.items() if name in known)
    return found / fsum(wanted.values()) if wanted else 1.0


def likeness(this: Weighed, that: Weighed) -> dict[str, float]:
    """The named numbers of a pair, whichever comes first; what is absent is 0."""
    left, right = this.profile, that.profile
    ours, theirs = this.figures, that.figures
    found, their_found = ours.found_in(theirs), theirs.found_in(ours)
    seen, of_leads = {"figures": 0.0, "lead_figures": 0.0}, 0.0
    if found or their_found:
        seen["figures"] = max(ours.part(found), theirs.part(their_found))
        part, their_part = ours.lead_part(found), theirs.lead_part(their_found)
        of_leads = max(part, their_part)
        # A lead without figures cannot lack any.
        if ours.lead and theirs.lead:
            seen["lead_figures"] = min(part, their_part)
        else:
            seen["lead_figures"] = of_leads
    # Three telling figures on either side, and none in common: another event of these parties.
    if of_leads < OPPOSED and min(ours.lead_total, theirs.lead_total) >= TELLING:
        seen["figures_opposed"] = 1.0
    seen["days_apart"] = _days_apart(left, right)
    if left.site == right.site and left.site:
        seen["same_site"] = 1.0
    if _opposed(left.weekdays, right.weekdays):
        seen["other_weekday"] = 1.0
    if left.stages and right.stages:
        other = left.stages.isdisjoint(right.stages)
        seen["other_stage" if other else "same_stage"] = 1.0
    if left.is_ended != right.is_ended:
        seen["one_ended"] = 1.0
    if left.is_digest != right.is_digest:
        seen["one_digest"] = 1.0
    if left.is_comment != right.is_comment:
        seen["one_comment"] = 1.0
    elif left.is_comment:
        seen["both_comment"] = 1.0
    _see_titles(left, right, seen)
    _see_subjects(left, right, seen)
    if left.deals and right.deals:
        _see_deals(this, that, seen)
    _see_words(this, that, seen)
    return {name: value for name, value in seen.items() if value}


def _see_words(this: Weighed, that: Weighed, seen: dict[str, float]) -> None:
    left, right = this.profile.names, that.profile.names
    common = [(left[name], right[name], this.names[name]) for name in left.keys() & right.keys()]
    shared = fsum(min(ours, theirs) * rare for ours, theirs, rare in common)
    ours = fsum(weight * rare for weight, _, rare in common)
    theirs = fsum(weight * rare for _, weight, rare in common)
    names = max(
        ours / this.names_total if this.names_total else 0.0,
        theirs / that.names_total if that.names_total else 0.0,
    )
    seen["shared_names"] = math.log1p(shared)
    seen["names_and_figures"] = names * seen["figures"]
    seen["title_words"] = _cosine(this.title_words, that.title_words)
    seen["title_likeness"] = fuzz.token_set_ratio(this.title, that.title) / 100


def _cosine(left: Mapping[str, float], right: Mapping[str, float]) -> float:
    common = fsum(weight for word, weight in left.items() if word in right)
    if not common:
        return 0.0
    return common / math.sqrt(fsum(left.values()) * fsum(right.values()))


def _see_titles(left: Profile, right: Profile, seen: dict[str, float]) -> None:
    ours = not right.names.keys() >= left.title_names
    theirs = not left.names.keys() >= right.title_names
    if ours and theirs:
        seen["title_names_opposed"] = 1.0
    elif ours or theirs:
        seen["title_name_missing"] = 1.0
    if not left.title_figures.isdisjoint(right.title_figures):
        seen["title_amount_shared"] = 1.0
    elif amounts_differ(left, right):
        seen["title_amounts_differ"] = 1.0


def amounts_differ(left: Profile, right: Profile) -> bool:
    """Whether the titles name different amounts, one of them unknown to the other text."""
    ours, theirs = left.title_figures, right.title_figures
    if not _opposed(ours, theirs):
        return False
    return not (right.figures.keys() >= ours and left.figures.keys() >= theirs)


def _see_subjects(left: Profile, right: Profile, seen: dict[str, float]) -> None:
    if left.subject and right.subject:
        if left.subject not in right.names or right.subject not in left.names:
            seen["subject_missing"] = 1.0
    # A round-up speaks of many, a report of one.
    seen["other_breadth"] = abs(left.dominance - right.dominance)
    if left.principals != right.principals:
        seen["other_principals"] = min(3, abs(left.principals - right.principals)) / 3


def _days_apart(left: Profile, right: Profile) -> float:
    hours = UNDATED_HOURS
    if left.published and right.published:
        hours = abs((left.published - right.published).total_seconds()) / 3600
    return min(hours, UNDATED_HOURS) / 24


def _opposed(left: frozenset[str], right: frozenset[str]) -> bool:
    return bool(left and right and left.isdisjoint(right))


def _see_deals(this: Weighed, that: Weighed, seen: dict[str, float]) -> None:
    left, right = this.profile, that.profile
    ours, theirs = left.deals[0], right.deals[0]
    if ours.principal and theirs.principal:
        if ours.principal not in right.names and theirs.principal not in left.names:
            seen["other_principal"] = 1.0
    if this.parties.isdisjoint(that.parties):  # so that no two of their deals agree
        seen["other_deal"] = 1.0
    elif _agree(ours, theirs):
        seen["same_deal"] = 1.0
        agreeing, differing = _numbers(ours, theirs)
        if ours.status != theirs.status:
            seen["other_status"] = 1.0
        if differing and not agreeing:
            seen["other_terms"] = 1.0
        if ours.type in _OFFERINGS and "value" in differing:
            seen["other_offering"] = 1.0
    elif not _second(left, right):
        seen["other_deal"] = 1.0


def _second(left: Profile, right: Profile) -> bool:
    """Whether the first deal of one is the second of the other: both were announced together."""
    return any(_agree(left.deals[0], deal) for deal in right.deals[1:]) or any(
        _agree(right.deals[0], deal) for deal in left.deals[1:]
    )


def _numbers(left: MainDeal, right: MainDeal) -> tuple[list[str], list[str]]:
    """The slots on which two deals agree, then those on which they differ."""
    agreeing: list[str] = []
    differing: list[str] = []
    for slot in SLOTS:
        if slot in left.numbers and slot in right.numbers:
            ours, theirs = left.numbers[slot], right.numbers[slot]
            close = abs(ours - theirs) <= SAME_NUMBER * max(abs(ours), abs(theirs))
            (agreeing if close else differing).append(slot)
    return agreeing, differing


def _agree(left: MainDeal, right: MainDeal) -> bool:
    """Whether two deals have a type and one of the parties in common."""
    # Either side: who is the principal is the first thing that a hasty text leaves open.
    if left.type != right.type:
        return False
    for ours in left.parties:
        for theirs in right.parties:
            if same_company(ours, theirs):
                return True
    return False


def same_company(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Whether one name is the other or a shortening of it."""
    length = min(len(ours), len(theirs))
    return bool(length) and ours[:length] == theirs[:length]
