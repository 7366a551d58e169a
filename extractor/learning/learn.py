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
from dataclasses import dataclass, field, replace
from math import isclose
from pathlib import Path

from extractor.evaluate.rows import DealRow
from extractor.learning.lessons import Aliases, Lesson, is_site
from extractor.learning.regression import fit, save
from extractor.reading.deals.arguments import PARTY_ROLES, SLOT_KINDS, Place, pairs
from extractor.reading.deals.clusters import (
    LATEST,
    ClusterFinder,
    MentionWeights,
    by_sentence,
    in_order,
    told_by,
)
from extractor.reading.deals.evidence import Cluster, Figure, Trigger
from extractor.reading.deals.finder import DealFinder, DealWeights, names_of, neighbours
from extractor.reading.deals.links import Told
from extractor.reading.deals.thesaurus import Thesaurus
from extractor.reading.deals.triggers import SentenceView
from extractor.reading.deals.weights import Features, Weights, spelled
from extractor.reading.statusrules import StatusRules
from extractor.records import DEAL_TYPES, STATUSES

Rows = dict[str, dict[str, float]]

_TYPES = ("none", *DEAL_TYPES)
_PARTY = ("none", *PARTY_ROLES)
_SLOTS = ("none", *SLOT_KINDS)
_YES_NO = ("no", "yes")
_BESIDE = 8  # items: a second trigger word so near to a marked one tells of the same deal
_UNSURE = 6  # a cue so near to a marked trigger is neither right nor wrong as one itself
_FORGOTTEN = 0.3  # how often a referent is learned without knowing who is taken
_STRONG = 0.3  # a firmer penalty where features are many: measured, deal F1 gains .02
_CLOSE = 0.005
_FOLDS = 4
_EMPTY = Weights(("none",), {})


@dataclass(slots=True)
class _Examples:
    """Features with what they should give."""

    features: list[list[str]] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    counts_as: list[float] = field(default_factory=list)

    def add(self, features: Features, label: str, lesson: Lesson) -> None:
        self.features.append(spelled(features))
        self.labels.append(label)
        self.counts_as.append(lesson.counts_as)

    def fit(self, classes: Sequence[str], strength: float = 1.0) -> Rows:
        """The weights that they give."""
        return fit(self.features, self.labels, classes, strength=strength, counts_as=self.counts_as)


