"""What an article is about, reduced to what can be compared."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from operator import itemgetter

from extractor.names import company_key
from extractor.records import NUMBER_SLOTS, Article, DealReport, Fact, Reading
from extractor.stories.rules import StoryRules
from extractor.stories.texts import (
    Paragraph,
    Sketch,
    lead_end,
    news_paragraphs,
    sketches,
    words_of,
)
from extractor.stories.urls import story_urls


@dataclass(frozen=True, slots=True)
class MainDeal:
    """A deal that an article reports, without its places: parties by the words of their names."""

    type: str
    status: str
    parties: tuple[tuple[str, ...], ...]
    numbers: Mapping[str, float]

    @property
    def principal(self) -> str:
        return self.parties[0][0] if self.parties[0] else ""


@dataclass(frozen=True, slots=True)
class Profile:
    """One article as the comparison sees it.

    `names` and `figures` map a feature to its weight: 1 in title and lead, less after it.
    `subject` is the first word of the company that the article names most, `dominance` its
    share of all mentions. `deals` are the first two, of so many `principals`. `sketch` holds
    the smallest hashes of `runs` distinct runs of words, in order.
    """

    key: str
    published: datetime | None
    site: str
    title: str
    urls: frozenset[str]
    digest: str
    names: Mapping[str, float]
    figures: Mapping[str, float]
    title_names: frozenset[str]
    title_figures: frozenset[str]
    title_words: frozenset[str]
    weekdays: frozenset[str]
    stages: frozenset[str]
    is_ended: bool
    is_digest: bool
    is_comment: bool
    subject: str
    dominance: float
    deals: tuple[MainDeal, ...]
    principals: int
    sketch: array[int]
    runs: int


def profile(article: Article, reading: Reading, rules: StoryRules) -> Profile:
    """The comparable side of an article; boilerplate takes no part in it."""
    return profiles([(article, reading)], rules)[0]


def profiles(told: Sequence[tuple[Article, Reading]], rules: StoryRules) -> list[Profile]:
    """The comparable sides of articles, in less time than one by one."""
    news = [news_paragraphs(article.text, rules) for article, _ in told]
    words = (
        words_of(" ".join(article.text[start:end] for start, end in its).lower())
        for (article, _), its in zip(told, news, strict=True)
    )
    found = sketches(words, rules.text.run_words, rules.text.sketch_size)
    return [
        _profile(article, reading, its, sketch, rules)
        for (article, reading), its, sketch in zip(told, news, found, strict=True)
    ]


def _profile(
    article: Article,
    reading: Reading,
    news: Sequence[Paragraph],
    sketch: Sketch,
    rules: StoryRules,
) -> Profile:
    title, text = article.title, article.text
    end = lead_end(text, news, rules.text.lead_words)
    facts = [fact for fact in reading.facts if _is_news(fact, news)]
    features = _Features(end, rules.text.background)
    mentions = features.take_facts(facts)
    taken = [(f.span.start, f.span.end) for f in facts if f.span.part == "text"]
    features.take_text(text, news, sorted(taken), rules)
    headline = title.lower()
    opening = _opening(text, news, rules.text.opening_words).lower()
    titled = [fact for fact in facts if fact.span.part == "title"]
    deals = sorted(reading.reports, key=_first_place)
    subject, share = _subject(mentions)
    return Profile(
        key=article.key,
        published=article.published,
        site=article.site,
        title=title,
        urls=story_urls(article),
        digest=article.digest,
        names=features.names,
        figures=features.figures,
        title_names=frozenset(
            words[0]
            for fact in titled
            if fact.kind == "company"
            if (words := company_words(str(fact.value)))
        ),
        title_figures=frozenset(_amount(f) for f in titled if f.kind in ("money", "power")),
        title_words=frozenset(title_words(title)),
        weekdays=_weekdays(f"{title}\n{text[:end]}"),
        stages=_stages(headline, rules) or _stages(opening, rules),
        is_ended=(bool(deals) and deals[0].status == "terminated")
        or any(p.search(headline) or p.search(opening) for p in rules.endings),
        is_digest=any(pattern.search(headline) for pattern in rules.digests),
        is_comment=any(pattern.search(headline) for pattern in rules.comments),
        subject=subject,
        dominance=share,
        deals=tuple(_main(deal) for deal in deals[:2]),
        principals=len({company_words(deal.company)[:1] for deal in deals}),
        sketch=sketch.hashes,
        runs=sketch.runs,
    )


class _Features:
    """Collects names and figures with the weight of their place."""

    def __init__(self, end: int, background: float) -> None:
        self.names: dict[str, float] = {}
        self.figures: dict[str, float] = {}
        self._end = end
        self._background = background

    def take_facts(self, facts: Sequence[Fact]) -> Counter[str]:
        """What the language half found; how often each company is named, thrice in the title."""
        mentions: Counter[str] = Counter()
        for fact in facts:
            in_title = fact.span.part == "title"
            weight = 1.0 if in_title or fact.span.start < self._end else self._background
            kind = fact.kind
            if kind in _FIGURE_KINDS:
                _note(self.figures, _amount(fact), weight)
            elif kind in ("company", "site"):
                words = company_words(str(fact.value))
                for word in words:
                    _note(self.names, word, weight)
                if kind == "company" and words:
                    mentions[words[0]] += 3 if in_title else 1
        return mentions

    def take_text(
        self,
        text: str,
        news: Sequence[Paragraph],
        taken: Sequence[Paragraph],
        rules: StoryRules,
    ) -> None:
        """Names that no rule knows, then numbers that are no amounts."""
        names, figures = self.names, self.figures
        starts, ends = [start for start, _ in taken], [end for _, end in taken]
        for start, end in news:
            # The lead ends with a paragraph: all of a paragraph weighs the same.
            weight = 1.0 if start < self._end else self._background
            words = " ".join(_CAPITALISED.findall(text, start, end)).lower().split()
            names.update({w: weight for w in words if len(w) > 3 and names.get(w, 0.0) < weight})
            for match in _NUMBER.finditer(text, start, end):
                figure = _telling(match[0])
                if not figure or figures.get(figure, 0.0) >= weight:
                    continue
                at = match.start()
                place = bisect_right(starts, at) - 1
                if place >= 0 and at < ends[place]:
                    continue
                if not rules.furniture.search(text[max(start, at - _FURNITURE) : at].lower()):
                    figures[figure] = weight


_FIGURE_KINDS = frozenset(("money", "power", "coins", "count", "percent", "duration"))
_COUNTED = {"percent": "%", "duration": "y"}


def _is_news(fact: Fact, news: Sequence[Paragraph]) -> bool:
    if fact.span.part == "title":
        return True
    at = fact.span.start
    place = bisect_right(news, at, key=itemgetter(0)) - 1
    return place >= 0 and at < news[place][1]


def _opening(text: str, news: Sequence[Paragraph], words: int) -> str:
    start, end = news[0] if news else (0, 0)
    return " ".join(text[start : min(end, start + 12 * words)].split()[:words])


def _weekdays(text: str) -> frozenset[str]:
    return frozenset(day for day, word in _WEEKDAYS.items() if day in text and word.search(text))


def _stages(words: str, rules: StoryRules) -> frozenset[str]:
    return frozenset(name for name, pattern in rules.stages if pattern.search(words))


def _subject(mentions: Counter[str]) -> tuple[str, float]:
    if not mentions:
        return "", 0.0
    # Of two named as often the first in the alphabet: the order of facts may change.
    name, count = max(mentions.items(), key=lambda item: (item[1], item[0]))
    return name, round(count / mentions.total(), 3)


def company_words(name: str) -> tuple[str, ...]:
    """A name word by word: outlets shorten "Ridgeback Digital Infrastructure" at will."""
    return tuple(company_key(name).split())


_STEM = 7  # letters that tell a word from others whatever its ending
_TITLE_WORD = re.compile(r"[a-z][a-z-]{3,}")


def title_words(title: str) -> Iterator[str]:
    """The words of a title without their endings."""
    return (word[:_STEM] for word in _TITLE_WORD.findall(title.lower()))


def _main(deal: DealReport) -> MainDeal:
    names = (deal.company, *deal.counterparties)
    numbers: dict[str, float] = {}
    for slot in deal.slots:
        if slot.name in NUMBER_SLOTS:
            numbers.setdefault(slot.name, float(slot.value))
    return MainDeal(deal.type, deal.status, tuple(company_words(n) for n in names), numbers)


def _amount(fact: Fact) -> str:
    # What is counted is left out: "17,280 GPUs" of one text is "an order for 17,280" in another.
    # Three digits: outlets round $523.2 million and $523 million alike.
    unit = fact.unit if fact.kind in ("money", "power") else _COUNTED.get(fact.kind, "#")
    return f"{unit}{float(fact.value):.3g}"


def _note(target: dict[str, float], feature: str, weight: float) -> None:
    if weight > target.get(feature, 0.0):
        target[feature] = weight


# Mid-sentence capitals are names in most languages of the trade; at the start of a sentence
# (or in a title) they may be anything.
# What begins with one certain letter, the space here, is found twice as quickly.
_CAPITALISED = re.compile(r" [A-ZÀ-Þ](?<=[a-zà-ÿ,;:)] .)[\w-]{2,}(?: [A-ZÀ-Þ][\w-]{2,})*")
_NUMBER = re.compile(r"[0-9][\d,]*(?:\.\d+)?")
_FURNITURE = 16  # characters before a number that may be its furniture
_YEAR = re.compile(r"(?:19|20)\d\d")
_WEEKDAYS = {
    day: re.compile(rf"{day}\b(?<=\b{day})")  # what begins with letters is found quickly
    for day in "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
}


@lru_cache(maxsize=65_536)  # few numbers are printed often
def _telling(literal: str) -> str:
    """A number that is no amount (shares, acres, votes), if it has two digits that tell."""
    if len(literal) < 2:
        return ""
    number = literal.replace(",", "")
    digits = number.replace(".", "").strip("0")
    if len(digits) < 2 or _YEAR.fullmatch(number):
        return ""
    return f"#{float(number):.3g}"


def _first_place(report: DealReport) -> tuple[bool, int]:
    return min((span.part == "text", span.start) for span in report.evidence)
