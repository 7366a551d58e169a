"""Features with what they should give, gathered from lessons."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from extractor.learning.boosting import Table
from extractor.learning.lessons import Lesson
from extractor.learning.regression import fit
from extractor.reading.deals.trees import Numbers
from extractor.reading.deals.weights import Features, Weights, spelled

T = TypeVar("T")


@dataclass(slots=True)
class Examples:
    """Features with what they should give."""

    features: list[list[str]] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    counts_as: list[float] = field(default_factory=list)

    def add(self, features: Features, label: str, lesson: Lesson) -> None:
        """One more example, which counts as much as its lesson."""
        self.features.append(spelled(features))
        self.labels.append(label)
        self.counts_as.append(lesson.counts_as)

    def fit(self, classes: Sequence[str], strength: float = 1.0) -> Weights:
        """The weights that they give."""
        return fit(self.features, self.labels, classes, strength=strength, counts_as=self.counts_as)


@dataclass(slots=True)
class Stacked:
    """Examples in words and in numbers, in groups whose probabilities stand side by side."""

    words: Examples = field(default_factory=Examples)
    numbers: list[Numbers] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)  # how many examples each has

    def add(
        self,
        features: Sequence[Features],
        numbers: Sequence[Numbers],
        labels: Sequence[str],
        lesson: Lesson,
    ) -> None:
        """One more group."""
        for of_one, label in zip(features, labels, strict=True):
            self.words.add(of_one, label, lesson)
        self.numbers += numbers
        self.groups.append(len(labels))

    def table(
        self, weights: Weights, say: Callable[[list[list[float]]], Sequence[Numbers]]
    ) -> Table:
        """The numbers beside what `say` makes of the probabilities of each group by its words."""
        words, table, first = self.words, Table(), 0
        rows = weights.probabilities([[("", features)] for features in words.features]).tolist()
        for size in self.groups:
            group = slice(first, first + size)
            for numbers, of_words, label, counts_as in zip(
                self.numbers[group],
                say(rows[group]),
                words.labels[group],
                words.counts_as[group],
                strict=True,
            ):
                table.add(numbers | of_words, label, counts_as)
            first += size
        return table


def words_of(parts: Iterable[Stacked]) -> Examples:
    """The words of all parts."""
    whole = Examples()
    for part in parts:
        whole.features += part.words.features
        whole.labels += part.words.labels
        whole.counts_as += part.words.counts_as
    return whole


def without(parts: Sequence[T], part: T) -> list[T]:
    """All parts but one."""
    return [other for other in parts if other is not part]
