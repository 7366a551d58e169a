"""`python -m extractor.learning`: learn the weights anew, or tell how well they would do."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from extractor import assets
from extractor.errors import DealwireError
from extractor.evaluate.corpus import Gold, corpus_dir
from extractor.evaluate.predict import predict
from extractor.evaluate.rows import Row
from extractor.evaluate.score import score
from extractor.evaluate.tables import score_lines
from extractor.learning.lessons import lessons
from extractor.learning.marks import MarkedArticle, read_marked
from extractor.learning.unseen import learner_of, parts
from extractor.reading import Reader, load_reader


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m extractor.learning")
    parser.add_argument(
        "--folds",
        type=int,
        default=0,
        metavar="N",
        help="write nothing; read each Nth of the stories with weights learned from the others",
    )
    parser.add_argument(
        "--parts",
        type=int,
        metavar="K",
        help="with --folds: read only the first K of the parts",
    )
    options = parser.parse_args(arguments)
    folder = assets.pipeline_dir() / "weights"
    try:
        reader = load_reader()
        paths = sorted((corpus_dir() / "marked").glob("*.txt"))
        marked = [article for path in paths for article in read_marked(path)]
        if options.folds:
            _cross_validate(marked, reader, options.folds, options.parts)
        else:
            _tell(f"laying out {len(marked)} marked articles")
            learner_of(reader, _tell).learn(lessons(marked, reader)).save(folder)
            _tell(f"written to {folder}")
    except DealwireError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _cross_validate(
    marked: Sequence[MarkedArticle], reader: Reader, count: int, most: int | None
) -> None:
    rows: list[Row] = []
    predictions: dict[str, Row] = {}
    for part, finder in islice(parts(marked, reader, count, _tell), most):
        reader.frames.finder = finder
        rows += [lesson.row for lesson in part]
        predictions.update(predict([Gold("", lesson.row) for lesson in part], reader))
    report = score(rows, predictions)
    # marks tell of deals: nobody annotated every amount of these articles
    report = replace(report, scores=tuple(s for s in report.scores if s.gold != 0))
    sys.stdout.writelines(score_lines(f"unseen stories ({len(rows)} articles)", report))


def _tell(message: str) -> None:
    sys.stderr.write(f"{message}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
