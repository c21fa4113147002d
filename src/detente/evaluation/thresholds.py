"""Thresholds tuned on validation: where each label starts."""

import numpy as np

from detente.evaluation.arrays import BoolArray, FloatArray

CANDIDATES = np.linspace(0.1, 0.9, 161).round(3)
"""Thresholds tried, 0.005 apart. Outside these bounds a few validation sentences would decide too much."""

TOLERANCE = 0.05
"""F1 this close to the best counts as equal: a few hundred validation sentences cannot tell them apart. On synthetic
scores, 150 to 600 sentences, this gave a higher and steadier F1 on new sentences than the single best threshold did."""


def tune_thresholds(probabilities: FloatArray, truth: BoolArray) -> FloatArray:
    """Chooses each label's threshold for F1, in the middle of the widest stretch of near-best ones.

    With calibrated probabilities the best threshold is half the best F1 (Lipton, Elkan and Narayanaswamy 2014,
    "Optimal thresholding of classifiers to maximize F1 measure"), so thresholds below 0.5 are expected. The single best
    point jumps about when positives are few; the middle of a plateau does so less. A label for which no candidate finds
    a true positive gets the middle of the candidates, 0.5.

    Args:
        probabilities: Calibrated, on validation sentences [sentence, label].
        truth: Their labels [sentence, label].

    Returns:
        Thresholds [label] in [0.1, 0.9].
    """
    return np.array([_middle_of_plateau(_f1_curve(p, t)) for p, t in zip(probabilities.T, truth.T, strict=True)])


def _f1_curve(probabilities: FloatArray, truth: BoolArray) -> FloatArray:
    """F1 of one label at each of `CANDIDATES`."""
    decided = probabilities >= CANDIDATES[:, None]
    hits = np.count_nonzero(decided & truth, axis=1)
    return np.asarray(2 * hits / np.maximum(decided.sum(axis=1) + truth.sum(), 1))


def _middle_of_plateau(f1: FloatArray) -> float:
    near_best = np.flatnonzero(f1 >= f1.max() - TOLERANCE)
    stretches = np.split(near_best, np.flatnonzero(np.diff(near_best) > 1) + 1)
    widest = max(stretches, key=len)  # the lowest of equals, which favours recall
    return float((CANDIDATES[widest[0]] + CANDIDATES[widest[-1]]) / 2)
