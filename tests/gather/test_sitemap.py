"""Promises of the reading of news sitemaps."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest

from extractor.errors import FeedError
from extractor.gather.feed import looks_like_feed, read_document
from extractor.records import Entry, Page

URL = "https://mill.example/news-sitemap.xml"
NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc> https://mill.example/2026/lease </loc><lastmod>2026-06-01</lastmod>
<news:news><news:publication><news:name>Mill News</news:name><news:language>en</news:language>
</news:publication><news:publication_date>2026-05-27T10:00:00+02:00</news:publication_date>
<news:title>Mill &amp; cloud sign a 40 MW lease</news:title></news:news></url>
<url><loc>javascript:alert(1)</loc></url>
<url><loc>https://mill.example/2026/loan</loc><news:news><news:title>A loan</news:title>
</news:news></url></urlset>"""


def page(body: bytes) -> Page:
    return Page(URL, URL, 200, body)


@pytest.mark.parametrize("body", [NEWS.encode(), gzip.compress(NEWS.encode()), NEWS[:-20].encode()])
def test_news_of_a_sitemap_are_entries(body: bytes) -> None:
    assert looks_like_feed(page(body))
    document = read_document(page(body))
    assert (document.kind, document.title) == ("news sitemap", "Mill News")
    assert document.entries[0] == Entry(
        guid="https://mill.example/2026/lease",
        url="https://mill.example/2026/lease",
        title="Mill & cloud sign a 40 MW lease",
        published=datetime(2026, 5, 27, 8, tzinfo=UTC),
    )
    assert [entry.title for entry in document.entries[1:]] == ["A loan"]
    assert document.faults == ("entries without a date: 1",)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (NEWS.replace("sitemap-news/", "x/"), "a sitemap of pages, not of news"),
        ("<sitemapindex><sitemap/></sitemapindex>", "an index of sitemaps"),
    ],
)
def test_other_sitemaps_are_no_feeds(body: str, reason: str) -> None:
    assert not looks_like_feed(page(body.encode()))
    with pytest.raises(FeedError, match=reason):
        read_document(page(body.encode()))


def test_no_entity_is_expanded_and_no_file_is_read() -> None:
    bombs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    entities = f'<!DOCTYPE x [<!ENTITY l0 "lol">{bombs}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    body = NEWS.replace("<urlset", f"{entities}<urlset").replace("A loan", "A &l11; loan &f;")
    title = read_document(page(body.encode())).entries[-1].title
    assert "lol" not in title and "root" not in title


def test_a_gzip_bomb_is_refused() -> None:
    head = NEWS[: NEWS.index("<url>")].encode()
    bomb = gzip.compress(head + b" " * 60_000_000)
    with pytest.raises(FeedError, match="cannot be unpacked"):
        read_document(page(bomb))
