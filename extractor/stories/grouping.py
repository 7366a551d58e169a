"""Articles become stories: candidates, verdicts, then groups of what agrees on average."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from extractor.records import Article, Member, Reading, Story
from extractor.stories.candidates import candidate_pairs, document_frequency
from extractor.stories.compare import SAME_TEXT, SAME_URL, Verdict, compare, rarity_in, weigh
from extractor.stories.profile import Profile, profile
from extractor.stories.rules import StoryRules, load_rules

_LAST = datetime.max.replace(tzinfo=UTC)

Judge = Callable[[int, int], Verdict]
Groups = list[tuple[int, ...]]


def group(
    articles: Sequence[tuple[Article, Reading]],
    known: Sequence[Story] = (),
    rules: StoryRules | None = None,
) -> tuple[Story, ...]:
    """The stories that articles tell, each article in exactly one, by first publication.

    The order of `articles` does not matter. `known` stories lend their keys to the groups
    that hold most of their members, and keep members that are not among `articles`. A
    group is split off or joined anew as the articles demand.
    """
    rules = rules or load_rules()
    # Of an article given twice the first version counts.
    unique = {article.key: (article, reading) for article, reading in reversed(articles)}
    profiles = sorted(
        (profile(article, reading, rules) for article, reading in unique.values()),
        key=lambda p: (p.published or _LAST, p.key),
    )
    frequency = document_frequency(profiles)
    rarity = rarity_in(frequency, len(profiles), rules.paraphrase.unseen_articles)
    weighed = [weigh(p, rarity) for p in profiles]
    verdicts: dict[tuple[int, int], Verdict] = {}

    def judge(left: int, right: int) -> Verdict:
        pair = (left, right) if left < right else (right, left)
        if pair not in verdicts:
            verdicts[pair] = compare(weighed[pair[0]], weighed[pair[1]], rules)
        return verdicts[pair]

    pairs = [p for p in candidate_pairs(profiles, frequency, rules) if judge(*p).same]
    groups = _join(len(profiles), pairs, judge, rules)
    found = [_story([profiles[i] for i in group], group, judge) for group in groups]
    return _keep_known(found, known)


def _join(count: int, pairs: Iterable[tuple[int, int]], judge: Judge, rules: StoryRules) -> Groups:
    """Join groups along the pairs, the strongest first, if their members agree on average."""
    group_of: dict[int, tuple[int, ...]] = {i: (i,) for i in range(count)}
    for left, right in sorted(pairs, key=lambda pair: (-judge(*pair).score, pair)):
        ours, theirs = group_of[left], group_of[right]
        if ours is theirs:
            continue
        verdict = judge(left, right)
        if verdict.reason in (SAME_URL, SAME_TEXT) or _agree(ours, theirs, judge, rules):
            joined = tuple(sorted((*ours, *theirs)))
            group_of.update(dict.fromkeys(joined, joined))
    return sorted(set(group_of.values()))


def _agree(ours: tuple[int, ...], theirs: tuple[int, ...], judge: Judge, rules: StoryRules) -> bool:
    first = rules.paraphrase.representatives
    scores = [judge(i, j).score for i in ours[:first] for j in theirs[:first]]
    return sum(scores) / len(scores) >= rules.paraphrase.linkage * rules.paraphrase.threshold


def _story(members: Sequence[Profile], group: tuple[int, ...], judge: Judge) -> Story:
    """Each member with its strongest tie to an earlier one; members are in order already."""
    told = [Member(members[0].key, 1.0, "first")]
    for position in range(1, len(group)):
        best = _strongest(judge(group[position], earlier) for earlier in group[:position])
        told.append(Member(members[position].key, round(best.score, 4), best.reason))
    return Story(_key(members[0].key), tuple(told))


def _strongest(ties: Iterable[Verdict]) -> Verdict:
    """The first of the strongest; a perfect one ends the search, for copies come in hundreds."""
    best = Verdict(-1.0, "", False)
    for tie in ties:
        if (tie.same, tie.score) > (best.same, best.score):
            best = tie
        if best.same and best.score == 1.0:
            break
    return best


def _keep_known(found: Sequence[Story], known: Sequence[Story]) -> tuple[Story, ...]:
    """Give groups the keys of the known stories they continue."""
    given = {member.article_key for story in found for member in story.members}
    home = {m.article_key: place for place, s in enumerate(found) for m in s.members}
    heirs: dict[int, Story] = {}
    claims: list[tuple[int, str, int, Story]] = []
    untouched: list[Story] = []
    for story in known:
        shares = Counter(home[m.article_key] for m in story.members if m.article_key in given)
        claims += [(-count, story.key, place, story) for place, count in shares.items()]
        if not shares:
            untouched.append(story)
    used: set[str] = set()
    for _, key, place, story in sorted(claims, key=lambda claim: claim[:3]):
        if key not in used and place not in heirs:
            heirs[place] = story
            used.add(key)
    kept = [_continued(story, heirs.get(place), given) for place, story in enumerate(found)]
    return (*untouched, *kept)


def _continued(story: Story, before: Story | None, given: set[str]) -> Story:
    if before is None:
        return story
    absent = tuple(member for member in before.members if member.article_key not in given)
    return Story(before.key, (*absent, *story.members))


def _key(article_key: str) -> str:
    return hashlib.sha256(article_key.encode()).hexdigest()[:8]
