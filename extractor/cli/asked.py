"""What is found when feeds are asked, in words for people."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

from extractor.cli.words import clean, date, duration, plural
from extractor.errors import DealwireError, without_secrets
from extractor.records import Page

if TYPE_CHECKING:  # they load the network, which a list needs not
    from extractor.gather.fetch import Fetcher
    from extractor.gather.policy import FetchPolicy
    from extractor.workflow.subscribing import Found


def ask_feeds(urls: Iterable[str], policy: FetchPolicy) -> list[Found | DealwireError]:
    """The feed behind each url, or why there is none, in the order of the urls."""
    from extractor.gather.feedrules import feed_rules
    from extractor.gather.fetch import Fetcher
    from extractor.workflow.subscribing import find_feed

    async def each(url: str, fetcher: Fetcher) -> Found | DealwireError:
        try:
            return await find_feed(url, fetcher, feed_rules().discovery)
        except DealwireError as error:
            return error

    async def every() -> list[Found | DealwireError]:
        async with Fetcher(policy) as fetcher:
            return await asyncio.gather(*(each(url, fetcher) for url in urls))

    return asyncio.run(every())


async def ask_page(url: str, policy: FetchPolicy) -> Page:
    """The page under a url."""
    from extractor.gather.fetch import Fetcher

    async with Fetcher(policy) as fetcher:
        return await fetcher.fetch(url)


def asking_policy(allow_private: bool, delay: float, contact: str) -> FetchPolicy:
    """How to ask while a person waits: one more try, and a short wait at most."""
    from extractor.gather.policy import FetchPolicy

    return FetchPolicy(
        allow_private=allow_private,
        delay_seconds=delay,
        contact=contact,
        attempts=2,
        max_wait_seconds=5.0,
    )


def summary_of(found: Found) -> str:
    """What kind of feed it is, how much it lists, how new that is."""
    document, page = found.document, found.page
    dates = [entry.published for entry in document.entries if entry.published]
    newest = f", newest {date(max(dates))}" if dates else ""
    title = f" “{document.title}”" if document.title else ""
    number = plural(len(document.entries), "entry", "entries")
    saves = "" if page.header("etag") or page.header("last-modified") else ", sent whole each time"
    return f"{document.kind}{title}, {number}{newest}{saves}"


def remarks_on(found: Found) -> Iterable[str]:
    """What else is to be known of a feed, a line each."""
    from extractor.gather.pace import least_seconds

    page, document = found.page, found.document
    if page.moved_to and page.moved_to != page.url:
        yield f"  moved for good from {page.url}"
    least = max(least_seconds(page, datetime.now(UTC)), document.least_seconds)
    if least:
        yield f"  asks to be left alone for {duration(least)}"
    for fault in document.faults:
        yield f"  {fault}"
    for other in found.others:
        yield f"  the page also links: {other.url} {other.title}"


_ADVICE = {
    401: "it wants a password: https://user:password@host/...",
    403: "the site refuses programs; it may have another feed, or take an address of yours",
    404: "nothing is there; name the home page of the site, and its feed is looked for",
    410: "it was closed for good; name the home page of the site, and its feed is looked for",
    429: "too many requests; try later",
}


def end_with_advice(failures: Iterable[DealwireError]) -> None:
    """Names what failed, with what to do about it; the exit code is 1 if anything did."""
    failed = False
    for error in failures:
        failed = True
        advice = _ADVICE.get(getattr(error, "status", 0), "")
        if "the address is private" in str(error):
            advice = "--allow-private allows it"
        say(f"failed {error}" + (f"; {advice}" if advice else ""))
    if failed:
        raise typer.Exit(1)


def say(text: str) -> None:
    """A line on stderr."""
    typer.echo(without_secrets(clean(text)), err=True)
