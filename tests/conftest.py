"""Fixtures for all rooms."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import pytest
from aiohttp import web

Answer = tuple[int, Mapping[str, str], bytes]


@dataclass
class Site:
    """A web server on the loopback: `pages` maps a path to an answer, or to what makes one."""

    pages: dict[str, Answer | Callable[[web.Request], Answer]] = field(default_factory=dict)
    requests: list[web.Request] = field(default_factory=list)
    url: str = ""

    @property
    def paths(self) -> list[str]:
        """The paths asked for so far, without those of robots.txt."""
        return [request.path for request in self.requests if request.path != "/robots.txt"]

    async def answer(self, request: web.Request) -> web.Response:
        self.requests.append(request)
        page = self.pages.get(request.path, (404, {}, b"not found"))
        status, headers, body = page(request) if callable(page) else page
        return web.Response(status=status, headers=headers, body=body)


@pytest.fixture
def site() -> Iterator[Site]:
    """A real HTTP server in a thread, which dies with the test."""
    served, loop, ready = Site(), asyncio.new_event_loop(), threading.Event()

    async def start() -> web.AppRunner:
        runner = web.AppRunner(web.Application())
        runner.app.router.add_route("*", "/{path:.*}", served.answer)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        served.url = "http://127.0.0.1:{1}".format(*runner.addresses[0])
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