@dataclass(slots=True)
class Learned:
    """A finder with the rows of its weights, by file name."""

    finder: DealFinder
    rows: dict[str, tuple[tuple[str, ...], Rows]]

    def save(self, folder: Path) -> None:
        """Write every file of weights into a folder."""
        for name, (classes, rows) in self.rows.items():
            save(folder / f"{name}.tsv", classes, rows)


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

    def learn(self, lessons: Sequence[Lesson]) -> Learned:
        """All weights, from all lessons."""
        parts = folds(lessons, _FOLDS)
        others = [[x for p in parts if p is not part for x in p] for part in parts]
        self._tell("learning triggers")
        finders = [self._with_triggers(known) for known in others]
        heard: dict[int, list[Trigger]] = {}
        for part, (finder, _) in zip(parts, finders, strict=True):
            heard.update({id(lesson): finder.triggers(lesson.scene) for lesson in part})
        self._tell("learning arguments and referents")
        fulls: list[ClusterFinder] = []
        pairs_: list[_Examples] = []
        for part, (finder, triggers), known in zip(parts, finders, others, strict=True):
            full, _ = self._with_arguments(finder, triggers, known, heard)
            for lesson in part:
                found = heard[id(lesson)]
                types = {t.place: t.type for t in found}
                full.weigh(lesson.scene, found, types, by_sentence(types))
            fulls.append(full)
            pairs_.append(self._links(full, part, heard))
        self._tell("learning links")
        told: list[tuple[Lesson, ClusterFinder, list[Cluster]]] = []
        for part, full in zip(parts, fulls, strict=True):
            rest = [p for p, other in zip(pairs_, fulls, strict=True) if other is not full]
            full.weights = replace(full.weights, links=Weights(_YES_NO, _fit_links(rest)))
            told += [(lesson, full, full.join(lesson.scene, heard[id(lesson)])) for lesson in part]
        finder, triggers = self._with_triggers(lessons)
        final, rows = self._with_arguments(finder, triggers, lessons, heard)
        links = _fit_links(pairs_)
        rows["links"] = (_YES_NO, links)
        final.weights = replace(final.weights, links=Weights(_YES_NO, links))
        self._tell("learning types, parties, figures and statuses")
        return self._with_deals(final, rows, told)

    def _with_triggers(self, lessons: Sequence[Lesson]) -> tuple[ClusterFinder, Rows]:
        empty = MentionWeights(_EMPTY, _EMPTY, _EMPTY, _EMPTY, _EMPTY)
        features = ClusterFinder(self._thesaurus, empty).trigger_features
        examples = _Examples()
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
        rows = examples.fit(_TYPES, _STRONG)
        weights = MentionWeights(Weights(_TYPES, rows), _EMPTY, _EMPTY, _EMPTY, _EMPTY)
        return ClusterFinder(self._thesaurus, weights), rows

    def _with_arguments(
        self,
        finder: ClusterFinder,
        triggers: Rows,
        lessons: Sequence[Lesson],
        heard: dict[int, list[Trigger]],
    ) -> tuple[ClusterFinder, dict[str, tuple[tuple[str, ...], Rows]]]:
        parties, amounts, referents = _Examples(), _Examples(), _Examples()
        for lesson in lessons:
            types = {t.place: t.type for t in heard[id(lesson)]}
            deals = {place: deals_beside(lesson, place) for place in {*types, *lesson.triggers}}
            self._arguments(finder, lesson, types, deals, parties, amounts)
            self._referents(finder, lesson, referents)
        rows = {
            "triggers": (_TYPES, triggers),
            "parties": (_PARTY, parties.fit(_PARTY, _STRONG)),
            "amounts": (_SLOTS, amounts.fit(_SLOTS, _STRONG)),
            "referents": (_YES_NO, referents.fit(_YES_NO)),
        }
        found = {name: Weights(*pair) for name, pair in rows.items()}
        return ClusterFinder(self._thesaurus, MentionWeights(links=_EMPTY, **found)), rows

    def _arguments(
        self,
        finder: ClusterFinder,
        lesson: Lesson,
        types: dict[Place, str],
        deals: dict[Place, list[int]],
        parties: _Examples,
        amounts: _Examples,
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
    ) -> _Examples:
        """Triggers beside the deals before them, both with the arguments that were found."""
        links = _Examples()
        for lesson in lessons:
            told: list[tuple[int, Told]] = []  # the deal's number, negative for none
            for trigger in in_order(lesson.scene, heard[id(lesson)]):
                own = deals_beside(lesson, trigger.place)
                number = own[0] if own else -1 - len(told)
                here = told_by(trigger)
                if own:
                    for order, (other, deal) in enumerate(reversed(told[-LATEST:])):
                        features = finder.link_features.features(
                            lesson.scene, here, deal, len(told), order
                        )
                        links.add(features, _YES_NO[other == number], lesson)
                known = next((deal for other, deal in told if other == number), None)
                if known is None:
                    told.append((number, here))
                else:
                    known.add(here)
        return links

    def _referents(self, finder: ClusterFinder, lesson: Lesson, referents: _Examples) -> None:
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
            other = "counterparty" if is_company else "company"
            taken = {name: other for name in scene.names if self._is_one_of(rivals, name)}
            if dice.random() < _FORGOTTEN:
                taken = {}
            names = scene.names_near(place[0])
            told = finder.referent_features.features(
                scene, names, reference, place, role, deal.type, taken
            )
            for name, features in zip(names, told, strict=True):
                referents.add(features, _YES_NO[self._is_one_of(meant, name)], lesson)

    def _with_deals(
        self,
        final: ClusterFinder,
        rows: dict[str, tuple[tuple[str, ...], Rows]],
        told: Sequence[tuple[Lesson, ClusterFinder, list[Cluster]]],
    ) -> Learned:
        empty = DealWeights(_EMPTY, _EMPTY, _EMPTY, _EMPTY)
        finder = DealFinder(self._thesaurus, final.weights, empty, self._status)
        types, roles, figures, statuses = (_Examples() for _ in range(4))
        for lesson, clusters_by, clusters in told:
            places = by_sentence(t.place for c in clusters for t in c.triggers)
            owners = owners_of(lesson, clusters)
            for index, cluster in enumerate(clusters):
                number = owners.get(id(cluster), 0)
                label = lesson.deal(number).type if number else "none"
                near = neighbours(clusters, index)
                of_cluster = finder.type_features.features(lesson.scene, cluster, near)
                types.add(of_cluster, label, lesson)
            for cluster in clusters:
                number = owners.get(id(cluster), 0)
                if not number:
                    continue
                deal = lesson.deal(number)
                clusters_by.retype(lesson.scene, cluster, deal.type, places)
                clusters_by.refer(lesson.scene, cluster)
                names = names_of(lesson.scene, cluster)
                told_of = finder.party_features.features(lesson.scene, cluster, names, deal.type)
                for name, features in zip(names, told_of, strict=True):
                    role = (
                        "company"
                        if self._aliases.same(deal.company, name)
                        else "counterparty"
                        if self._is_one_of(deal.counterparties, name)
                        else "backer"
                        if self._is_one_of(deal.backers, name)
                        else "none"
                    )
                    roles.add(features, role, lesson)
                for figure, evidence in cluster.figures.items():
                    right = _fills(lesson, deal, figure)
                    if right is not None:
                        figures.add(
                            finder.figure_features.features(cluster, figure, evidence, deal.type),
                            _YES_NO[right],
                            lesson,
                        )
                own = [t.place for t in cluster.triggers]
                of_status = finder.status_features.features(lesson.scene, own, deal.type)
                statuses.add(of_status, deal.status, lesson)
        rows["types"] = (_TYPES, types.fit(_TYPES, _STRONG))
        rows["roles"] = (_PARTY, roles.fit(_PARTY))
        rows["figures"] = (_YES_NO, figures.fit(_YES_NO))
        rows["statuses"] = (
            STATUSES,
            statuses.fit(STATUSES, _STRONG),
        )
        finder.weights = DealWeights(
            *(Weights(*rows[name]) for name in ("types", "roles", "figures", "statuses"))
        )
        return Learned(finder, rows)

    def _is_one_of(self, golds: Sequence[str], name: str) -> bool:
        return any(self._aliases.same(gold, name) for gold in golds)


