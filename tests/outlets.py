"""A small web of marked articles: feeds, pages and files with one answer to every ingest."""

from __future__ import annotations

import hashlib
import html
import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path

from extractor.evaluate.rows import Row
from extractor.learning.marks import read_marked

ROOT = Path(__file__).parents[1]
_PER_FEED = 40


@dataclass
class Outlets(ThreadingHTTPServer):
    """Serves `pages` by path and notes which were asked for; every second feed has an ETag."""

    pages: dict[str, tuple[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    daemon_threads = True

    def __post_init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: object) -> None:
        """Whoever asked may have been killed; what goes wrong here shows in the ledger."""


class _Handler(BaseHTTPRequestHandler):
    server: Outlets
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        content_type, text = self.server.pages.get(self.path, ("", ""))
        body = text.encode()
        etag = f'"{hashlib.sha256(body).hexdigest()[:8]}"'
        has_etag = self.path.startswith("/feed") and self.path[-5] in "02468"
        status = HTTPStatus.OK if content_type else HTTPStatus.NOT_FOUND
        if has_etag and self.headers.get("If-None-Match") == etag:
            status, body = HTTPStatus.NOT_MODIFIED, b""
        self.send_response(status)
        self.send_header("Content-Type", content_type or "text/plain")
        if has_etag:
            self.send_header("ETag", etag)
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """A test's output is no access log."""


def marked_rows(count: int) -> list[Row]:
    """So many marked articles, file after file; the longer ones, as pages have them."""
    files = sorted((ROOT / "corpus" / "marked").glob("*.txt"))
    rows = (marked.row for file in files for marked in read_marked(file))
    return list(islice((row for row in rows if len(row.text) >= 200), count))


@contextmanager
def outlets(rows: Sequence[Row], folder: Path) -> Iterator[tuple[Outlets, list[str]]]:
    """Serves rows in part from feeds, lays the rest as files; the server and the sources.

    Of ten articles six are in feeds (some in two of them), one is a url of its own, one is
    a saved page, one a scraped text, one a line of JSON. One entry of a feed leads nowhere, one
    to a teaser.
    """
    with Outlets() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield server, _lay_out(rows, folder, server)
        server.shutdown()
        thread.join()


def _lay_out(rows: Sequence[Row], folder: Path, server: Outlets) -> list[str]:
    files = folder / "files"
    files.mkdir(parents=True)
    urls: list[str] = []
    fed: list[tuple[str, Row]] = []
    lines: list[str] = []
    for number, row in enumerate(rows):
        path, place = f"/a/{number}", number % 10
        if place < 7:
            server.pages[path] = ("text/html; charset=utf-8", _page(row, dated=place != 3))
            if place < 6:
                fed.append((path, row))
            else:
                urls.append(server.url + path)
        elif place == 7:
            (files / f"{number}.html").write_text(_page(row), encoding="utf-8")
        elif place == 8:
            (files / f"{number}.txt").write_text(f"{row.title}\n\n{row.text}\n", encoding="utf-8")
        else:
            lines.append(line_of(row))
    (folder / "lines.jsonl").write_text("".join(lines), encoding="utf-8")
    (folder / "list.opml").write_text(_publish(fed, server), encoding="utf-8")
    return [str(folder / "list.opml"), str(files), str(folder / "lines.jsonl"), *urls]


def _publish(fed: Sequence[tuple[str, Row]], server: Outlets) -> str:
    """Lays out the feeds; the OPML list of them."""
    server.pages["/teaser"] = ("text/html; charset=utf-8", "<p>Subscribe to read on.</p>")
    starts = range(0, len(fed), _PER_FEED)
    outlines = []
    for number, start in enumerate(starts):
        # The first articles of the next feed are in this one as well.
        items = [_item(server.url + path, row) for path, row in fed[start : start + _PER_FEED + 5]]
        if number == 0:
            items += [
                f"<item><guid>{name}</guid><link>{server.url}/{name}</link></item>"
                for name in ("gone", "teaser")
            ]
        server.pages[f"/feed{number}.xml"] = (
            "application/rss+xml",
            f'<?xml version="1.0"?><rss version="2.0"><channel><title>Feed {number}</title>'
            f"{''.join(items)}</channel></rss>",
        )
        outlines.append(f'<outline type="rss" xmlUrl="{server.url}/feed{number}.xml"/>')
    return f'<opml version="2.0"><head/><body>{"".join(outlines)}</body></opml>'


def _page(row: Row, *, dated: bool = True) -> str:
    """A page; an undated one leaves it to the feed to tell when it was published."""
    date = (
        f'<meta property="article:published_time" content="{row.published:%Y-%m-%dT%H:%M:%SZ}">'
        if row.published and dated
        else ""
    )
    paragraphs = "".join(f"<p>{html.escape(p)}</p>" for p in row.text.split("\n\n"))
    return (
        f'<html lang="en"><head><title>{html.escape(row.title)}</title>{date}</head><body>'
        f"<article><h1>{html.escape(row.title)}</h1>{paragraphs}</article></body></html>"
    )


def _item(url: str, row: Row) -> str:
    date = f"<pubDate>{row.published:%a, %d %b %Y %H:%M:%S} GMT</pubDate>" if row.published else ""
    title, summary = html.escape(row.title), html.escape(row.text[:150])
    return (
        f"<item><guid>{url}</guid><link>{url}</link><title>{title}</title>{date}"
        f"<description>{summary}</description></item>"
    )


def line_of(row: Row) -> str:
    """The article as a line of a dataset."""
    published = row.published.isoformat() if row.published else None
    record = {"id": row.id, "title": row.title, "text": row.text, "published": published}
    return json.dumps(record) + "\n"
