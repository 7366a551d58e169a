"""How many articles a second one core reads."""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Sequence
from statistics import median

from extractor.evaluate.corpus import load_corpus
from extractor.evaluate.predict import as_scraped
from extractor.reading import Reader, load_reader
from extractor.records import Article
from tests.bench.news import general_news

_ROUNDS = 3


def main() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    started = time.perf_counter()
    reader = load_reader()
    loaded = time.perf_counter() - started
    print("Reading: text to facts and deals, one core")
    _measure("articles of the corpus", [as_scraped(gold) for gold in load_corpus()], reader)
    _measure("general news, made up", list(general_news(500)), reader)
    print(f"  {'loading the rules':26}{loaded:10.1f} s")
    print(f"  {'peak memory':26}{_peak_mb():10.0f} MB\n")


def _measure(name: str, articles: Sequence[Article], reader: Reader) -> None:
    words = sum(len(article.text.split()) for article in articles)
    seconds = median(_read_all(articles, reader) for _ in range(_ROUNDS))
    print(
        f"  {name:26}{len(articles) / seconds:10,.0f} articles/s"
        f"{words / seconds:12,.0f} words/s"
        f"   ({len(articles):,} articles of {words / len(articles):.0f} words)"
    )


def _read_all(articles: Sequence[Article], reader: Reader) -> float:
    started = time.perf_counter()
    for article in articles:
        reader.read(article)
    return time.perf_counter() - started


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main()
