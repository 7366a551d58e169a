"""Trees: they say what a walk through each of them says, and faults in a file are named."""

from __future__ import annotations

from math import exp
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.errors import ModelError
from extractor.reading.deals.trees import Numbers, Split, Tree, Trees

CLASSES = ("none", "company", "counterparty")
NUMBERS = ("all company", "names", "sentences away")
logits = st.floats(-3, 3).map(lambda value: round(value, 3))
nodes = st.recursive(
    logits,
    lambda node: st.builds(Split, st.sampled_from(NUMBERS), logits, node, node),
    max_leaves=12,
)
forests = st.lists(st.builds(Tree, st.sampled_from(CLASSES), nodes), max_size=6)
examples = st.lists(st.fixed_dictionaries(dict.fromkeys(NUMBERS, st.floats(-4, 4))), max_size=4)


def _walked(trees: list[Tree], numbers: Numbers) -> list[float]:
    """The probabilities, one question after the other."""
    sums = dict.fromkeys(CLASSES, 0.0)
    for tree in trees:
        node = tree.root
        while isinstance(node, Split):
            node = node.below if numbers[node.number] <= node.border else node.above
        sums[tree.class_] += node
    whole = sum(map(exp, sums.values()))
    return [exp(total) / whole for total in sums.values()]


@given(forests, examples)
def test_all_trees_at_once_say_what_a_walk_through_each_says(
    trees: list[Tree], numbers: list[Numbers]
) -> None:
    found = Trees(CLASSES, trees).probabilities(numbers)
    assert found.shape == (len(numbers), len(CLASSES))
    for row, example in zip(found.tolist(), numbers, strict=True):
        assert row == pytest.approx(_walked(trees, example), abs=1e-5)


@given(forests)
def test_trees_are_read_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, trees: list[Tree]
) -> None:
    path = tmp_path_factory.mktemp("trees") / "roles.trees"
    path.write_text("\n".join(Trees(CLASSES, trees).lines()) + "\n", encoding="utf-8")
    assert Trees.load(path).trees == tuple(trees)
    assert Trees.load(path).classes == CLASSES


def test_an_example_without_a_number_that_is_asked_for_is_refused() -> None:
    trees = Trees(CLASSES, [Tree("company", Split("names", 2.0, -1.0, 1.0))])
    with pytest.raises(KeyError, match="names"):
        trees.probabilities([{"sentences away": 1.0}])


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("tree company\n= 1\n", "roles.trees:1: the first line"),
        ("classes\tnone company\ntree lender\n= 1\n", "roles.trees:2: no tree of a class"),
        ("classes\tnone company\n= 1\n", "roles.trees:2: no tree of a class"),
        ("classes\tnone company\ntree company\nnames < 2\n= 1\n= 2\n", "roles.trees:3"),
        ("classes\tnone company\ntree company\nnames <= two\n= 1\n= 2\n", "roles.trees:3"),
        ("classes\tnone company\ntree company\nnames <= 2\n= 1\n", "roles.trees:end"),
    ],
)
def test_a_fault_in_a_file_of_trees_is_named_with_its_line(
    tmp_path: Path, text: str, place: str
) -> None:
    path = tmp_path / "roles.trees"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        Trees.load(path)
    assert place in str(caught.value)


def test_a_file_of_trees_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="trees cannot be read"):
        Trees.load(tmp_path / "roles.trees")
