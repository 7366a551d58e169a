"""`python -m tests.bench.extraction FOLDER`: the public article-extraction benchmark.

FOLDER is a checkout of github.com/scrapinghub/article-extraction-benchmark; none of it is
part of this repository. Its own evaluate.py scores trafilatura as it comes, trafilatura as it
is used here, the text before what debris.toml cuts, and the article that would be stored.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import trafilatura

from extractor.errors import ArticleError
from extractor.gather.article import read_article
from extractor.gather.page import read_html
from extractor.records import Page

Extraction = Callable[[str], str]


def _page(markup: str) -> Page:
    headers = (("content-type", "text/html; charset=utf-8"),)
    return Page("https://a.invalid/x", "https://a.invalid/x", 200, markup.encode(), headers)


def _article(markup: str) -> str:
    try:
        return read_article(_page(markup)).text
    except ArticleError:
        return ""


def _text(markup: str) -> str:
    found = read_html(markup, "https://a.invalid/x")
    return found.text if found else ""


def _trafilatura(markup: str, *, fast: bool = False) -> str:
    return trafilatura.extract(markup, include_comments=False, fast=fast) or ""


WAYS: tuple[tuple[str, Extraction], ...] = (
    ("trafilatura", _trafilatura),
    ("trafilatura, fast", lambda markup: _trafilatura(markup, fast=True)),
    ("our page's text", _text),
    ("our article", _article),
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.extraction")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--losses", action="store_true", help="name the pages that lost words")
    options = parser.parse_args()
    judge = _judge(options.folder)
    truth = json.loads((options.folder / "ground-truth.json").read_text())
    pages = {
        path.name.removesuffix(".html.gz"): gzip.decompress(path.read_bytes()).decode()
        for path in sorted((options.folder / "html").glob("*.html.gz"))
    }
    found: dict[str, dict[str, str]] = {}
    print(f"{'':20} {'F1':>6} {'precision':>9} {'recall':>7} {'pages/s':>8}   {len(pages)} pages")
    for name, extract in WAYS:
        extract(next(iter(pages.values())))
        began = time.process_time()
        found[name] = {key: extract(markup) for key, markup in pages.items()}
        speed = len(pages) / (time.process_time() - began)
        said = {key: {"articleBody": text} for key, text in found[name].items()}
        score = judge.evaluate(truth, said, n_bootstrap=2)
        numbers = f"{score['f1']:6.3f} {score['precision']:9.3f} {score['recall']:7.3f}"
        print(f"{name:20} {numbers} {speed:8.1f}")
    if options.losses:
        _name_losses(judge, truth, found)
    return 0


def _judge(folder: Path) -> Any:
    """The benchmark's own scorer, loaded from its checkout."""
    spec = importlib.util.spec_from_file_location("judge", folder / "evaluate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _name_losses(judge: Any, truth: dict[str, Any], found: dict[str, dict[str, str]]) -> None:
    for one, other in ((WAYS[1][0], WAYS[2][0]), (WAYS[2][0], WAYS[3][0])):
        for key, value in truth.items():
            scores = []
            for way in (one, other):
                counts = judge.string_shingle_matching(value["articleBody"], found[way][key])
                scores.append((judge.precision_score(*counts), judge.recall_score(*counts)))
            before, after = scores
            if after[0] < before[0] - 0.02 or after[1] < before[1] - 0.02:
                precision = f"precision {before[0]:.2f} -> {after[0]:.2f}"
                recall = f"recall {before[1]:.2f} -> {after[1]:.2f}"
                print(f"{key[:12]} {one} -> {other}: {precision}, {recall}")


if __name__ == "__main__":
    sys.exit(main())
