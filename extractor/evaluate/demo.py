"""The corpus taken in over HTTP, as the web would be."""

from __future__ import annotations

import argparse
import errno
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from extractor.errors import DealwireError
from extractor.evaluate.serve import START, serve_corpus


def main(arguments: list[str] | None = None) -> int:
    """`python -m extractor.evaluate.demo --db FILE`: serve, ingest, print the deals."""
    parser = argparse.ArgumentParser(prog="python -m extractor.evaluate.demo")
    parser.add_argument("--db", default="demo.db", metavar="FILE", help="the ledger")
    parser.add_argument("--port", type=int, default=8765, help="another is taken if it is busy")
    options = parser.parse_args(arguments)
    try:
        with _served(options.port) as origin:
            sys.stderr.write(f"the corpus is served at {origin}{START}\n")
            # The loopback need not be spared: no pause between requests.
            here = ("--allow-private", "--delay", "0")
            ingested = _dealwire("ingest", origin + START, *here, "--db", options.db)
    except DealwireError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return ingested or _dealwire("deals", "--db", options.db)


@contextmanager
def _served(port: int) -> Iterator[str]:
    """The corpus under the same port each time, so that a second run finds what it knows."""
    with ExitStack() as stack:
        try:
            origin = stack.enter_context(serve_corpus(port=port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            origin = stack.enter_context(serve_corpus())
        yield origin


def _dealwire(*words: str) -> int:
    """The exit code of the installed command, run as a user would run it."""
    command = Path(sysconfig.get_path("scripts"), "dealwire")
    return subprocess.run([command, *words], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
