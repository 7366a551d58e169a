"""`python -m extractor.evaluate corpus|FILE.jsonl`: the table of scores."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from extractor.errors import DealwireError
from extractor.evaluate.corpus import Gold, load_corpus, load_gold
from extractor.evaluate.floor import by_split, evaluate
from extractor.evaluate.rows import DealRow
from extractor.evaluate.score import Miss, Report
from extractor.reading import load_reader


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m extractor.evaluate")
    parser.add_argument("gold", help="'corpus', or a .jsonl file of annotated articles")
    parser.add_argument("--split", default="", help="only this split: sites, or a file in gold/")
    parser.add_argument("--misses", type=int, default=0, metavar="N", help="show N wrong deals")
    options = parser.parse_args(arguments)
    try:
        splits = by_split(_load(options.gold))
        chosen = {options.split: splits[options.split]} if options.split else splits
        reader = load_reader()
    except KeyError:
        sys.stderr.write(f"no split {options.split!r}; there are {', '.join(splits)}\n")
        return 2
    except DealwireError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for split, golds in chosen.items():
        report = evaluate(golds, reader)
        sys.stdout.writelines(_table(f"{split} ({len(golds)} articles)", report))
        sys.stdout.writelines(_shown(report.misses[: options.misses]))
    return 0


def _load(word: str) -> tuple[Gold, ...]:
    return load_corpus() if word == "corpus" else load_gold(Path(word))


def _table(heading: str, report: Report) -> Iterator[str]:
    yield f"{heading:32}{'P':>7}{'R':>7}{'F1':>7}   hits/gold/predicted\n"
    for line in report.scores:
        counts = "" if line.hits is None else f"{line.hits}/{line.gold}/{line.predicted}"
        yield f"  {line.name:30}{line.precision:7.3f}{line.recall:7.3f}{line.f1:7.3f}   {counts}\n"


def _shown(misses: Sequence[Miss]) -> Iterator[str]:
    for miss in misses:
        what = "spurious" if miss.gold is None else "miss" if miss.predicted is None else "differs"
        yield f"\n{what} in {miss.article}\n"
        yield f"  gold      {_deal(miss.gold)}\n  predicted {_deal(miss.predicted)}\n"


def _deal(deal: DealRow | None) -> str:
    if deal is None:
        return "-"
    filled = {key: value for key, value in asdict(deal).items() if value not in (None, "", ())}
    return json.dumps(filled, ensure_ascii=False)


if __name__ == "__main__":
    sys.exit(main())
