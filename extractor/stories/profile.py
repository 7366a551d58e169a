"""What an article is about, reduced to what can be compared."""

from __future__ import annotations

import re
import zlib
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from operator import itemgetter

from extractor.names import company_key
from extractor.records import Article, DealReport, Fact, Reading
from extractor.stories.rules import StoryRules
from extractor.stories.urls import story_urls

Paragraph = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Profile:
    """One article as the comparison sees it.

    `names` and `figures` map a feature to its weight: 1 in title and lead, less after it.
    `title_names` are the first words of the companies in the title.
    `sketch` holds the smallest hashes of `runs` distinct runs of words, in order.
    """

    key: str
    published: datetime | None
    urls: frozenset[str]
    digest: str
    title: str
    names: dict[str, float]
    figures: dict[str, float]
    title_names: frozenset[str]
    title_figures: frozenset[str]
    stages: frozenset[str]
    is_digest: bool
    reports: tuple[DealReport, ...]
    sketch: array[int]
    runs: int

    @property
    def lead_features(self) -> Iterator[str]:
        """What title and lead say, for the index."""
        yield from (name for name, weight in self.names.items() if weight == 1.0)
        yield from (figure for figure, weight in self.figures.items() if weight == 1.0)


def profile(article: Article, reading: Reading, rules: StoryRules) -> Profile:
    """The comparable side of an article; boilerplate takes no part in it."""
    news = _news(article.text, rules)
    lead_end = _lead_end(article.text, news, rules.text.lead_words)
    background = rules.paraphrase.background
    facts = [fact for fact in reading.facts if _is_news(fact, news)]
    names: dict[str, float] = {}
    figures: dict[str, float] = {}
    for fact in facts:
        in_lead = fact.span.part == "title" or fact.span.start < lead_end
        weight = 1.0 if in_lead else background
        if fact.kind in ("company", "site"):
            for word in company_words(str(fact.value)):
                _note(names, word, weight)
        elif fact.kind in ("money", "power", "coins", "count"):
            _note(figures, _amount(fact), weight)
    taken: set[int] = set()
    for fact in facts:
        if fact.span.part == "text":
            taken.update(range(fact.span.start, fact.span.end))
    for start, end in news:
        for at, name in _proper_words(article.text, start, end):
            _note(names, name, 1.0 if at < lead_end else background)
        for at, figure in _plain_numbers(article.text, start, end, taken):
            _note(figures, figure, 1.0 if at < lead_end else background)
    hashes = _run_hashes(article.text, news, rules.text.run_words)
    titled = [fact for fact in facts if fact.span.part == "title"]
    return Profile(
        key=article.key,
        published=article.published,
        urls=story_urls(article),
        digest=article.digest,
        title=article.title,
        names=names,
        figures=figures,
        title_names=frozenset(
            words[0]
            for f in titled
            if f.kind == "company"
            if (words := company_words(str(f.value)))
        ),
        title_figures=frozenset(_amount(f) for f in titled if f.kind in ("money", "power")),
        stages=frozenset(n for n, pattern in rules.stages if pattern.search(article.title)),
        is_digest=any(pattern.search(article.title) for pattern in rules.digests),
        reports=tuple(sorted(reading.reports, key=_first_place)),
        sketch=array("I", sorted(hashes)[: rules.text.sketch_size]),
        runs=len(hashes),
    )


def _news(text: str, rules: StoryRules) -> list[Paragraph]:
    """Places of the paragraphs that carry news."""
    kept: list[Paragraph] = []
    at = 0
    for paragraph in text.split("\n\n"):
        start, end = at, at + len(paragraph)
        at = end + 2
        matching = [r.ignores for r in rules.boilerplate if r.pattern.match(paragraph.strip())]
        # A text that opens with "About ..." would otherwise have no news at all.
        if "rest" in matching and kept:
            break
        if not matching and paragraph.strip():
            kept.append((start, end))
    return kept


def _lead_end(text: str, news: list[Paragraph], lead_words: int) -> int:
    words = 0
    for start, end in news:
        words += len(text[start:end].split())
        if words >= lead_words:
            return end
    return len(text)


def _is_news(fact: Fact, news: list[Paragraph]) -> bool:
    if fact.span.part == "title":
        return True
    at = fact.span.start
    place = bisect_right(news, at, key=itemgetter(0)) - 1
    return place >= 0 and at < news[place][1]


@lru_cache(maxsize=65_536)
def company_words(name: str) -> tuple[str, ...]:
    """A name word by word: outlets shorten "Ridgeback Digital Infrastructure" at will."""
    return tuple(company_key(name).split())


def _amount(fact: Fact) -> str:
    # What is counted is left out: "17,280 GPUs" of one text is "an order for 17,280" in another.
    return _rounded(fact.unit if fact.kind in ("money", "power") else "#", float(fact.value))


@lru_cache(maxsize=65_536)
def _rounded(unit: str, number: float) -> str:
    # Three digits: outlets round $523.2 million and $523 million alike.
    return f"{unit}{number:.3g}"


def _note(target: dict[str, float], feature: str, weight: float) -> None:
    target[feature] = max(weight, target.get(feature, 0.0))


# Mid-sentence capitals are names in most languages of the trade; at the start of a sentence
# (or in a title) they may be anything.
_CAPITALISED = re.compile(r"[A-ZÀ-Þ](?<=[a-zà-ÿ,;:)] .)[\w-]{2,}(?: [A-ZÀ-Þ][\w-]{2,})*")


def _proper_words(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """Places, people and names that no rule knows, word by word."""
    for match in _CAPITALISED.finditer(text, start, end):
        for word in match.group().split():
            if len(word) > 3:
                yield match.start(), word.lower()


_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_YEAR = re.compile(r"(?:19|20)\d\d")


def _plain_numbers(text: str, start: int, end: int, taken: set[int]) -> Iterator[tuple[int, str]]:
    """Numbers that are no amounts (shares, acres, votes), if they have two digits that tell."""
    for match in _NUMBER.finditer(text, start, end):
        if match.start() not in taken and (figure := _telling(match.group())):
            yield match.start(), figure


@lru_cache(maxsize=65_536)
def _telling(literal: str) -> str:
    number = literal.replace(",", "")
    digits = number.replace(".", "").strip("0")
    if len(digits) < 2 or _YEAR.fullmatch(number):
        return ""
    return _rounded("#", float(number))


def _run_hashes(text: str, news: list[Paragraph], length: int) -> set[int]:
    words = _words(" ".join(text[start:end] for start, end in news).lower())
    if not words:
        return set()
    # A text that is shorter than a run is a run.
    runs = zip(*(words[i:] for i in range(min(length, len(words)))), strict=False)
    # CRC-32 is no good hash for an enemy, but stable across runs, quick and even enough here.
    return set(map(zlib.crc32, map(b" ".join, runs)))


_WORD = re.compile(r"\w+")
_TYPOGRAPHIC = "’‘“”–—…\N{NO-BREAK SPACE}"
_SPACES = bytes(n if _WORD.match(chr(n)) else ord(" ") for n in range(128)) + bytes(128)


def _words(text: str) -> list[bytes]:
    """All that `\\w+` finds; in a text without accents three times as quickly."""
    if not text.isascii():
        for sign in _TYPOGRAPHIC:
            text = text.replace(sign, " ")
    if text.isascii():
        return text.encode().translate(_SPACES).split()
    return [word.encode() for word in _WORD.findall(text)]


def _first_place(report: DealReport) -> tuple[bool, int]:
    return min((span.part == "text", span.start) for span in report.evidence)
