"""Linear weights over named features: read from a file, summed up, explained."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt

from extractor.errors import ModelError

_FAR = 500.0  # logits: beyond it the exponential overflows
BIAS = "any"  # the feature that every example has

Part = tuple[str, Sequence[str]]  # what names of features begin with, then the rest of each
Features = Sequence[Part]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Reason:
    """A feature that spoke for an outcome, with its weight."""

    feature: str
    weight: float


class Weights:
    """A multinomial logistic regression: each feature adds its weights to the classes.

    The file names the classes in its first line; each further line is a feature and what
    it speaks for: `feature<TAB>class=weight class=weight`.
    """

    suffix = ".tsv"

    def __init__(self, classes: Sequence[str], rows: Mapping[str, Mapping[str, float]]) -> None:
        self.classes = tuple(classes)
        self._column = {name: index for index, name in enumerate(self.classes)}
        self._rows = _RowsByPrefix(rows)
        # row 0 is that of features without weight
        self._matrix = np.zeros((len(rows) + 1, len(self.classes)), dtype=np.float32)
        for index, weights in enumerate(rows.values(), start=1):
            for name, weight in weights.items():
                self._matrix[index, self._column[name]] = weight
        # of two classes, how far each row puts the second ahead: sums of few rows are
        # quicker without arrays
        self._ahead: dict[int, float] = {}
        if len(self.classes) == 2:
            first, second = self.classes
            gaps = (w.get(second, 0.0) - w.get(first, 0.0) for w in rows.values())
            self._ahead = {0: 0.0, **dict(enumerate(gaps, start=1))}

    @classmethod
    def load(cls, path: Path) -> Weights:
        """The weights of a file. Raises ModelError with the path and the line."""
        try:
            lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise ModelError(str(path), "weights cannot be read") from error
        numbered = [(n, x) for n, x in enumerate(lines, start=1) if not x.startswith("#")]
        if not numbered or not numbered[0][1].startswith("classes\t"):
            raise ModelError(str(path), "the first line does not name the classes")
        classes = numbered[0][1].split("\t")[1].split(" ")
        rows: dict[str, dict[str, float]] = {}
        for number, line in numbered[1:]:
            try:
                feature, rest = line.split("\t")
                pairs = (part.split("=") for part in rest.split(" "))
                rows[feature] = {name: float(value) for name, value in pairs}
            except ValueError as error:
                raise ModelError(f"{path}:{number}", "not a line of weights") from error
            if not rows[feature].keys() <= set(classes):
                raise ModelError(f"{path}:{number}", "it names a class that there is not")
        return cls(classes, rows)

    def lines(self) -> Iterator[str]:
        """The lines of a file of these weights, in order of the alphabet."""
        yield "classes\t" + " ".join(self.classes)
        for feature, row in sorted(self._rows[""].items()):
            pairs = zip(self.classes, self._matrix[row].tolist(), strict=True)
            told = " ".join(f"{name}={weight:.2f}" for name, weight in pairs if weight)
            yield f"{feature}\t{told}"

    def probabilities(
        self, examples: Sequence[Features], shared: Sequence[Features] = (), of: Sequence[int] = ()
    ) -> Floats:
        """One row of class probabilities for each example.

        `shared` are features that several examples begin with, and `of` tells for each
        example with which of them.
        """
        if not examples:
            return np.zeros((0, len(self.classes)), dtype=np.float32)
        begun = [self._rows_of(features) for features in shared]
        if shared:
            found = [self._rows_of(own, begun[i]) for own, i in zip(examples, of, strict=True)]
        else:
            found = [self._rows_of(features) for features in examples]
        if self._ahead:
            return self._of_two(found)
        rows: list[int] = []
        starts: list[int] = []
        for of_one in found:
            starts.append(len(rows))
            rows.append(0)
            rows += of_one
        numbers = np.fromiter(rows, dtype=np.int64, count=len(rows))  # quicker than np.array
        return softmax(np.add.reduceat(self._matrix.take(numbers, axis=0), starts, axis=0))

    def _rows_of(self, features: Features, begun: Iterable[int] = ()) -> dict[int, None]:
        """The rows of the features, each once, in order; those without weight have none."""
        rows: list[int | None] = [*begun]
        by_prefix = self._rows
        for prefix, names in features:
            rows += map(by_prefix[prefix].get, names)
        found = dict.fromkeys(rows)
        found.pop(None, None)
        return cast("dict[int, None]", found)

    def _of_two(self, examples: Sequence[Iterable[int]]) -> Floats:
        ahead = self._ahead.__getitem__
        found = []
        for rows in examples:
            gap = sum(map(ahead, rows))
            second = 1.0 / (1.0 + math.exp(-gap)) if gap > -_FAR else 0.0
            found.append((1.0 - second, second))
        return np.array(found, dtype=np.float32)

    def lead(self, part: Part) -> float:
        """How far these features alone put the best other class ahead of the first one."""
        prefix, names = part
        rows = [*filter(None, map(self._rows[prefix].get, names))]
        sums = self._matrix[rows].sum(axis=0)
        return float(sums[1:].max() - sums[0])

    def reasons(self, features: Features, outcome: str, limit: int = 3) -> list[Reason]:
        """The features that spoke most for an outcome, against the mean of all."""
        column = self._column[outcome]
        found = []
        for feature in dict.fromkeys(spelled(features)):
            index = self._rows[""].get(feature)
            if index is not None and feature != BIAS:
                weights = self._matrix[index]
                found.append(Reason(feature, float(weights[column] - weights.mean())))
        found.sort(key=lambda reason: -reason.weight)
        return [reason for reason in found[:limit] if reason.weight > 0]


class _RowsByPrefix(dict[str, dict[str, int]]):
    """By what names of features begin with, the row (counted from 1) of each by its rest."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__({"": {name: row for row, name in enumerate(names, start=1)}})
        self._sorted = sorted(self[""])

    def __missing__(self, prefix: str) -> dict[str, int]:
        rows, length = self[""], len(prefix)
        first = bisect_left(self._sorted, prefix)
        names = takewhile(lambda n: n.startswith(prefix), islice(self._sorted, first, None))
        self[prefix] = {name[length:]: rows[name] for name in names}
        return self[prefix]


def softmax(sums: Floats) -> Floats:
    """The probabilities of classes by sums of logits, for each row."""
    found = np.exp(sums - np.maximum.reduce(sums, axis=1, keepdims=True))
    found /= np.add.reduce(found, axis=1, keepdims=True)
    return cast(Floats, found)


def spelled(features: Features) -> list[str]:
    """The names of features in full."""
    return [prefix + name for prefix, names in features for name in names]


def bucket(value: float, borders: Sequence[float]) -> int:
    """How many borders, given in rising order, a value exceeds."""
    return bisect_left(borders, value)


def near(distance: int) -> int:
    """A distance in items, coarser the further."""
    return _STEPS[distance] if distance < len(_STEPS) else 16


_STEPS = (0, 1, 2, 3, *[4] * 2, *[6] * 4, *[10] * 6)
