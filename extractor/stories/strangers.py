"""Which of many pairs are plainly no story, told for all of them at once."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain, repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extractor.stories.likeness import (
    OPPOSED,
    ROUNDED,
    SAME_NUMBER,
    SLOTS,
    TELLING,
    UNDATED_HOURS,
    Weighed,
    rounded,
    text_overlap,
)
from extractor.stories.profile import Profile
from extractor.stories.ranges import Places, spread
from extractor.stories.rarity import Rarity
from extractor.stories.rules import StoryRules

_Numbers = NDArray[Any]
_Truths = NDArray[np.bool_]
_AT_ONCE = 4000  # pairs; what is reckoned of them stays in the cache of a processor
_ROUNDING = 1e-9  # by how much sums of the same numbers in another order may differ


class Crowd:
    """Articles side by side, each known by its place among them."""

    def __init__(self, articles: Sequence[Weighed], rules: StoryRules) -> None:
        self._articles = articles
        self._rules = rules
        threshold = rules.paraphrase.threshold
        self._least = math.log(threshold / (1 - threshold)) - _ROUNDING
        profiles = [article.profile for article in articles]
        words = _numbers(p.names for p in profiles)
        self._names = _Features([p.names for p in profiles], words)
        self._title_names = _Features([p.title_names for p in profiles], words)
        self._subject = _Features([{p.subject} - {""} for p in profiles], words)
        rare = np.array(list(rules.rarity.of(words).values()))[self._names.features]
        self._name_weights = _weights([p.names for p in profiles]) * rare
        self._names_total = self._names.sums(self._name_weights)
        self._figures = _Figures([p.figures for p in profiles], rules.rarity)
        self._parties = _Features(
            [a.parties for a in articles], _numbers(a.parties for a in articles)
        )
        self._urls = _Features([p.urls for p in profiles], _numbers(p.urls for p in profiles))
        self._hours = np.array(
            [p.published.timestamp() / 3600 if p.published else np.nan for p in profiles]
        )
        self._digest = _numbered(p.digest for p in profiles)
        self._site = _numbered(p.site for p in profiles)
        self._weekdays = _bits(p.weekdays for p in profiles)
        self._stages = _bits(p.stages for p in profiles)
        self._terms = np.array([_terms(p) for p in profiles])
        self._has_deals = np.array([p.deals != () for p in profiles])
        self._is_ended = np.array([p.is_ended for p in profiles])
        self._is_digest = np.array([p.is_digest for p in profiles])
        self._is_comment = np.array([p.is_comment for p in profiles])
        self._dominance = np.array([p.dominance for p in profiles])
        self._principals = np.array([p.principals for p in profiles])

    def are_strangers(self, left: Places, right: Places) -> _Truths:
        """Of each pair whether it is plain that `compare` will not find one story.

        Of what the index proposes that are nine of ten pairs.
        """
        starts = range(0, len(left), _AT_ONCE)
        parts = [
            (left[start : start + _AT_ONCE], right[start : start + _AT_ONCE]) for start in starts
        ]
        return np.concatenate([self._are_strangers(*part) for part in parts])

    def _are_strangers(self, left: Places, right: Places) -> _Truths:
        copy = self._rules.copy
        most, of_leads = self.ceiling(left, right)
        parted: _Truths = (most < self._least) & (self._digest[left] != self._digest[right])
        parted &= ~self._urls.any_in(self._urls, left, right)
        # With other figures in both leads it is at most a template filled anew.
        for n in np.flatnonzero(parted & (of_leads + _ROUNDING >= copy.figures)):
            this, that = self._articles[left[n]], self._articles[right[n]]
            parted[n] = text_overlap(this, that) < copy.template_overlap
        return parted

    def ceiling(self, left: Places, right: Places) -> tuple[_Numbers, _Numbers]:
        """What the weighted likenesses of each pair cannot exceed in sum.

        Then the part of a lead's figures that the other article has, of the side that has
        more of them; 1 where a lead has none.
        """
        weights = self._rules.weights

        def most(name: str) -> float:
            """What a likeness from 0 to 1 adds at most."""
            return max(0.0, weights[name])

        seen, of_leads = self._figures.likeness(left, right)
        seen.update(self._by_names(left, right))
        seen.update(self._by_kind(left, right))
        total = np.full(len(left), weights["base"])
        for name, value in seen.items():
            total += weights[name] * value
        names = np.log1p(np.minimum(self._names_total[left], self._names_total[right]))
        total += most("shared_names") * names
        total += most("names_and_figures") + most("title_words") + most("title_likeness")
        total += most("title_amount_shared") + most("title_amounts_differ")
        total += self._deals_at_most(left, right)
        # Which names two articles share is only worth a look where the sum comes near.
        near = np.flatnonzero(total >= self._least)
        shared_names = np.log1p(self._names_shared(left[near], right[near]))
        total[near] -= most("shared_names") * (names[near] - shared_names)
        return total, of_leads

    def _names_shared(self, left: Places, right: Places) -> _Numbers:
        """What the names that two articles have in common weigh at most."""
        return np.minimum(
            self._names.sums_in(self._name_weights, left, right),
            self._names.sums_in(self._name_weights, right, left),
        )

    def _deals_at_most(self, left: Places, right: Places) -> _Numbers:
        """What the first deals of two articles add at most."""
        weights = self._rules.weights
        ours, theirs = self._terms[left], self._terms[right]
        apart = np.abs(ours - theirs)
        close = apart <= SAME_NUMBER * np.maximum(np.abs(ours), np.abs(theirs))
        other_terms = (apart >= 0).any(axis=1) & ~close.any(axis=1)
        same = weights["same_deal"] + weights["other_terms"] * other_terms
        same += max(0.0, weights["other_status"]) + max(0.0, weights["other_offering"])
        other = weights["other_deal"]
        shared = self._parties.any_in(self._parties, left, right)
        either = np.where(shared, np.maximum(same, max(0.0, other)), other)
        known = self._has_deals[left] & self._has_deals[right]
        return np.where(known, either + max(0.0, weights["other_principal"]), 0.0)

    def _by_names(self, left: Places, right: Places) -> dict[str, _Truths]:
        ours = self._title_names.any_not_in(self._names, left, right)
        theirs = self._title_names.any_not_in(self._names, right, left)
        missing = self._subject.any_not_in(self._names, left, right)
        missing |= self._subject.any_not_in(self._names, right, left)
        known = (self._subject.sizes[left] > 0) & (self._subject.sizes[right] > 0)
        return {
            "title_names_opposed": ours & theirs,
            "title_name_missing": ours ^ theirs,
            "subject_missing": missing & known,
        }

    def _by_kind(self, left: Places, right: Places) -> dict[str, NDArray[Any]]:
        def differ(column: _Numbers) -> Any:
            return column[left] != column[right]

        def apart(column: _Numbers) -> Any:
            return np.abs(column[left] - column[right])

        def share(bits: _Numbers) -> Any:
            return bits[left] & bits[right] != 0

        def opposed(bits: _Numbers) -> Any:
            return (bits[left] != 0) & (bits[right] != 0) & ~share(bits)

        return {
            "days_apart": np.fmin(apart(self._hours), UNDATED_HOURS) / 24,
            "same_site": ~differ(self._site) & (self._site[left] != 0),
            "other_weekday": opposed(self._weekdays),
            "same_stage": share(self._stages),
            "other_stage": opposed(self._stages),
            "one_ended": differ(self._is_ended),
            "one_digest": differ(self._is_digest),
            "one_comment": differ(self._is_comment),
            "both_comment": self._is_comment[left] & self._is_comment[right],
            "other_breadth": apart(self._dominance),
            "other_principals": np.minimum(3, apart(self._principals)) / 3,
        }


class _Figures:
    """The figures of articles, with what they weigh."""

    def __init__(self, articles: Sequence[Mapping[str, float]], rarity: Rarity) -> None:
        numbers = _numbers(articles)
        self._all = _Features(articles, numbers)
        rare = np.array(list(rarity.of(numbers).values()))[self._all.features]
        weights = _weights(articles)
        self._weights = weights * rare
        self._lead_weights = self._weights * (weights == 1.0)
        self._total = self._all.sums(self._weights)
        self._lead_total = self._all.sums(self._lead_weights)
        shorts: dict[str, int] = {"": _NOTHING}
        short = [shorts.setdefault(rounded(f), len(shorts)) for f in numbers]
        self._shorts = np.array(short, np.int64)[self._all.features]
        self._rounded = _table(self._all.owners, self._shorts, len(articles), len(shorts))

    def likeness(self, left: Places, right: Places) -> tuple[dict[str, _Numbers], _Numbers]:
        """The likenesses by figures; then what `Crowd.ceiling` says of leads."""
        ours, our_lead = self._parts(left, right)
        theirs, their_lead = self._parts(right, left)
        of_leads = np.maximum(our_lead, their_lead)
        least = np.minimum(self._lead_total[left], self._lead_total[right])
        opposed = (of_leads + _ROUNDING < OPPOSED) & (least >= TELLING + _ROUNDING)
        seen = {
            "figures": np.maximum(ours, theirs),
            "lead_figures": np.where(least > 0, np.minimum(our_lead, their_lead), of_leads),
            "figures_opposed": opposed.astype(float),
        }
        return seen, np.where(least > 0, of_leads, 1.0)

    def _parts(self, left: Places, right: Places) -> tuple[_Numbers, _Numbers]:
        """The parts of the left one's figures, and of its lead's, that the right one has."""
        pair, place = self._all.of(left)
        other = right[pair]
        found = np.where(
            self._all.known[other, self._all.features[place]],
            1.0,
            ROUNDED * self._rounded[other, self._shorts[place]],
        )
        parts = np.bincount(pair, found * self._weights[place], len(left))
        lead_parts = np.bincount(pair, found * self._lead_weights[place], len(left))
        return (
            parts / np.maximum(self._total[left], _TINY),
            lead_parts / np.maximum(self._lead_total[left], _TINY),
        )


class _Features:
    """The features that each of many articles has, in one row."""

    def __init__(self, articles: Sequence[Collection[str]], numbers: Mapping[str, int]) -> None:
        found = map(numbers.get, chain.from_iterable(articles), repeat(_NOTHING))
        self.features = np.array(list(found), np.int64)
        self.sizes = np.array([len(features) for features in articles], np.int64)
        self.owners = np.repeat(np.arange(len(articles)), self.sizes)
        self._last = np.cumsum(self.sizes)
        self._numbers = numbers

    @cached_property
    def known(self) -> _Truths:
        """Articles by numbers: who has which feature."""
        return _table(self.owners, self.features, len(self.sizes), len(self._numbers))

    def of(self, articles: Places) -> tuple[Places, Places]:
        """Where the features of articles are: the place of each's article, its own place."""
        last = self._last[articles]
        return spread(last - self.sizes[articles], last)

    def sums(self, values: _Numbers) -> _Numbers:
        """For each article the sum of what its features count."""
        return np.bincount(self.owners, values, len(self.sizes))

    def sums_in(self, values: _Numbers, left: Places, right: Places) -> _Numbers:
        """Of each pair the sum of what those features of the left one count that the right has."""
        pair, place = self.of(left)
        found = self.known[right[pair], self.features[place]]
        return np.bincount(pair, found * values[place], len(left))

    def any_in(self, others: _Features, left: Places, right: Places) -> _Truths:
        """Of each pair whether the right one has any of these features of the left one."""
        pair, place = self.of(left)
        found = others.known[right[pair], self.features[place]]
        return np.bincount(pair, found, len(left)) > 0

    def any_not_in(self, others: _Features, left: Places, right: Places) -> _Truths:
        """Of each pair whether the right one lacks any of these features of the left one."""
        pair, place = self.of(left)
        found = others.known[right[pair], self.features[place]]
        return np.bincount(pair, ~found, len(left)) > 0


