"""Point metrics of one set of decisions, as a flat dictionary.

Keys are ``<label id>/<metric>``, ``macro/<metric>``, ``micro/<metric>`` and ``exact_match``. The rules at the edges:

- A label without a single true sentence has NaN precision, recall, F1 and average precision, and macro skips it;
  its false positives still count in micro and exact match. Without any true sentence at all, micro is NaN too.
- A label that occurs but is never given has precision 0, so that silence is not rewarded.
- Brier score and calibration error are always defined.
"""

from collections.abc import Mapping

import numpy as np

from detente.errors import UserError
from detente.evaluation.arrays import BoolArray, FloatArray
from detente.evaluation.calibration import expected_calibration_error
from detente.labels import LABEL_IDS


def score(truth: BoolArray, decisions: BoolArray, probabilities: FloatArray) -> dict[str, float]:
    """Scores decisions and probabilities against the truth, all [sentence, label].

    Returns:
        Per label and macro: precision, recall, f1, average_precision (higher is better) and brier, ece (lower is
        better); per label: support (true sentences); micro: precision, recall, f1; exact_match, the share of sentences
        whose label set is right. All but support in [0, 1], or NaN by the rules above.

    Raises:
        UserError: There are no sentences.
    """
    from sklearn.metrics import average_precision_score, brier_score_loss, precision_recall_fscore_support

    if len(truth) == 0:
        raise UserError("0 sentences to evaluate; check that the split is not empty")
    support = truth.sum(axis=0)
    precision, recall, f1, _ = precision_recall_fscore_support(truth, decisions, average=None, zero_division=0)
    micro = precision_recall_fscore_support(truth, decisions, average="micro", zero_division=0)[:3]
    columns = list(zip(truth.T, probabilities.T, strict=True))
    per_label = {
        "precision": np.where(support, precision, np.nan),
        "recall": np.where(support, recall, np.nan),
        "f1": np.where(support, f1, np.nan),
        "average_precision": np.array([average_precision_score(t, p) if t.any() else np.nan for t, p in columns]),
        "brier": np.array([brier_score_loss(t, p) for t, p in columns]),
        "ece": expected_calibration_error(probabilities, truth),
    }
    micro_defined = np.where(support.any(), micro, np.nan)
    exact_match = np.all(truth == decisions, axis=1).mean()
    named = name_metrics(per_label, dict(zip(("precision", "recall", "f1"), micro_defined, strict=True)), exact_match)
    named |= {f"{label}/support": count for label, count in zip(LABEL_IDS, support, strict=True)}
    return {name: float(value) for name, value in named.items()}


def name_metrics(
    per_label: Mapping[str, FloatArray], micro: Mapping[str, FloatArray], exact_match: FloatArray
) -> dict[str, FloatArray]:
    """Adds the macro averages and gives every metric its key.

    Args:
        per_label: Metric to values [..., label].
        micro: Metric to values [...].
        exact_match: Values [...].
    """
    named: dict[str, FloatArray] = {}
    for metric, values in per_label.items():
        named |= {f"{label}/{metric}": values[..., column] for column, label in enumerate(LABEL_IDS)}
        named[f"macro/{metric}"] = _mean_of_defined(values)
    named |= {f"micro/{metric}": values for metric, values in micro.items()}
    return named | {"exact_match": exact_match}


def _mean_of_defined(values: FloatArray) -> FloatArray:
    """Mean over labels that are not NaN; NaN where none is defined."""
    defined = ~np.isnan(values)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(defined, values, 0.0).sum(axis=-1) / defined.sum(axis=-1))
