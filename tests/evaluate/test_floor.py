"""The gold floor holds what has been reached."""

from dataclasses import replace

from extractor.evaluate.corpus import load_corpus
from extractor.evaluate.floor import (
    Floor,
    fallen,
    floor_path,
    load_floors,
    measure,
    write_floors,
)
from extractor.reading import load_reader

FLOOR = Floor("sites", "f00d", 70, {"deal": 0.9, "strict": 0.8})


def test_scores_on_the_corpus_stay_above_the_floor():
    now = measure(load_corpus(), load_reader())
    assert fallen(load_floors(floor_path()), now) == ()


def test_a_fallen_score_is_named():
    now = replace(FLOOR, f1={"deal": 0.8985, "strict": 0.7979})
    assert fallen([FLOOR], [now]) == ("sites: strict F1 fell from 0.8000 to 0.7979",)


def test_a_score_that_vanished_has_fallen():
    assert len(fallen([FLOOR], [replace(FLOOR, f1={"deal": 0.9})])) == 1


def test_changed_annotations_want_a_new_floor():
    complaint = "sites: annotations have changed, write the floor anew"
    assert fallen([FLOOR], [replace(FLOOR, fingerprint="beef")]) == (complaint,)
    assert fallen([FLOOR], []) == (complaint,)
    assert fallen([], [FLOOR]) == ("sites: has no floor yet, write it",)


def test_a_floor_is_read_as_it_was_written(tmp_path):
    write_floors(tmp_path / "floor.json", [FLOOR])
    assert load_floors(tmp_path / "floor.json") == (FLOOR,)
