"""feedparser's own test files read by us: no crash, no hang, the same entries.

Run as `python -m tests.soak.feedparser_files [FOLDER]`. Without a folder, the source
distribution of the installed feedparser is fetched from PyPI into a temporary one.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import feedparser

from extractor.errors import FeedError
from extractor.gather.feed import read_document
from extractor.gather.text import canonical_line, plain_text
from extractor.gather.url import is_web_url
from extractor.records import Entry, Page

BASE = "http://127.0.0.1:8097/"  # what feedparser's own tests are served from
SLOW_SECONDS = 5.0
_HEADER = re.compile(rb"^Header:\s+([^:]+):(.+)$", re.M)


@dataclass(frozen=True)
class Outcome:
    """What came of a file: `kind` is `equal`, or says what is not."""

    path: Path
    kind: str
    detail: str = ""
    seconds: float = 0.0


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(arguments[0]) if arguments else _download(Path(folder))
        files = sorted(path for path in root.rglob("*") if path.is_file() and path.suffix != ".py")
        outcomes = [_compare(path, root) for path in files]
    counts = Counter(outcome.kind for outcome in outcomes)
    for outcome in outcomes:
        if outcome.kind not in ("equal", "no entries in it", *_BY_DESIGN):
            print(f"{outcome.kind}: {outcome.path}: {outcome.detail}")
    for kind, number in counts.most_common():
        print(f"{number:6} {kind}")
    print(f"{max(outcome.seconds for outcome in outcomes):6.2f} s, the slowest file")
    return int(any(counts[kind] for kind in _FAULTS))


_FAULTS = ("crash", "hang", "refused", "other entries")
_NO_FEED = "no feed: feedparser finds no entries, we say what it is"
_DECLARED = "entities that the document declares are not expanded"
_BY_DESIGN = (_NO_FEED, _DECLARED)


def _download(folder: Path) -> Path:
    wanted = f"feedparser=={version('feedparser')}"
    words = ("download", "-qq", "--no-deps", "--no-binary", ":all:", "-d", folder, wanted)
    subprocess.run([sys.executable, "-m", "pip", *words], check=True)
    (archive,) = folder.glob("feedparser-*.tar.gz")
    with tarfile.open(archive) as opened:
        opened.extractall(folder, filter="data")
    (tests,) = folder.glob("feedparser-*/tests")
    return tests


def _compare(path: Path, root: Path) -> Outcome:
    body, name = _named(path.read_bytes()), path.relative_to(root)
    headers = tuple(_headers(body, str(name)))
    # Content-Location was the base of links once (RFC 2616); for us the last url is.
    url = urljoin(BASE, dict(headers)["content-location"])
    theirs = feedparser.parse(io.BytesIO(body), response_headers=dict(headers)).entries
    page = Page(url, url, 200, body, headers)
    began = time.monotonic()
    try:
        ours = read_document(page).entries
    except FeedError as error:
        if theirs:
            return Outcome(name, "refused", f"{error.reason}; feedparser has {len(theirs)} entries")
        return Outcome(name, _NO_FEED)
    except Exception as error:  # noqa: BLE001 this is what is looked for
        return Outcome(name, "crash", f"{type(error).__name__}: {error}")
    seconds = time.monotonic() - began
    if seconds > SLOW_SECONDS:
        return Outcome(name, "hang", f"{seconds:.1f} s", seconds)
    if b"<!ENTITY" in body:
        return Outcome(name, _DECLARED, "", seconds)
    if difference := _difference(ours, tuple(_expected(theirs, url))):
        return Outcome(name, "other entries", difference, seconds)
    return Outcome(name, "equal" if ours else "no entries in it", "", seconds)


def _named(body: bytes) -> bytes:
    """A body whose entries have an id, without which we would leave them out."""
    numbers = count(1)

    def named(match: re.Match[bytes]) -> bytes:
        tag = b"<guid>soak-%d</guid>" if match[1] == b"item" else b"<id>soak-%d</id>"
        return match[0] + tag % next(numbers)

    has_ids = re.search(rb"<(?:\w+:)?(?:guid|id)[\s>]", body)
    return body if has_ids else re.sub(rb"<(item|entry)(?:\s[^<>]*)?(?<!/)>", named, body)


def _headers(body: bytes, name: str) -> Iterator[tuple[str, str]]:
    """The headers with which feedparser's tests serve the file: it names them in a comment."""
    yield "content-location", urljoin(BASE, name)
    found = {k.decode().strip().lower(): v.decode().strip() for k, v in _HEADER.findall(body)}
    yield "content-type", found.pop("content-type", "application/xml")
    yield from found.items()


def _expected(theirs: list[Any], url: str) -> Iterator[Entry]:
    """feedparser's entries in our words; those with neither id nor link are left out."""
    seen = set()
    for item in theirs:
        link = str(item.get("link", ""))
        link = urljoin(url, link) if link else ""
        guid = canonical_line(str(item.get("id", ""))) or (link if is_web_url(link) else "")
        if guid and guid not in seen:
            seen.add(guid)
            bodies = [str(content.get("value", "")) for content in item.get("content", ())]
            yield Entry(
                guid=guid,
                url=link,
                title=canonical_line(plain_text(str(item.get("title", "")))),
                summary=plain_text(max([str(item.get("summary", "")), *bodies], key=len)),
            )


def _difference(ours: tuple[Entry, ...], theirs: tuple[Entry, ...]) -> str:
    for one, other in zip(ours, theirs, strict=False):
        for field in ("guid", "title", "summary"):
            if getattr(one, field) != getattr(other, field):
                return f"{field} {getattr(one, field)!r} against {getattr(other, field)!r}"
        if one.url != other.url and is_web_url(other.url):
            return f"link {one.url!r} against {other.url!r}"
    if len(ours) != len(theirs):
        return f"{len(ours)} entries against {len(theirs)}"
    return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
