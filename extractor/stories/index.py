"""Which pairs of articles are worth comparing, found by an index and never by all pairs."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from extractor.records import StoryEntry
from extractor.stories.encoding import encode
from extractor.stories.profile import Profile
from extractor.stories.ranges import Places, spread
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
        keys = (*self.copied, *self.named)
        return StoryEntry(self.id, self.at, self.same, keys, encode(self.profile))


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


def candidates(shelf: Shelf, new: Sequence[Posted], rules: StoryRules) -> Places:
    """Pairs (smaller number, greater number) of which at least one is new, in order: two rows.

    The new articles are not on the shelf yet. A pair shares an address or a text, enough
    hashes of copied runs, or enough rare features of the lead. Of all that have a feature
    each article meets those nearest in time only, so that the cost of an article does not
    grow with the number of articles.
    """
    limits, window = rules.candidates, rules.window
    same = [dict.fromkeys(posted.same, 1.0) for posted in new]
    copied = [dict.fromkeys(posted.copied, 1.0) for posted in new]
    named = [posted.named for posted in new]
    found = [np.empty((2, 0), np.int64)]
    for wanted, days, least, weight in (
        (same, None, 1, 1.0),
        (copied, window.copy_days, limits.shared_hashes, 0.0),
        (named, window.days, limits.shared_features, limits.shared_rarity),
    ):
        if any(wanted):
            meeting = _Meeting(shelf, new, wanted, days, limits.nearest)
            found += meeting.pairs(least, weight, limits.compared)
    pairs = np.concatenate(found, axis=1)
    pairs = pairs[:, np.lexsort(pairs[::-1])]
    is_first = np.diff(pairs, axis=1, prepend=-1).any(axis=0)
    return pairs[:, is_first]


class _Meeting:
    """Who has features of one kind, for a batch of articles.

    The postings of these features stand in order of feature, time and article: whom an
    article meets by a feature are ranges of them.
    """

    def __init__(
        self,
        shelf: Shelf,
        new: Sequence[Posted],
        wanted: Sequence[Mapping[int, float]],
        days: float | None,
        nearest: int,
    ) -> None:
        self._ids, times = np.array([(posted.id, posted.at) for posted in new]).T
        self._owner = np.repeat(np.arange(len(new)), [len(features) for features in wanted])
        self._rare = np.array([rare for features in wanted for rare in features.values()])
        keys, self._feature = np.unique(list(chain.from_iterable(wanted)), return_inverse=True)
        at = times[self._owner]
        reach = None if days is None else int(days * _DAY)
        found = _stored(shelf, keys, times, reach)
        stored = np.fromiter(chain.from_iterable(found), np.int64)
        their_key, their_at, their_id = stored.reshape(-1, 3).T
        feature = np.concatenate((self._feature, np.searchsorted(keys, their_key)))
        ids = np.concatenate((self._ids[self._owner], their_id))
        places = (feature << _TIME_BITS) + np.concatenate((at, their_at))
        order = np.lexsort((ids, places))
        self._places = places[order]
        self._people, self._who = np.unique(ids[order], return_inverse=True)
        self._first, self._last = self._near(at, reach, nearest)

    def _near(self, at: Places, reach: int | None, nearest: int) -> tuple[Places, Places]:
        """Two ranges of postings for each feature of each article.

        First those that are nearest within reach of its time, then the undated; for what is
        undated itself, and without a reach, the last of all.
        """
        begin, dated, end = (self._place(time) for time in (-_EVER, UNDATED + 1, _EVER))
        anytime = at == UNDATED if reach is not None else np.full(len(at), True)
        first = np.maximum(self._place(at - (reach or 0)), dated)
        last = np.maximum(self._place(at + (reach or 0) + 1), first)
        middle = np.clip(self._place(at), first, last)
        first = np.maximum(first, np.minimum(middle - nearest // 2, last - nearest))
        last = np.where(anytime, first, np.minimum(last, first + nearest))
        until = np.where(anytime, end, dated)
        begin = np.maximum(begin, until - nearest)
        return np.stack((first, begin), axis=1), np.stack((last, until), axis=1)

    def _place(self, time: Places | int) -> Places:
        """Where the postings of each feature begin that are not before a time."""
        return np.searchsorted(self._places, (self._feature << _TIME_BITS) + time)

    def pairs(self, least: int, weight: float, most: int) -> Iterator[Places]:
        """Articles that share so many features, with so much weight; of each the first `most`."""
        for begin in range(0, len(self._ids), _AT_ONCE):
            part = slice(*np.searchsorted(self._owner, (begin, begin + _AT_ONCE)))
            number, place = spread(self._first[part].ravel(), self._last[part].ravel())
            number //= 2  # two ranges a feature
            # A table of so many articles by all whom they meet.
            width = len(self._people)
            cell = (self._owner[part][number] - begin) * width + self._who[place]
            shared = np.bincount(cell)
            weights = np.bincount(cell, self._rare[part][number])
            found = np.flatnonzero((shared >= least) & (weights >= weight))
            mine, theirs = self._ids[begin + found // width], self._people[found % width]
            order = np.lexsort((theirs, -weights[found], mine))
            order = order[mine[order] != theirs[order]]
            mine, theirs = mine[order], theirs[order]
            kept = np.arange(len(mine)) - np.searchsorted(mine, mine) < most
            yield np.sort((mine[kept], theirs[kept]), axis=0)


def _stored(
    shelf: Shelf, keys: Places, times: Places, reach: int | None
) -> Iterator[tuple[int, int, int]]:
    """Key, time and number of what is on the shelf within reach of these times."""
    if reach is None:
        return shelf.lasting(keys.tolist())
    if UNDATED in times:
        return shelf.postings(keys.tolist(), None, None)
    return shelf.postings(keys.tolist(), int(times.min()) - reach, int(times.max()) + reach)


# Postings are sorted by one number: a feature's, then minutes, of any year there is.
_TIME_BITS = 34
_EVER = 1 << 33
_AT_ONCE = 25
