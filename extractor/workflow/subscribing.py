"""A web address becomes the feed behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from extractor.errors import FeedError, FetchError
from extractor.gather.discovery import FeedLink, likely_feeds, linked_feeds
from extractor.gather.feed import FeedDocument, looks_like_feed, read_document
from extractor.gather.feedrules import DiscoveryRules
from extractor.gather.opml import looks_like_opml
from extractor.records import Feed, Page, Subscription
from extractor.workflow.parts import FetchesPages


@dataclass(frozen=True, slots=True)
class Found:
    """A feed that works, and other ones that the same page links."""

    page: Page
    document: FeedDocument
    others: tuple[FeedLink, ...] = ()

    @property
    def url(self) -> str:
        """Where the feed is for good."""
        return self.page.moved_to or self.page.url

    @property
    def subscription(self) -> Subscription:
        return Subscription(Feed(url=self.url, title=self.document.title))


async def find_feed(url: str, fetcher: FetchesPages, rules: DiscoveryRules) -> Found:
    """The feed at an address: it itself, one that its page links, one where feeds often are.

    Raises FetchError if the address cannot be fetched, FeedError if no feed is found.
    """
    page = await fetcher.fetch(url)
    if looks_like_opml(page):
        raise FeedError(url, f"this is a list of feeds; take it with: dealwire feeds import {url}")
    if looks_like_feed(page):
        return Found(page, read_document(page))
    links = linked_feeds(page, rules)
    found = await _first_that_works((link.url for link in links), fetcher)
    if found is None and links:
        named = ", ".join(link.url for link in links)
        raise FeedError(url, f"none of the feeds that it links can be read: {named}")
    if found is None:
        found = await _first_that_works(likely_feeds(page, rules), fetcher)
    if found is None:
        raise FeedError(url, "this is no feed, it links none, and none is where feeds often are")
    others = tuple(link for link in links if link.url != found.page.url)
    return Found(found.page, found.document, others)


async def _first_that_works(urls: Iterable[str], fetcher: FetchesPages) -> Found | None:
    for url in urls:
        try:
            page = await fetcher.fetch(url)
            return Found(page, read_document(page))
        except (FetchError, FeedError):
            continue  # the address was a guess, or the page's claim: the next may be right
    return None
