"""`dealwire watch`: feeds polled until it is stopped."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from extractor.cli.options import DEFAULT_DB, DEFAULT_WAIT, Contact, Db, Models, Wait
from extractor.cli.runs import INTERRUPTED
from extractor.cli.words import read_moment
from extractor.errors import QueryError

if TYPE_CHECKING:  # loading them takes seconds
    from extractor.gather.webhook import Poster
    from extractor.workflow import Stop

_SECRET = "DEALWIRE_WEBHOOK_SECRET"


class LogFormat(StrEnum):
    text = "text"
    json = "json"


def watch(
    db: Db = DEFAULT_DB,
    models: Models = None,
    notify: Annotated[
        str,
        typer.Option(
            "--notify",
            envvar="DEALWIRE_NOTIFY",
            metavar="URL",
            help=f"Post new deals there, signed with {_SECRET}.",
        ),
    ] = "",
    notify_private: Annotated[
        bool,
        typer.Option("--notify-private", help="Post to this machine and its networks, too."),
    ] = False,
    notify_since: Annotated[
        str,
        typer.Option(
            "--notify-since",
            metavar="DATE|AGE",
            help="Deals first published before are old news and not posted: 2025-11-03, or 30d "
            "before the first start with --notify.",
        ),
    ] = "7d",
    listen: Annotated[
        str,
        typer.Option(metavar="ADDRESS", help="Where /health and /metrics are; `off` for nowhere."),
    ] = "127.0.0.1:9464",
    log: Annotated[
        LogFormat | None,
        typer.Option(help="Lines on stderr; by default text on a terminal, else JSON."),
    ] = None,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Fetch from this machine and its networks, too.")
    ] = False,
    delay: Annotated[
        float, typer.Option(min=0, metavar="SECONDS", help="Pause between requests to one host.")
    ] = 1.0,
    wait: Wait = DEFAULT_WAIT,
    contact: Contact = "",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Log nothing but failures.")] = False,
) -> None:
    """Watch the feeds of the ledger until stopped.

    `dealwire feeds add` says which; each is polled at its own pace, which `dealwire feeds list`
    shows. SIGTERM and Ctrl-C end it in good order; after a crash it goes on where it was. Other
    commands can ask the ledger meanwhile, and add or remove feeds.

    With --notify, a deal that is new in the ledger is posted once. What the ledger held at the
    first start is not, nor are the old articles that feeds still list; --notify-since says how old.

    \b
    Example:
      dealwire watch --db dealwire.db
    """
    from extractor.cli.monitor import Log, Metrics, read_address, served
    from extractor.store.lock import sole_watcher
    from extractor.store.write import open_ledger

    poster = _poster(notify, private=notify_private)
    news_since = read_moment("--notify-since", notify_since)
    address = None if listen == "off" else read_address(listen)
    form = log or (LogFormat.text if sys.stderr.isatty() else LogFormat.json)
    metrics, lines = Metrics(), Log(as_json=form is LogFormat.json, quiet=quiet)

    def journal(event: str, **fields: Any) -> None:
        metrics(event, **fields)
        lines(event, **fields)

    with ExitStack() as stack:
        ledger = stack.enter_context(open_ledger(db, wait_seconds=wait))
        stack.enter_context(sole_watcher(db))
        feeds, _, _ = ledger.subscriptions.counts()
        if not feeds:
            journal("no feeds", hint="dealwire feeds add URL, or: dealwire feeds add --default")
        url = stack.enter_context(served(metrics, address)) if address else "nowhere"
        # What costs seconds to load comes after what may fail at once.
        from extractor.cli.runs import loaded_reader
        from extractor.gather.fetch import Fetcher
        from extractor.gather.policy import FetchPolicy
        from extractor.workflow import Receiving, Stop, Surroundings, WallClock, no_progress
        from extractor.workflow import watch as watch_feeds

        reader = loaded_reader(models, no_progress)
        policy = FetchPolicy(
            allow_private=allow_private,
            delay_seconds=delay,
            attempts=2,
            contact=contact,
            max_wait_seconds=2.0,  # longer ones are the schedule's affair
        )

        async def run() -> int:
            stop = Stop()
            code = _stop_by_signals(stop)
            around = Surroundings(WallClock(), journal, stop)
            journal("started", ledger=str(db), feeds=feeds, health=url)
            receiving = Receiving(poster, news_since) if poster else None
            await watch_feeds(ledger, reader, Fetcher(policy), around, receiving)
            return code()

        code = asyncio.run(run())
        journal("stopped", ledger=str(db))
    if code:
        raise typer.Exit(code)


def _poster(notify: str, *, private: bool) -> Poster | None:
    from extractor.gather.webhook import Poster, read_secrets, receiver_name

    if not notify:
        return None
    receiver_name(notify)
    keys = read_secrets(os.environ.get(_SECRET, ""))
    if not keys:
        raise QueryError(
            "--notify",
            f"set {_SECRET} to sign with, made by: echo whsec_$(openssl rand -base64 32)",
        )
    return Poster(notify, keys, allow_private=private)


def _stop_by_signals(stop: Stop) -> Callable[[], int]:
    """Lets SIGTERM and Ctrl-C ask for the stop; gives the exit code that follows from it.

    Handlers of Python, not of the loop: they run while articles are read, too. A second
    signal ends the process at once, as it would without a handler.
    """
    got: list[int] = []

    def ask(number: int, _: object) -> None:
        got.append(number)
        stop.ask()
        signal.signal(number, before[signal.Signals(number)])

    before = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)}
    return lambda: INTERRUPTED if signal.SIGINT in got else 0
