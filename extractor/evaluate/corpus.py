"""The corpus as records: pages with their gold beside them, plus gold without pages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from extractor.errors import SourceError
from extractor.evaluate.rows import Row, from_dict, read_rows, to_dict

SITES = "sites"  # the split of the articles that have a page
_GOLD = ".gold.json"


@dataclass(frozen=True, slots=True)
class Gold:
    """An annotated article, the split it belongs to, and its page if it has one."""

    split: str
    row: Row
    page: Path | None = None


def corpus_dir() -> Path:
    """The corpus of this checkout. An installed wheel carries none: SourceError."""
    folder = Path(__file__).resolve().parents[2] / "corpus"
    if not (folder / "sites").is_dir():
        raise SourceError(str(folder), "no corpus here; it comes with a checkout only")
    return folder


def load_corpus(folder: Path | None = None) -> tuple[Gold, ...]:
    """All annotated articles: split `sites`, and one split for each file in gold/."""
    root = folder or corpus_dir()
    pages = [_load_page(path) for path in sorted((root / "sites").rglob(f"*{_GOLD}"))]
    lists = [gold for path in sorted((root / "gold").glob("*.jsonl")) for gold in load_gold(path)]
    return (*pages, *lists)


def load_gold(path: Path) -> tuple[Gold, ...]:
    """The annotated articles of one JSON Lines file; the split is named after the file."""
    return tuple(Gold(path.stem, row) for row in read_rows(path))


def fingerprint(golds: Iterable[Gold]) -> str:
    """One hash over the annotations, whatever their order or layout on disk."""
    rows = sorted(
        json.dumps(to_dict(gold.row), sort_keys=True, ensure_ascii=False) for gold in golds
    )
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def _load_page(path: Path) -> Gold:
    page = path.with_name(path.name.removesuffix(_GOLD) + ".html")
    if not page.is_file():
        raise SourceError(str(path), f"no page {page.name} beside it")
    try:
        return Gold(SITES, from_dict(json.loads(path.read_text(encoding="utf-8"))), page)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SourceError(str(path), "not a row of annotations") from error
