"""What is learned of whole deals: types, parties, figures and statuses of clusters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import isclose

from extractor.evaluate.rows import DealRow
from extractor.learning.boosting import Growth, Table, together
from extractor.learning.examples import Examples, Stacked, without, words_of
from extractor.learning.lessons import Aliases, Lesson, folds, is_site
from extractor.reading.deals.arguments import PARTY_ROLES
from extractor.reading.deals.clusters import ClusterFinder, by_sentence
from extractor.reading.deals.evidence import Cluster, Figure
from extractor.reading.deals.finder import DealWeights, names_of, neighbours
from extractor.reading.deals.numbers import SceneNumbers, of_words
from extractor.reading.deals.statuses import StatusFeatures
from extractor.reading.deals.thesaurus import Thesaurus
from extractor.reading.deals.types import TypeFeatures
from extractor.reading.statusrules import StatusRules
from extractor.records import DEAL_TYPES, STATUSES

TYPES = ("none", *DEAL_TYPES)
PARTIES = ("none", *PARTY_ROLES)
YES_NO = ("no", "yes")
STRONG = 0.3  # a firmer penalty where features are many: measured, deal F1 gains .02
_CLOSE = 0.005
FOLDS = 4  # parts of the stories, each read with weights from the others
# more or larger trees gain nothing on unseen stories
_OF_TYPES = Growth(rounds=60, rate=0.1, leaves=15, height=5)
_OF_ROLES = Growth(rounds=120, rate=0.1, leaves=31, height=7)
_OF_FIGURES = Growth(rounds=100, rate=0.08, leaves=15, height=5)

Clustered = tuple[Lesson, ClusterFinder, list[Cluster]]


class DealLearner:
    """Learns from clusters of lessons that were found with weights of other stories."""

    def __init__(self, thesaurus: Thesaurus, status: StatusRules, aliases: Aliases) -> None:
        self._aliases = aliases
        self._type_features = TypeFeatures(thesaurus)
        self._status_features = StatusFeatures(thesaurus, status)

    def learn(self, told: Sequence[Clustered]) -> DealWeights:
        """The weights and trees.

        Takes the evidence of the clusters along: they are of no use afterwards.
        """
        part_of = {
            id(lesson): number
            for number, part in enumerate(folds([lesson for lesson, _, _ in told], FOLDS))
            for lesson in part
        }
        parts = [Stacked() for _ in range(FOLDS)]
        roles, figures, statuses = Table(), Table(), Examples()
        for lesson, finder, clusters in told:
            owners = owners_of(lesson, clusters)
            deals = [owners.get(id(cluster), 0) for cluster in clusters]
            self._types(lesson, clusters, deals, parts[part_of[id(lesson)]])
            self._deals(lesson, finder, clusters, deals, roles, figures, statuses)
        types = []
        for part in parts:
            by_others = words_of(without(parts, part)).fit(TYPES, STRONG)
            types.append(part.table(by_others, lambda rows: [*map(of_words, rows)]))
        return DealWeights(
            words_of(parts).fit(TYPES, STRONG),
            together(types).fit(TYPES, _OF_TYPES),
            roles.fit(PARTIES, _OF_ROLES),
            figures.fit(YES_NO, _OF_FIGURES),
            statuses.fit(STATUSES, STRONG),
        )

    def _types(
        self, lesson: Lesson, clusters: Sequence[Cluster], deals: Sequence[int], into: Stacked
    ) -> None:
        numbers = SceneNumbers(lesson.scene, clusters)
        into.add(
            [
                self._type_features.features(lesson.scene, cluster, neighbours(clusters, index))
                for index, cluster in enumerate(clusters)
            ],
            [numbers.of_type(index) for index in range(len(clusters))],
            [lesson.deal(deal).type if deal else "none" for deal in deals],
            lesson,
        )

    def _deals(
        self,
        lesson: Lesson,
        finder: ClusterFinder,
        clusters: Sequence[Cluster],
        deals: Sequence[int],
        roles: Table,
        figures: Table,
        statuses: Examples,
    ) -> None:
        scene = lesson.scene
        numbers = SceneNumbers(scene, clusters)
        places = by_sentence(t.place for c in clusters for t in c.triggers)
        for index, number in enumerate(deals):
            if not number:
                continue
            deal, cluster = lesson.deal(number), clusters[index]
            finder.retype(scene, cluster, deal.type, places)
            finder.refer(scene, cluster)
            names = names_of(scene, cluster)
            told_of_names = numbers.of_names(index, names, deal.type)
            for name, told_of in zip(names, told_of_names, strict=True):
                roles.add(told_of, self._role(deal, name), lesson.counts_as)
            told_of_figures = numbers.of_figures(index, deal.type)
            for figure, told_of in zip(cluster.figures, told_of_figures, strict=True):
                right = _fills(lesson, deal, figure)
                if right is not None:
                    figures.add(told_of, YES_NO[right], lesson.counts_as)
            own = [t.place for t in cluster.triggers]
            of_status = self._status_features.features(scene, own, deal.type)
            statuses.add(of_status, deal.status, lesson)

    def _role(self, deal: DealRow, name: str) -> str:
        for role, golds in _golds(deal):
            if any(self._aliases.same(gold, name) for gold in golds):
                return role
        return "none"


def _golds(deal: DealRow) -> Iterator[tuple[str, Sequence[str]]]:
    yield "company", (deal.company,)
    yield "counterparty", deal.counterparties
    yield "backer", deal.backers


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