def _fills(lesson: Lesson, deal: DealRow, figure: Figure) -> bool | None:
    """Whether a figure belongs into its slot; None for a place that annotators left out."""
    slot, value, _ = figure
    if isinstance(value, str):
        return is_site(deal.site, value) if lesson.tells_site(deal) else None
    gold: float | None = getattr(deal, slot)
    if gold is None:
        return False
    added = deal.value if slot == "value_max" and deal.value is not None else 0.0
    # an option on top of the value
    return any(isclose(gold, total, rel_tol=_CLOSE) for total in (value, value + added))


def _fit_links(examples: Sequence[_Examples]) -> Rows:
    together = _Examples()
    for part in examples:
        together.features += part.features
        together.labels += part.labels
        together.counts_as += part.counts_as
    return together.fit(_YES_NO)


def folds(lessons: Sequence[Lesson], count: int) -> list[list[Lesson]]:
    """Parts of about equal size; a story is never in two."""
    stories = sorted({lesson.row.story or lesson.row.id for lesson in lessons})
    random.Random(7).shuffle(stories)
    part = {story: number % count for number, story in enumerate(stories)}
    parts: list[list[Lesson]] = [[] for _ in range(count)]
    for lesson in lessons:
        parts[part[lesson.row.story or lesson.row.id]].append(lesson)
    return parts


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


def owners_of(lesson: Lesson, clusters: Sequence[Cluster]) -> dict[int, int]:
    """Which deal a cluster (by its id) tells of; each deal has one cluster, the best."""
    scores: list[tuple[float, int, int]] = []
    for index, cluster in enumerate(clusters):
        score: dict[int, float] = defaultdict(float)
        seen = set()
        for trigger in cluster.triggers:
            for deal in lesson.triggers.get(trigger.place, ()):
                score[deal] += 1.0
            for argument in trigger.arguments:
                mention = argument.mention
                place = mention.sentence, mention.position
                if argument.any < 0.4 or place in seen or mention.kind == "site":
                    continue
                seen.add(place)
                role = max(argument.roles, key=lambda r: argument.roles[r])
                for deal in lesson.roles.get(place, {}).get(role, ()):
                    score[deal] += 0.25 if mention.kind in ("co", "ref") else 0.5
        scores += [(-s, index, deal) for deal, s in score.items() if s >= 0.75]
    owners: dict[int, int] = {}
    for _, index, deal in sorted(scores):
        key = id(clusters[index])
        if key not in owners and deal not in owners.values():
            owners[key] = deal
    return owners
