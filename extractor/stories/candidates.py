"""Which pairs of articles are worth comparing, found by an index and never by all pairs."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta

from extractor.stories.profile import Profile
from extractor.stories.rules import StoryRules

_ANY_TIME = timedelta.max


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
    reach = {
        "name": timedelta(days=rules.window.days),
        "hash": timedelta(days=rules.window.copy_days),
        "same": _ANY_TIME,
    }
    wanted = {"name": limits.shared_features, "hash": limits.shared_hashes, "same": 1}
    latest: dict[tuple[str, str | int], deque[int]] = defaultdict(
        lambda: deque(maxlen=limits.latest)
    )
    for position, profile in enumerate(profiles):
        shared: dict[str, Counter[int]] = {kind: Counter() for kind in reach}
        for kind, feature in _posts(profile, limits.posted_hashes):
            if kind == "name" and frequency[str(feature)] > common:
                continue
            posted = latest[kind, feature]
            shared[kind].update(posted)
            posted.append(position)
        found = {
            other
            for kind, counts in shared.items()
            for other, count in counts.items()
            if count >= wanted[kind] and _apart(profile, profiles[other]) <= reach[kind]
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


def _posts(profile: Profile, hashes: int) -> Iterator[tuple[str, str | int]]:
    """All that an article is found by, each once."""
    yield "same", profile.digest
    yield from (("same", url) for url in sorted(profile.urls))
    yield from (("hash", run) for run in profile.sketch[:hashes])
    yield from (("name", feature) for feature in profile.lead_features)


def _apart(left: Profile, right: Profile) -> timedelta:
    """How long apart two articles appeared; an undated one may have appeared at any time."""
    if left.published is None or right.published is None:
        return timedelta(0)
    return abs(left.published - right.published)
