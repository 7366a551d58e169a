"""`dealwire feeds`: which feeds are watched, and how they fare."""

from __future__ import annotations

import asyncio
import difflib
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from extractor.cli.asked import (
    ask_feeds,
    ask_page,
    asking_policy,
    end_with_advice,
    remarks_on,
    say,
    summary_of,
)
from extractor.cli.options import DEFAULT_DB, Contact, Db, Format, FormatOption
from extractor.cli.output import Column, write_lines, write_rows
from extractor.cli.words import clean, count, duration, plural
from extractor.errors import DealwireError, QueryError, SourceError, without_secrets
from extractor.records import Feed, Page, Subscription
from extractor.store.answers import FeedRow
from extractor.store.read import open_for_reading

app = typer.Typer(no_args_is_help=True, help="Say which feeds to watch; see how they fare.")
AllowPrivate: TypeAlias = Annotated[
    bool, typer.Option("--allow-private", help="Fetch from this machine and its networks, too.")
]
Delay: TypeAlias = Annotated[
    float, typer.Option(min=0, metavar="SECONDS", help="Pause between requests to one host.")
]


@app.callback()
def feeds() -> None:
    """Say which feeds to watch; see how they fare."""


@app.command()
def add(
    urls: Annotated[
        list[str] | None,
        typer.Argument(metavar="URL...", help="A feed, or a site whose page links one."),
    ] = None,
    db: Db = DEFAULT_DB,
    default: Annotated[
        bool, typer.Option("--default", help="The feeds of the trade that dealwire knows.")
    ] = False,
    unchecked: Annotated[
        bool, typer.Option("--unchecked", help="Take the urls as they are, without a look.")
    ] = False,
    allow_private: AllowPrivate = False,
    delay: Delay = 1.0,
    contact: Contact = "",
) -> None:
    """Watch feeds from now on.

    The feed of a home page is found by what the page links, or where feeds often are.

    \b
    Example:
      dealwire feeds add https://www.coindesk.com/
    """
    if not urls and not default:
        raise QueryError("feeds add", "name a url, or --default for the feeds that dealwire knows")
    wanted = list(_default_feeds()) if default else []
    failures: list[DealwireError] = []
    if unchecked:
        wanted += [Subscription(Feed(_web_url(url))) for url in urls or ()]
    elif urls:
        for found in ask_feeds(urls, asking_policy(allow_private, delay, contact)):
            if isinstance(found, DealwireError):
                failures.append(found)
                continue
            wanted.append(found.subscription)
            say(f"{found.url}: {summary_of(found)}")
            for other in found.others:
                say(f"  the page also links: {other.url} {other.title}")
    _add(wanted, db)
    end_with_advice(failures)


@app.command()
def remove(
    urls: Annotated[list[str], typer.Argument(metavar="URL...", help="As `feeds list` shows it.")],
    db: Db = DEFAULT_DB,
) -> None:
    """Watch feeds no longer; what came from them stays.

    \b
    Example:
      dealwire feeds remove https://www.coindesk.com/arc/outboundfeeds/rss/
    """
    from extractor.store.write import open_ledger

    with open_ledger(db, create=False) as ledger:
        with open_for_reading(db) as reader:
            watched = [row.url for row in reader.feeds()]
        for url in urls:
            if url not in watched:
                near = difflib.get_close_matches(url, watched, n=1, cutoff=0.5)
                hint = f"; did you mean {near[0]}?" if near else ""
                raise QueryError(url, f"this feed is not watched{hint}")
        for url in urls:
            ledger.subscriptions.remove(url)
    say(f"{plural(len(urls), 'feed')} removed")


@app.command("list")
def list_feeds(form: FormatOption = Format.table, db: Db = DEFAULT_DB) -> None:
    """List the watched feeds: their pace, when they worked last, what is wrong.

    \b
    Example:
      dealwire feeds list
    """
    with open_for_reading(db) as ledger:
        rows = tuple(_discreet(row) for row in ledger.feeds())
    write_rows(rows, form, _columns(datetime.now(UTC)), "feed")


