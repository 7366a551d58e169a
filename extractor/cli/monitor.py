"""What a service tells of itself: a log, and health with metrics over HTTP."""

from __future__ import annotations

import json
import socket
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from time import monotonic
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, make_wsgi_app

from extractor.cli.words import clean
from extractor.errors import DealwireError, QueryError, without_secrets

_WARNINGS = ("poll failed", "page failed", "article failed", "send failed", "error")
# A round ends within a few minutes even if every host is slow.
_STUCK_SECONDS = 900.0

Environ = dict[str, Any]
StartResponse = Callable[..., Any]


class Log:
    """A line on stderr for each event: words for people, or JSON for programs."""

    def __init__(self, *, as_json: bool, quiet: bool = False) -> None:
        self._as_json = as_json
        self._quiet = quiet

    def __call__(self, event: str, **fields: Any) -> None:
        warns = event in _WARNINGS
        if event == "round" or (self._quiet and not warns):
            return
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        said = {name: _plain(value) for name, value in fields.items()}
        if self._as_json:
            head = {"time": now, "level": "warning" if warns else "info", "event": event}
            line = json.dumps({**head, **said}, ensure_ascii=False)
        else:
            words = (f"{name}={value}" for name, value in said.items() if value not in (None, ""))
            line = f"{now} {event}: {' '.join(words)}"
        sys.stderr.write(f"{clean(line)}\n")
        sys.stderr.flush()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, float):
        return round(value, 3)
    return without_secrets(value) if isinstance(value, str) else value


class Metrics:
    """Counts events as Prometheus reads them; knows whether the service is alive."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._beat = monotonic()
        self._error = ""
        made: dict[str, Any] = {"registry": self.registry, "namespace": "dealwire"}
        self._polls = Counter("polls", "Feeds asked", ["outcome"], **made)
        self._entries = Counter("entries_new", "Entries that were not known", **made)
        self._pages = Counter("pages", "Pages fetched", ["outcome"], **made)
        self._articles = Counter("articles_new", "Articles that were not known", **made)
        self._deals = Counter(
            "deals_announced", "New deals and changed statuses put into the outbox", **made
        )
        self._sent = Counter("webhooks", "Events posted", ["outcome"], **made)
        self._errors = Counter("ledger_errors", "Rounds that the ledger ended", **made)
        self._feeds = Gauge("feeds", "Feeds that are watched", **made)
        self._failing = Gauge("feeds_failing", "Of these, failing", **made)
        self._waiting = Gauge("pages_waiting", "Pages to fetch, now or later", **made)
        self._unsent = Gauge("webhooks_waiting", "Events that were not taken yet", **made)
        self._round = Gauge("last_round_timestamp_seconds", "When a round ended", **made)
        self._poll_seconds = Histogram("poll_seconds", "Time that a feed took", **made)
        self._tell_seconds = Histogram("tell_seconds", "Time to read and tell", **made)

    def __call__(self, event: str, **fields: Any) -> None:
        match event:
            case "poll" | "poll failed":
                outcome = "failed" if event == "poll failed" else "unchanged"
                if outcome != "failed" and fields["status"] != 304:
                    outcome = "read"
                self._polls.labels(outcome).inc()
                self._entries.inc(fields["new"])
                self._poll_seconds.observe(fields["seconds"])
            case "page":
                self._pages.labels("read").inc()
                self._articles.inc(bool(fields["new"]))
            case "page failed":
                self._pages.labels("failed").inc()
            case "told":
                self._deals.inc(fields["announced"])
                self._tell_seconds.observe(fields["seconds"])
            case "sent":
                self._sent.labels("taken").inc()
            case "send failed":
                self._sent.labels("failed").inc()
            case "error":
                self._errors.inc()
                self._error = str(fields["reason"])
            case "round":
                self._feeds.set(fields["feeds"])
                self._failing.set(fields["failing"])
                self._waiting.set(fields["pages_waiting"])
                self._unsent.set(fields["webhooks_waiting"])
                self._round.set_to_current_time()
                self._beat, self._error = monotonic(), ""

    def health(self) -> tuple[bool, dict[str, Any]]:
        """Whether the service works, and what to say about it."""
        idle = monotonic() - self._beat
        stuck = f"no round has ended for {idle:.0f} s" if idle > _STUCK_SECONDS else ""
        reason = self._error or stuck
        said = {"status": "failing" if reason else "ok", "seconds_since_round": round(idle, 1)}
        return not reason, {**said, "reason": without_secrets(reason)} if reason else said


def read_address(text: str) -> tuple[str, int]:
    """Host and port of --listen: `127.0.0.1:9464`, `[::1]:9464`, or a port of the loopback."""
    host, _, port = text.rpartition(":")
    host = host.strip("[]") or "127.0.0.1"
    if not port.isdecimal() or int(port) > 65535:
        raise QueryError(f"--listen {text}", "write an address like 127.0.0.1:9464")
    return host, int(port)


@contextmanager
def served(metrics: Metrics, address: tuple[str, int]) -> Iterator[str]:
    """Serves /metrics and /health from a thread; gives the url."""
    host, port = address
    scrape = make_wsgi_app(metrics.registry)

    def answer(environ: Environ, start: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/metrics":
            found: Iterable[bytes] = scrape(environ, start)
            return found
        if path == "/health":
            is_well, said = metrics.health()
            body = json.dumps(said).encode() + b"\n"
            start("200 OK" if is_well else "503 Service Unavailable", _headers(body))
            return [body]
        body = b'{"paths": ["/health", "/metrics"]}\n'
        start("404 Not Found", _headers(body))
        return [body]

    try:
        server = (_Server6 if ":" in host else _Server)((host, port), _Handler)
    except OSError as error:
        raise DealwireError(
            f"--listen {host}:{port}", "cannot listen there; another port, or --listen off"
        ) from error
    server.set_app(answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        shown = f"[{host}]" if ":" in host else host
        yield f"http://{shown}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _headers(body: bytes) -> list[tuple[str, str]]:
    return [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]


class _Server(WSGIServer):
    def server_bind(self) -> None:
        """Without the look-up of the host's name, which may take long."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        host, self.server_port = self.server_address[:2]
        self.server_name = str(host)
        self.setup_environ()


class _Server6(_Server):
    address_family = socket.AF_INET6


class _Handler(WSGIRequestHandler):
    timeout = 10  # a client that says nothing must not keep others waiting

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - name of the base
        """Scrapes are no news."""
