"""A web of many hosts on the loopback, in a process of its own, that watches its guests."""

from __future__ import annotations

import argparse
import asyncio
import gzip
import itertools
import json
import os
import re
import sys
import time
from collections import defaultdict
from contextlib import suppress
from pathlib import Path

from aiohttp import web

from tests.faults.server import SUFFIX

LATENCY = 0.05
SLOW_LATENCY = 0.6  # of every tenth host, so that its requests meet
# The median page of the public extraction benchmark has 115 kB, most of them no article.
_TEASERS = 300
_STATE = ",".join(
    f'{{"id": {n}, "section": "markets", "ads": ["top", "side"]}}' for n in range(900)
)
_CLAIMS = re.compile(r"<(?:link|meta)[^>]*(?:canonical|og:url)[^>]*>", re.I)
SITES = Path(__file__).parents[2] / "corpus" / "sites"


class Web:
    """`hosts` feeds of `pages` articles each, made from the corpus; every page is another."""

    def __init__(self, hosts: int, pages: int) -> None:
        self._hosts, self._pages = hosts, pages
        self._bodies = [path.read_text(errors="replace") for path in sorted(SITES.rglob("*.html"))]
        self._open: dict[str, int] = defaultdict(int)
        self._most: dict[str, int] = defaultdict(int)
        self._starts: dict[str, list[float]] = defaultdict(list)
        self._last_page = 0.0
        self._lag = 0.0

    async def watch_itself(self) -> None:
        """How late this server notices what happens: its watch is no better than that."""
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.01)
            self._lag = max(self._lag, time.monotonic() - before - 0.01)

    def page(self, host: str, number: int) -> str:
        """An article of the corpus with a sentence and some furniture that only it has."""
        body = self._bodies[(int(host.removeprefix("news")) * 7 + number) % len(self._bodies)]
        own = f"<p>Our note {number} of {host}: unit {host}-{number} was named on the site.</p>"
        teasers = "".join(
            f"<li class='teaser'><a href='/more/{n}'><img src='/i/{n}.jpg' alt=''><span>More of "
            f"{host}, number {n}</span></a><time>{n} hours ago</time></li>"
            for n in range(_TEASERS)
        )
        menu = f"<nav><ul>{teasers}</ul></nav><script>window.state = {_STATE!r};</script>"
        body = _CLAIMS.sub("", body)  # each page stands for itself
        return body.replace("<body>", f"<body>{menu}", 1).replace("</p>", f"</p>{own}", 1)

    def feed(self, host: str) -> str:
        items = "".join(
            f"<item><guid>{host}-{n}</guid><title>Note {n}</title><link>/page/{n}</link></item>"
            for n in range(self._pages)
        )
        return f"<rss version='2.0'><channel><title>{host}</title>{items}</channel></rss>"

    async def answer(self, request: web.Request) -> web.Response:
        host = request.host.split(":")[0].removesuffix(SUFFIX)
        if request.path == "/report":
            return web.json_response(self.report())
        self._starts[host].append(time.monotonic())
        self._open[host] += 1
        self._most[host] = max(self._most[host], self._open[host])
        try:
            await asyncio.sleep(SLOW_LATENCY if host.endswith("9") else LATENCY)
            return self._answer(request, host)
        finally:
            self._open[host] -= 1

    def _answer(self, request: web.Request, host: str) -> web.Response:
        if request.path == "/feed":
            return web.Response(text=self.feed(host), content_type="application/rss+xml")
        if not request.path.startswith("/page/"):
            return web.Response(status=404)
        self._last_page = time.time()
        body = self.page(host, int(request.path.rpartition("/")[2])).encode()
        return web.Response(
            body=gzip.compress(body, 1),
            headers={"Content-Encoding": "gzip", "Content-Type": "text/html"},
        )

    def report(self) -> dict[str, object]:
        gaps = [
            late - early
            for starts in self._starts.values()
            for early, late in itertools.pairwise(starts)
        ]
        found = {
            "requests": sum(map(len, self._starts.values())),
            "hosts": len(self._starts),
            "most_at_once_per_host": max(self._most.values(), default=0),
            "shortest_gap": min(gaps, default=0.0),
            "last_page": self._last_page,
            "lag": self._lag,
        }
        self._lag = 0.0
        self._starts.clear()
        self._most.clear()
        return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--hosts", type=int, required=True)
    parser.add_argument("--pages", type=int, required=True)
    options = parser.parse_args()

    async def serve() -> None:
        served = Web(options.hosts, options.pages)
        watch = asyncio.create_task(served.watch_itself())
        app = web.Application()
        app.router.add_get("/{path:.*}", served.answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
        sys.stdout.write(json.dumps({"port": runner.addresses[0][1]}) + "\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)  # until whoever started it is gone
        watch.cancel()

    with suppress(PermissionError):
        os.nice(-10)  # it watches a machine that is busy with what it serves
    asyncio.run(serve())


if __name__ == "__main__":
    main()
