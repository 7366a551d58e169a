"""`python -m extractor.evaluate corpus|FILE.jsonl`: the table of scores."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from extractor.errors import DealwireError
from extractor.evaluate.corpus import Gold, load_corpus, load_gold
from extractor.evaluate.floor import by_split, evaluate
from extractor.evaluate.tables import miss_lines, score_lines
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
        sys.stdout.writelines(score_lines(f"{split} ({len(golds)} articles)", report))
        sys.stdout.writelines(miss_lines(report.misses[: options.misses]))
    return 0


def _load(word: str) -> tuple[Gold, ...]:
    return load_corpus() if word == "corpus" else load_gold(Path(word))


if __name__ == "__main__":
    sys.exit(main())
