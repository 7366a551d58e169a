"""What is told of a deal in numbers, for the trees: beside its rivals and the text around it."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence

from extractor.reading.deals.arguments import PARTY_ROLES, SLOT_KINDS, Place
from extractor.reading.deals.evidence import Cluster, FigureEvidence, NameEvidence, Trigger
from extractor.reading.deals.links import LATEST
from extractor.reading.deals.scene import Scene
from extractor.reading.deals.trees import Numbers
from extractor.records import DEAL_TYPES

_SLOTS = tuple(SLOT_KINDS)
_SIDES = PARTY_ROLES[:2]
# neighbours in the trade stand side by side: who sells capacity, who buys, who pays
_CATEGORIES = tuple(
    "other crypto_other treasury miner miner_ai dc_developer landowner ai_cloud hyperscaler ai_lab "
    "systems chip power_equipment industrial telecom utility_power government_body lender_investor "
    "bank crypto_exchange adviser law research rating".split()
)
_SURE = 0.5
_PERHAPS = 0.3
_NEVER = 99  # sentences: not named before
_LEAST = 1e-6  # probability


class _Strongest:
    """The largest sum under each key, told apart from the largest of any other deal."""

    def __init__(self) -> None:
        self._two: dict[object, tuple[float, int, float]] = {}

    def add(self, key: object, deal: int, value: float) -> None:
        most, owner, second = self._two.get(key, (0.0, -1, 0.0))
        if value > most:
            self._two[key] = (value, deal, second if owner == deal else most)
        elif value > second and owner != deal:
            self._two[key] = (most, owner, value)

    def elsewhere(self, key: object, deal: int) -> float:
        """The largest sum of any other deal."""
        most, owner, second = self._two.get(key, (0.0, -1, 0.0))
        return second if owner == deal else most


class SceneNumbers:
    """The clusters of one scene in numbers.

    Probabilities are added up over the triggers of a cluster: `all company` is the sum of what
    each says for a name as the principal, `most company` the largest of them, `first company`
    what the first trigger says. Places are in sentences, figures in powers of ten.
    """

    def __init__(self, scene: Scene, clusters: Sequence[Cluster]) -> None:
        self.scene = scene
        self.clusters = clusters
        self._named: dict[str, list[Place]] = {}
        for mention in scene.mentions:
            if mention.kind == "co":
                place = mention.sentence, mention.position
                self._named.setdefault(mention.name, []).append(place)
        self._sure = [sure_parties(cluster) for cluster in clusters]
        self._certain = [_certainty(cluster) for cluster in clusters]
        self._told = _Strongest()
        for index, cluster in enumerate(clusters):
            for name, of_name in cluster.names.items():
                for role in _SIDES:
                    self._told.add((name, role), index, of_name.total[role])
            for (slot, value, _), of_figure in cluster.figures.items():
                self._told.add((slot, value), index, of_figure.total)

    def of_type(self, index: int) -> Numbers:
        """For the question whether a cluster is a deal, and of which type: all but the words."""
        scene, cluster = self.scene, self.clusters[index]
        triggers = cluster.triggers
        sentences = [t.sentence for t in triggers]
        surest = max(triggers, key=lambda t: t.probability)
        whole = sum(cluster.types.values()) or 1.0
        last = min(len(self.clusters), index + LATEST)
        around = [i for i in range(max(0, index - LATEST), last) if i != index]
        rivals = [self._certain[i] for i in around if self.clusters[i].type == cluster.type]
        found: Numbers = {
            "type": DEAL_TYPES.index(cluster.type),
            "surest": surest.probability,
            "certainty": self._certain[index],
            "triggers": len(triggers),
            "in title": max(
                (t.probability for t in triggers if self._in_title(t.sentence)), default=0.0
            ),
            "strongest rival": max(rivals, default=0.0),
            "deals": len(self.clusters),
            "deals before": index,
            "names": len(scene.names),
            "first sentence": min(sentences),
            "last sentence": max(sentences),
            "sentences": len(scene.sentences),
            "told elsewhere": _covered(self._sure[index], [self._sure[i] for i in around]),
            "by reference": max(
                (r.get("company", 0.0) for _, r in cluster.references), default=0.0
            ),
        }
        for type_ in DEAL_TYPES:
            weight = cluster.types.get(type_, 0.0)
            found["all " + type_] = weight
            found["share " + type_] = weight / whole
            found["surest " + type_] = surest.types.get(type_, 0.0)
        for role in PARTY_ROLES:
            name = _best(cluster, role)
            weight = cluster.names[name].total[role] if name is not None else 0.0
            found[role] = weight
            found[role + " category"] = self._category(name if weight > _PERHAPS else None)
        for slot in _SLOTS:
            found[slot] = _surest_figure(cluster, slot)
        return found

    def of_names(self, index: int, names: Sequence[str], type_: str) -> list[Numbers]:
        """For the question what each of these names is in a deal of a type."""
        scene, cluster = self.scene, self.clusters[index]
        known = cluster.names.values()
        best = {role: _best(cluster, role) for role in _SIDES}
        totals = {role: sorted(e.total[role] for e in known) for role in PARTY_ROLES}
        unnamed = max((e.unnamed for e in known), default=0.0)
        referred = {r: max((e.referred[r] for e in known), default=0.0) for r in _SIDES}
        first = min(t.place for t in cluster.triggers)
        opening = _sides(cluster, lambda t: t.place == first or t is cluster.triggers[0])
        title = _sides(cluster, lambda t: self._in_title(t.sentence))
        shared: Numbers = {
            "type": DEAL_TYPES.index(type_),
            "names": len(names),
            "certainty": self._certain[index],
            "triggers": len(cluster.triggers),
            "first sentence": first[0],
            "value": _surest_figure(cluster, "value"),
            "megawatts": _surest_figure(cluster, "megawatts"),
            "best unnamed": unnamed,
            "best referred company": referred["company"],
            "best referred counterparty": referred["counterparty"],
            "counterparties": sum(e.total["counterparty"] for e in known),
            "sure companies": sum(e.total["company"] > _SURE for e in known),
        }
        found = []
        for order, name in enumerate(names):
            mine = cluster.names.get(name) or NameEvidence()
            company, counterparty = mine.total["company"], mine.total["counterparty"]
            of_name: Numbers = {
                **shared,
                "unnamed": mine.unnamed,
                "less unnamed than best": unnamed - mine.unnamed,
                "less referred than best": referred["company"] - mine.referred["company"],
                "company over counterparty": company - counterparty,
                "category": self._category(name),
                "main": name == scene.main,
                "near triggers": mine.near_pairs,
                "named": scene.counts[name],
                "order": order,
                **self._distances(name, first),
            }
            for role, of_all in totals.items():
                own = mine.total[role]
                ahead = len(of_all) - bisect_right(of_all, own)
                of_name["all " + role] = own
                of_name["most " + role] = mine.most[role]
                rivals = of_all if ahead or name not in cluster.names else of_all[:-1]
                of_name["strongest rival " + role] = rivals[-1] if rivals else 0.0
                of_name["before it as " + role] = ahead
            for number, role in enumerate(_SIDES):
                of_name["referred " + role] = mine.referred[role]
                of_name["first " + role] = opening.get(name, (-1.0, -1.0))[number]
                of_name["title " + role] = title.get(name, (-1.0, -1.0))[number]
                of_name["elsewhere " + role] = self._told.elsewhere((name, role), index)
                of_name["category of best " + role] = self._category(
                    best[role] if best[role] != name else None
                )
            found.append(of_name)
        return found

    def of_figures(self, index: int, type_: str) -> list[Numbers]:
        """For the question whether each figure of a deal of a type fills its slot."""
        cluster = self.clusters[index]
        first = min(t.sentence for t in cluster.triggers)
        shared: Numbers = {
            "type": DEAL_TYPES.index(type_),
            "triggers": len(cluster.triggers),
            "certainty": self._certain[index],
        }
        found = []
        for figure, evidence in cluster.figures.items():
            slot, value, _ = figure
            rivals = [(f, e) for f, e in cluster.figures.items() if f[0] == slot and f != figure]
            place = _place(evidence)
            strongest = max(rivals, key=lambda rival: rival[1].total, default=None)
            size = _size(value)
            found.append(
                {
                    **shared,
                    "slot": _SLOTS.index(slot),
                    "all": evidence.total,
                    "most": evidence.most,
                    "count": evidence.count,
                    "in title": evidence.in_title,
                    "rivals": len(rivals),
                    "strongest rival": max((e.total for _, e in rivals), default=0.0),
                    "surest rival": max((e.most for _, e in rivals), default=0.0),
                    "stronger rivals": sum(e.total > evidence.total for _, e in rivals),
                    "earlier rivals": sum(_place(e) < place for _, e in rivals),
                    "in another slot": max(
                        (
                            e.total
                            for f, e in cluster.figures.items()
                            if f[0] != slot and f[1] == value
                        ),
                        default=0.0,
                    ),
                    "in another deal": self._told.elsewhere((slot, value), index),
                    "size": size,
                    "larger than strongest": size - _size(strongest[0][1]) if strongest else _NEVER,
                    "sentence": place[0],
                    "behind first": place[0] - first,
                    "mentions": len(evidence.mentions),
                }
            )
        return found

    def _in_title(self, sentence: int) -> bool:
        return self.scene.sentences[sentence].zone == "title"

    def _category(self, name: str | None) -> float:
        return 0 if name is None else category_code(self.scene.categories.get(name, ""))

    def _distances(self, name: str, first: Place) -> Numbers:
        places = self._named.get(name, [(0, 0)])
        before = [place for place in places if place < first]
        return {
            "sentences away": min(abs(place[0] - first[0]) for place in places),
            "last named before": first[0] - before[-1][0] if before else _NEVER,
        }


def category_code(category: str | None) -> int:
    """The place of a category among all, 0 for none; unknown ones count as "other"."""
    if category is None:
        return 0
    return 1 + (_CATEGORIES.index(category) if category in _CATEGORIES else 0)


def of_words(probabilities: Sequence[float]) -> Numbers:
    """How likely the words make each type, after "none"."""
    types = ("none", *DEAL_TYPES)
    return {f"words {t}": _log(p) for t, p in zip(types, probabilities, strict=True)}


def sure_parties(cluster: Cluster) -> set[str]:
    """The names that are probably one of the two sides."""
    return {n for n, e in cluster.names.items() if sum(e.total[side] for side in _SIDES) > _SURE}


def _covered(mine: set[str], others: Sequence[set[str]]) -> float:
    """The share of some names that one of the others has as well."""
    return max((len(mine & theirs) / len(mine) for theirs in others if mine), default=0.0)


def _certainty(cluster: Cluster) -> float:
    return sum(t.probability for t in cluster.triggers)


def _best(cluster: Cluster, role: str) -> str | None:
    """The name that most is said for in a role."""
    return max(cluster.names, key=lambda n: cluster.names[n].total[role], default=None)


def _surest_figure(cluster: Cluster, slot: str) -> float:
    return max((e.most for f, e in cluster.figures.items() if f[0] == slot), default=0.0)


def _sides(cluster: Cluster, among: Callable[[Trigger], bool]) -> dict[str, tuple[float, float]]:
    """For each name the most that some of the triggers say for it on either side."""
    found: dict[str, tuple[float, float]] = {}
    for trigger in filter(among, cluster.triggers):
        for argument in trigger.arguments:
            if argument.mention.kind == "co":
                name, roles = argument.mention.name, argument.roles
                company, counterparty = found.get(name, (0.0, 0.0))
                found[name] = (
                    max(company, roles["company"]),
                    max(counterparty, roles["counterparty"]),
                )
    return found


def _place(evidence: FigureEvidence) -> Place:
    return min((m.sentence, m.position) for m in evidence.mentions)


def _size(value: float | str) -> float:
    """In powers of ten; below all figures where it is a place."""
    return -_NEVER if isinstance(value, str) else math.log10(max(value, 1e-9))


def _log(probability: float) -> float:
    return math.log(max(probability, _LEAST))
