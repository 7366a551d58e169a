"""Money and power found in the corpus, by dealwire and by other libraries."""

from __future__ import annotations

import argparse
import json
import subprocess
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractor.evaluate.corpus import Gold, load_corpus
from extractor.evaluate.predict import as_scraped
from extractor.reading import load_reader
from extractor.records import Article

_PEERS = {
    "quantulum3": "quantulum.py",
    "recognizers-text": "recognizers.py",
    "en_core_web_sm NER": "spacy_ner.py",
}
_TIMEOUT_SECONDS = 900

Amount = tuple[str, str, str]  # kind, number to four digits, unit


@dataclass(frozen=True, slots=True)
class Answer:
    """What one finder says about each article, and how long it took for all of them."""

    amounts: Sequence[Counter[Amount]]
    seconds: float
    failed_on: int = 0


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.quantities")
    parser.add_argument("--peers", type=Path, required=True, help="a Python that has the others")
    options = parser.parse_args()
    golds = load_corpus()
    articles = [as_scraped(gold) for gold in golds]
    answers: dict[str, Answer | str] = {"dealwire": _ask_dealwire(articles)}
    for name, script in _PEERS.items():
        path = Path(__file__).parent / "peers" / script
        answers[name] = _ask_peer(options.peers, path, articles)
    print("Amounts: money and power as annotated in the corpus")
    _print("all articles", golds, range(len(golds)), answers)
    # The other splits were looked at while rules were written; libraries never saw any.
    sealed = [n for n, gold in enumerate(golds) if gold.split == "sealed"]
    _print("sealed articles, which no rule was written for", golds, sealed, answers)
    print("  dealwire's time includes companies and deals; the others find amounts only\n")


def _ask_dealwire(articles: Sequence[Article]) -> Answer:
    reader = load_reader()
    started = time.perf_counter()
    readings = [reader.read(article) for article in articles]
    seconds = time.perf_counter() - started
    found = [
        [(f.kind, float(f.value), f.unit) for f in reading.facts if f.kind in ("money", "power")]
        for reading in readings
    ]
    return Answer([_counted(amounts) for amounts in found], seconds)


def _ask_peer(python: Path, script: Path, articles: Sequence[Article]) -> Answer | str:
    """What the library finds, or why it could not be asked."""
    # A blank line keeps title and text apart, as dealwire does.
    texts = json.dumps([f"{article.title}\n\n{article.text}" for article in articles])
    try:
        done = subprocess.run(
            [python, script], input=texts, capture_output=True, text=True, timeout=_TIMEOUT_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["no reason given"])[-1]
    said = json.loads(done.stdout)
    counted = [_counted([(k, v, u) for k, v, u in amounts]) for amounts in said["amounts"]]
    return Answer(counted, said["seconds"], said["errors"])


def _counted(amounts: Sequence[tuple[str, float, str]]) -> Counter[Amount]:
    # As the score does: "$9.7 billion" and "$9,700,000,000" are one amount.
    return Counter((kind, f"{value:.4g}", unit) for kind, value, unit in amounts)


def _print(
    title: str,
    golds: Sequence[Gold],
    chosen: Sequence[int],
    answers: Mapping[str, Answer | str],
) -> None:
    gold = [_counted([(q.kind, q.value, q.unit) for q in golds[n].row.quantities]) for n in chosen]
    print(f"  {title}: {len(chosen)}, with {sum(map(Counter.total, gold)):,} amounts")
    print(f"    {'':20}money  P      R     F1    power  P      R     F1   articles/s")
    for name, answer in answers.items():
        if isinstance(answer, str):
            print(f"    {name:20}did not run: {answer}")
            continue
        found = [answer.amounts[n] for n in chosen]
        scores = f"{_score('money', gold, found)}     {_score('power', gold, found)}"
        speed = len(answer.amounts) / answer.seconds
        note = f"   failed on {answer.failed_on} articles" if answer.failed_on else ""
        print(f"    {name:20} {scores}{speed:13.1f}{note}")


def _score(kind: str, gold: Sequence[Counter[Amount]], found: Sequence[Counter[Amount]]) -> str:
    """Precision, recall and F1 of one kind of amount."""
    hits = sum(_count(kind, one & other) for one, other in zip(gold, found, strict=True))
    precision = hits / max(1, sum(_count(kind, amounts) for amounts in found))
    recall = hits / max(1, sum(_count(kind, amounts) for amounts in gold))
    f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
    return f"{precision:7.3f}{recall:7.3f}{f1:7.3f}"


def _count(kind: str, amounts: Counter[Amount]) -> int:
    return sum(number for amount, number in amounts.items() if amount[0] == kind)


if __name__ == "__main__":
    main()
