"""From lessons to weights: first those on mentions, then, on what these give, those on deals.

    lessons -> trigger weights -> (triggers of unseen lessons) -> weights on mentions
            -> (clusters of unseen lessons) -> weights on deals

"Unseen": each lesson is read with weights that were learned from other stories only, so that
the second half learns from the first half's real mistakes (stacking; Wolpert 1992).
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from extractor.learning.boosting import Growth, Table, together
from extractor.learning.examples import Examples, Stacked, without, words_of
from extractor.learning.lessons import Aliases, Lesson, folds
from extractor.learning.wholes import FOLDS, PARTIES, STRONG, TYPES, YES_NO, Clustered, DealLearner
from extractor.reading.deals.arguments import PARTY_ROLES, SLOT_KINDS, Place, pairs
from extractor.reading.deals.clusters import (
    ClusterFinder,
    MentionWeights,
    by_sentence,
    in_order,
    told_by,
)
from extractor.reading.deals.evidence import Trigger
from extractor.reading.deals.finder import DealFinder
from extractor.reading.deals.links import LATEST, Told, side_by_side
from extractor.reading.deals.referents import referents
from extractor.reading.deals.thesaurus import Thesaurus
from extractor.reading.deals.trees import Numbers, Trees
from extractor.reading.deals.triggers import SentenceView
from extractor.reading.deals.weights import Features, Weights
from extractor.reading.statusrules import StatusRules

_SLOTS = ("none", *SLOT_KINDS)
_BESIDE = 8  # items: a second trigger word so near to a marked one tells of the same deal
_UNSURE = 6  # a cue so near to a marked trigger is neither right nor wrong as one itself
_FORGOTTEN = 0.3  # how often a referent is learned without knowing who is taken
_OF_LINKS = Growth(rounds=60, rate=0.15, leaves=24, height=6)
_OF_REFERENTS = Growth(rounds=60, rate=0.15, leaves=24, height=6)
_NO_WEIGHTS, _NO_TREES = Weights(("none",), {}), Trees(("none",), ())
_NOTHING = MentionWeights(
    _NO_WEIGHTS, _NO_WEIGHTS, _NO_WEIGHTS, _NO_WEIGHTS, links=_NO_TREES, referents=_NO_TREES
)


class Learner:
    """Learns weights from lessons; `tell` hears how far it has come."""

    def __init__(
        self,
        thesaurus: Thesaurus,
        status: StatusRules,
        aliases: Aliases,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._thesaurus = thesaurus
        self._status = status
        self._aliases = aliases
        self._tell = tell

    def learn(self, lessons: Sequence[Lesson]) -> DealFinder:
        """A finder with all weights and trees, from all lessons."""
        parts = folds(lessons, FOLDS)
        others = [[x for p in without(parts, part) for x in p] for part in parts]
        self._tell("learning triggers")
        finders = [self._with_triggers(known) for known in others]
        heard: dict[int, list[Trigger]] = {}
        for part, finder in zip(parts, finders, strict=True):
            heard.update({id(lesson): finder.triggers(lesson.scene) for lesson in part})
        self._tell("learning arguments and referents")
        links: list[Stacked] = []
        for part, finder, known in zip(parts, finders, others, strict=True):
            self._learn_arguments(finder, known, heard)
            for lesson in part:
                found = heard[id(lesson)]
                types = {t.place: t.type for t in found}
                finder.weigh(lesson.scene, found, types, by_sentence(types))
            links.append(self._links(finder, part, heard))
        self._tell("learning links")
        tables: list[Table] = []
        for of_part, finder in zip(links, finders, strict=True):
            words = words_of(without(links, of_part)).fit(YES_NO)
            finder.weights = replace(finder.weights, link_words=words)
            tables.append(of_part.table(words, _of_link_words))
        told: list[Clustered] = []
        for table, part, finder in zip(tables, parts, finders, strict=True):
            grown = together(without(tables, table)).fit(YES_NO, _OF_LINKS)
            finder.weights = replace(finder.weights, links=grown)
            told += [(x, finder, finder.join(x.scene, heard[id(x)])) for x in part]
        final = self._with_triggers(lessons)
        self._learn_arguments(final, lessons, heard)
        final.weights = replace(
            final.weights,
            link_words=words_of(links).fit(YES_NO),
            links=together(tables).fit(YES_NO, _OF_LINKS),
        )
        self._tell("learning types, parties, figures and statuses")
        deals = DealLearner(self._thesaurus, self._status, self._aliases).learn(told)
        return DealFinder(self._thesaurus, final.weights, deals, self._status)

    def _with_triggers(self, lessons: Sequence[Lesson]) -> ClusterFinder:
        finder = ClusterFinder(self._thesaurus, _NOTHING)
        features = finder.trigger_features
        examples = Examples()
        for lesson in lessons:
            scene = lesson.scene
            marked = by_sentence(lesson.triggers)
            shared: dict[int, SentenceView] = {}
            for number, position in features.candidates(scene):
                deals = lesson.triggers.get((number, position))
                if not deals and number in marked:
                    gap = min(abs(position - other) for other in marked[number])
                    token = scene.items[number][position].first
                    if gap <= _UNSURE and token in scene.cues[number]:
                        continue
                if number not in shared:
                    shared[number] = features.sentence(scene, number)
                label = lesson.deal(deals[0]).type if deals else "none"
                examples.add(
                    features.features(scene, number, position, shared[number]), label, lesson
                )
        finder.weights = replace(_NOTHING, triggers=examples.fit(TYPES, STRONG))
        return finder

    def _learn_arguments(
        self, finder: ClusterFinder, lessons: Sequence[Lesson], heard: dict[int, list[Trigger]]
    ) -> None:
        """Give a finder the weights of parties and amounts and the trees of referents."""
        parties, amounts, referents = Examples(), Examples(), Table()
        for lesson in lessons:
            types = {t.place: t.type for t in heard[id(lesson)]}
            deals = {place: deals_beside(lesson, place) for place in {*types, *lesson.triggers}}
            self._arguments(finder, lesson, types, deals, parties, amounts)
            self._referents(lesson, referents)
        finder.weights = replace(
            finder.weights,
            parties=parties.fit(PARTIES, STRONG),
            amounts=amounts.fit(_SLOTS, STRONG),
            referents=referents.fit(YES_NO, _OF_REFERENTS),
        )

    def _arguments(
        self,
        finder: ClusterFinder,
        lesson: Lesson,
        types: dict[Place, str],
        deals: dict[Place, list[int]],
        parties: Examples,
        amounts: Examples,
    ) -> None:
        places = by_sentence(deals)
        alone: dict[tuple[int, str], Features] = {}
        for place, mention, distance in pairs(lesson.scene, places):
            own = deals[place]
            type_ = lesson.deal(own[0]).type if own else types[place]
            role = lesson.role((mention.sentence, mention.position), own)
            features = finder.pair(lesson.scene, place, type_, mention, distance, places, alone)
            if mention.kind == "site":
                if all(lesson.tells_site(lesson.deal(number)) for number in own):
                    is_there = lesson.sites[mention.sentence, mention.position] & set(own)
                    amounts.add(features, "site" if is_there else "none", lesson)
            elif mention.kind in ("co", "ref"):
                parties.add(features, role if role in PARTY_ROLES else "none", lesson)
            else:
                amounts.add(features, role if role in SLOT_KINDS else "none", lesson)

    def _links(
        self, finder: ClusterFinder, lessons: Sequence[Lesson], heard: dict[int, list[Trigger]]
    ) -> Stacked:
        """Triggers beside the deals before them, both with the arguments that were found."""
        links = Stacked()
        for lesson in lessons:
            told: list[tuple[int, Told]] = []  # the deal's number, negative for none
            for trigger in in_order(lesson.scene, heard[id(lesson)]):
                own = deals_beside(lesson, trigger.place)
                number = own[0] if own else -1 - len(told)
                here = told_by(trigger)
                if own:
                    latest = told[-LATEST:][::-1]
                    as_told = [
                        (lesson.scene, here, deal, len(told), order)
                        for order, (_, deal) in enumerate(latest)
                    ]
                    links.add(
                        [finder.link_features.features(*each) for each in as_told],
                        [finder.link_features.numbers(*each) for each in as_told],
                        [YES_NO[other == number] for other, _ in latest],
                        lesson,
                    )
                known = next((deal for other, deal in told if other == number), None)
                if known is None:
                    told.append((number, here))
                else:
                    known.add(here)
        return links

    def _referents(self, lesson: Lesson, table: Table) -> None:
        scene = lesson.scene
        dice = random.Random(lesson.row.id)
        wanted: list[tuple[Place, str, str, int]] = []
        named: dict[int, set[int]] = defaultdict(set)
        for (number, position), roles in sorted(lesson.roles.items()):
            mention = scene.items[number][position].mention
            for own_deal in roles.get("company", ()):
                named[own_deal].add(number)
            if mention is not None and mention.kind == "ref":
                for role in PARTY_ROLES[:2]:
                    wanted += [
                        ((number, position), mention.reference, role, own_deal)
                        for own_deal in sorted(roles.get(role, ()))
                    ]
        for (number, position), own in lesson.triggers.items():
            wanted += [
                ((number, position), "", "company", d) for d in own if number not in named[d]
            ]
        for place, reference, role, deal_number in wanted:
            deal = lesson.deal(deal_number)
            others = (*deal.counterparties, *deal.backers)
            is_company = role == "company"
            meant = (deal.company,) if is_company else deal.counterparties
            rivals = others if is_company else (deal.company,)
            taken = {name for name in scene.names if self._is_one_of(rivals, name)}
            if dice.random() < _FORGOTTEN:
                taken = set()
            names = scene.names_near(place[0])
            told = referents(scene, names, reference, place, role, deal.type, taken)
            for name, numbers in zip(names, told, strict=True):
                right = self._is_one_of(meant, name)
                table.add(numbers, YES_NO[right], lesson.counts_as)

    def _is_one_of(self, golds: Sequence[str], name: str) -> bool:
        return any(self._aliases.same(gold, name) for gold in golds)


def _of_link_words(rows: Sequence[Sequence[float]]) -> list[Numbers]:
    return side_by_side([linked for _, linked in rows])


def deals_beside(lesson: Lesson, place: Place) -> list[int]:
    """The deals that a word tells of: those of its own mark, or of one near by."""
    own = lesson.triggers.get(place)
    if own:
        return own
    number, position = place
    near = [
        (abs(position - other), other) for sentence, other in lesson.triggers if sentence == number
    ]
    if near and min(near)[0] <= _BESIDE:
        return lesson.triggers[number, min(near)[1]]
    told = {
        deal
        for (sentence, _), roles in lesson.roles.items()
        if sentence == number
        for deals in roles.values()
        for deal in deals
    }
    return list(told) if len(told) == 1 else []
