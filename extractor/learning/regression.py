"""Multinomial logistic regression over named features, by scikit-learn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from extractor.reading.deals.weights import BIAS, Weights

_LEAST_WEIGHT = 0.05  # what weighs less changes no decision: measured, F1 stays within .005
_ROUNDS = 300  # more than any fit needs


def fit(
    examples: Sequence[Sequence[str]],
    labels: Sequence[str],
    classes: Sequence[str],
    *,
    least: int = 3,
    strength: float = 1.0,
    counts_as: Sequence[float] | None = None,
) -> Weights:
    """Weights by feature and class; features seen less than `least` times are left out.

    `strength` is the inverse of the L2 penalty; `counts_as` tells as how many examples each
    counts, one if not given. A constant feature "any" carries the bias: ValueError where an
    example lacks it, as the weights would be wrong without.
    """
    if not all(BIAS in features for features in examples):
        raise ValueError(f'an example has no feature "{BIAS}"')
    counts = Counter(f for features in examples for f in dict.fromkeys(features))
    column = {f: i for i, f in enumerate(f for f, n in counts.items() if n >= least)}
    starts, indices = [0], []
    for features in examples:
        indices += [column[f] for f in dict.fromkeys(features) if f in column]
        starts.append(len(indices))
    # in single precision the weights would depend on the processor
    ones = np.ones(len(indices), dtype=np.float64)
    shape = (len(examples), len(column))
    matrix = csr_matrix((ones, np.array(indices, dtype=np.int32), np.array(starts)), shape=shape)
    present = [c for c in classes if c in set(labels)]
    number = {c: i for i, c in enumerate(present)}
    regression = LogisticRegression(C=strength, max_iter=_ROUNDS, tol=1e-3)
    wanted = np.array([number[label] for label in labels])
    regression.fit(matrix, wanted, sample_weight=None if counts_as is None else [*counts_as])
    weights = regression.coef_
    bias = regression.intercept_
    if len(present) == 2:
        weights = np.vstack([-weights[0] / 2, weights[0] / 2])
        bias = np.array([-bias[0] / 2, bias[0] / 2])
    rows: dict[str, dict[str, float]] = {}
    for feature, index in column.items():
        values = weights[:, index] + (bias if feature == BIAS else 0.0)
        kept = {
            present[c]: round(float(v), 2) for c, v in enumerate(values) if abs(v) >= _LEAST_WEIGHT
        }
        if kept:
            rows[feature] = kept
    for absent in set(classes) - set(present):
        rows.setdefault(BIAS, {})[absent] = -9.0
    return Weights(classes, rows)
