"""Marked articles read with weights that were learned from other stories only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from extractor import assets
from extractor.learning.learn import Learner
from extractor.learning.lessons import Aliases, Lesson, folds, lessons
from extractor.learning.marks import MarkedArticle
from extractor.reading import Reader
from extractor.reading.deals.finder import DealFinder
from extractor.reading.deals.thesaurus import Thesaurus


def learner_of(reader: Reader, tell: Callable[[str], None]) -> Learner:
    """A learner that sees texts as the reader does, with the shipped thesaurus."""
    thesaurus = Thesaurus.load(assets.pipeline_dir() / "weights" / "thesaurus.tsv")
    return Learner(thesaurus, reader.frames.status, Aliases(reader), tell)


def parts(
    marked: Sequence[MarkedArticle], reader: Reader, count: int, tell: Callable[[str], None]
) -> Iterator[tuple[list[Lesson], DealFinder]]:
    """Each part of the stories with a finder that was learned from the other parts."""
    tell(f"laying out {len(marked)} marked articles")
    found = lessons(marked, reader)
    learner = learner_of(reader, tell)
    for number, part in enumerate(folds(found, count), start=1):
        tell(f"part {number} of {count}: {len(part)} articles are left out")
        left_out = {id(lesson) for lesson in part}
        yield part, learner.learn([lesson for lesson in found if id(lesson) not in left_out])
