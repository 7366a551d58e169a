"""Which pairs of articles are worth comparing, found by an index and never by all pairs."""

from __future__ import annotations

import zlib
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import chain

from extractor.records import StoryEntry
from extractor.stories.encoding import encode
from extractor.stories.profile import Profile
from extractor.stories.rarity import Rarity
from extractor.stories.rules import StoryRules
from extractor.stories.shelf import UNDATED, Shelf

_DAY = 24 * 60  # times are kept in minutes
# Keys are numbers: a kind, then 32 bits. That two features share a number costs a comparison.
_SAME, _COPIED, _NAMED = (kind << 32 for kind in range(3))


@dataclass(frozen=True, slots=True)
class Posted:
    """An article on its way into the index: what it is found by, of each kind."""

    id: int
    at: int
    profile: Profile
    same: tuple[int, ...]
    copied: tuple[int, ...]
    named: Mapping[int, float]

    def entry(self) -> StoryEntry:
        """What is kept of it."""
        keys = (*self.same, *self.copied, *self.named)
        return StoryEntry(self.id, self.at, keys, encode(self.profile))


def post(id_: int, profile: Profile, rules: StoryRules) -> Posted:
    """What an article is found by: address and text, runs of words, names and figures."""
    at = UNDATED if profile.published is None else int(profile.published.timestamp()) // 60
    return Posted(
        id=id_,
        at=at,
        profile=profile,
        same=tuple(_SAME | _number(name) for name in sorted({profile.digest, *profile.urls})),
        copied=tuple(_COPIED | h for h in profile.sketch[: rules.candidates.posted_hashes]),
        named=_named(profile, rules.rarity, rules.candidates.least_rarity),
    )


def _named(profile: Profile, rarity: Rarity, least: float) -> dict[int, float]:
    """Names and figures of the lead that are not common, with their rarity."""
    return {
        _NAMED | _number(feature): rare
        for features in (profile.names, profile.figures)
        for feature, weight in features.items()
        if weight == 1.0 and (rare := rarity(feature)) >= least
    }


def _number(feature: str) -> int:
    return zlib.crc32(feature.encode())


def candidates(shelf: Shelf, new: Sequence[Posted], rules: StoryRules) -> list[tuple[int, int]]:
    """Pairs (smaller number, greater number) of which at least one is new.

    The new articles are not on the shelf yet. A pair shares an address or a text, enough
    hashes of copied runs, or enough rare features of the lead. Of all that have a feature
    each article meets those nearest in time only, so that the cost of an article does not
    grow with the number of articles.
    """
    pairs: set[tuple[int, int]] = set()
    if not new:
        return []
    limits, window = rules.candidates, rules.window
    copied = {posted.id: dict.fromkeys(posted.copied, 1.0) for posted in new}
    named = {posted.id: posted.named for posted in new}
    for wanted, days, features, weight in (
        ({p.id: dict.fromkeys(p.same, 1.0) for p in new}, None, 1, 1.0),
        (copied, window.copy_days, limits.shared_hashes, 0.0),
        (named, window.days, limits.shared_features, limits.shared_rarity),
    ):
        meeting = _Meeting(shelf, new, wanted, days, limits.nearest)
        for posted in new:
            for other in meeting.of(posted, features, weight, limits.compared):
                pairs.add((min(posted.id, other), max(posted.id, other)))
    return sorted(pairs)


class _Meeting:
    """Who has features of one kind, for a batch of articles."""

    def __init__(
        self,
        shelf: Shelf,
        new: Sequence[Posted],
        wanted: Mapping[int, Mapping[int, float]],
        days: float | None,
        nearest: int,
    ) -> None:
        self._wanted = wanted
        self._reach = None if days is None else int(days * _DAY)
        self._nearest = nearest
        self._found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for posted in new:
            place = posted.at, posted.id
            for key in wanted[posted.id]:
                self._found[key].append(place)
        for key, at, id_ in shelf.postings(list(self._found), *self._bounds(new)):
            self._found[key].append((at, id_))
        for articles in self._found.values():
            if len(articles) > 1:
                articles.sort()

    def _bounds(self, new: Sequence[Posted]) -> tuple[int | None, int | None]:
        times = [posted.at for posted in new]
        if self._reach is None or UNDATED in times:
            return None, None
        return min(times) - self._reach, max(times) + self._reach

    def of(self, posted: Posted, least: int, weight: float, most: int) -> Iterable[int]:
        """The articles that share so many features, with so much weight, with this one."""
        near = [
            (rare, self._near(found, posted.at))
            for key, rare in self._wanted[posted.id].items()
            if len(found := self._found[key]) > 1  # else it is nobody but itself
        ]
        if len(near) < least:
            return ()
        shared = Counter(chain.from_iterable(articles for _, articles in near))
        shared.pop(posted.id, None)
        enough = {other for other, count in shared.items() if count >= least}
        weights = dict.fromkeys(enough, 0.0)
        for rare, articles in near:
            for other in enough.intersection(articles):
                weights[other] += rare
        heavy = [other for other in enough if weights[other] >= weight]
        if len(heavy) <= most:
            return heavy
        return nsmallest(most, heavy, key=lambda other: (-weights[other], other))

    def _near(self, articles: Sequence[tuple[int, int]], at: int) -> list[int]:
        """Those within reach of a time; the undated, who come first in the list, always are."""
        if self._reach is None or at == UNDATED:
            return [id_ for _, id_ in articles[-self._nearest :]]
        earliest, latest = articles[0][0], articles[-1][0]
        if len(articles) <= self._nearest and UNDATED < earliest >= at - self._reach:
            if latest <= at + self._reach:  # most features are those of few days
                return [id_ for _, id_ in articles]
        undated = bisect_left(articles, (UNDATED + 1,))
        first = bisect_left(articles, (at - self._reach,), undated)
        last = bisect_left(articles, (at + self._reach + 1,), first)
        if last - first > self._nearest:
            middle = bisect_left(articles, (at,), first, last)
            first = max(first, min(middle - self._nearest // 2, last - self._nearest))
            last = first + self._nearest
        near = [id_ for _, id_ in articles[first:last]]
        return near if not undated else near + [i for _, i in articles[:undated][-self._nearest :]]
