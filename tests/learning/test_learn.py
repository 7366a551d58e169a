"""Learning: what was marked is found again, and the same lessons give the same weights."""

from __future__ import annotations

import filecmp
from pathlib import Path

import pytest

from extractor.evaluate.corpus import corpus_dir
from extractor.learning.learn import Learner
from extractor.learning.lessons import Aliases, Lesson, folds, lessons
from extractor.learning.marks import read_marked
from extractor.learning.regression import fit
from extractor.reading import Reader, load_reader
from extractor.reading.deals.finder import DealFinder
from extractor.reading.deals.thesaurus import Thesaurus


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader()


@pytest.fixture(scope="module")
def found(reader: Reader) -> list[Lesson]:
    path = corpus_dir() / "marked" / "hosting.txt"
    return lessons([*read_marked(path)][:40], reader)


def _learn(reader: Reader, found: list[Lesson]) -> DealFinder:
    return Learner(Thesaurus({}), reader.frames.status, Aliases(reader)).learn(found)


def test_weights_of_a_few_articles_find_deals_and_are_the_same_each_time(
    reader: Reader, found: list[Lesson], tmp_path: Path
) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        folder.mkdir()
        _learn(reader, found).save(folder)
        (folder / "thesaurus.tsv").write_text("", encoding="utf-8")
    names = sorted(path.name for path in one.iterdir())
    assert filecmp.cmpfiles(one, two, names, shallow=False)[0] == names
    finder = DealFinder.load(one, reader.frames.status)
    drafts = [draft for lesson in found for draft in finder.find(lesson.scene)]
    assert len(drafts) > len(found) / 2


def test_a_story_is_never_in_two_folds(found: list[Lesson]) -> None:
    parts = folds(found, 3)
    assert sum(map(len, parts)) == len(found)
    stories = [{lesson.row.story for lesson in part} for part in parts]
    assert not (stories[0] & stories[1] or stories[0] & stories[2] or stories[1] & stories[2])


def test_learned_weights_give_each_class_as_often_as_it_was_seen() -> None:
    examples = [["any", "red"], ["any", "blue"]] * 300
    labels = ["no"] * 540 + ["yes"] * 40 + ["never"] * 20
    weights = fit(examples, labels, ("no", "yes", "never"))
    (row,) = weights.probabilities([[("", ["any", "red"])]])
    assert row == pytest.approx([0.9, 40 / 600, 20 / 600], abs=0.01)


def test_examples_without_the_feature_of_the_bias_are_refused() -> None:
    with pytest.raises(ValueError, match='no feature "any"'):
        fit([["any", "red"], ["blue"]], ["no", "yes"], ("no", "yes"))


def test_what_only_one_class_has_speaks_for_it() -> None:
    examples = [["any", "red"], ["any", "blue"]] * 200
    weights = fit(examples, ["no", "yes"] * 200, ("no", "yes", "never"))
    (row,) = weights.probabilities([[("", ["any", "blue", "unheard of"])]])
    assert row[1] > 0.8
    assert row[2] < 0.01
    assert weights.reasons([("", ["any", "blue"])], "yes")[0].feature == "blue"
