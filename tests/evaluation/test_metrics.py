"""Point metrics against numbers worked by hand."""

import math

import numpy as np
import pytest

from detente.errors import UserError
from detente.evaluation.metrics import score

TRUTH = np.array([[1, 0, 0, 0], [1, 1, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0]], dtype=bool)
DECISIONS = np.array([[1, 0, 0, 0], [0, 0, 0, 0], [1, 0, 1, 0], [0, 0, 0, 0]], dtype=bool)
PROBABILITIES = np.array([[0.9, 0.2, 0.0, 0.0], [0.4, 0.1, 0.0, 0.0], [0.6, 0.4, 1.0, 0.0], [0.1, 0.3, 0.0, 0.0]])


@pytest.fixture(scope="module")
def metrics() -> dict[str, float]:
    return score(TRUTH, DECISIONS, PROBABILITIES)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("escalation/precision", 1 / 2),  # given to sentences 1 and 3, right on 1
        ("escalation/recall", 1 / 2),
        ("escalation/f1", 1 / 2),
        ("escalation/average_precision", 1 / 2 * 1 + 1 / 2 * 2 / 3),  # positives at ranks 1 and 3
        ("escalation/brier", (0.1**2 + 0.6**2 + 0.6**2 + 0.1**2) / 4),
        ("escalation/ece", (0.1 + 0.6 + 0.6 + 0.1) / 4),  # four sentences fill four bins
        ("escalation/support", 2),
        ("accusation/brier", 1 / 4),
        ("accusation/support", 0),
        ("micro/precision", 1 / 3),
        ("micro/recall", 1 / 4),
        ("micro/f1", 2 / 7),
        ("macro/f1", (1 / 2 + 0) / 2),  # accusation and diplomatic_offer have no true sentence
        ("macro/brier", ((0.74 + 0.04 + 0.81 + 0.36 + 0.09) / 4 + 1 / 4) / 4),
        ("exact_match", 2 / 4),
    ],
)
def test_value(metrics: dict[str, float], key: str, expected: float) -> None:
    assert metrics[key] == pytest.approx(expected)


def test_a_label_without_a_true_sentence_is_undefined_even_when_it_was_given(metrics: dict[str, float]) -> None:
    for metric in ("precision", "recall", "f1", "average_precision"):
        assert math.isnan(metrics[f"accusation/{metric}"])


def test_silence_on_a_label_that_occurs_is_precision_zero(metrics: dict[str, float]) -> None:
    assert metrics["de_escalation/precision"] == 0
    assert metrics["macro/precision"] == pytest.approx(1 / 4)


def test_without_any_true_label_averages_are_undefined_and_exact_match_is_not() -> None:
    metrics = score(np.zeros_like(TRUTH), DECISIONS, PROBABILITIES)
    assert math.isnan(metrics["macro/f1"])
    assert math.isnan(metrics["micro/f1"])
    assert metrics["exact_match"] == 1 / 2


def test_no_sentences_is_a_user_error() -> None:
    with pytest.raises(UserError, match="0 sentences"):
        score(TRUTH[:0], DECISIONS[:0], PROBABILITIES[:0])
