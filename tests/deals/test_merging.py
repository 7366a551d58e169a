"""Told transactions of corpus/merging become one deal each, with every difference labelled."""

from pathlib import Path

import pytest

from extractor.errors import ModelError
from extractor.evaluate.merging import load_told, resolver, score

FILES = sorted((Path(__file__).parents[2] / "corpus" / "merging").glob("*.toml"))
# Files that were written before they were tried keep what they showed.
KNOWN_MISSES = {
    "unseen_regions": {"principal": 1},
}


@pytest.fixture(scope="module")
def resolve():
    return resolver()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_told_transactions_become_one_deal_each(path, resolve):
    got = score(load_told(path), resolve)
    wrong = {what: asked - got.right.get(what, 0) for what, asked in got.asked.items()}
    missed = {what: count for what, count in wrong.items() if count}
    assert got.f1 >= 0.95, got.misses
    assert missed == KNOWN_MISSES.get(path.stem, {}), got.misses


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_transactions_are_told_three_to_six_times(path):
    told = load_told(path)
    counts = [told.transaction_of.count(deal["name"]) for deal in told.expected]
    assert len(counts) >= 8
    assert sum(3 <= count <= 6 for count in counts) >= 8


def test_a_faulty_file_of_transactions_is_named(tmp_path):
    path = tmp_path / "told.toml"
    path.write_text("[articles]\n[[deal]]\nname = 'a'\n")
    with pytest.raises(ModelError, match=r"told\.toml: 'reports' is missing"):
        load_told(path)
