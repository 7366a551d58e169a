"""`python -m tests.soak.gathering`: 300 feeds and 6,000 pages, alone and among faults."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from extractor.gather.article import read_article
from extractor.records import Page
from tests.faults.server import FaultServer
from tests.faults.table import FAULTS
from tests.soak.web import Web

DELAY = 0.2
# What the fetcher measures out and the server receives differs by the ways of the kernel. A
# server that notices requests later than half a pause tells nothing: the machine is too busy.
GAP_TOLERANCE = 0.02
MOST_MEGABYTES = 600
MOST_CPU = 1.3
MOST_DELAY = 1.1


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--feeds", type=int, default=300)
    parser.add_argument("--pages", type=int, default=20, help="of each feed")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="dealwire-soak-"))
    try:
        return run(folder, options.feeds, options.pages)
    finally:
        shutil.rmtree(folder)


def run(folder: Path, feeds: int, pages: int) -> int:
    wanted = feeds * pages
    alone = extraction_alone(feeds, pages)
    print(f"{wanted:,} pages of {feeds:,} feeds; extraction alone takes {alone:.1f} s CPU")
    with served(feeds, pages) as port:
        names = [f"http://news{n}.test:{port}/feed" for n in range(feeds)]
        plain = gather(folder / "plain.db", names, port)
        is_good = [
            report("articles", plain["new"], wanted, plain["new"] == wanted),
            report("failures", len(plain["failures"]), 0),
            report("CPU, by that of extraction alone", plain["cpu_seconds"] / alone, MOST_CPU),
            *guest(plain),
        ]
        server = FaultServer({fault.name: fault.handler for fault in FAULTS})
        with server.running():
            # In front, where they are asked first and stored first.
            paths = ("/feed" if "feed" in fault.source else "/page" for fault in FAULTS)
            faulty = [server.url(f.name, path) for f, path in zip(FAULTS, paths, strict=True)]
            print(f"among {len(FAULTS)} faults")
            among = gather(folder / "among.db", [*faulty, *names], port)
    failed = sum(f"test:{port}/" in source for source, _ in among["failures"])
    is_good += [
        report("failures of good hosts", failed, 0),
        report("last good page, by without faults", among["last"] / plain["last"], MOST_DELAY),
        *guest(among),
    ]
    return 0 if all(is_good) else 1


def guest(found: dict[str, Any]) -> Iterator[bool]:
    """How a run was as a guest of its hosts and of this machine."""
    gap, lag = found["shortest_gap"], found["lag"]
    yield report("requests of one host at once", found["most_at_once_per_host"], 2)
    kept = gap >= DELAY - GAP_TOLERANCE
    kept = kept or (lag <= DELAY / 2 and gap >= DELAY - lag - GAP_TOLERANCE)
    yield report(f"pause of a host in s, seen {lag:.3f} s late", gap, DELAY, kept)
    yield report("megabytes of all processes", found["megabytes"], MOST_MEGABYTES)
    print(
        f"  {found['new']:,} articles in {found['seconds']:.0f} s, {found['requests']:,} requests"
        f" to {found['hosts']:,} hosts; CPU {found['own_cpu_seconds']:.1f} s, of readers"
        f" {found['readers_cpu_seconds']:.1f} s;"
        f" megabytes at a third, two thirds, the end: {found['thirds']}"
    )


def report(name: str, value: float, limit: float, is_good: bool | None = None) -> bool:
    is_good = value <= limit if is_good is None else is_good
    print(
        f"  {name:45} {value:10,.2f} of {limit:8,.2f}  {'ok' if is_good else 'MISSED'}", flush=True
    )
    return is_good


def extraction_alone(feeds: int, pages: int) -> float:
    """CPU seconds that this process needs to cut the articles out of all pages."""
    web = Web(feeds, pages)
    waiting = [(f"news{host}", number) for host in range(feeds) for number in range(pages)]
    sample = waiting[:: max(1, len(waiting) // 1500)]
    bodies = [web.page(host, number).encode() for host, number in sample]
    headers = (("content-type", "text/html"),)
    asked = [Page(f"http://x.test/{n}", f"http://x.test/{n}", 200, b, headers)
             for n, b in enumerate(bodies)]  # fmt: skip
    for page in asked[:20]:
        read_article(page)
    began = time.process_time()
    for page in asked:
        read_article(page)
    return (time.process_time() - began) * len(waiting) / len(asked)


@contextmanager
def served(feeds: int, pages: int) -> Iterator[int]:
    command = [sys.executable, "-m", "tests.soak.web", "--hosts", str(feeds), "--pages", str(pages)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None and server.stdin is not None
        try:
            yield json.loads(server.stdout.readline())["port"]
        finally:
            server.kill()


def gather(db: Path, sources: list[str], port: int) -> dict[str, Any]:
    """Gathers in a process of its own while its memory is watched; what it and the web tell."""
    outlines = "".join(f'<outline type="rss" xmlUrl="{url}"/>' for url in sources)
    listed = db.with_suffix(".opml")
    listed.write_text(f'<opml version="2.0"><body>{outlines}</body></opml>')
    command = [sys.executable, "-m", "tests.soak.gatherer", str(listed), "--db", str(db)]
    command += ["--delay", str(DELAY)]
    megabytes = []
    with subprocess.Popen(command, stdout=subprocess.PIPE) as gatherer:
        assert gatherer.stdout is not None
        while gatherer.poll() is None:
            megabytes.append(_megabytes(gatherer.pid))
            time.sleep(0.25)
        told = json.loads(gatherer.stdout.read())
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/report") as answer:
        told |= json.load(answer)
    told["cpu_seconds"] = told["own_cpu_seconds"] + told["readers_cpu_seconds"]
    third = len(megabytes) // 3
    told["megabytes"] = max(megabytes)
    told["thirds"] = [round(m) for m in (megabytes[third], megabytes[2 * third], megabytes[-3])]
    told["last"] = told["last_page"] - told["began"]
    return told


def _megabytes(process: int) -> float:
    """The memory of a process and its children, what they share counted once."""
    children = Path(f"/proc/{process}/task/{process}/children")
    total = 0.0
    try:
        for each in (process, *map(int, children.read_text().split())):
            for line in Path(f"/proc/{each}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) / 1024
    except (OSError, ProcessLookupError):
        return total
    return total


if __name__ == "__main__":
    sys.exit(main())
