"""Stories of a stream with known copies, paraphrases and look-alikes: how well, how fast."""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from extractor.store.write import open_ledger
from extractor.workflow.parts import no_progress
from extractor.workflow.telling import tell_stories
from tests.bench.stream import Streamed, stream

_STEP = 1000
_PEERS = ("datasketch", "rensa")
_THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.stories")
    parser.add_argument("--peers", type=Path, help="a Python that has the others")
    parser.add_argument("--articles", type=int, nargs="*", default=(10_000, 100_000))
    options = parser.parse_args()
    print("Stories: articles with readings to stories in a ledger, in CPU seconds")
    print(f"  {'':28}articles     P      R    articles/s  first 1,000  last 1,000  peak memory")
    for count in options.articles:
        _in_a_process(count)
        if options.peers:
            for name in _PEERS:
                _ask_peer(options.peers, name, count)
    print("  P and R over planted pairs; a peer's threshold is the best of eight by F1,")
    print("  its time that of hashing and asking at this threshold\n")


def _in_a_process(count: int) -> None:
    """Each size in a process of its own, whose peak memory is that of this size."""
    process = get_context("spawn").Process(target=_measure, args=(count,))
    process.start()
    process.join()
    if process.exitcode:
        sys.exit(process.exitcode)


def _measure(count: int) -> None:
    """Articles come in thousands, as runs do; storing them and their readings is not measured."""
    seconds: list[float] = []
    labels: dict[str, int] = {}
    with TemporaryDirectory() as folder, open_ledger(Path(folder) / "ledger.db") as ledger:
        articles = stream(count)
        while batch := list(islice(articles, _STEP)):
            labels.update((each.article.key, each.event) for each in batch)
            with ledger.transaction():
                for each in batch:
                    ledger.add_article(each.article)
                    ledger.save_reading(each.article, each.reading, "made up")
            started = time.process_time()
            tell_stories(ledger, no_progress)
            seconds.append(time.process_time() - started)
        pairs = [
            (story.key, labels[member.article_key])
            for story in ledger.stories()
            for member in story.members
        ]
    precision, recall = _scores(pairs)
    print(
        f"  {'dealwire':28}{count:8,}{precision:7.3f}{recall:7.3f}{count / sum(seconds):10,.0f}"
        f"{seconds[0]:11.2f} s{seconds[-1]:10.2f} s{_peak_mb():10,.0f} MB",
        flush=True,
    )


def _scores(labels: Iterable[tuple[object, object]]) -> tuple[float, float]:
    """Precision and recall of pairs, from (found story, planted event) of each article."""
    both = Counter(labels)
    found: Counter[object] = Counter()
    planted: Counter[object] = Counter()
    for (story, event), n in both.items():
        found[story] += n
        planted[event] += n
    right = _pairs(both)
    return right / max(1, _pairs(found)), right / max(1, _pairs(planted))


def _pairs(counts: Counter) -> int:  # type: ignore[type-arg]  # of anything
    return sum(n * (n - 1) // 2 for n in counts.values())


def _ask_peer(python: Path, name: str, count: int) -> None:
    script = Path(__file__).parent / "peers" / "copies.py"
    texts = "".join(_line(each) for each in stream(count))
    try:
        done = subprocess.run(
            [python, script, name, *map(str, _THRESHOLDS)],
            input=texts,
            capture_output=True,
            text=True,
            timeout=1800,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"  {name:28}did not run: {error}")
        return
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        print(f"  {name:28}did not run: {reason}")
        return
    best = max(map(_peer_scores, map(json.loads, done.stdout.splitlines())))
    _, precision, recall, threshold, seconds = best
    label = f"{name} LSH at {threshold}"
    print(
        f"  {label:28}{count:8,}{precision:7.3f}{recall:7.3f}{count / seconds:10,.0f}", flush=True
    )


def _line(each: Streamed) -> str:
    return (
        json.dumps({"text": f"{each.article.title}\n{each.article.text}", "event": each.event})
        + "\n"
    )


def _peer_scores(answer: dict[str, float | Sequence[Sequence[int]]]) -> tuple[float, ...]:
    precision, recall = float(answer["precision"]), float(answer["recall"])  # type: ignore[arg-type]
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return f1, precision, recall, float(answer["threshold"]), float(answer["seconds"])  # type: ignore[arg-type]


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main()
