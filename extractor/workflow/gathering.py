"""Sources become stored articles."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from time import monotonic
from typing import BinaryIO, TypeVar

from extractor.errors import (
    DealwireError,
    FeedError,
    FetchError,
    LedgerError,
    SourceError,
)
from extractor.gather.article import article_from_record, article_from_text, read_article
from extractor.gather.dataset import JsonLine
from extractor.gather.feed import read_feed
from extractor.gather.feedrules import RetryRules, feed_rules
from extractor.gather.kept import page_of_text, read_kept
from extractor.gather.opml import read_opml
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
from extractor.gather.warc import ArchivedPage
from extractor.records import Article, Entry, Feed, Page
from extractor.store.wanted import Wanted
from extractor.store.write import Ledger
from extractor.workflow.ahead import Ahead, Answer, Found
from extractor.workflow.parts import Failed, FetchesPages, Progress
from extractor.workflow.takings import Takings, outcome_of
from extractor.workflow.trying import postpone

# What comes from files is stored so many at a time, or after so many seconds: a run that is
# killed loses no more, and other processes wait no longer for their turn to write.
_BATCH = 500
_BATCH_SECONDS = 1.0
_PAGE_BATCH = 8  # of pages: so many are stored together, and lost together by a kill
_NOT_MODIFIED = 304
_ETAG, _MODIFIED = "etag", "last-modified"

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class _Due:
    """Entries whose common page is to be fetched; an edited one does not trust a kept page."""

    wanted: tuple[Wanted, ...] = ()

    @property
    def entry(self) -> Entry:
        """The one that decides what is told of the page."""
        return self.wanted[0].entry

    @property
    def edited(self) -> bool:
        return any(each.edited for each in self.wanted)


class Gathering:
    """One run's way from sources to articles in the ledger.

    Files first, since they may list feeds or urls; then urls, then feeds, then the entries
    of all feeds. What a run that broke off has fetched since `resumes` is not fetched again.
    """

    def __init__(
        self,
        ledger: Ledger,
        progress: Progress,
        *,
        resumes: datetime | None = None,
        rules: RetryRules | None = None,
    ) -> None:
        self._ledger = ledger
        self._rules = rules or feed_rules().pages
        self._progress = progress
        self._resumes = resumes
        self._urls: dict[str, None] = {}
        self._feed_urls: dict[str, None] = {}
        self._polled: set[str] = set()
        ledger.fill_canonical_urls(canonical_url)
        self.taken = Takings(ledger)

    @property
    def has_urls(self) -> bool:
        return bool(self._urls or self._feed_urls or self._polled)

    def take_files(self, sources: Iterable[str], stdin: BinaryIO | None = None) -> None:
        """Stores the articles in files; notes urls and feeds for `take_urls`."""
        waiting: list[Found | FeedFile] = []
        began = monotonic()
        for item in expand(sources, stdin):
            # Cut out first, then write: the ledger is not locked meanwhile.
            if found := self._look_at(item):
                waiting.append(found)
            if len(waiting) >= _BATCH or monotonic() - began > _BATCH_SECONDS:
                self._store_batch(waiting)
                waiting, began = [], monotonic()
        self._store_batch(waiting)

    async def take_urls(self, fetcher: FetchesPages) -> None:
        """Fetches the urls that were noted, with the feeds and articles behind them."""
        async with Ahead(fetcher, self._wants) as self._ahead:
            for url in self._feed_urls:
                self._poll(url)
            await self._each("urls", list(self._urls), self._ask, self._take_url)
            await self._each("feeds", list(self._feed_urls), self._poll, self._take_feed)
            await self._take_pages(self._due_pages())

    def _look_at(self, item: Expanded) -> Found | FeedFile | None:
        """What a file holds; what is to be fetched later on is noted only."""
        match item:
            case SourceError():
                self.taken.fail(item.subject, "source", item)
            case UrlSource(url=url):
                self._urls[url] = None
            case FeedFile():
                return item
            case OpmlFile(page=page):
                self.taken.attempt(page.url, "feed", lambda: self._note_feeds(page))
            case HtmlFile(page=page):
                return self._cut_out(page, lambda: read_article(page))
            case ArchivedPage(page=page, entry=entry):
                return self._cut_out(page, lambda: read_kept(page, entry), entry)
            case TextFile(path=path, text=text):
                page = page_of_text(path, text)
                return self._cut_out(page, lambda: article_from_text(text, place=path))
            case JsonLine(place=place, record=record):
                return outcome_of(place, lambda: article_from_record(record, place=place))
        return None

    def _cut_out(
        self, page: Page, cut: Callable[[], Article], entry: Entry | None = None
    ) -> Found | None:
        """The article of a file, unless it was taken in before as it is now."""
        if self._ledger.is_taken(page):
            self.taken.seen += 1
            self.taken.worked(page.url)
            return None
        return replace(outcome_of(page.url, cut), page=page, entry=entry)

    def _store_batch(self, batch: Sequence[Found | FeedFile]) -> None:
        with self._ledger.transaction():
            for found in batch:
                if isinstance(found, FeedFile):
                    self.taken.attempt(found.page.url, "feed", partial(self._read_feed, found.page))
                else:
                    self.taken.store(found)
        self._progress("files", self.taken.seen, 0)

    async def _each(
        self,
        stage: str,
        items: Sequence[Item],
        start: Callable[[Item], None],
        take: Callable[[Item], Awaitable[None]],
    ) -> None:
        """Starts all items, then stores what comes of them, in their order."""
        for item in items:
            start(item)
        for done, item in enumerate(items):
            self._progress(stage, done, len(items))
            await take(item)
        if items:
            self._progress(stage, len(items), len(items))

    def _ask(self, url: str) -> None:
        if self._ledger.has_entries(url):
            self._feed_urls[url] = None  # a known feed is polled as one
            self._poll(url)
        elif self._resumes and (resumed := self._kept(url, self._resumes)):
            self._ahead.ask(url, kept=resumed)
        else:
            kept = self._kept(url)
            etag, modified = (kept.header(_ETAG), kept.header(_MODIFIED)) if kept else ("", "")
            self._ahead.ask(url, etag=etag, modified=modified)

    async def _take_url(self, url: str) -> None:
        """A url given by the user: list of feeds, feed, or article; its page tells."""
        if url in self._feed_urls:
            return
        answer = await self._ahead.ask(url)
        if isinstance(answer.page, FetchError):
            self.taken.fail(url, "page", answer.page)
            return
        if answer.page.status == _NOT_MODIFIED and (kept := self._kept(url)):
            self._ledger.confirm_page(url)
            answer = await self._ahead.look_at(kept)
        self._store_answer(url, answer)

    def _store_answer(self, url: str, answer: Answer) -> None:
        if answer.found:
            with self._ledger.transaction():
                self.taken.store(answer.found)
        elif isinstance(answer.feed, FeedError):
            self.taken.fail(url, "feed", answer.feed)
        elif answer.feed:
            self._store_feed(*answer.feed)
        elif isinstance(page := answer.page, Page):
            self.taken.attempt(url, "feed", lambda: self._note_feeds(page))

    def _kept(self, url: str, since: datetime | None = None) -> Page | None:
        """The page as it came last; a damaged one is as good as none, and replaced."""
        try:
            return self._ledger.page(url, since=since)
        except LedgerError:
            return None

    def _poll(self, url: str) -> None:
        feed = self._ledger.feed(url)
        self._ahead.ask(url, etag=feed.etag, modified=feed.modified)

    async def _take_feed(self, url: str) -> None:
        answer = await self._ahead.ask(url)
        feed = self._ledger.feed(url)
        if isinstance(answer.page, FetchError):
            self._ledger.add_feed(replace(feed, failures=feed.failures + 1))
            self.taken.fail(url, "feed", answer.page)
        elif answer.page.status == _NOT_MODIFIED:
            self.taken.feeds += 1
            self._ledger.add_feed(replace(feed, failures=0))
            self.taken.worked(url)
            self._polled.add(url)
        elif answer.feed:
            self._store_answer(url, answer)
        else:  # it is no feed, which reading it tells
            self.taken.attempt(url, "feed", partial(self._read_feed, answer.page))

    def _find(self, due: _Due) -> None:
        resumed = None if due.edited else self._resumes
        self._ahead.find(due.entry, self._kept(due.entry.url, resumed) if resumed else None)

    async def _take_pages(self, pages: Sequence[_Due]) -> None:
        """Starts all pages, then stores them in their order: together those that are there."""
        for due in pages:
            self._find(due)
        waiting: list[tuple[Found, _Due]] = []
        for done, due in enumerate(pages, 1):
            waiting.append((await self._ahead.found(due.entry), due))
            is_next_here = done < len(pages) and self._ahead.has_found(pages[done].entry)
            if not is_next_here or len(waiting) >= _PAGE_BATCH:
                with self._ledger.transaction():
                    for found, its_due in waiting:
                        self._store_found(found, its_due)
                waiting.clear()
                self._progress("pages", done, len(pages))

    def _store_found(self, found: Found, due: _Due) -> None:
        """Entries that lead to one page: the first one told what the page did not."""
        self.taken.store(found)
        if isinstance(found.outcome, DealwireError):
            postpone(self._ledger, due.wanted[0], found.outcome, self._ledger.now(), self._rules)
            return
        for wanted in due.wanted:
            self._settle(wanted.entry)

    def _wants(self, entry: Entry) -> bool:
        """Whether the page of an entry can be fetched before all feeds have come.

        A run that goes on with one that broke off looks first at what that one fetched.
        """
        url = canonical_url(entry.url)
        return (
            not self._resumes
            and not self._ledger.is_known(url)
            and self._ledger.wanted.may_ask(url, self._ledger.now())
        )

    def _note_feeds(self, page: Page) -> None:
        for feed in read_opml(page):
            self._feed_urls[feed.url] = None

    def _read_feed(self, page: Page) -> None:
        self._store_feed(*read_feed(page))

    def _store_feed(self, feed: Feed, entries: Iterable[Entry]) -> None:
        with self._ledger.transaction():
            self._ledger.add_feed(feed)
            for entry in self._ledger.add_entries(feed.url, entries, canonical_url).fresh:
                if not entry.url:
                    self.taken.failures.append(Failed(feed.url, "feed", f"no link in {entry.guid}"))
        self.taken.feeds += 1
        self._polled.add(feed.url)
        self.taken.worked(feed.url)

    def _due_pages(self) -> list[_Due]:
        """What the polled feeds want fetched, by page.

        In an order that does not depend on which feed answered first.
        """
        due: dict[str, _Due] = {}
        with self._ledger.transaction():
            now = self._ledger.now()
            for feed_url in sorted(self._polled):
                for wanted in self._ledger.wanted.of_feed(feed_url, now):
                    url = canonical_url(wanted.entry.url)
                    if not wanted.edited and self._ledger.is_known(url):
                        self._settle(wanted.entry)
                    else:
                        due[url] = _Due((*due.get(url, _Due()).wanted, wanted))
                self.taken.postponed |= self._ledger.wanted.later(feed_url, now)
        return list(due.values())

    def _settle(self, entry: Entry) -> None:
        self._ledger.wanted.fetched(entry.url, canonical_url(entry.url))
