"""Thresholds and the review margin."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from detente.errors import UserError
from detente.evaluation.fitting import fit_decision
from detente.evaluation.thresholds import tune_thresholds


def one_label(probabilities: list[float], positives: int) -> float:
    """The threshold of a label whose first `positives` sentences are true."""
    truth = np.arange(len(probabilities))[:, None] < positives
    return float(tune_thresholds(np.array(probabilities)[:, None], truth)[0])


def test_the_threshold_is_the_middle_of_the_gap_that_separates_the_label() -> None:
    assert one_label([0.9, 0.8, 0.7, 0.3, 0.2, 0.1], positives=3) == pytest.approx(0.5, abs=0.005)


def test_a_label_whose_probabilities_stay_low_starts_below_one_half() -> None:
    """F1 is 1 above 0.25 and up to 0.3, 6/7 below (one false positive), 1/2 above (two positives lost)."""
    assert one_label([0.6, 0.3, 0.3, 0.25, 0.1, 0.1], positives=3) == pytest.approx(0.275, abs=0.005)


def test_thresholds_stay_within_bounds_when_every_probability_is_extreme() -> None:
    assert one_label([0.99, 0.98, 0.97, 0.96], positives=2) == pytest.approx(0.5)
    assert 0.1 <= one_label([0.13, 0.12, 0.11, 0.11], positives=2) <= 0.13


@pytest.mark.parametrize("positives", [0, 2])
def test_a_label_without_a_reachable_positive_starts_at_one_half(positives: int) -> None:
    assert one_label([0.05, 0.04, 0.03, 0.02], positives) == 0.5


def test_one_sentence_more_moves_the_threshold_little(scored: Callable[..., Any]) -> None:
    sample = scored(300, seed=6)
    full = tune_thresholds(sample.probabilities, sample.truth)
    moves = [
        np.abs(tune_thresholds(np.delete(sample.probabilities, i, 0), np.delete(sample.truth, i, 0)) - full)
        for i in range(0, 300, 10)
    ]
    assert np.median(moves, axis=0).max() < 0.02


def test_the_whole_rule_holds_its_error_on_new_sentences_and_beats_one_half(scored: Callable[..., Any]) -> None:
    validation, test = scored(600, seed=7), scored(3000, seed=8)
    rule = fit_decision(validation.logits, validation.truth, automatic_error=0.4)
    probabilities = rule.probabilities(test.logits)

    def f1(decided: np.ndarray) -> float:
        return float(np.mean(2 * (decided & test.truth).sum(axis=0) / (decided.sum(axis=0) + test.truth.sum(axis=0))))

    automatic = ~rule.review(probabilities)
    wrong = (rule.decide(probabilities) != test.truth).any(axis=1)
    assert automatic.mean() > 0.2
    assert wrong[automatic].mean() == pytest.approx(0.4, abs=0.06) and wrong[~automatic].mean() > 0.5
    assert f1(rule.decide(probabilities)) > f1(probabilities >= 0.5)


def test_no_validation_sentences_is_a_user_error() -> None:
    with pytest.raises(UserError, match="0 sentences"):
        fit_decision(np.zeros((0, 4)), np.zeros((0, 4), dtype=bool), automatic_error=0.1)
