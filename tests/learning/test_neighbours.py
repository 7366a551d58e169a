"""The thesaurus: which words are looked up, and which are alike."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from extractor.learning.neighbours import nearest, vocabulary, write
from extractor.reading.deals.thesaurus import Thesaurus

TEXTS = ["Hut 8 leased a hall. It leased it.", "A hall was leased, and leased, and LEASED again."]


def test_words_of_the_texts_and_of_english_are_looked_up_and_frequent_ones_lend() -> None:
    words, common = vocabulary(TEXTS, ["rent"])
    assert words == ["and", "hall", "it", "leased", "rent"]
    assert common == {"leased"}


def test_only_common_words_that_are_close_enough_are_neighbours() -> None:
    words = ["hall", "leased", "rented", "turnip"]
    vectors = np.array([[0, 1], [1, 0], [0.8, 0.6], [-1, 0]], dtype=np.float32)
    found = nearest(words, vectors, frozenset({"hall", "leased"}))
    assert found == [["hall"], ["leased"], ["leased", "hall"], []]


def test_what_is_written_is_what_the_weights_read(tmp_path: Path) -> None:
    path = tmp_path / "thesaurus.tsv"
    write(path, ["leased", "rented"], [["leased"], ["leased", "hall"]])
    thesaurus = Thesaurus.load(path)
    assert thesaurus.near("rented") == ("leased", "hall")
    assert thesaurus.near("renting") == ()
