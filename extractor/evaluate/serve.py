"""A web server on the loopback that shows the corpus as the small internet it is."""

from __future__ import annotations

import argparse
import hashlib
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from extractor.evaluate.corpus import corpus_dir

PLACEHOLDER = b"http://corpus.invalid"  # RFC 2606: a name that can never resolve
START = "/feeds.opml"

_TYPES = {
    ".html": "text/html",  # no charset: as on the web, the page itself has to tell
    ".xml": "application/xml",
    ".opml": "text/x-opml",
    ".json": "application/feed+json",
}
_ROBOTS = b"User-agent: *\nAllow: /\n"


@contextmanager
def serve_corpus(folder: Path | None = None, *, port: int = 0) -> Iterator[str]:
    """Serve the corpus from a thread; gives the base url, without a slash at its end.

    Links in feeds name a placeholder host, which the server replaces by its own origin;
    so they work under any port. Gold annotations are not served.
    """
    with corpus_server(folder, port=port) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.origin
        finally:
            server.shutdown()
            thread.join()


class CorpusServer(ThreadingHTTPServer):
    """An HTTP server that knows its folder."""

    daemon_threads = True

    def __init__(self, folder: Path, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.folder = folder.resolve()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


def corpus_server(folder: Path | None = None, *, port: int = 0) -> CorpusServer:
    """A server that listens already but serves only when told to."""
    return CorpusServer(folder or corpus_dir(), port)


class _Handler(BaseHTTPRequestHandler):
    server: CorpusServer
    protocol_version = "HTTP/1.1"
    # An answer is written in two parts, which Nagle's algorithm would hold back for 40 ms.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        if path == "/robots.txt":
            self._answer(_ROBOTS, "text/plain")
        elif path == "/":
            self._redirect(START)
        elif file := _find(self.server.folder, path):
            body = file.read_bytes()
            if file.suffix != ".html":
                body = body.replace(PLACEHOLDER, self.server.origin.encode())
            self._answer(body, _TYPES[file.suffix])
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    do_HEAD = do_GET

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - name of the base
        """Requests are not logged: a run on the corpus shows its own progress."""

    def _answer(self, body: bytes, content_type: str) -> None:
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if self.headers.get("If-None-Match") == etag:
            self.send_response(HTTPStatus.NOT_MODIFIED)
            self.send_header("ETag", etag)
            self.end_headers()
            return
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", etag)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _redirect(self, location: str) -> None:
        self.send_response(HTTPStatus.FOUND)
        self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()


def _find(folder: Path, path: str) -> Path | None:
    """The file of a url path: articles are asked for without .html, some with a slash."""
    wanted = (folder / path.strip("/")).resolve()
    candidates = (wanted, wanted.with_name(wanted.name + ".html"))
    for file in candidates:
        inside = file.is_relative_to(folder) and file.suffix in _TYPES
        if inside and not file.name.endswith(".gold.json") and file.is_file():
            return file
    return None


def main(arguments: list[str] | None = None) -> int:
    """`python -m extractor.evaluate.serve [--port N]`: serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m extractor.evaluate.serve")
    parser.add_argument("--port", type=int, default=8765, help="0 takes any free port")
    options = parser.parse_args(arguments)
    with corpus_server(port=options.port) as server:
        sys.stdout.write(f"{server.origin}{START}\n")
        sys.stdout.flush()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
