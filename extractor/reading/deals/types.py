"""What the words of a whole cluster say: is it a deal, and of which type."""

from __future__ import annotations

from collections.abc import Sequence

from extractor.reading.deals.arguments import PARTY_ROLES
from extractor.reading.deals.evidence import Cluster
from extractor.reading.deals.numbers import sure_parties
from extractor.reading.deals.scene import Scene, content_items
from extractor.reading.deals.thesaurus import Thesaurus
from extractor.reading.deals.weights import BIAS, Features, bucket

_SUMS = (0.02, 0.1, 0.25, 0.4, 0.6, 0.8, 0.95, 1.5, 2.5)
_SHARES = (0.1, 0.3, 0.5, 0.7, 0.9)
_CERTAINTY = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97)
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
    mine = sure_parties(cluster)
    covered = any(mine and mine <= sure_parties(c) for c in same)
    return [
        f"deals {min(6, len(clusters))}",
        f"of its type {min(3, len(same))}",
        f"strongest of its type {bucket(strongest, (0.3, 0.6, 1, 2, 3))}",
        f"parties told elsewhere {covered}",
        f"first {clusters[0] is cluster}",
    ]