@app.command("import")
def import_opml(
    source: Annotated[str, typer.Argument(metavar="FILE", help="OPML: a file, a url, or -.")],
    db: Db = DEFAULT_DB,
    allow_private: AllowPrivate = False,
    delay: Delay = 1.0,
    contact: Contact = "",
) -> None:
    """Watch all feeds of a list that another reader exported.

    \b
    Example:
      dealwire feeds import subscriptions.opml
    """
    from extractor.gather.opml import read_subscriptions
    from extractor.gather.url import is_web_url

    if is_web_url(source):
        page = asyncio.run(ask_page(source, asking_policy(allow_private, delay, contact)))
    else:
        try:
            stdin = typer.get_binary_stream("stdin")
            body = stdin.read() if source == "-" else Path(source).read_bytes()
        except OSError as error:
            raise SourceError(source, "cannot be read") from error
        page = Page(source, source, 200, body)
    _add(read_subscriptions(page), db)


@app.command("export")
def export_opml(db: Db = DEFAULT_DB) -> None:
    """Write the watched feeds as OPML, for other readers.

    Urls are written in full, with the passwords in them if there are any.

    \b
    Example:
      dealwire feeds export > subscriptions.opml
    """
    from extractor.gather.opml import write_opml

    with open_for_reading(db) as ledger:
        rows = ledger.feeds()
    listed = (Subscription(Feed(row.url, row.title), row.folder) for row in rows)
    write_lines([write_opml(listed, "dealwire feeds").rstrip("\n")])


@app.command()
def check(
    urls: Annotated[
        list[str] | None,
        typer.Argument(metavar="URL...", help="Feeds or sites; without any, all watched feeds."),
    ] = None,
    db: Db = DEFAULT_DB,
    allow_private: AllowPrivate = False,
    delay: Delay = 1.0,
    contact: Contact = "",
) -> None:
    """Ask feeds without storing anything: what is found, or what is wrong and what to do.

    \b
    Example:
      dealwire feeds check https://www.theblock.co/rss.xml
    """
    if not urls:
        with open_for_reading(db) as ledger:
            urls = [row.url for row in ledger.feeds()]
    failures: list[DealwireError] = []
    for found in ask_feeds(urls, asking_policy(allow_private, delay, contact)):
        if isinstance(found, DealwireError):
            failures.append(found)
            continue
        lines = [f"{found.url}: {summary_of(found)}", *remarks_on(found)]
        write_lines(without_secrets(clean(line)) for line in lines)
    end_with_advice(failures)


def _default_feeds() -> tuple[Subscription, ...]:
    from extractor.assets import models_dir
    from extractor.gather.opml import read_subscriptions

    path = models_dir() / "feeds.opml"
    return read_subscriptions(Page(str(path), str(path), 200, path.read_bytes()))


def _add(wanted: Iterable[Subscription], db: Path) -> None:
    from extractor.store.write import open_ledger

    wanted = tuple(wanted)
    if not wanted:
        return
    with open_ledger(db) as ledger:
        added = ledger.subscriptions.add(wanted)
    known = len({each.feed.url for each in wanted}) - added
    also = f", {known:,} known before" if known else ""
    say(f"{plural(added, 'feed')} added{also}; poll them with: dealwire watch")


def _web_url(url: str) -> str:
    from extractor.gather.url import is_web_url

    if not is_web_url(url):
        raise QueryError(url, "is no http or https url")
    return url.strip()


def _discreet(row: FeedRow) -> FeedRow:
    return replace(
        row,
        url=without_secrets(row.url),
        moved_to=without_secrets(row.moved_to),
        last_error=without_secrets(row.last_error),
    )


def _columns(now: datetime) -> tuple[Column[FeedRow], ...]:
    def every(row: FeedRow) -> str:
        return duration(row.interval_seconds) if row.interval_seconds else ""

    def coming(row: FeedRow) -> str:
        if row.next_poll is None:
            return "now"
        seconds = (row.next_poll - now).total_seconds()
        return f"in {duration(seconds)}" if seconds > 0 else "now"

    def worked(row: FeedRow) -> str:
        if row.last_success is None:
            return "never" if row.last_poll else ""
        return f"{duration((now - row.last_success).total_seconds())} ago"

    def wrong(row: FeedRow) -> str:
        said = [row.last_error]
        if row.is_gone:
            said.insert(0, "gone")
        if row.moved_to:
            said.append(f"moved to {row.moved_to}")
        return "; ".join(part for part in said if part)

    return (
        Column("FEED", lambda row: f"{row.title} {row.url}".strip(), least=24),
        Column("EVERY", every, "right"),
        Column("NEXT", coming, "right"),
        Column("WORKED", worked, "right"),
        Column("ENTRIES", lambda row: count(row.entries), "right"),
        Column("FAILED", lambda row: count(row.failures) if row.failures else "", "right"),
        Column("REMARK", wrong, least=12),
    )
