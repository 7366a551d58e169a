"""A ledger of any size, made up but shaped as real ones are."""

from __future__ import annotations

import hashlib
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from extractor.deals import assemble
from extractor.reading import load_reader
from extractor.records import (
    DEAL_TYPES,
    Article,
    DealReport,
    Fact,
    Member,
    Reading,
    ReportRef,
    Slot,
    Span,
    Story,
)
from extractor.store.write import open_ledger

_START = datetime(2024, 1, 1, tzinfo=UTC)
_PER_STORY = 2
_WITH_A_DEAL = 0.6
_FILLER = "Nothing else was said about it by either side, and shares hardly moved. " * 30


def build_ledger(path: Path, articles: int, seed: int = 1) -> None:
    """Writes a ledger of so many articles; six of ten stories report a deal."""
    chance = random.Random(seed)
    listed = load_reader().companies
    names = [company.name for company in listed]
    read = list(_articles(chance, names, articles))
    stories = _stories([article for article, _ in read])
    story_of = {m.article_key: story.key for story in stories for m in story.members}
    refs = [
        ReportRef(article.key, story_of[article.key], article.published, report)
        for article, reading in read
        for report in reading.reports
    ]
    with open_ledger(path) as ledger, ledger.transaction():
        ledger.sync_companies(listed)
        for article, reading in read:
            ledger.add_article(article)
            ledger.save_reading(article, reading, "made up")
        ledger.replace_stories(stories)
        ledger.replace_deals(assemble(refs, ledger.resolver()))


def _articles(
    chance: random.Random, names: Sequence[str], count: int
) -> Iterator[tuple[Article, Reading]]:
    for story in range(count // _PER_STORY):
        company, partner = chance.sample(names, 2)
        millions, megawatts = chance.randint(10, 9000), chance.randint(5, 900)
        told = chance.random() < _WITH_A_DEAL
        deal_type = chance.choice(DEAL_TYPES)
        for copy in range(_PER_STORY):
            money, power = f"${millions} million", f"{megawatts} MW"
            lead = f"{company} and {partner} agreed on {power} for {money}, both said ({copy})."
            article = _article(f"{story}-{copy}", lead, story, copy)

            def place(words: str, lead: str = lead) -> Span:
                start = lead.index(words)
                return Span("text", start, start + len(words))

            slots = (
                Slot("company", company, "", place(company), "made up"),
                Slot("counterparty", partner, "", place(partner), "made up"),
                Slot("value", millions * 1e6, "USD", place(money), "made up"),
                Slot("megawatts", float(megawatts), "MW", place(power), "made up"),
            )
            facts = (
                Fact("company", company, "", place(company), company, "made up"),
                Fact("company", partner, "", place(partner), partner, "made up"),
                Fact("money", millions * 1e6, "USD", place(money), money, "made up"),
                Fact("power", float(megawatts), "MW", place(power), power, "made up"),
            )
            report = DealReport(deal_type, "announced", slots, (place(lead),), "made up")
            yield article, Reading(facts, (report,) if told else ())


def _article(key: str, lead: str, story: int, copy: int) -> Article:
    text = f"{lead}\n\n{_FILLER.strip()}"
    digest = hashlib.sha256(f"{key}{text}".encode()).hexdigest()[:16]
    site = f"outlet{story % 40}.example"
    url = f"https://{site}/{key}"
    published = _START + timedelta(hours=3 * story + copy)
    return Article(url, url, url, lead[:60], site, "", published, "en", text, digest)


def _stories(articles: Sequence[Article]) -> list[Story]:
    members: dict[str, list[Member]] = defaultdict(list)
    for article in articles:
        key = article.key.rpartition("/")[2].partition("-")[0]
        members[key].append(Member(article.key, 1.0, "copy" if members[key] else "first"))
    return [Story(key, tuple(found)) for key, found in members.items()]
