"""Calibration: fitting Platt's sigmoid to each label, and measuring how far probabilities are from frequencies."""

import numpy as np

from detente.evaluation.arrays import BoolArray, FloatArray, IntArray
from detente.labels import LABEL_IDS

SMALLEST_SLOPE = 1e-3
"""Per standard deviation of the logits. Keeps calibration monotone: scores that rank a label backwards become almost
constant, never reversed."""


def fit_platt(logits: FloatArray, truth: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Fits ``p = sigmoid(slope * logit + intercept)`` for each label by maximum likelihood.

    The targets are smoothed as in Platt (1999), "Probabilistic outputs for support vector machines", which keeps the
    fit finite on separable labels. A label that is always or never present teaches nothing and keeps the classifier's
    own sigmoid (slope 1, intercept 0).

    Args:
        logits: Raw classifier outputs on validation sentences [sentence, label].
        truth: Their labels [sentence, label].

    Returns:
        Slopes [label], all above 0, and intercepts [label].

    Raises:
        RuntimeError: The optimiser found no solution for a label.
    """
    fits = [_fit_label(logits[:, column], truth[:, column]) for column in range(truth.shape[1])]
    slopes, intercepts = zip(*fits, strict=True)
    return np.array(slopes), np.array(intercepts)


def _fit_label(logits: FloatArray, truth: BoolArray) -> tuple[float, float]:
    from scipy.optimize import minimize

    positives, negatives = np.count_nonzero(truth), np.count_nonzero(~truth)
    if not positives or not negatives:
        return 1.0, 0.0
    targets = np.where(truth, (positives + 1) / (positives + 2), 1 / (negatives + 2))

    centre, spread = logits.mean(), logits.std() or 1.0
    standard = (logits - centre) / spread  # one precision of the optimiser for logits of any scale

    def loss(parameters: FloatArray) -> tuple[float, FloatArray]:
        scores = parameters[0] * standard + parameters[1]
        error = np.exp(-np.logaddexp(0.0, -scores)) - targets
        value = np.mean(np.logaddexp(0.0, scores) - targets * scores)
        return float(value), np.array([np.mean(error * standard), np.mean(error)])

    bounds = [(SMALLEST_SLOPE, None), (None, None)]
    precise = {"ftol": 1e-13, "gtol": 1e-9}
    fit = minimize(loss, x0=[1.0, 0.0], jac=True, bounds=bounds, method="L-BFGS-B", options=precise)
    if not np.isfinite(fit.x).all():
        raise RuntimeError(f"Platt calibration failed on logits in [{logits.min()}, {logits.max()}]: {fit.message}")
    slope = fit.x[0] / spread
    return float(slope), float(fit.x[1] - slope * centre)


def expected_calibration_error(probabilities: FloatArray, truth: BoolArray, bins: int = 10) -> FloatArray:
    """Mean distance between predicted probability and observed frequency, per label [label], in [0, 1].

    Naeini et al. (2015), "Obtaining well calibrated probabilities using Bayesian binning", with the equal-mass bins of
    Nguyen and O'Connor (2015), "Posterior calibration and exploratory analysis for natural language processing models":
    most sentences lack a label, so bins of equal width would leave the interesting ones nearly empty. The estimate is
    biased upwards on small samples: a perfectly calibrated model scores above 0.
    """
    once = np.ones((1, len(truth)))
    columns = zip(probabilities.T, truth.T, strict=True)
    return np.array([weighted_calibration_error(column, present, once, bins)[0] for column, present in columns])


def uncalibrated(logits: FloatArray, truth: BoolArray) -> dict[str, float]:
    """Brier score and calibration error of the bare sigmoid of the logits, to see what calibration gives.

    Args:
        logits: [sentence, label].
        truth: [sentence, label].

    Returns:
        ``<label id>/brier_uncalibrated``, ``<label id>/ece_uncalibrated`` and their macro averages.
    """
    probabilities = np.exp(-np.logaddexp(0.0, -logits))
    found = {
        "brier_uncalibrated": np.mean((probabilities - truth) ** 2, axis=0),
        "ece_uncalibrated": expected_calibration_error(probabilities, truth),
    }
    named = {f"macro/{name}": float(values.mean()) for name, values in found.items()}
    for name, values in found.items():
        named |= {f"{label}/{name}": float(value) for label, value in zip(LABEL_IDS, values, strict=True)}
    return named


def weighted_calibration_error(
    probabilities: FloatArray, truth: BoolArray, weights: FloatArray, bins: int = 10
) -> FloatArray:
    """`expected_calibration_error` of one label under many weightings at once, as the bootstrap needs it.

    Args:
        probabilities: [sentence].
        truth: [sentence].
        weights: How often each sentence counts in each resample [resample, sentence].
        bins: Number of equal-mass bins.

    Returns:
        One error per resample [resample].
    """
    resamples = len(weights)
    cells = equal_mass_bins(probabilities, weights, bins) + bins * np.arange(resamples)[:, None]
    gaps = np.bincount(cells.ravel(), (weights * (probabilities - truth)).ravel(), minlength=resamples * bins)
    return np.asarray(np.abs(gaps.reshape(resamples, bins)).sum(axis=1) / weights.sum(axis=1))


def equal_mass_bins(probabilities: FloatArray, weights: FloatArray, bins: int) -> IntArray:
    """Bin of each sentence [resample, sentence], 0 to ``bins - 1``, by its weighted mid-rank among `probabilities`.

    Equal probabilities share a mid-rank and so a bin: the result does not hang on the order of the sentences.
    """
    order = np.argsort(probabilities, kind="stable")
    ranked = probabilities[order]
    mass = np.pad(np.cumsum(weights[:, order], axis=1), ((0, 0), (1, 0)))
    below, up_to = np.searchsorted(ranked, probabilities, "left"), np.searchsorted(ranked, probabilities, "right")
    middle = (mass[:, below] + mass[:, up_to]) / 2
    return np.minimum((bins * middle / mass[:, -1:]).astype(np.int64), bins - 1)
