"""What is said of a whole cluster: is it a deal, of which type, with whom, for how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractor.reading.deals.arguments import PARTY_ROLES
from extractor.reading.deals.evidence import Cluster, Figure, FigureEvidence, NameEvidence
from extractor.reading.deals.scene import Scene, content_items
from extractor.reading.deals.thesaurus import Thesaurus
from extractor.reading.deals.weights import BIAS, Features, bucket

_SUMS = (0.02, 0.1, 0.25, 0.4, 0.6, 0.8, 0.95, 1.5, 2.5)
_SHARES = (0.1, 0.3, 0.5, 0.7, 0.9)
_CERTAINTY = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97)
_THREE = (0.2, 0.5, 0.8)
_SIDES = (0.1, 0.3, 0.6, 0.9, 1.5)
_TWO = (0.3, 0.7)
_PERHAPS = 0.1


class TypeFeatures:
    """Whether a cluster is a deal, and of which type."""

    def __init__(self, thesaurus: Thesaurus) -> None:
        self._thesaurus = thesaurus

    def features(self, scene: Scene, cluster: Cluster, clusters: Sequence[Cluster]) -> Features:
        """The features of one cluster among all of its text."""
        most = max(t.probability for t in cluster.triggers)
        total = sum(cluster.types.values()) or 1.0
        found = [BIAS]
        for type_, weight in cluster.types.items():
            found.append(f"sum {type_} {bucket(weight, _SUMS)}")
            found.append(f"share {type_} {bucket(weight / total, _SHARES)}")
        certainty = sum(t.probability for t in cluster.triggers)
        zones = sorted({scene.sentences[t.sentence].zone for t in cluster.triggers})
        found += [
            "first type " + cluster.type,
            f"triggers {min(4, len(cluster.triggers))}",
            f"most {bucket(most, _CERTAINTY)}",
            f"most {cluster.type} {bucket(most, _CERTAINTY[1:])}",
            f"certainty {bucket(certainty, (0.3, 0.5, 0.8, 1, 1.5, 2, 3))}",
            "zones " + " ".join(zones),
        ]
        found += self._words(scene, cluster)
        found += self._contents(scene, cluster)
        found += _rivals(cluster, clusters)
        return [("", found)]

    def _words(self, scene: Scene, cluster: Cluster) -> list[str]:
        found = set()
        near = self._thesaurus.near
        for trigger in cluster.triggers:
            items, p = scene.items[trigger.sentence], trigger.position
            lemma = self._thesaurus.lemma(items[p].word)
            found.add("word " + lemma)
            found.update("like " + n for n in near(items[p].word))
            if p:
                found.add(f"-1 {items[p - 1].symbol} {lemma}")
            window = range(max(0, p - 7), min(len(items), p + 9))
            cues = scene.cues[trigger.sentence]
            for index in window:
                if index != p:
                    found.add("around " + items[index].symbol)
                for cue in cues.get(items[index].first, ()):
                    found.update("cue around " + frame.type for frame in cue.nouns)
            for item in content_items(items, window):
                found.update("around like " + n for n in near(item.word))
        return sorted(found)

    def _contents(self, scene: Scene, cluster: Cluster) -> list[str]:
        found = []
        best: dict[str, str | None] = {}
        for role in PARTY_ROLES:
            name = max(cluster.names, key=lambda n: cluster.names[n].total[role], default=None)
            weight = cluster.names[name].total[role] if name else 0.0
            best[role] = name if weight > 0.4 else None
            found.append(f"{role} {bucket(weight, (0.2, 0.4, 0.6, 0.8, 1.2))}")
            if best[role]:
                found.append(f"{role} category {scene.categories.get(name or '', '')}")
        company, other = (scene.categories.get(best[r] or "", "") for r in PARTY_ROLES[:2])
        others = sum(e.total["counterparty"] > 0.5 for e in cluster.names.values())
        slots = sorted({f[0] for f, e in cluster.figures.items() if e.most > 0.5})
        maybe = [f[0] for f, e in cluster.figures.items() if 0.25 < e.most <= 0.5]
        filled = f"{bool(slots)} {bool(best['counterparty'])}"
        found += [
            f"categories {company} {other}",
            f"counterparties {min(3, others)}",
            "slots " + " ".join(slots),
            f"slots {cluster.type} " + " ".join(slots),
            f"filled {filled}",
            f"filled {filled} {cluster.type}",
            f"main {best['company'] == scene.main}",
        ]
        found += ["slot " + slot for slot in slots]
        found += ["slot perhaps " + slot for slot in maybe]
        sides = [_side(scene, best[role]) for role in PARTY_ROLES[:2]]
        kinds = " ".join(sorted({slot.partition("_")[0] for slot in slots}))
        return found + self._together(scene, cluster, sides, kinds)

    def _together(
        self, scene: Scene, cluster: Cluster, sides: Sequence[str], kinds: str
    ) -> list[str]:
        """Types and words beside what they are told with."""
        type_, parties = cluster.type, " ".join(sides)
        others = [t for t in cluster.types if t != type_ and cluster.types[t] > _PERHAPS]
        second = max(others, key=lambda t: cluster.types[t], default="")
        most = bucket(max(t.probability for t in cluster.triggers), _SHARES[1:])
        found = [
            f"{type_} {parties}",
            f"{type_} company {sides[0]}",
            f"{type_} counterparty {sides[1]}",
            f"{type_} or {second}",
            f"{type_} or {second} {parties}",
            f"{type_} or {second} with {kinds}",
            f"{type_} {most} with {kinds} {bool(sides[0])} {bool(sides[1])}",
            f"{parties} with {kinds}",
        ]
        for word in _lemmas(self._thesaurus, scene, cluster):
            found += [f"{word} with {kinds}", f"{word} {parties}", f"{word} {type_} {most}"]
        return found


def _side(scene: Scene, name: str | None) -> str:
    """The category of a party, "unknown" where it has none; nothing where there is no party."""
    return scene.categories.get(name) or "unknown" if name else ""


def _lemmas(thesaurus: Thesaurus, scene: Scene, cluster: Cluster) -> list[str]:
    """The words of the triggers without endings, each once."""
    words = (scene.items[t.sentence][t.position].word for t in cluster.triggers)
    return list(dict.fromkeys(map(thesaurus.lemma, words)))


def _rivals(cluster: Cluster, clusters: Sequence[Cluster]) -> list[str]:
    """Whether another cluster of the type tells the same with more certainty."""
    same = [c for c in clusters if c is not cluster and c.type == cluster.type]
    strongest = max((sum(t.probability for t in c.triggers) for c in same), default=0.0)
    mine = _sure_parties(cluster)
    covered = any(mine and mine <= _sure_parties(c) for c in same)
    return [
        f"deals {min(6, len(clusters))}",
        f"of its type {min(3, len(same))}",
        f"strongest of its type {bucket(strongest, (0.3, 0.6, 1, 2, 3))}",
        f"parties told elsewhere {covered}",
        f"first {clusters[0] is cluster}",
    ]


def _sure_parties(cluster: Cluster) -> set[str]:
    return {
        n for n, e in cluster.names.items() if e.total["company"] + e.total["counterparty"] > 0.5
    }


@dataclass(frozen=True, slots=True)
class _Field:
    """The names of a deal beside one another: the largest sums, whoever has them."""

    company: float
    second_company: float
    counterparty: float
    referred: float
    unnamed: float


@dataclass(frozen=True, slots=True)
class _Sums:
    """What all triggers of a deal say of one name, and the most that one says of another."""

    company: float
    counterparty: float
    referred: float
    unnamed: float
    rival: float


class PartyFeatures:
    """What a name is in a deal."""

    def features(
        self, scene: Scene, cluster: Cluster, names: Sequence[str], type_: str
    ) -> list[Features]:
        """The features of each of these names of the scene."""
        every = cluster.names.values()
        totals = sorted((e.total["company"] for e in every), reverse=True)
        first, second = (*totals, 0.0, 0.0)[:2]
        among = _Field(
            company=first,
            second_company=second,
            counterparty=max((e.total["counterparty"] for e in every), default=0.0),
            referred=max((e.referred["company"] for e in every), default=0.0),
            unnamed=max((e.unnamed for e in every), default=0.0),
        )
        found = [self._of(scene, cluster.names.get(n), n, type_, among) for n in names]
        return [[("", of_name)] for of_name in found]

    def _of(
        self, scene: Scene, known: NameEvidence | None, name: str, type_: str, among: _Field
    ) -> list[str]:
        mine = known or NameEvidence()
        company, other = mine.total["company"], mine.total["counterparty"]
        referred, unnamed = mine.referred["company"], mine.unnamed
        is_first = known is not None and company == among.company
        rival = among.second_company if is_first else among.company
        found = [BIAS]
        for role in PARTY_ROLES:
            found.append(f"{role} {bucket(mine.total[role], _SUMS)}")
            found.append(f"{role} most {bucket(mine.most[role], _SUMS)}")
        sides = (bucket(mine.most[r], _SHARES) for r in PARTY_ROLES[:2])
        category = scene.categories.get(name, "")
        has_company = among.company > 0.5
        is_best, is_best_referred = company >= among.company > 0.3, referred >= among.referred > 0.3
        found += [
            "sides {} {}".format(*sides),
            f"referred company {bucket(referred, _SUMS)}",
            f"referred counterparty {bucket(mine.referred['counterparty'], _SUMS)}",
            f"unnamed {bucket(unnamed, _SUMS)}",
            f"best company {company >= among.company > 0.1}",
            f"best counterparty {other >= among.counterparty > 0.1}",
            f"best referred {referred >= among.referred > 0.1}",
            f"best unnamed {unnamed >= among.unnamed}",
            f"has company {has_company}",
            f"has company {has_company} unnamed {bucket(unnamed, _THREE)}",
            f"has company {has_company} referred {bucket(referred, (*_THREE, 1.2))}",
            f"{is_best} {has_company} {is_best_referred} {unnamed >= among.unnamed}",
            "category " + category,
            f"{type_} category {category}",
            f"main {name == scene.main}",
            f"in title {name in scene.in_title}",
            f"pairs {min(4, mine.pairs)}",
            f"near {min(3, mine.near_pairs)}",
            f"{type_} near {min(2, mine.near_pairs)}",
            f"named {min(5, scene.counts[name])}",
            f"names {min(6, len(scene.names))}",
            f"rival {bucket(rival, _THREE)} company {bucket(company, _THREE)}",
            f"rival {bucket(rival, _THREE)} counterparty {bucket(other, _THREE)}",
        ]
        sums = _Sums(company, other, referred, unnamed, rival)
        of_name = f"main {name == scene.main}", f"in title {name in scene.in_title}"
        return found + _together(sums, among, type_, category, of_name)


def _together(
    mine: _Sums, among: _Field, type_: str, category: str, of_name: tuple[str, str]
) -> list[str]:
    """The sums of a name beside one another, beside those of others, by type and category."""
    company = f"company {bucket(mine.company, _SIDES)}"
    counterparty = f"counterparty {bucket(mine.counterparty, _SIDES)}"
    unnamed, rival = f"unnamed {bucket(mine.unnamed, _SHARES)}", f"rival {bucket(mine.rival, _TWO)}"
    stronger = among.counterparty if mine.counterparty < among.counterparty else 0.0
    is_main, in_title = of_name
    return [
        f"{company} {counterparty} {type_}",
        f"{company} {counterparty} {category}",
        f"{company} {counterparty} {rival}",
        f"{company} {counterparty} {unnamed}",
        f"{company} {counterparty} {rival} {is_main} {in_title}",
        f"{company} {type_} {category}",
        f"{counterparty} {type_} {category}",
        f"{counterparty} {type_} stronger {bucket(stronger, _TWO)}",
        f"{company} {unnamed} {rival}",
        f"{company} {unnamed} {rival} referred {bucket(mine.referred, _TWO)}",
        f"{unnamed} {rival} {type_}",
        f"{unnamed} {rival} {category}",
        f"{unnamed} {rival} best {mine.unnamed >= among.unnamed} {is_main}",
    ]


class FigureFeatures:
    """Whether a figure fills a slot of a deal."""

    def features(
        self, cluster: Cluster, figure: Figure, evidence: FigureEvidence, type_: str
    ) -> Features:
        """The features of one figure in one slot."""
        slot, value, _ = figure
        rivals = [(f, e) for f, e in cluster.figures.items() if f[0] == slot and f != figure]
        strongest = max((e.total for _, e in rivals), default=0.0)
        elsewhere = max(
            (e.total for f, e in cluster.figures.items() if f[0] != slot and f[1] == value),
            default=0.0,
        )
        place = _place(evidence)
        is_best = evidence.total >= strongest
        found = [
            f"sum {bucket(evidence.total, _SUMS)}",
            f"most {bucket(evidence.most, _SUMS)}",
            f"rival {bucket(strongest, (*_THREE, 1.5))}",
            f"best {is_best}",
            f"best {is_best} {bucket(evidence.most, (0.3, 0.5, 0.7, 0.9))}",
            f"count {min(3, evidence.count)}",
            f"in title {evidence.in_title}",
            f"in another slot {bucket(elsewhere, _THREE)}",
            f"first {place <= min((_place(e) for _, e in rivals), default=place)}",
        ]
        if not isinstance(value, str):
            numbers = [f[1] for f, _ in rivals if not isinstance(f[1], str)]
            larger = any(number > value * 1.01 for number in numbers)
            found += [f"digits {len(str(int(value)))}", f"larger rival {larger}"]
            found += ["role " + m.reference for m in evidence.mentions]
        whole = [BIAS, "slot " + slot, f"slot {slot} {type_}"]
        whole += [f"written as {m.quantity.amount.rule}" for m in evidence.mentions if m.quantity]
        return [(slot + " ", found), ("", whole)]


def _place(evidence: FigureEvidence) -> tuple[int, int]:
    return min((m.sentence, m.position) for m in evidence.mentions)
