"""Promises of finding the feeds of a site."""

from __future__ import annotations

from extractor.gather.discovery import FeedLink, likely_feeds, linked_feeds
from extractor.gather.feedrules import feed_rules
from extractor.records import Page

RULES = feed_rules().discovery
HOME = "https://mill.example/news/"


def page(body: str) -> Page:
    return Page(HOME, HOME, 200, body.encode(), (("content-type", "text/html"),))


def test_feeds_that_a_page_links_are_found_and_comments_come_last() -> None:
    head = """<?xml version="1.0"?><!doctype html><html><head><base href="/base/">
    <link rel="alternate" type="application/rss+xml" href="/comments/feed" title="Mill Comments">
    <link rel='ALTERNATE home' type='application/atom+xml; charset=utf-8' href='atom.xml'>
    <link rel="alternate" type="application/feed+json" href="https://mill.example/feed.json">
    <link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/12">
    <link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">
    <link rel="alternate" type="application/rss+xml" href="/comments/feed" title="again">
    <link rel="alternate" hreflang="de" href="/de"><link rel="stylesheet" href="/feed.css">
    </head><body></body></html>"""
    assert linked_feeds(page(head), RULES) == (
        FeedLink("https://mill.example/base/atom.xml"),
        FeedLink("https://mill.example/feed.json"),
        FeedLink("https://mill.example/comments/feed", "Mill Comments"),
    )


def test_an_index_of_sitemaps_names_those_of_news() -> None:
    index = """<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
    <sitemap><loc>https://mill.example/pages.xml</loc></sitemap>
    <sitemap><loc>https://mill.example/news-sitemap.xml.gz</loc></sitemap></sitemapindex>"""
    assert linked_feeds(page(index), RULES) == (
        FeedLink("https://mill.example/news-sitemap.xml.gz"),
    )


def test_a_page_without_links_has_likely_places_beside_it_and_at_the_root() -> None:
    assert linked_feeds(page("<p>nothing"), RULES) == linked_feeds(page(""), RULES) == ()
    likely = likely_feeds(page(""), RULES)
    assert {"https://mill.example/news/feed", "https://mill.example/rss.xml"} <= set(likely)
    assert len(likely) == len(set(likely))
