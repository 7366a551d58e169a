"""How long it takes to assemble all deals, then those that one more article touches."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from extractor.records import Reading
from extractor.store.write import Ledger, open_ledger
from extractor.workflow.assembling import assemble_deals
from extractor.workflow.parts import no_progress
from tests.bench.ledger import build_ledger

_SIZES = (2_000, 20_000)
_TIMES = 10


def main() -> None:
    print("Assembling deals, made up; all of them, then after one article lost its report")
    for articles in _SIZES:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "ledger.db"
            build_ledger(path, articles)
            with open_ledger(path) as ledger:
                everything = _seconds(ledger)
                touched = list(islice(_one_article_less(ledger), _TIMES))
                _, deals = ledger.count_told()
        print(
            f"  {articles:7,} articles, {deals:6,} deals: {everything:6.2f} s, "
            f"then {median(touched):.3f} s an article"
        )
    print()


def _one_article_less(ledger: Ledger) -> Iterator[float]:
    for article, reading in ledger.readings():
        if reading.reports:
            ledger.save_reading(article, Reading(reading.facts), "made up")
            yield _seconds(ledger)


def _seconds(ledger: Ledger) -> float:
    started = time.perf_counter()
    assemble_deals(ledger, no_progress)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
