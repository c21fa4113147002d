"""Fitting the whole decision rule on validation sentences."""

from dataclasses import replace

from detente.errors import UserError
from detente.evaluation.arrays import BoolArray, FloatArray
from detente.evaluation.calibration import fit_platt
from detente.evaluation.decision import Decision
from detente.evaluation.selection import tune_review
from detente.evaluation.thresholds import tune_thresholds
from detente.labels import LABEL_IDS


def fit_decision(logits: FloatArray, truth: BoolArray, automatic_error: float) -> Decision:
    """Calibrates, then tunes thresholds, then what goes to review; all on the same validation sentences.

    Args:
        logits: Raw classifier outputs [sentence, label]; never of test sentences.
        truth: Their labels [sentence, label].
        automatic_error: Largest share of wrong label sets among the sentences that no person looks at, in (0, 1].

    Raises:
        UserError: There are no sentences, or `automatic_error` is out of range.
    """
    if len(truth) == 0:
        raise UserError("the validation split holds 0 sentences, so no threshold can be tuned; give it some documents")
    slopes, intercepts = fit_platt(logits, truth)
    calibrated = Decision(LABEL_IDS, tuple(slopes.tolist()), tuple(intercepts.tolist()), (0.5,) * len(LABEL_IDS), 0.0)
    probabilities = calibrated.probabilities(logits)
    decided = replace(calibrated, thresholds=tuple(tune_thresholds(probabilities, truth).tolist()))
    right = (decided.decide(probabilities) == truth).all(axis=1)
    return replace(decided, review_below=tune_review(decided.confidence(probabilities), right, automatic_error))
