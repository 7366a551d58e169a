"""Sources become stored articles."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from itertools import islice
from typing import BinaryIO, TypeVar

from extractor.errors import ArticleError, DealwireError, FeedError, FetchError, SourceError
from extractor.gather.article import article_from_record, article_from_text, read_article
from extractor.gather.dataset import JsonLine
from extractor.gather.feed import looks_like_feed, read_feed
from extractor.gather.opml import looks_like_opml, read_opml
from extractor.gather.sources import (
    Expanded,
    FeedFile,
    HtmlFile,
    OpmlFile,
    TextFile,
    UrlSource,
    expand,
)
from extractor.gather.url import canonical_url
from extractor.records import Article, Entry, Page
from extractor.store.write import Ledger
from extractor.workflow.parts import Failed, FetchesPages, Progress, failed

_BATCH = 500
# Requests that wait for their turn; how many run at once is the fetcher's affair.
_WORKERS = 64
_NOT_MODIFIED = 304

Item = TypeVar("Item")


class Gathering:
    """One run's way from sources to articles in the ledger.

    Files first, since they may list feeds or urls; then urls, then feeds, then the entries
    of all feeds.
    """

    def __init__(self, ledger: Ledger, progress: Progress) -> None:
        self._ledger = ledger
        self._progress = progress
        self._failing = ledger.failing()
        self._urls: dict[str, None] = {}
        self._feed_urls: dict[str, None] = {}
        self._entries: dict[str, Entry] = {}  # by canonical url
        self._known = {canonical_url(url) for url in ledger.known_urls()}
        self.feeds = 0
        self.seen = 0
        self.new = 0
        self.failures: list[Failed] = []

    @property
    def has_urls(self) -> bool:
        return bool(self._urls or self._feed_urls or self._entries)

    def take_files(self, sources: Iterable[str], stdin: BinaryIO | None = None) -> None:
        """Stores the articles in files; notes urls and feeds for `take_urls`."""
        items = expand(sources, stdin)
        while batch := list(islice(items, _BATCH)):
            with self._ledger.transaction():
                for item in batch:
                    self._take(item)
            self._progress("files", self.seen, 0)

    async def take_urls(self, fetcher: FetchesPages) -> None:
        """Fetches the urls that were noted, with the feeds and articles behind them."""
        async with fetcher:
            self._fetcher = fetcher
            await self._each("urls", list(self._urls), self._take_url)
            await self._each("feeds", list(self._feed_urls), self._take_feed)
            await self._each("pages", list(self._entries.values()), self._take_entry)

    def _take(self, item: Expanded) -> None:
        match item:
            case SourceError():
                self._fail(item.subject, "source", item)
            case UrlSource(url=url):
                self._urls[url] = None
            case FeedFile(page=page):
                self._try(page.url, "feed", lambda: self._store_feed(page))
            case OpmlFile(page=page):
                self._try(page.url, "feed", lambda: self._note_feeds(page))
            case HtmlFile(page=page):
                self._try(page.url, "article", lambda: self._store_article(read_article(page)))
            case TextFile(path=path, text=text):
                self._try(
                    path,
                    "article",
                    lambda: self._store_article(article_from_text(text, place=path)),
                )
            case JsonLine():
                self._try(
                    item.place,
                    "article",
                    lambda: self._store_article(article_from_record(item.record, place=item.place)),
                )

    async def _each(
        self, stage: str, items: Sequence[Item], take: Callable[[Item], Awaitable[None]]
    ) -> None:
        """Takes all items, some at a time; the first to be interrupted stops the rest."""
        waiting = iter(items)
        done = 0

        async def work() -> None:
            nonlocal done
            for item in waiting:
                await take(item)
                done += 1
                self._progress(stage, done, len(items))

        if items:
            self._progress(stage, 0, len(items))
        workers = [asyncio.create_task(work()) for _ in range(min(_WORKERS, len(items)))]
        try:
            await asyncio.gather(*workers)
        finally:
            for worker in workers:
                worker.cancel()

    async def _take_url(self, url: str) -> None:
        """A url given by the user: list of feeds, feed, or article; its page tells."""
        if self._ledger.entries(url):
            self._feed_urls[url] = None  # a known feed is polled as one
            return
        kept = self._ledger.page(url)
        etag, modified = (kept.header("etag"), kept.header("last-modified")) if kept else ("", "")
        try:
            page = await self._fetcher.fetch(url, etag=etag, modified=modified)
        except FetchError as error:
            self._fail(url, "page", error)
            return
        if page.status == _NOT_MODIFIED and kept is not None:
            page = kept
        if looks_like_opml(page):
            self._try(url, "feed", lambda: self._note_feeds(page))
        elif looks_like_feed(page):
            self._try(url, "feed", lambda: self._store_feed(page))
        else:
            self._try(url, "article", lambda: self._store_page(page))

    async def _take_feed(self, url: str) -> None:
        feed = self._ledger.feed(url)
        try:
            page = await self._fetcher.fetch(url, etag=feed.etag, modified=feed.modified)
        except FetchError as error:
            self._ledger.add_feed(replace(feed, failures=feed.failures + 1))
            self._fail(url, "feed", error)
            return
        if page.status == _NOT_MODIFIED:
            self.feeds += 1
            self._ledger.add_feed(replace(feed, failures=0))
            self._clear(url)
            self._note_entries(url, ())
        else:
            self._try(url, "feed", lambda: self._store_feed(page))

    async def _take_entry(self, entry: Entry) -> None:
        try:
            page = await self._fetcher.fetch(entry.url)
        except FetchError as error:
            self._fail(entry.url, "page", error)
            return
        self._try(entry.url, "article", lambda: self._store_page(page, entry))

    def _note_feeds(self, page: Page) -> None:
        for feed in read_opml(page):
            self._feed_urls[feed.url] = None

    def _store_feed(self, page: Page) -> None:
        feed, entries = read_feed(page)
        with self._ledger.transaction():
            self._ledger.add_feed(feed)
            fresh = self._ledger.add_entries(feed.url, entries)
        self.feeds += 1
        self._note_entries(feed.url, fresh)

    def _note_entries(self, feed_url: str, fresh: Iterable[Entry]) -> None:
        """Entries to fetch: new or edited ones, and any that led to no article so far."""
        edited = {entry.guid for entry in fresh}
        for entry in self._ledger.entries(feed_url):
            url = canonical_url(entry.url)
            if not entry.url:
                if entry.guid in edited:
                    self.failures.append(Failed(feed_url, "feed", f"no link in {entry.guid}"))
            elif entry.guid in edited or url not in self._known:
                self._entries.setdefault(url, entry)

    def _store_page(self, page: Page, entry: Entry | None = None) -> None:
        """Keeps the page, also if no article is found in it."""
        page_id = self._ledger.add_page(page)
        self._store_article(read_article(page, entry), page_id)
        self._known.add(canonical_url(page.url))

    def _store_article(self, article: Article, page_id: int | None = None) -> None:
        self.seen += 1
        self.new += self._ledger.add_article(article, page_id)

    def _try(self, source: str, stage: str, act: Callable[[], None]) -> None:
        try:
            act()
        except (ArticleError, FeedError, SourceError) as error:
            self._fail(source, stage, error)
        else:
            self._clear(source)

    def _fail(self, source: str, stage: str, error: DealwireError) -> None:
        failure = failed(source, stage, error)
        self.failures.append(failure)
        self._clear(source)  # an earlier failure in another stage
        self._ledger.add_failure(failure.source, failure.stage, failure.reason)

    def _clear(self, source: str) -> None:
        if source in self._failing:
            self._ledger.clear_failure(source)
