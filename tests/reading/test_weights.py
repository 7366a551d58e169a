"""Weights and thesaurus: read from files, faults named."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractor.assets import pipeline_dir
from extractor.errors import ModelError
from extractor.reading.deals.thesaurus import Thesaurus
from extractor.reading.deals.weights import Weights, spelled

ROWS = {"any": {"no": 1.0}, "word leased": {"no": -1.5, "yes": 2.25}}


def test_weights_read_what_was_saved(tmp_path: Path) -> None:
    path = tmp_path / "weights.tsv"
    weights = Weights(("no", "yes"), ROWS)
    path.write_text("\n".join(weights.lines()), encoding="utf-8")
    examples = [[("", ["any"])], [("", ["any", "word leased"])], []]
    expected = weights.probabilities(examples)
    assert Weights.load(path).probabilities(examples).tolist() == expected.tolist()


def test_names_in_parts_weigh_what_they_weigh_in_full_and_once() -> None:
    for classes in (("no", "yes"), ("no", "yes", "perhaps")):
        weights = Weights(classes, ROWS)
        parts = [("", ["any"]), ("word ", ["leased", "unheard of"]), ("wo", ["rd leased"])]
        whole = [("", ["any", "word leased"])]
        assert spelled(parts) == ["any", "word leased", "word unheard of", "word leased"]
        assert weights.probabilities([parts]).tolist() == weights.probabilities([whole]).tolist()


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("any\tno=1\n", "weights.tsv: the first line"),
        ("classes\tno yes\nany\tmaybe=1\n", "weights.tsv:2"),
        ("classes\tno yes\nany\tno=1\nword\n", "weights.tsv:3"),
        ("classes\tno yes\nany\tno=much\n", "weights.tsv:2"),
        ("# a remark\nclasses\tno yes\nany\tno=much\n", "weights.tsv:3"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, text: str, place: str) -> None:
    path = tmp_path / "weights.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match=r"weights\.tsv") as caught:
        Weights.load(path)
    assert place in str(caught.value)


def test_the_thesaurus_knows_words_by_their_stems() -> None:
    thesaurus = Thesaurus.load(pipeline_dir() / "weights" / "thesaurus.tsv")
    assert "landlord" in thesaurus.near("landlords")
    assert thesaurus.lemma("leasing") == "lease"
    assert thesaurus.near("xqzzy") == ()


def test_a_broken_thesaurus_is_named(tmp_path: Path) -> None:
    path = tmp_path / "thesaurus.tsv"
    path.write_text("# words\nlease\trent\nrent\n", encoding="utf-8")
    with pytest.raises(ModelError, match=r"thesaurus.tsv:3"):
        Thesaurus.load(path)
