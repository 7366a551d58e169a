"""New and changed articles find their stories; only what they touch is grouped anew."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from extractor.records import Article, Member, Reading, Story, StoryDecision, StoryTie
from extractor.stories.compare import Verdict, compare
from extractor.stories.encoding import decode
from extractor.stories.grouping import ONE_TEXT, Group, components, group
from extractor.stories.index import candidates, post
from extractor.stories.likeness import Weighed
from extractor.stories.profile import Profile, profiles
from extractor.stories.ranges import Places
from extractor.stories.rules import StoryRules
from extractor.stories.shelf import Shelf
from extractor.stories.strangers import Crowd

FIRST = "first"
BY_HAND = "joined by hand"
_AT_ONCE = 20_000  # pairs
_LAST = datetime.max.replace(tzinfo=UTC)

Numbered = tuple[int, Article, Reading]


@dataclass(frozen=True, slots=True)
class Regrouped:
    """Stories to be stored, and the keys of those whose place they take."""

    stories: tuple[Story, ...]
    gone: frozenset[str]


def take_in(
    shelf: Shelf, ids: Collection[int], read: Sequence[Numbered], rules: StoryRules
) -> Regrouped:
    """Puts articles on the shelf, ties them to others and finds the stories that changed by it.

    Of the articles `ids` those that were `read` are there afterwards.
    """
    judge = _Judge(shelf, rules)
    return _regroup(shelf, _tie(shelf, ids, read, judge, rules), judge, rules)


def _tie(
    shelf: Shelf,
    ids: Collection[int],
    read: Sequence[Numbered],
    judge: _Judge,
    rules: StoryRules,
) -> frozenset[int]:
    """The articles whose stories may have changed.

    These are those that came, and what was tied to them before or is now.
    """
    touched = {*ids} | {end for tie in shelf.ties(ids) for end in (tie.left, tie.right)}
    shelf.drop(ids)
    found = profiles([(article, reading) for _, article, reading in read], rules)
    posted = [post(id_, its, rules) for (id_, _, _), its in zip(read, found, strict=True)]
    pairs = candidates(shelf, posted, rules)
    shelf.put([each.entry() for each in posted])
    judge.meet({each.id: each.profile for each in posted})
    judge.load(set(pairs.ravel().tolist()))
    ties = []
    for left, right in judge.without_strangers(pairs):
        verdict = judge(left, right)
        if verdict.same:
            ties.append(StoryTie(left, right, verdict.score, verdict.reason))
    shelf.tie(ties)
    return frozenset(touched | {end for tie in ties for end in (tie.left, tie.right)})


def regroup(shelf: Shelf, touched: Collection[int], rules: StoryRules) -> Regrouped:
    """The stories of these articles and of all that hangs together with them.

    A story keeps its key in the group that holds most of its members. What comes out is
    the same whatever the order in which the articles came.
    """
    return _regroup(shelf, touched, _Judge(shelf, rules), rules)


def _regroup(shelf: Shelf, touched: Collection[int], judge: _Judge, rules: StoryRules) -> Regrouped:
    reach = _Reach.around(shelf, touched)
    judge.load(reach.ids)
    joined = [(d.left, d.right) for d in reach.decisions if d.joined]
    edges = [(tie.left, tie.right) for tie in reach.ties] + joined
    known = judge.ids & reach.ids
    tied: dict[int, list[StoryTie]] = {}
    for tie in reach.ties:
        tied.setdefault(tie.left, []).append(tie)
    ties = {frozenset((tie.left, tie.right)): tie for tie in reach.ties}

    def score(left: int, right: int) -> float:
        tie = ties.get(frozenset((left, right)))
        return tie.score if tie else judge(left, right).score

    groups: list[Group] = []
    for part in components(known, [e for e in edges if e[0] in known and e[1] in known]):
        if len(part) == 1:
            groups.append(part)
            continue
        inside = set(part)
        groups += group(
            sorted(part, key=judge.when),
            [tie for id_ in part for tie in tied.get(id_, ()) if tie.right in inside],
            reach.decisions,
            score,
            rules.paraphrase,
        )
    groups.sort(key=lambda members: judge.when(members[0]))
    # A story of the same members is stored already, unless one of them says something new.
    found, new = set(groups), set(touched)
    kept = {
        key: members
        for key, members in reach.told.items()
        if members in found and new.isdisjoint(members)
    }
    stored = set(kept.values())
    fresh = [members for members in groups if members not in stored]
    before = {key: members for key, members in reach.told.items() if key not in kept}
    keys = _keys(fresh, before, judge, shelf.has_story)
    stories = tuple(
        Story(key, tuple(_members(members, ties, joined, judge)))
        for key, members in zip(keys, fresh, strict=True)
    )
    return Regrouped(stories, frozenset(before))


@dataclass(slots=True)
class _Reach:
    """All that hangs together with some articles: by ties, by decisions, by a story so far."""

    ids: set[int]
    ties: list[StoryTie]
    decisions: list[StoryDecision]
    told: dict[str, Group]

    @classmethod
    def around(cls, shelf: Shelf, touched: Collection[int]) -> _Reach:
        ids: set[int] = set()
        ties: dict[StoryTie, None] = {}
        decisions: dict[StoryDecision, None] = {}
        told: dict[str, Group] = {}
        edge = set(touched)
        while edge:
            ids |= edge
            ties.update(dict.fromkeys(found := shelf.ties(edge)))
            decisions.update(dict.fromkeys(decided := shelf.decisions(edge)))
            told.update(groups := shelf.groups(edge))
            near = {end for tie in found for end in (tie.left, tie.right)}
            near |= {end for d in decided if d.joined for end in (d.left, d.right)}
            near |= {member for members in groups.values() for member in members}
            edge = near - ids
        # Within a step they come newest first, across steps they need not.
        newest = sorted(decisions, key=lambda decision: -decision.number)
        return cls(ids, list(ties), newest, told)


class _Judge:
    """Compares articles of the shelf, each pair once."""

    def __init__(self, shelf: Shelf, rules: StoryRules) -> None:
        self._shelf = shelf
        self._rules = rules
        self._known: dict[int, Weighed] = {}
        self._verdicts: dict[tuple[int, int], Verdict] = {}

    @property
    def ids(self) -> frozenset[int]:
        return frozenset(self._known)

    def meet(self, profiles: Mapping[int, Profile]) -> None:
        """Takes note of articles as they have just been put on the shelf."""
        for id_, met in profiles.items():
            self._known[id_] = Weighed(met, self._rules.rarity)

    def load(self, ids: Collection[int]) -> None:
        missing = [id_ for id_ in ids if id_ not in self._known]
        self.meet({id_: decode(body) for id_, body in self._shelf.bodies(missing).items()})

    def key(self, id_: int) -> str:
        return self._known[id_].profile.key

    def when(self, id_: int) -> tuple[datetime, str]:
        """Articles in order: the undated last."""
        profile = self._known[id_].profile
        return profile.published or _LAST, profile.key

    def without_strangers(self, pairs: Places) -> Iterator[tuple[int, int]]:
        """The pairs of loaded articles that may tell one story."""
        # Postings may outlive an article that another program deleted.
        pairs = pairs[:, np.isin(pairs, list(self._known)).all(axis=0)]
        for start in range(0, pairs.shape[1], _AT_ONCE):
            part = pairs[:, start : start + _AT_ONCE]
            ids, (left, right) = np.unique(part, return_inverse=True)
            crowd = Crowd([self._known[id_] for id_ in ids.tolist()], self._rules)
            found = part[:, ~crowd.are_strangers(left, right)]
            yield from zip(*found.tolist(), strict=True)

    def __call__(self, left: int, right: int) -> Verdict:
        pair = (left, right) if left < right else (right, left)
        verdict = self._verdicts.get(pair)
        if verdict is None:
            # Sums of floats depend on their order: let it be that of the keys, not of arrival.
            one, other = sorted(
                (self._known[left], self._known[right]), key=lambda w: w.profile.key
            )
            verdict = self._verdicts[pair] = compare(one, other, self._rules)
        return verdict


def _members(
    members: Group,
    ties: Mapping[frozenset[int], StoryTie],
    joined: Iterable[tuple[int, int]],
    judge: _Judge,
) -> Iterable[Member]:
    """Each article with its strongest tie to an earlier one; that it is one text counts first."""
    yield Member(judge.key(members[0]), 1.0, FIRST)
    by_hand = {frozenset(pair) for pair in joined}
    for number, id_ in enumerate(members[1:], start=1):
        earlier = members[:number]
        found = [(tie, e) for e in earlier if (tie := ties.get(frozenset((id_, e))))]
        hand = [e for e in earlier if frozenset((id_, e)) in by_hand]
        if hand:
            yield Member(judge.key(id_), 1.0, BY_HAND, judge.key(hand[0]))
        elif found:
            tie, other = max(found, key=lambda pair: (pair[0].reason in ONE_TEXT, pair[0].score))
            yield Member(judge.key(id_), tie.score, tie.reason, judge.key(other))
        else:  # it hangs on a later one
            other = max(earlier[:6], key=lambda e: judge(id_, e).score)
            verdict = judge(id_, other)
            yield Member(judge.key(id_), verdict.score, verdict.reason, judge.key(other))


def _keys(
    groups: Sequence[Group],
    before: Mapping[str, Group],
    judge: _Judge,
    is_taken: Callable[[str], bool],
) -> list[str]:
    """A key for each group: that of the story it continues, else one of its first article."""
    home = {id_: number for number, members in enumerate(groups) for id_ in members}
    claims = [
        (-count, key, number)
        for key, members in before.items()
        for number, count in Counter(home[id_] for id_ in members if id_ in home).items()
    ]
    heirs: dict[int, str] = {}
    used: set[str] = set()
    for _, key, number in sorted(claims):
        if key not in used and number not in heirs:
            heirs[number] = key
            used.add(key)
    for number, members in enumerate(groups):
        if number not in heirs:
            heirs[number] = _fresh(judge.key(members[0]), used, before, is_taken)
            used.add(heirs[number])
    return [heirs[number] for number in range(len(groups))]


def _fresh(
    article_key: str, used: set[str], before: Mapping[str, Group], is_taken: Callable[[str], bool]
) -> str:
    name = hashlib.sha256(article_key.encode()).hexdigest()
    lengths = range(8, len(name), 4)
    return next(
        (
            key
            for key in (name[:length] for length in lengths)
            if key not in used and (key in before or not is_taken(key))
        ),
        name,
    )
