"""Selective classification: how wrong the model is on the sentences it is surest of, and which ones a person should see.

El-Yaniv and Wiener (2010), "On the foundations of noise-free selective classification"; Geifman and El-Yaniv (2017),
"Selective classification for deep neural networks".
"""

import numpy as np

from detente.errors import UserError
from detente.evaluation.arrays import BoolArray, FloatArray

FEWEST_SENTENCES = 20
"""On fewer validation sentences an error of nought means nothing."""


def risk_coverage(confidence: FloatArray, right: BoolArray) -> tuple[FloatArray, FloatArray]:
    """The curve of risk against coverage, the surest sentences first.

    Args:
        confidence: [sentence].
        right: Whether the whole label set is right [sentence].

    Returns:
        Coverage, the share of sentences that count, above 0 to 1, and risk, the share of them that is wrong, in [0, 1];
        one point a distinct confidence, since equals go together.
    """
    order = np.argsort(-confidence, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(confidence[order])), len(order) - 1)
    counts = ends + 1
    return counts / len(order), np.cumsum(~right[order])[ends] / counts


def tune_review(confidence: FloatArray, right: BoolArray, error: float) -> float:
    """The lowest confidence from which on no more than `error` of the label sets are wrong.

    Args:
        confidence: On validation sentences [sentence].
        right: Whether the whole label set is right [sentence].
        error: Largest risk, in (0, 1].

    Returns:
        For `Decision.review_below`; 1 if no share of at least ``FEWEST_SENTENCES`` sentences is good enough, so that all
        go to review.

    Raises:
        UserError: `error` is outside (0, 1].
    """
    if not 0 < error <= 1:
        raise UserError(f"the error is {error}; give the share of wrong label sets you can bear, above 0 to 1")
    coverage, risk = risk_coverage(confidence, right)
    good = np.flatnonzero((risk <= error) & (coverage * len(confidence) >= min(FEWEST_SENTENCES, len(confidence))))
    if not len(good):
        return 1.0
    return float(np.sort(confidence)[::-1][round(coverage[good[-1]] * len(confidence)) - 1])


def automatic_coding(confidence: FloatArray, right: BoolArray, review: BoolArray) -> dict[str, float]:
    """What becomes of the sentences that no person looks at.

    Returns:
        ``automatic/coverage``, their share; ``automatic/error``, how many of them are wrong (NaN if there are none);
        ``area_under_risk_coverage``, the mean risk over all coverages.
    """
    coverage, risk = risk_coverage(confidence, right)
    steps = np.diff(coverage, prepend=0.0)
    return {
        "automatic/coverage": float((~review).mean()),
        "automatic/error": float((~right[~review]).mean()) if (~review).any() else float("nan"),
        "area_under_risk_coverage": float((steps * risk).sum()),
    }
