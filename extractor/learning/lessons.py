"""Marked articles laid out as scenes, with what their marks say of each place."""

from __future__ import annotations

import random
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from extractor.evaluate.corpus import load_corpus
from extractor.evaluate.rows import DealRow, Row
from extractor.learning.marks import TRIGGER, MarkedArticle
from extractor.names import company_key
from extractor.reading.components import Frames
from extractor.reading.deals.arguments import PARTY_ROLES, SLOT_KINDS, Place
from extractor.reading.deals.scene import Item, Scene
from extractor.reading.reader import Reader

_PARTICLES = frozenset("up out off over in into on to for the a its of down with back".split())


_GOLD = 3.0  # marked articles: what one of the gold corpus counts as


@dataclass(slots=True)
class Lesson:
    """A scene with the deals (counted from 1) that its triggers and mentions belong to."""

    row: Row
    scene: Scene
    is_gold: bool = False  # its annotation is one of the corpus, which leaves no place out
    triggers: dict[Place, list[int]] = field(default_factory=dict)
    roles: dict[Place, dict[str, set[int]]] = field(default_factory=dict)
    sites: dict[Place, set[int]] = field(default_factory=dict)

    @property
    def counts_as(self) -> float:
        """As how many articles it counts."""
        return _GOLD if self.is_gold else 1.0

    def tells_site(self, deal: DealRow) -> bool:
        """Whether the annotation knows where a deal is done, or that the text does not say."""
        return self.is_gold or bool(deal.site)

    def deal(self, number: int) -> DealRow:
        return self.row.deals[number - 1]

    def role(self, place: Place, deals: Iterable[int]) -> str:
        """The role of a mention in any of these deals, "none" if it has none."""
        roles = self.roles.get(place, {})
        wanted = set(deals)
        return next(
            (r for r in (*PARTY_ROLES, *SLOT_KINDS) if roles.get(r, set()) & wanted), "none"
        )


class Aliases:
    """Names that mean the same company, by the gazetteer and by gold's `A|B`."""

    def __init__(self, reader: Reader) -> None:
        self._usual: dict[str, str] = {}
        for company in reader.companies:
            for name in company.names:
                self._usual.setdefault(company_key(name), company_key(company.name))

    def same(self, gold: str, name: str) -> bool:
        """Whether a name of the product is the one of the annotation."""
        keys = {company_key(part) for part in gold.split("|")}
        keys |= {self._usual[key] for key in keys if key in self._usual}
        return company_key(name) in keys


def lessons(articles: Sequence[MarkedArticle], reader: Reader) -> list[Lesson]:
    """Scenes of all articles, with their marks on them; the gold ones of the corpus count more."""
    gold = {each.row.id for each in load_corpus()}
    found = [_lesson(article, reader, reader.frames) for article in articles]
    for lesson in found:
        lesson.is_gold = lesson.row.id in gold
    return found


def folds(lessons: Sequence[Lesson], count: int) -> list[list[Lesson]]:
    """Parts of about equal size; a story is never in two."""
    stories = sorted({lesson.row.story or lesson.row.id for lesson in lessons})
    random.Random(7).shuffle(stories)
    part = {story: number % count for number, story in enumerate(stories)}
    parts: list[list[Lesson]] = [[] for _ in range(count)]
    for lesson in lessons:
        parts[part[lesson.row.story or lesson.row.id]].append(lesson)
    return parts


def _lesson(article: MarkedArticle, reader: Reader, frames: Frames) -> Lesson:
    row = article.row
    layer = reader.layer(row.text, row.title)
    scene = frames.scene(layer)
    lesson = Lesson(row, scene)
    starts = [sentence.first for sentence in scene.sentences]
    offset = len(row.title) + 2 if row.title else 0
    roles: dict[Place, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for mark in article.marks:
        shift = offset if mark.part == "text" else 0
        first = bisect_right(scene.tokens.starts, mark.start + shift) - 1
        last = bisect_right(scene.tokens.starts, mark.end + shift - 1)
        number = bisect_right(starts, first) - 1
        if number < 0 or first >= scene.sentences[number].last:
            continue  # boilerplate
        items = scene.items[number]
        covered = [p for p, i in enumerate(items) if i.first < last and first < i.last]
        position = _position(items, covered, mark.role)
        if position is None:
            continue
        if mark.role == TRIGGER:
            lesson.triggers.setdefault((number, position), []).append(mark.deal)
        else:
            roles[number, position][mark.role].add(mark.deal)
    lesson.roles = {place: dict(found) for place, found in roles.items()}
    for site in scene.sites:
        of = {n for n, d in enumerate(row.deals, 1) if is_site(d.site, site.name)}
        lesson.sites[site.sentence, site.position] = of
    return lesson


def is_site(gold: str, name: str) -> bool:
    """Whether a name of the product is the first one of an annotated place."""
    wanted = [word.strip(",").lower() for word in name.split()]
    for part in gold.split("|"):
        words = part.split()
        while words and words[0][0].islower():
            words.pop(0)
        if [word.strip(",").lower() for word in words[: len(wanted)]] == wanted:
            return True
    return False


def _position(items: Sequence[Item], covered: Sequence[int], role: str) -> int | None:
    """Which of the covered items carries the mark; None where the product sees none there."""
    if role == TRIGGER:
        words = [p for p in covered if items[p].kind == "w" and items[p].word[0].isalpha()]
        telling = [p for p in words if items[p].word not in _PARTICLES]
        return next(reversed(telling or words), None)
    kinds = ("co", "ref") if role in PARTY_ROLES else tuple(SLOT_KINDS.values())
    fitting = [p for p in covered if items[p].kind in kinds]
    return fitting[-1] if fitting else None