def _table(owners: Places, features: Places, articles: int, numbers: int) -> _Truths:
    """Articles by features: who has which. `_NOTHING` is what nobody has."""
    known = np.zeros((articles, numbers + 1), np.bool_)
    known[owners, features] = True
    known[:, _NOTHING] = False
    return known


def _numbers(articles: Iterable[Iterable[str]]) -> dict[str, int]:
    """A number for each feature that any of the articles has."""
    return {feature: n for n, feature in enumerate(dict.fromkeys(chain.from_iterable(articles)))}


def _weights(articles: Iterable[Mapping[str, float]]) -> _Numbers:
    return np.array(list(chain.from_iterable(features.values() for features in articles)))


def _terms(profile: Profile) -> list[float]:
    """The numbers of an article's first deal; not a number where it states none."""
    numbers = profile.deals[0].numbers if profile.deals else {}
    return [numbers.get(slot, math.nan) for slot in SLOTS]


def _numbered(values: Iterable[str]) -> Places:
    """Equal values as equal numbers; 0 for an empty one."""
    numbers = {"": 0}
    return np.array([numbers.setdefault(value, len(numbers)) for value in values])


def _bits(values: Iterable[Collection[str]]) -> Places:
    """Sets of a few words as bits."""
    bits: dict[str, int] = {}
    return np.array([sum(bits.setdefault(v, 1 << len(bits)) for v in each) for each in values])


_NOTHING = -1
_TINY = 1e-300
