"""The gate: what it lets pass, what it stops, and what it says of it."""

import numpy as np
import pytest

from detente.errors import UserError
from detente.evaluation.trained import Labelling
from detente.export.parity import Tolerance, check_fp32, judge_int8

TEXTS = ["L’armée a bombardé le port.", "Ankara propose une médiation.", "Il pleut."]
TOLERANCE = Tolerance(probability=1e-4, f1_loss=0.01, agreement=0.99)
PROBABILITIES = np.array([[0.9, 0.1, 0.4, 0.1], [0.1, 0.3, 0.1, 0.8], [0.1, 0.1, 0.1, 0.1]])


def said(probabilities):
    """A labelling with all thresholds at 0.5."""
    return Labelling(probabilities, probabilities >= 0.5, np.zeros(len(probabilities), dtype=bool))


def moved(row, column, by):
    probabilities = PROBABILITIES.copy()
    probabilities[row, column] += by
    return said(probabilities)


def test_a_faithful_graph_passes_with_its_difference():
    measured = check_fp32(TEXTS, said(PROBABILITIES), moved(1, 3, 2e-5), TOLERANCE)
    assert measured == {"largest_difference": pytest.approx(2e-5), "tolerance": 1e-4}


def test_a_difference_is_shown_with_sentence_label_and_tolerance():
    with pytest.raises(UserError) as caught:
        check_fp32(TEXTS, said(PROBABILITIES), moved(1, 3, 0.002), TOLERANCE)
    message = str(caught.value)
    assert "largest difference 0.002 (tolerance 0.0001), 0 label(s) changed" in message
    assert "sentence 2: 'Ankara propose une médiation.'" in message
    assert "label diplomatic_offer: 0.800000 in torch, 0.802000 in ONNX" in message


def test_a_changed_label_is_stopped_however_small_the_difference():
    before = PROBABILITIES.copy()
    before[0, 2] = 0.49999
    after = before.copy()
    after[0, 2] = 0.50001
    after[2, 0] += 9e-5  # larger, and harmless
    with pytest.raises(UserError, match=r"1 label\(s\) changed(.|\n)*bombardé(.|\n)*label accusation: 0.499990 in torch"):
        check_fp32(TEXTS, said(before), said(after), TOLERANCE)


TRUTH = PROBABILITIES >= 0.5


def test_int8_that_gives_the_same_labels_is_shipped():
    verdict = judge_int8(TRUTH, said(PROBABILITIES), moved(0, 2, 0.05), TOLERANCE)
    assert verdict["shipped"] and verdict["reason"] == "within tolerance"
    assert (verdict["f1_loss"], verdict["agreement"]) == (0, 1)
    assert verdict["largest_difference"] == pytest.approx(0.05)


def test_int8_that_loses_a_label_is_not_shipped_and_says_why():
    verdict = judge_int8(TRUTH, said(PROBABILITIES), moved(0, 0, -0.5), TOLERANCE)
    assert not verdict["shipped"]
    assert verdict["reason"] == (
        "macro-F1 falls by 0.5000 (tolerance 0.01); 91.67% of labels are the same (tolerance 99.00%)"
    )


def test_int8_that_is_better_by_chance_must_still_agree():
    verdict = judge_int8(moved(2, 0, 0.5).decisions, said(PROBABILITIES), moved(2, 0, 0.5), TOLERANCE)
    assert verdict["f1_loss"] < 0
    assert verdict["reason"] == "91.67% of labels are the same (tolerance 99.00%)"


def test_data_without_labels_cannot_judge():
    with pytest.raises(UserError, match="no sentence of the data has a label"):
        judge_int8(np.zeros_like(TRUTH), said(PROBABILITIES), said(PROBABILITIES), TOLERANCE)
