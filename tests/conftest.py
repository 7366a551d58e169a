"""Fixtures for all rooms."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from aiohttp import web

Answer = tuple[int, Mapping[str, str], bytes]


@dataclass
class Site:
    """A web server on the loopback: `pages` maps a path to an answer, or to what makes one."""

    pages: dict[str, Answer | Callable[[web.Request], Answer]] = field(default_factory=dict)
    requests: list[web.Request] = field(default_factory=list)
    url: str = ""
    fallback: Callable[[web.Request], Answer] = lambda _: (404, {}, b"not found")

    @property
    def paths(self) -> list[str]:
        """The paths asked for so far, without those of robots.txt."""
        return [request.path for request in self.requests if request.path != "/robots.txt"]

    async def answer(self, request: web.Request) -> web.Response:
        self.requests.append(request)
        page = self.pages.get(request.path, self.fallback)
        status, headers, body = page(request) if callable(page) else page
        return web.Response(status=status, headers=headers, body=body)


@pytest.fixture
def site() -> Iterator[Site]:
    """A real HTTP server in a thread, which dies with the test."""
    with serving() as served:
        yield served


@contextmanager
def serving(host: str = "127.0.0.1") -> Iterator[Site]:
    """A site that is served from a thread, to the loopback or to more of it."""
    served, loop, ready = Site(), asyncio.new_event_loop(), threading.Event()

    async def start() -> web.AppRunner:
        runner = web.AppRunner(web.Application())
        runner.app.router.add_route("*", "/{path:.*}", served.answer)
        await runner.setup()
        await web.TCPSite(runner, host, 0).start()
        served.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return runner

    def run() -> None:
        runner = loop.run_until_complete(start())
        loop.call_soon(ready.set)  # from here on the loop can be stopped
        loop.run_forever()
        loop.run_until_complete(runner.cleanup())
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(10)
    yield served
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)


class Receiver(ThreadingHTTPServer):
    """Takes events; `answers` are given one after another, then 204."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _ReceiverHandler)
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[tuple[int, dict[str, str]]] = []

    def handle_error(self, *_: object) -> None:
        """Whoever posts may be killed meanwhile."""

    @property
    def url(self) -> str:
        return f"http://user:pass@127.0.0.1:{self.server_port}/hook?token=abc"


class _ReceiverHandler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
        status, headers = self.server.answers.pop(0) if self.server.answers else (204, {})
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """A test's output is no access log."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
