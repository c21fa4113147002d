"""Platt scaling and the expected calibration error."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from detente.evaluation.calibration import SMALLEST_SLOPE, expected_calibration_error, fit_platt
from detente.evaluation.decision import Decision
from detente.labels import LABEL_IDS


def test_calibration_error_by_hand() -> None:
    """Two bins: predictions 0.1 and 0.3 with no hit (gap 0.2), 0.6 and 0.8 with both hits (gap 0.3); mean 0.25."""
    probabilities = np.array([[0.8], [0.1], [0.6], [0.3]])
    truth = np.array([[True], [False], [True], [False]])
    assert expected_calibration_error(probabilities, truth, bins=2) == pytest.approx([0.25])


def test_calibration_error_does_not_hang_on_the_order_of_tied_sentences() -> None:
    probabilities, truth = np.full((10, 1), 0.3), np.arange(10)[:, None] < 3
    assert expected_calibration_error(probabilities, truth) == pytest.approx([0.0])
    assert expected_calibration_error(probabilities, truth[::-1]) == pytest.approx([0.0])


def test_fit_is_the_maximum_likelihood_solution_on_smoothed_targets(scored: Callable[..., Any]) -> None:
    """Oracle: unpenalised logistic regression on each sentence twice, as true and as false, weighted by its target."""
    from sklearn.linear_model import LogisticRegression

    sample = scored(300, seed=3)
    slopes, intercepts = fit_platt(sample.logits, sample.truth)
    for column in range(len(LABEL_IDS)):
        logits, truth = sample.logits[:, [column]], sample.truth[:, column]
        target = np.where(truth, (truth.sum() + 1) / (truth.sum() + 2), 1 / ((~truth).sum() + 2))
        oracle = LogisticRegression(C=np.inf, tol=1e-10).fit(
            np.vstack([logits, logits]), np.repeat([1, 0], len(truth)), np.concatenate([target, 1 - target])
        )
        assert slopes[column] == pytest.approx(oracle.coef_[0, 0], rel=1e-3)
        assert intercepts[column] == pytest.approx(oracle.intercept_[0], rel=1e-3, abs=1e-3)


@pytest.mark.parametrize("scale", [0.01, 1000.0])
def test_the_scale_of_the_logits_does_not_matter(scored: Callable[..., Any], scale: float) -> None:
    sample = scored(300, seed=3)
    slopes, intercepts = fit_platt(scale * sample.logits, sample.truth)
    expected_slopes, expected_intercepts = fit_platt(sample.logits, sample.truth)
    assert scale * slopes == pytest.approx(expected_slopes, rel=1e-6)
    assert intercepts == pytest.approx(expected_intercepts, rel=1e-6)


def test_labels_that_are_never_present_separable_or_ranked_backwards() -> None:
    logits = np.repeat(np.linspace(-2, 2, 20)[:, None], 4, axis=1)
    never, always = np.zeros(20, dtype=bool), np.ones(20, dtype=bool)
    separable, backwards = logits[:, 0] > 0, logits[:, 0] < 0
    slopes, intercepts = fit_platt(logits, np.column_stack([never, always, separable, backwards]))
    assert (slopes[:2].tolist(), intercepts[:2].tolist()) == ([1, 1], [0, 0])
    assert 1 < slopes[2] < 100
    assert slopes[3] == pytest.approx(SMALLEST_SLOPE / logits[:, 3].std())


def test_calibration_lowers_the_error_of_an_overconfident_classifier(
    scored: Callable[..., Any],
) -> None:
    validation, test = scored(1000, seed=4, overconfidence=4.0), scored(1000, seed=5, overconfidence=4.0)
    slopes, intercepts = (tuple(values.tolist()) for values in fit_platt(validation.logits, validation.truth))
    rule = Decision(LABEL_IDS, slopes, intercepts, (0.5,) * 4, 0.0)
    before = expected_calibration_error(test.probabilities, test.truth)
    after = expected_calibration_error(rule.probabilities(test.logits), test.truth)
    assert slopes == pytest.approx([0.25] * 4, rel=0.3)
    assert (after < 0.7 * before).all(), f"before {before}, after {after}"
