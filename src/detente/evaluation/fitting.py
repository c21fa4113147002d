"""Fitting the whole decision rule on validation sentences."""

from detente.errors import UserError
from detente.evaluation.arrays import BoolArray, FloatArray
from detente.evaluation.calibration import fit_platt
from detente.evaluation.decision import Decision
from detente.evaluation.thresholds import tune_review_margin, tune_thresholds
from detente.labels import LABEL_IDS


def fit_decision(logits: FloatArray, truth: BoolArray, review_share: float) -> Decision:
    """Calibrates, then tunes thresholds, then the review margin; all on the same validation sentences.

    Args:
        logits: Raw classifier outputs [sentence, label]; never of test sentences.
        truth: Their labels [sentence, label].
        review_share: Share of sentences to send to a person, in [0, 1).

    Raises:
        UserError: There are no sentences, or `review_share` is out of range.
    """
    if len(truth) == 0:
        raise UserError("the validation split holds 0 sentences, so no threshold can be tuned; give it some documents")
    slopes, intercepts = fit_platt(logits, truth)
    calibrated = Decision(LABEL_IDS, tuple(slopes.tolist()), tuple(intercepts.tolist()), (0.5,) * len(LABEL_IDS), 0.0)
    probabilities = calibrated.probabilities(logits)
    thresholds = tune_thresholds(probabilities, truth)
    margin = tune_review_margin(probabilities, thresholds, review_share)
    return Decision(LABEL_IDS, calibrated.slopes, calibrated.intercepts, tuple(thresholds.tolist()), margin)
