"""In what two articles agree or differ, as named numbers that weights turn into a verdict."""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz

from extractor.stories.profile import MainDeal, Profile
from extractor.stories.rarity import TITLE_WORD, Rarity

_SAME_NUMBER = 0.04  # outlets round $3.67 billion to $3.7 billion, hardly further
_ROUNDED = 0.6  # what a figure counts that the other side has in a rounded form
_UNDATED_HOURS = 96.0
_OFFERINGS = frozenset(("debt", "equity"))
_BY_CHANCE = 3  # runs of words that two texts may share without one knowing the other
_TELLING = 15.0
_OPPOSED = 0.15
_SLOTS = ("value", "megawatts", "coins", "gpus")


class Weighed:
    """A profile with the weights of its features, ready for many comparisons."""

    def __init__(self, profile: Profile, rarity: Rarity) -> None:
        self.profile = profile
        self.rarity = rarity

    @cached_property
    def names(self) -> Mapping[str, float]:
        """Names with their rarity; sorted, for sums of floats depend on their order."""
        return {name: self.rarity(name) for name in sorted(self.profile.names)}

    @cached_property
    def lead_names(self) -> Mapping[str, float]:
        weights = self.profile.names
        return {name: rare for name, rare in self.names.items() if weights[name] == 1.0}

    @cached_property
    def names_total(self) -> float:
        weights = self.profile.names
        return sum(weights[name] * rare for name, rare in self.names.items())

    @cached_property
    def figures(self) -> Figures:
        """Figures by their weight times their rarity."""
        weights = self.profile.figures
        return Figures.of({f: weights[f] * self.rarity(f) for f in sorted(weights)})

    @cached_property
    def lead_figures(self) -> Figures:
        weights = self.profile.figures
        return Figures.of({f: self.rarity(f) for f in sorted(weights) if weights[f] == 1.0})

    @cached_property
    def title_words(self) -> Mapping[str, float]:
        return {w: self.rarity(TITLE_WORD + w) ** 2 for w in sorted(self.profile.title_words)}

    @cached_property
    def sketched(self) -> frozenset[int]:
        return frozenset(self.profile.sketch)

    @cached_property
    def title(self) -> str:
        return self.profile.title.lower()


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures by their weight, with their sum; and each in its form of two digits."""

    weights: Mapping[str, float]
    total: float
    shorts: Mapping[str, str]
    rounded: frozenset[str]

    @classmethod
    def of(cls, weights: Mapping[str, float]) -> Figures:
        shorts = {figure: short for figure in weights if (short := rounded(figure))}
        return cls(weights, sum(weights.values()), shorts, frozenset(shorts.values()))

    def covered_by(self, other: Figures) -> float:
        """The part of the weight that the other side has, exactly or rounded."""
        found = 0.0
        for figure, weight in self.weights.items():
            if figure in other.weights:
                found += weight
            elif self.shorts.get(figure) in other.rounded:
                found += _ROUNDED * weight
        return found / self.total if self.total else 0.0


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
    of_shorter = shorter.lead_figures.covered_by(longer.figures)
    of_longer = longer.lead_figures.covered_by(shorter.figures)
    both = bool(shorter.lead_figures.weights and longer.lead_figures.weights)
    names = _covered(shorter.lead_names, longer.profile.names)
    longer_names = _covered(longer.lead_names, shorter.profile.names)
    return Overlap(
        figures=max(of_shorter, of_longer) if both else None,
        names=max(names, longer_names),
        shorter_figures=of_shorter if shorter.lead_figures.weights else 1.0,
        longer_lead=longer_names,
    )


def text_overlap(this: Weighed, that: Weighed) -> float:
    """Estimated part of the shorter text's runs that the other text repeats.

    The smallest hashes of the union are a fair sample of it; the share of them that both
    sketches hold estimates the resemblance (Broder 1997, bottom-k sketches).
    """
    shared = sorted(this.sketched & that.sketched)
    left, right = this.profile, that.profile
    if len(shared) < _BY_CHANCE:
        return 0.0
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
    total = found = 0.0
    for name, weight in wanted.items():
        total += weight
        if name in known:
            found += weight
    return found / total if total else 1.0


def likeness(this: Weighed, that: Weighed) -> dict[str, float]:
    """The named numbers of a pair, whichever comes first; what is absent is 0."""
    left, right = this.profile, that.profile
    seen = {
        **_words(this, that),
        **_titles(left, right),
        **_subjects(left, right),
        **_deals(left, right),
        "days_apart": _days_apart(left, right),
        "same_site": _same_site(left, right),
        "other_weekday": _opposed(left.weekdays, right.weekdays),
        "same_stage": bool(left.stages & right.stages),
        "other_stage": _opposed(left.stages, right.stages),
        "one_ended": left.is_ended != right.is_ended,
        "one_digest": left.is_digest != right.is_digest,
        "one_comment": left.is_comment != right.is_comment,
        "both_comment": left.is_comment and right.is_comment,
    }
    return {name: float(value) for name, value in seen.items() if value}


def _words(this: Weighed, that: Weighed) -> dict[str, float]:
    left, right = this.profile, that.profile
    shared = 0.0
    ours = theirs = 0.0
    for name, rare in this.names.items():
        if name in right.names:
            weight, other = left.names[name], right.names[name]
            shared += min(weight, other) * rare
            ours += weight * rare
            theirs += other * rare
    names = max(
        ours / this.names_total if this.names_total else 0.0,
        theirs / that.names_total if that.names_total else 0.0,
    )
    one, other = (
        this.lead_figures.covered_by(that.figures),
        that.lead_figures.covered_by(this.figures),
    )
    leads = [part for side, part in ((this, one), (that, other)) if side.lead_figures.weights]
    figures = max(this.figures.covered_by(that.figures), that.figures.covered_by(this.figures))
    # Three telling figures on either side, and none in common: another event of these parties.
    telling = min(this.lead_figures.total, that.lead_figures.total) >= _TELLING
    return {
        "shared_names": math.log1p(shared),
        "figures": figures,
        "lead_figures": min(leads, default=0.0),
        "figures_opposed": telling and max(one, other) < _OPPOSED,
        "names_and_figures": names * figures,
        "title_words": _cosine(this.title_words, that.title_words),
        "title_likeness": fuzz.token_set_ratio(this.title, that.title) / 100,
    }


def _cosine(left: Mapping[str, float], right: Mapping[str, float]) -> float:
    common = sum(weight for word, weight in left.items() if word in right)
    if not common:
        return 0.0
    return common / math.sqrt(sum(left.values()) * sum(right.values()))


def _same_site(left: Profile, right: Profile) -> bool:
    return bool(left.site) and left.site == right.site


def _titles(left: Profile, right: Profile) -> dict[str, bool]:
    ours = bool(left.title_names - right.names.keys())
    theirs = bool(right.title_names - left.names.keys())
    return {
        "title_names_opposed": ours and theirs,
        "title_name_missing": ours != theirs,
        "title_amount_shared": bool(left.title_figures & right.title_figures),
        "title_amounts_differ": amounts_differ(left, right),
    }


def amounts_differ(left: Profile, right: Profile) -> bool:
    """Whether the titles name different amounts, one of them unknown to the other text."""
    ours, theirs = left.title_figures, right.title_figures
    silent = ours - right.figures.keys() or theirs - left.figures.keys()
    return bool(ours and theirs and not ours & theirs and silent)


def _subjects(left: Profile, right: Profile) -> dict[str, float]:
    named = bool(left.subject and right.subject)
    return {
        "subject_missing": named
        and (left.subject not in right.names or right.subject not in left.names),
        # A round-up speaks of many, a report of one.
        "other_breadth": abs(left.dominance - right.dominance),
        "other_principals": min(3, abs(left.principals - right.principals)) / 3,
    }


def _days_apart(left: Profile, right: Profile) -> float:
    hours = _UNDATED_HOURS
    if left.published and right.published:
        hours = abs((left.published - right.published).total_seconds()) / 3600
    return min(hours, _UNDATED_HOURS) / 24


def _opposed(left: frozenset[str], right: frozenset[str]) -> bool:
    return bool(left and right and not left & right)


def _deals(left: Profile, right: Profile) -> dict[str, float]:
    if not left.deals or not right.deals:
        return {}
    ours, theirs = left.deals[0], right.deals[0]
    same = _agree(ours, theirs)
    # The first of a text may be the second of another, if both were announced together.
    crossed = [(ours, deal) for deal in right.deals[1:]] + [
        (theirs, deal) for deal in left.deals[1:]
    ]
    second = any(_agree(one, other) for one, other in crossed)
    found: dict[str, float] = {
        "same_deal": same,
        "other_deal": not same and not second,
        "other_principal": bool(ours.principal and theirs.principal)
        and ours.principal not in right.names
        and theirs.principal not in left.names,
    }
    if same:
        agreeing, differing = _numbers(ours, theirs)
        found["other_status"] = ours.status != theirs.status
        found["other_terms"] = bool(differing) and not agreeing
        found["other_offering"] = ours.type in _OFFERINGS and "value" in differing
    return found


def _numbers(left: MainDeal, right: MainDeal) -> tuple[list[str], list[str]]:
    """The slots on which two deals agree, then those on which they differ."""
    agreeing: list[str] = []
    differing: list[str] = []
    for slot in _SLOTS:
        if slot in left.numbers and slot in right.numbers:
            ours, theirs = left.numbers[slot], right.numbers[slot]
            close = abs(ours - theirs) <= _SAME_NUMBER * max(abs(ours), abs(theirs))
            (agreeing if close else differing).append(slot)
    return agreeing, differing


def _agree(left: MainDeal, right: MainDeal) -> bool:
    """Whether two deals have a type and one of the parties in common."""
    # Either side: who is the principal is the first thing that a hasty text leaves open.
    return left.type == right.type and any(
        same_company(x, y) for x in left.parties for y in right.parties
    )


def same_company(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Whether one name is the other or a shortening of it."""
    length = min(len(ours), len(theirs))
    return bool(length) and ours[:length] == theirs[:length]
