"""Trees that are grown: they know what sums of single numbers cannot, and how often a class is."""

from __future__ import annotations

import random

import pytest

from extractor.learning.boosting import Growth, Table, together

GROWTH = Growth(rounds=60, rate=0.2, leaves=7, height=3)


def _table(labels: list[str]) -> Table:
    table = Table()
    for label in labels:
        table.add({"constant": 1.0}, label, 1.0)
    return table


def test_grown_trees_know_of_two_numbers_what_each_alone_does_not_tell() -> None:
    dice, table = random.Random(3), Table()
    for _ in range(2000):
        a, b = dice.random(), dice.random()
        numbers = {"a": a, "b": b, "a again": a, "b again": b}
        table.add(numbers, "yes" if (a > 0.5) != (b > 0.5) else "no", 1.0)
    trees = table.fit(("no", "yes"), GROWTH)
    asked = [{"a": a, "b": b, "a again": a, "b again": b} for a in (0.2, 0.8) for b in (0.2, 0.8)]
    assert (trees.probabilities(asked)[:, 1] > 0.9).tolist() == [False, True, True, False]
    assert (trees.probabilities(asked)[:, 1] < 0.1).tolist() == [True, False, False, True]


@pytest.mark.parametrize("classes", [("no", "yes"), ("no", "yes", "perhaps"), ("no", "yes", "x")])
def test_where_nothing_tells_them_apart_classes_are_as_likely_as_they_were_seen(
    classes: tuple[str, ...],
) -> None:
    seen = {"no": 700, "yes": 200, "perhaps": 100 if "perhaps" in classes else 0}
    table = _table([label for label, count in seen.items() for _ in range(count)])
    (row,) = table.fit(classes, GROWTH).probabilities([{"constant": 1.0}])
    whole = sum(seen.values())
    assert row == pytest.approx([seen.get(c, 0) / whole for c in classes], abs=0.01)


def test_the_same_examples_grow_the_same_trees() -> None:
    dice = random.Random(5)
    table = Table()
    for _ in range(500):
        table.add({"a": dice.random(), "b": dice.random()}, dice.choice(["no", "yes"]), 1.0)
    one, two = (table.fit(("no", "yes"), GROWTH) for _ in range(2))
    assert [*one.lines()] == [*two.lines()]


def test_an_example_that_counts_thrice_is_as_three() -> None:
    weighed, repeated = Table(), Table()
    for label in ["no"] * 100 + ["yes"] * 100:
        weighed.add({"constant": 1.0}, label, 3.0 if label == "yes" else 1.0)
        for _ in range(3 if label == "yes" else 1):
            repeated.add({"constant": 1.0}, label, 1.0)
    (one,), (two,) = (
        table.fit(("no", "yes"), GROWTH).probabilities([{"constant": 1.0}])
        for table in (weighed, repeated)
    )
    assert one == pytest.approx(two, abs=0.01)


def test_tables_of_different_numbers_are_not_put_together() -> None:
    other = Table()
    other.add({"else": 1.0}, "no", 1.0)
    with pytest.raises(ValueError, match="not the same numbers"):
        together([_table(["no"]), other])
    with pytest.raises(KeyError, match="constant"):
        _table(["no"]).add({"else": 1.0}, "no", 1.0)
