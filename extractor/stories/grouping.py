"""Ties between articles become groups, where people have not decided otherwise."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import product

from extractor.records import StoryDecision, StoryTie
from extractor.stories.compare import COPY, SAME_TEXT, SAME_URL
from extractor.stories.rules import ParaphraseRules

ONE_TEXT = frozenset((SAME_URL, SAME_TEXT, COPY))

Group = tuple[int, ...]
Likeness = Callable[[int, int], float]


def components(ids: Collection[int], edges: Iterable[tuple[int, int]]) -> list[Group]:
    """The articles that hang together by edges."""
    home: dict[int, Group] = {id_: (id_,) for id_ in ids}
    for left, right in edges:
        ours, theirs = home[left], home[right]
        if ours is not theirs:
            small, large = sorted((ours, theirs), key=len)
            joined = (*large, *small)
            home.update(dict.fromkeys(joined, joined))
    return list(dict.fromkeys(home.values()))


def group(
    order: Sequence[int],
    ties: Iterable[StoryTie],
    decisions: Iterable[StoryDecision],
    likeness: Likeness,
    rules: ParaphraseRules,
) -> list[Group]:
    """Groups of articles, given in order of publication, each group in that order.

    First what people joined, the newest decision first; then what is one text; then along
    the other ties, the strongest first, groups whose first members are alike on average.
    What people parted stays apart.
    """
    place = {id_: number for number, id_ in enumerate(order)}
    groups = _Groups(place)
    groups.obey(decisions)

    def rank(tie: StoryTie) -> tuple[bool, float, int, int]:
        ends = sorted((place[tie.left], place[tie.right]))
        return tie.reason not in ONE_TEXT, -tie.score, ends[0], ends[1]

    for tie in sorted(ties, key=rank):
        ours, theirs = groups.of(tie.left), groups.of(tie.right)
        if ours is theirs or groups.are_parted(ours, theirs):
            continue
        if tie.reason in ONE_TEXT or _agree(ours, theirs, likeness, rules):
            groups.join(ours, theirs)
    return groups.all()


def _agree(ours: Group, theirs: Group, likeness: Likeness, rules: ParaphraseRules) -> bool:
    first = rules.representatives
    scores = [likeness(i, j) for i, j in product(ours[:first], theirs[:first])]
    # One template filled with other figures scores 0: no third article brings them together.
    return min(scores) > 0 and sum(scores) / len(scores) >= rules.linkage


class _Groups:
    """A partition that grows coarser, and who may not meet in it."""

    def __init__(self, place: Mapping[int, int]) -> None:
        self._place = place
        self._home: dict[int, Group] = {id_: (id_,) for id_ in place}
        self._parted: dict[int, set[int]] = {}

    def of(self, id_: int) -> Group:
        return self._home[id_]

    def all(self) -> list[Group]:
        return list(dict.fromkeys(self._home[id_] for id_ in self._place))

    def join(self, ours: Group, theirs: Group) -> None:
        joined = tuple(sorted((*ours, *theirs), key=self._place.__getitem__))
        self._home.update(dict.fromkeys(joined, joined))

    def are_parted(self, ours: Group, theirs: Group) -> bool:
        if not self._parted:
            return False
        others = set(theirs)
        return any(not others.isdisjoint(self._parted.get(id_, ())) for id_ in ours)

    def obey(self, decisions: Iterable[StoryDecision]) -> None:
        """Takes decisions over, the newest first; one that contradicts a newer one is void."""
        for decision in decisions:
            if decision.left not in self._home or decision.right not in self._home:
                continue
            ours, theirs = self.of(decision.left), self.of(decision.right)
            if ours is theirs:
                continue
            if not decision.joined:
                self._parted.setdefault(decision.left, set()).add(decision.right)
                self._parted.setdefault(decision.right, set()).add(decision.left)
            elif not self.are_parted(ours, theirs):
                self.join(ours, theirs)
