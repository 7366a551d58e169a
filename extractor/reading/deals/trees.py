"""Boosted decision trees over named numbers (Friedman 2001): read from a file, summed up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import inf
from operator import itemgetter
from pathlib import Path

import numpy as np

from extractor.errors import ModelError
from extractor.reading.deals.weights import Floats, softmax

Numbers = dict[str, float]
_WHOLE, _IF, _THEN = "tree ", " <= ", "= "


@dataclass(frozen=True, slots=True)
class Split:
    """A question of a tree: is a number at most the border? Then `below` goes on, else `above`."""

    number: str
    border: float
    below: Split | float
    above: Split | float


@dataclass(frozen=True, slots=True)
class Tree:
    """What one tree adds to the sum of a class, in logits."""

    class_: str
    root: Split | float


class Trees:
    """A sum of trees for each class, as probabilities.

    The file names the classes in its first line. `tree hosting` begins a tree that adds to a
    class; under it stand a question and what follows if so, then what follows if not: each
    another question (`words hosting <= 0.4`) or what the tree adds (`= 0.12`).
    """

    suffix = ".trees"

    def __init__(self, classes: Sequence[str], trees: Sequence[Tree]) -> None:
        self.classes = tuple(classes)
        self.trees = tuple(trees)
        nodes = _Nodes()
        roots = [nodes.add(tree.root) for tree in trees]
        self._roots = np.array([root for root, _ in roots], dtype=np.intp)
        self._height = max((height for _, height in roots), default=0)
        numbers = tuple(nodes.columns)
        # one twice, as of a single key it picks no tuple
        self._pick = itemgetter(*numbers, numbers[0]) if numbers else None
        self._columns = np.array(nodes.asked, dtype=np.intp)
        self._borders = np.array(nodes.borders)
        self._values = np.array(nodes.values)
        self._ways = np.array(nodes.ways, dtype=np.intp)
        self._adds_to = np.array(
            [[float(tree.class_ == name) for name in self.classes] for tree in trees]
        ).reshape(len(trees), len(self.classes))

    @classmethod
    def load(cls, path: Path) -> Trees:
        """The trees of a file. Raises ModelError with the path and the line."""
        try:
            lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise ModelError(str(path), "trees cannot be read") from error
        return cls(*_parsed(path, lines))

    def lines(self) -> Iterator[str]:
        """The lines of a file of these trees."""
        yield "classes\t" + " ".join(self.classes)
        for tree in self.trees:
            yield _WHOLE + tree.class_
            yield from _lines(tree.root)

    def probabilities(self, examples: Sequence[Numbers]) -> Floats:
        """One row of class probabilities for each example.

        Raises KeyError where an example lacks a number that the trees ask for.
        """
        nodes = np.broadcast_to(self._roots, (len(examples), len(self._roots)))
        if examples and self._pick is not None:
            asked = np.array([self._pick(example) for example in examples], dtype=np.float64)
            flat = asked.ravel()
            first = (np.arange(len(examples)) * asked.shape[1])[:, None]
            for _ in range(self._height):
                beyond = flat.take(first + self._columns.take(nodes)) > self._borders.take(nodes)
                nodes = self._ways.take(2 * nodes + beyond)
        sums = self._values.take(nodes) @ self._adds_to
        return softmax(sums.astype(np.float32))


@dataclass(slots=True)
class _Nodes:
    """The nodes of all trees in columns; leaves ask nothing and lead to themselves."""

    columns: dict[str, int] = field(default_factory=dict)  # of the numbers that are asked for
    asked: list[int] = field(default_factory=list)
    borders: list[float] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    ways: list[int] = field(default_factory=list)  # of each node, if so and if not

    def add(self, node: Split | float) -> tuple[int, int]:
        """Add a node with all under it: its number, and how high it stands over its leaves."""
        own = len(self.asked)
        self.ways += (own, own)
        if not isinstance(node, Split):
            self.asked.append(0)
            self.borders.append(inf)
            self.values.append(node)
            return own, 0
        self.asked.append(self.columns.setdefault(node.number, len(self.columns)))
        self.borders.append(node.border)
        self.values.append(0.0)
        below, above = self.add(node.below), self.add(node.above)
        self.ways[2 * own : 2 * own + 2] = below[0], above[0]
        return own, 1 + max(below[1], above[1])


def _parsed(path: Path, lines: Sequence[str]) -> tuple[tuple[str, ...], list[Tree]]:
    head, _, classes = lines[0].partition("\t")
    if head != "classes" or not classes:
        raise ModelError(f"{path}:1", "the first line must name the classes")
    numbered = iter([*enumerate(lines, start=1)][1:])
    trees = []
    for number, line in numbered:
        class_ = line.removeprefix(_WHOLE)
        if class_ == line or class_ not in classes.split():
            raise ModelError(f"{path}:{number}", "no tree of a class begins here")
        trees.append(Tree(class_, _node(path, numbered)))
    return tuple(classes.split()), trees


def _node(path: Path, numbered: Iterator[tuple[int, str]]) -> Split | float:
    number, line = next(numbered, (0, ""))
    try:
        if line.startswith(_THEN):
            return float(line.removeprefix(_THEN))
        asked, border = line.rsplit(_IF, 1)
        return Split(asked, float(border), _node(path, numbered), _node(path, numbered))
    except ValueError as error:
        raise ModelError(f"{path}:{number or 'end'}", "not a line of a tree") from error


def _lines(node: Split | float) -> Iterator[str]:
    if not isinstance(node, Split):
        yield f"{_THEN}{node:g}"
        return
    yield f"{node.number}{_IF}{node.border:g}"
    yield from _lines(node.below)
    yield from _lines(node.above)
