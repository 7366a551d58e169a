"""How long a question to a ledger of 10,000 articles takes from a cold start."""

from __future__ import annotations

import subprocess
import sysconfig
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from extractor.store.read import open_for_reading
from tests.bench.ledger import build_ledger

_ARTICLES = 10_000
_TIMES = 5
_QUESTIONS = (
    ("deals",),
    ("deals", "--party", "Google", "--min-usd", "1bn", "--sort", "value"),
    ("deals", "--format", "json"),
    ("deals", "--as-of", "2024-06"),
    ("conflicts",),
    ("search", "hardly", "moved"),
    ("stats",),
)


def main() -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.db"
        started = time.perf_counter()
        build_ledger(path, _ARTICLES)
        built = time.perf_counter() - started
        with open_for_reading(path) as ledger:
            stats = ledger.stats()
        print(
            f"Asking: {stats.articles:,} articles, {stats.deals:,} deals, made up "
            f"(stored in {built:.0f} s); process start to end, median of {_TIMES}"
        )
        for question in _QUESTIONS:
            seconds = median(_ask(question, path) for _ in range(_TIMES))
            print(f"  {seconds:6.3f} s  dealwire {' '.join(question)}")
    print()


def _ask(words: tuple[str, ...], db: Path) -> float:
    command = Path(sysconfig.get_path("scripts"), "dealwire")
    started = time.perf_counter()
    subprocess.run([command, *words, "--db", db], check=True, capture_output=True)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
