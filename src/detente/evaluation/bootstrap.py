"""95 % intervals by resampling documents: the sentences of one article are alike, so they are drawn together."""

import numpy as np

from detente.errors import UserError
from detente.evaluation.arrays import BoolArray, FloatArray, IntArray, StringArray
from detente.evaluation.calibration import weighted_calibration_error
from detente.evaluation.metrics import name_metrics
from detente.labels import LABEL_IDS

BLOCK = 100
"""Resamples computed at once: enough to be fast, few enough that a large corpus fits in memory."""


def document_bootstrap(
    truth: BoolArray,
    decisions: BoolArray,
    probabilities: FloatArray,
    documents: StringArray,
    *,
    samples: int = 1000,
    seed: int,
) -> dict[str, tuple[float, float]]:
    """Percentile intervals of every metric of `detente.evaluation.metrics.score`.

    Each resample draws as many documents as there are, with replacement, and takes all their sentences: the cluster
    bootstrap of Field and Welsh (2007), "Bootstrapping clustered data", JRSS B 69(3). An interval covers the resamples
    in which its metric is defined and is (NaN, NaN) where it never is. Calibration error grows with resampling noise,
    so that its interval may lie above the point value.

    Args:
        truth: [sentence, label].
        decisions: [sentence, label].
        probabilities: [sentence, label].
        documents: The document of each sentence [sentence].
        samples: Number of resamples.
        seed: Equal seeds give equal intervals.

    Raises:
        UserError: Fewer than two documents, from which no spread can be learnt.
    """
    ids, document_index = np.unique(documents, return_inverse=True)
    if len(ids) < 2:
        raise UserError(f"intervals resample whole documents and need at least 2; the data hold {ids.tolist()}")
    draws = np.random.default_rng(seed).multinomial(len(ids), np.full(len(ids), 1 / len(ids)), size=samples)
    blocks = [
        resampled_metrics(truth, decisions, probabilities, document_index, block)
        for block in np.array_split(draws, -(-samples // BLOCK))
    ]
    return {name: _interval(np.concatenate([block[name] for block in blocks])) for name in blocks[0]}


def resampled_metrics(
    truth: BoolArray, decisions: BoolArray, probabilities: FloatArray, document_index: IntArray, draws: IntArray
) -> dict[str, FloatArray]:
    """Every metric of every resample.

    Args:
        truth: [sentence, label].
        decisions: [sentence, label].
        probabilities: [sentence, label].
        document_index: Column of `draws` for each sentence [sentence].
        draws: How often each document was drawn [resample, document].

    Returns:
        Metric name to values [resample], under the names and rules of `score`.
    """
    weights = draws[:, document_index].astype(np.float64)
    size = weights.sum(axis=1)
    hits, given, support = weights @ (truth & decisions), weights @ decisions, weights @ truth
    columns = list(zip(probabilities.T, truth.T, strict=True))
    per_label = {
        **_precision_recall_f1(hits, given, support),
        "average_precision": np.stack([_average_precision(p, t, weights) for p, t in columns], axis=-1),
        "brier": weights @ (probabilities - truth) ** 2 / size[:, None],
        "ece": np.stack([weighted_calibration_error(p, t, weights) for p, t in columns], axis=-1),
    }
    micro = _precision_recall_f1(hits.sum(axis=1), given.sum(axis=1), support.sum(axis=1))
    named = name_metrics(per_label, micro, weights @ np.all(truth == decisions, axis=1) / size)
    return named | {f"{label}/support": support[:, column] for column, label in enumerate(LABEL_IDS)}


def _precision_recall_f1(hits: FloatArray, given: FloatArray, support: FloatArray) -> dict[str, FloatArray]:
    """From counts of right, given and true labels of any one shape; NaN where nothing is true."""
    denominators = {"precision": (hits, given), "recall": (hits, support), "f1": (2 * hits, given + support)}
    return {
        metric: np.where(support > 0, numerator / np.maximum(denominator, 1), np.nan)
        for metric, (numerator, denominator) in denominators.items()
    }


def _average_precision(probabilities: FloatArray, truth: BoolArray, weights: FloatArray) -> FloatArray:
    """Area under the precision-recall steps of one label [resample], as sklearn's ``average_precision_score``."""
    order = np.argsort(-probabilities, kind="stable")
    ranked = probabilities[order]
    ends = np.append(ranked[1:] != ranked[:-1], True)  # equal probabilities enter together
    given = np.cumsum(weights[:, order], axis=1)[:, ends]
    hits = np.cumsum(weights[:, order] * truth[order], axis=1)[:, ends]
    gained = np.diff(hits, axis=1, prepend=0)
    with np.errstate(invalid="ignore"):  # 0 / 0 without a true sentence: undefined, hence NaN
        return np.asarray((gained * hits / np.maximum(given, 1)).sum(axis=1) / hits[:, -1])


def _interval(values: FloatArray) -> tuple[float, float]:
    defined = values[~np.isnan(values)]
    if not len(defined):
        return float("nan"), float("nan")
    low, high = np.percentile(defined, [2.5, 97.5])
    return float(low), float(high)
