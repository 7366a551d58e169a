"""Which pairs of articles are worth comparing, found by an index and never by all pairs."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import Generic, TypeVar

from extractor.stories.profile import Profile
from extractor.stories.rules import StoryRules

Feature = TypeVar("Feature", bound=Hashable)


def candidate_pairs(
    profiles: Sequence[Profile], frequency: Mapping[str, int], rules: StoryRules
) -> Iterator[tuple[int, int]]:
    """Positions (earlier, later) in `profiles`, which are in order of publication.

    A pair shares an address, a text, enough hashes of copied runs, or enough features of
    the lead that are not common. Each article meets only the latest of each feature, so the
    cost of an article does not grow with the number of articles.
    """
    limits = rules.candidates
    common = max(limits.latest, limits.common_share * len(profiles))
    same = _Index([[p.digest, *p.urls] for p in profiles], 1, limits.latest)
    copied = _Index(
        [p.sketch[: limits.posted_hashes] for p in profiles], limits.shared_hashes, limits.latest
    )
    named = _Index(
        [[f for f in p.lead_features if frequency[f] <= common] for p in profiles],
        limits.shared_features,
        limits.latest,
    )
    copied_since = _window(profiles, timedelta(days=rules.window.copy_days))
    named_since = _window(profiles, timedelta(days=rules.window.days))
    for position, (copies, names) in enumerate(zip(copied_since, named_since, strict=True)):
        found = {
            *same.meet(position, 0),
            *copied.meet(position, copies),
            *named.meet(position, names),
        }
        for other in sorted(found):
            yield other, position


def document_frequency(profiles: Iterable[Profile]) -> Counter[str]:
    """In how many articles each name and figure occurs."""
    counts: Counter[str] = Counter()
    for profile in profiles:
        counts.update(profile.names.keys())
        counts.update(profile.figures.keys())
    return counts


class _Index(Generic[Feature]):
    """Who shares features of one kind, among the latest that have each of them."""

    def __init__(self, features: Sequence[Sequence[Feature]], wanted: int, latest: int) -> None:
        self._features = features
        self._wanted = wanted
        occurrences = Counter(chain.from_iterable(features))
        self._latest: dict[Feature, deque[int]] = {
            feature: deque(maxlen=latest)
            for feature, count in occurrences.items()
            if count > 1  # most runs of words occur once: they find nobody
        }

    def meet(self, position: int, since: int) -> list[int]:
        """Takes in an article; the earlier ones from `since` on that share enough with it."""
        met: list[int] = []
        for feature in self._features[position]:
            latest = self._latest.get(feature)
            if latest is not None:
                if latest and latest[-1] >= since:
                    met += latest
                latest.append(position)
        shared = Counter(met)
        return [o for o, count in shared.items() if count >= self._wanted and o >= since]


def _window(profiles: Iterable[Profile], reach: timedelta) -> Iterator[int]:
    """For each article the first position that is near enough in time.

    An undated article (they come last) may have appeared at any time.
    """
    dates: list[datetime] = []
    first = 0
    for profile in profiles:
        if profile.published is None:
            yield 0
            continue
        dates.append(profile.published)
        while profile.published - dates[first] > reach:
            first += 1
        yield first
