"""The gold floor: scores on the corpus that no change may lower."""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractor.errors import SourceError
from extractor.evaluate.corpus import Gold, corpus_dir, fingerprint, load_corpus
from extractor.evaluate.predict import Reader, predict
from extractor.evaluate.score import Report, score
from extractor.reading import load_reader

TOLERANCE = 0.002  # about one slot in five hundred: below it a score has not moved
PINNED = ("deal", "slot", "strict", "quantity", "ticker", "company", "story")


@dataclass(frozen=True, slots=True)
class Floor:
    """The pinned F1 scores of one split, valid for the annotations of that fingerprint."""

    split: str
    fingerprint: str
    articles: int
    f1: Mapping[str, float]


def measure(golds: Sequence[Gold], reader: Reader) -> tuple[Floor, ...]:
    """What the product reaches now, split by split."""
    return tuple(
        Floor(split, fingerprint(members), len(members), _f1(evaluate(members, reader)))
        for split, members in by_split(golds).items()
    )


def evaluate(golds: Sequence[Gold], reader: Reader) -> Report:
    """Score the product on annotated articles."""
    return score([gold.row for gold in golds], predict(golds, reader))


def by_split(golds: Sequence[Gold]) -> dict[str, list[Gold]]:
    """Annotated articles by the name of their split."""
    splits: dict[str, list[Gold]] = defaultdict(list)
    for gold in golds:
        splits[gold.split].append(gold)
    return dict(splits)


def fallen(floors: Sequence[Floor], now: Sequence[Floor]) -> tuple[str, ...]:
    """One complaint for each score below its floor and for each corpus that has changed."""
    current = {floor.split: floor for floor in now}
    complaints: list[str] = []
    for floor in floors:
        reached = current.get(floor.split)
        if reached is None or reached.fingerprint != floor.fingerprint:
            complaints.append(f"{floor.split}: annotations have changed, write the floor anew")
            continue
        complaints += [
            f"{floor.split}: {name} F1 fell from {pinned:.4f} to {reached.f1.get(name, 0.0):.4f}"
            for name, pinned in floor.f1.items()
            if reached.f1.get(name, 0.0) < pinned - TOLERANCE
        ]
    unpinned = sorted(current.keys() - {floor.split for floor in floors})
    return (*complaints, *(f"{split}: has no floor yet, write it" for split in unpinned))


def floor_path() -> Path:
    return corpus_dir() / "floor.json"


def load_floors(path: Path) -> tuple[Floor, ...]:
    """The pinned scores. Raises SourceError with the path."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return tuple(
            Floor(split, pinned["fingerprint"], pinned["articles"], pinned["f1"])
            for split, pinned in data.items()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SourceError(str(path), "not a floor of scores") from error


def write_floors(path: Path, floors: Sequence[Floor]) -> None:
    data = {
        floor.split: {
            "fingerprint": floor.fingerprint,
            "articles": floor.articles,
            "f1": dict(floor.f1),
        }
        for floor in floors
    }
    path.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")


def _f1(report: Report) -> dict[str, float]:
    return {s.name: round(s.f1, 4) for s in report.scores if s.name in PINNED}


def main(arguments: list[str] | None = None) -> int:
    """`python -m extractor.evaluate.floor [--write]`: check the floor, or set it anew."""
    parser = argparse.ArgumentParser(prog="python -m extractor.evaluate.floor")
    parser.add_argument("--write", action="store_true", help="pin what is reached now")
    options = parser.parse_args(arguments)
    now = measure(load_corpus(), load_reader())
    if options.write:
        write_floors(floor_path(), now)
        return 0
    complaints = fallen(load_floors(floor_path()), now)
    sys.stdout.writelines(f"{complaint}\n" for complaint in complaints)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
