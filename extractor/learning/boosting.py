"""Boosted decision trees over named numbers, by LightGBM."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import lightgbm
import numpy as np

from extractor.reading.deals.trees import Numbers, Split, Tree, Trees

_NEVER = -9.0  # logits: of a class that no example has
_ALWAYS = {
    "verbose": -1,
    "seed": 1,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "min_data_in_leaf": 30,
    "lambda_l2": 5.0,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
}


@dataclass(frozen=True, slots=True)
class Growth:
    """How many trees for each class, how large, and what share of its answer each may add."""

    rounds: int
    rate: float
    leaves: int
    height: int


@dataclass(slots=True)
class Table:
    """Examples in numbers, all with the same names, and what each should give."""

    names: tuple[str, ...] = ()
    values: array[float] = field(default_factory=lambda: array("d"))
    labels: list[str] = field(default_factory=list)
    counts_as: list[float] = field(default_factory=list)

    def add(self, numbers: Numbers, label: str, counts_as: float) -> None:
        """One more example; KeyError if it lacks a number that the first one has."""
        self.names = self.names or tuple(numbers)
        self.values.extend(map(numbers.__getitem__, self.names))
        self.labels.append(label)
        self.counts_as.append(counts_as)

    def fit(self, classes: Sequence[str], growth: Growth) -> Trees:
        """The trees that they give, rounded as they are written."""
        present = [c for c in classes if c in set(self.labels)]
        absent = [Tree(c, _NEVER) for c in classes if c not in present]
        if len(present) < 2:
            return Trees(classes, absent)
        aim = {"objective": "binary"}
        if len(present) > 2:
            aim = {"objective": "multiclass", "num_class": str(len(present))}
        shape = {
            "learning_rate": growth.rate,
            "num_leaves": growth.leaves,
            "max_depth": growth.height,
        }
        number = {c: i for i, c in enumerate(present)}
        data = lightgbm.Dataset(
            np.frombuffer(self.values).reshape(len(self.labels), len(self.names)),
            [number[label] for label in self.labels],
            weight=self.counts_as,
            params={"verbose": -1},
        )
        booster = lightgbm.train({**_ALWAYS, **shape, **aim}, data, growth.rounds)
        told = [_tree(t["tree_structure"], self.names) for t in booster.dump_model()["tree_info"]]
        adds_to = present if len(present) > 2 else present[1:]
        trees = [Tree(adds_to[i % len(adds_to)], root) for i, root in enumerate(told)]
        return Trees(classes, absent + trees)


def together(tables: Sequence[Table]) -> Table:
    """The examples of all tables."""
    whole = Table()
    for table in tables:
        if whole.names and table.names != whole.names:
            raise ValueError("the tables have not the same numbers")
        whole.names = table.names
        whole.values += table.values
        whole.labels += table.labels
        whole.counts_as += table.counts_as
    return whole


def _tree(node: dict[str, Any], names: Sequence[str]) -> Split | float:
    if "leaf_value" in node:
        return round(float(node["leaf_value"]), 4)
    return Split(
        names[node["split_feature"]],
        float(f"{node['threshold']:.6g}"),
        _tree(node["left_child"], names),
        _tree(node["right_child"], names),
    )
