"""The corpus is whole, and its pages read as their annotations say."""

import re
from collections import Counter

import pytest

from extractor.evaluate.corpus import SITES, Gold, corpus_dir, fingerprint, load_corpus
from extractor.evaluate.serve import PLACEHOLDER
from extractor.gather.article import read_article
from extractor.gather.feed import read_feed
from extractor.records import DEAL_TYPES, STATUSES, Article, Page

GOLDS = load_corpus()
PAGES = [gold for gold in GOLDS if gold.split == SITES]


@pytest.fixture(scope="module")
def articles() -> dict[str, Article]:
    return {gold.row.id: read_article(as_page(gold)) for gold in PAGES}


def as_page(gold: Gold) -> Page:
    url = gold.row.url
    headers = (("content-type", "text/html"),)
    return Page(url=url, final_url=url, status=200, body=gold.page.read_bytes(), headers=headers)


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text))


def occurrences(phrase: str, text: str) -> int:
    return " ".join(text.split()).count(" ".join(phrase.split()))


def test_the_corpus_is_large_enough_to_mean_something():
    assert len(PAGES) >= 40
    assert len({gold.row.id for gold in GOLDS}) == len(GOLDS)


@pytest.mark.parametrize("gold", GOLDS, ids=lambda gold: f"{gold.split}:{gold.row.id}")
def test_every_annotation_is_printed_in_its_article(gold):
    body = f"{gold.row.title}\n{gold.row.text}"
    for quantity in gold.row.quantities:
        assert quantity.text in body
        assert quantity.kind in ("money", "power")
    for ticker in gold.row.tickers:
        assert re.search(rf"(?<!\w){re.escape(ticker)}(?!\w)", body)
    for deal in gold.row.deals:
        assert deal.type in DEAL_TYPES
        assert deal.status in STATUSES
        assert deal.company
        assert deal.evidence
        assert [quote for quote in deal.evidence if quote not in body] == []


def test_pages_give_back_the_words_of_their_gold(articles):
    scores = {}
    for gold in PAGES:
        wanted, found = words(gold.row.text), words(articles[gold.row.id].text)
        common = (wanted & found).total()
        scores[gold.row.id] = 2 * common / (wanted.total() + found.total())
    assert sum(scores.values()) / len(scores) >= 0.97
    assert min(scores.values()) >= 0.9


@pytest.mark.parametrize("gold", PAGES, ids=lambda gold: gold.row.id)
def test_no_quantity_is_lost_on_the_way_through_the_page(gold, articles):
    article = articles[gold.row.id]
    # A quantity that the title repeats may be counted there, since the title is no body text.
    found = f"{article.title} {article.text}"
    wanted = f"{gold.row.title} {gold.row.text}"
    for quantity in gold.row.quantities:
        assert occurrences(quantity.text, found) >= occurrences(quantity.text, wanted)


@pytest.mark.parametrize("gold", PAGES, ids=lambda gold: gold.row.id)
def test_pages_tell_who_published_what_when(gold, articles):
    article = articles[gold.row.id]
    assert article.canonical_url == gold.row.url
    assert article.title == gold.row.title
    assert article.published is not None
    assert article.published.date() == gold.row.published.date()


def test_every_article_is_in_a_feed():
    listed = set()
    for path in sorted((corpus_dir() / "feeds").iterdir()):
        url = f"{PLACEHOLDER.decode()}/feeds/{path.name}"
        page = Page(url=url, final_url=url, status=200, body=path.read_bytes())
        listed |= {
            entry.url.split("?")[0].split("#")[0].rstrip("/") for entry in read_feed(page)[1]
        }
    wanted = {gold.row.url.replace("https://", f"{PLACEHOLDER.decode()}/sites/") for gold in PAGES}
    assert wanted - listed == set()


def test_the_fingerprint_sees_annotations_only():
    assert fingerprint(PAGES) == fingerprint(list(reversed(PAGES)))
    assert fingerprint(PAGES) != fingerprint(PAGES[1:])
