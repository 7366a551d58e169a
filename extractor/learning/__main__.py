"""`python -m extractor.learning`: learn the weights anew, or tell how well they would do."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from extractor import assets
from extractor.errors import DealwireError
from extractor.evaluate.corpus import Gold, corpus_dir
from extractor.evaluate.predict import predict
from extractor.evaluate.rows import Row
from extractor.evaluate.score import score
from extractor.evaluate.tables import score_lines
from extractor.learning.learn import Learner, folds
from extractor.learning.lessons import Aliases, Lesson, lessons
from extractor.learning.marks import read_marked
from extractor.reading import Reader, load_reader
from extractor.reading.deals.thesaurus import Thesaurus


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m extractor.learning")
    parser.add_argument(
        "--folds",
        type=int,
        default=0,
        metavar="N",
        help="write nothing; read each Nth of the stories with weights learned from the others",
    )
    options = parser.parse_args(arguments)
    folder = assets.pipeline_dir() / "weights"
    try:
        reader = load_reader()
        thesaurus = Thesaurus.load(folder / "thesaurus.tsv")
        paths = sorted((corpus_dir() / "marked").glob("*.txt"))
        marked = [article for path in paths for article in read_marked(path)]
        _tell(f"laying out {len(marked)} marked articles")
        found = lessons(marked, reader)
    except DealwireError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    learner = Learner(thesaurus, reader.frames.status, Aliases(reader), _tell)
    if options.folds:
        _cross_validate(learner, reader, found, options.folds)
    else:
        learner.learn(found).save(folder)
        _tell(f"written to {folder}")
    return 0


def _cross_validate(learner: Learner, reader: Reader, found: Sequence[Lesson], count: int) -> None:
    predictions: dict[str, Row] = {}
    for number, part in enumerate(folds(found, count), start=1):
        _tell(f"fold {number} of {count}: {len(part)} articles are left out")
        left_out = {id(lesson) for lesson in part}
        learned = learner.learn([lesson for lesson in found if id(lesson) not in left_out])
        reader.frames.finder = learned.finder
        predictions.update(predict([Gold("", lesson.row) for lesson in part], reader))
    report = score([lesson.row for lesson in found], predictions)
    sys.stdout.writelines(score_lines(f"unseen stories ({len(found)} articles)", report))


def _tell(message: str) -> None:
    sys.stderr.write(f"{message}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
