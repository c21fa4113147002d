"""Selective classification: risk against coverage, and the bound from which a person is asked."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from detente.errors import UserError
from detente.evaluation.calibration import uncalibrated
from detente.evaluation.decision import Decision
from detente.evaluation.selection import automatic_coding, risk_coverage, tune_review
from detente.labels import LABEL_IDS

CONFIDENCE = np.array([0.9, 0.5, 0.7, 0.7, 0.1])
RIGHT = np.array([True, False, True, False, False])


def test_risk_is_the_share_wrong_among_the_surest_and_equals_go_together() -> None:
    coverage, risk = risk_coverage(CONFIDENCE, RIGHT)
    np.testing.assert_allclose(coverage, [0.2, 0.6, 0.8, 1.0])
    np.testing.assert_allclose(risk, [0, 1 / 3, 0.5, 0.6])


def test_the_bound_is_the_lowest_confidence_that_holds_the_error() -> None:
    confidence, right = np.repeat(CONFIDENCE, 20), np.repeat(RIGHT, 20)
    assert tune_review(confidence, right, 0.4) == 0.7
    assert tune_review(confidence, right, 0.01) == 0.9
    assert tune_review(confidence, right, 1.0) == 0.1
    assert tune_review(confidence, np.zeros(100, dtype=bool), 0.5) == 1.0


def test_a_few_lucky_sentences_do_not_open_the_gate() -> None:
    right = np.zeros(200, dtype=bool)
    right[:5] = True
    assert tune_review(np.linspace(0.9, 0.1, 200), right, 0.1) == 1.0


@pytest.mark.parametrize("error", [0.0, -0.1, 1.5, float("nan")])
def test_an_impossible_error_is_a_user_error(error: float) -> None:
    with pytest.raises(UserError, match=f"the error is {error}"):
        tune_review(CONFIDENCE, RIGHT, error)


def test_what_is_not_reviewed_is_counted() -> None:
    found = automatic_coding(CONFIDENCE, RIGHT, CONFIDENCE < 0.7)
    assert found["automatic/coverage"] == pytest.approx(0.6) and found["automatic/error"] == pytest.approx(1 / 3)
    assert found["area_under_risk_coverage"] == pytest.approx(0.2 * 0 + 0.4 / 3 + 0.2 * 0.5 + 0.2 * 0.6)
    assert np.isnan(automatic_coding(CONFIDENCE, RIGHT, np.ones(5, dtype=bool))["automatic/error"])


def test_overconfidence_shows_before_calibration(scored: Callable[..., Any]) -> None:
    honest, bold = scored(3000, seed=1), scored(3000, seed=1, overconfidence=4.0)
    before = uncalibrated(bold.logits, bold.truth)
    assert before["macro/ece_uncalibrated"] > 3 * uncalibrated(honest.logits, honest.truth)["macro/ece_uncalibrated"]
    rule = Decision(LABEL_IDS, (1.0,) * 4, (0.0,) * 4, (0.5,) * 4, 0.0)
    brier = np.mean((rule.probabilities(bold.logits) - bold.truth) ** 2, axis=0)
    assert before[f"{LABEL_IDS[0]}/brier_uncalibrated"] == pytest.approx(brier[0])
