"""Articles with their readings, built from what a test wants to say."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from extractor.records import Article, DealReport, DealType, Fact, Reading, Slot, Span, Status

START = datetime(2025, 8, 14, 11, tzinfo=UTC)
AMOUNT = re.compile(r"\$([\d.]+) (million|billion)|(\d+) MW")
SCALE = {"million": 1e6, "billion": 1e9}

Told = tuple[Article, Reading]


def told(
    key: str,
    title: str,
    text: str,
    *,
    companies: Sequence[str] = (),
    hours: float | None = 0,
    url: str = "",
    canonical: str = "",
    deal: tuple[DealType, Status] | None = None,
) -> Told:
    """An article `hours` after START (undated for None); its first company is the principal."""
    url = url or f"https://{key}.example.com/story"
    article = Article(
        key=key,
        url=url,
        canonical_url=canonical or url,
        title=title,
        site=f"{key}.example.com",
        author="",
        published=None if hours is None else START + timedelta(hours=hours),
        language="en",
        text=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )
    facts = [*_names(article, companies), *_amounts(article)]
    reports = (_report(companies[0], *deal, text),) if deal else ()
    return article, Reading(tuple(facts), reports)


def grouped(stories: Sequence) -> set[frozenset[str]]:
    return {frozenset(m.article_key for m in story.members) for story in stories}


def reasons(stories: Sequence) -> Mapping[str, str]:
    return {m.article_key: m.reason for story in stories for m in story.members}


def _parts(article: Article):
    return (("title", article.title), ("text", article.text))


def _names(article: Article, companies: Sequence[str]) -> list[Fact]:
    return [
        Fact("company", name, "", Span(part, m.start(), m.end()), name, "test")
        for name in companies
        for part, source in _parts(article)
        for m in re.finditer(rf"\b{re.escape(name)}\b", source)
    ]


def _amounts(article: Article) -> list[Fact]:
    found = []
    for part, source in _parts(article):
        for m in AMOUNT.finditer(source):
            span = Span(part, m.start(), m.end())
            money = m.group(1)
            value = float(money) * SCALE[m.group(2)] if money else float(m.group(3))
            kind, unit = ("money", "USD") if money else ("power", "MW")
            found.append(Fact(kind, value, unit, span, m.group(), "test"))
    return found


def _report(company: str, kind: DealType, status: Status, text: str) -> DealReport:
    place = Span("text", 0, len(text))
    return DealReport(
        kind, status, (Slot("company", company, "", place, "test"),), (place,), "test"
    )
