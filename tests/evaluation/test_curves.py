"""The table behind the precision-recall plot."""

import numpy as np
import pandas as pd

from detente.evaluation.curves import write_precision_recall

TRUTH = np.array([[1, 1, 0, 0], [1, 0, 0, 1], [0, 1, 0, 1], [0, 0, 0, 0]], dtype=bool)
PROBABILITIES = np.array([[0.9, 0.8, 0.1, 0.2], [0.7, 0.6, 0.1, 0.4], [0.2, 0.7, 0.1, 0.6], [0.1, 0.9, 0.1, 0.5]])


def read(tmp_path, truth=TRUTH):
    write_precision_recall(truth, PROBABILITIES, tmp_path / "curve.csv")
    return pd.read_csv(tmp_path / "curve.csv")


def test_a_label_without_a_true_sentence_has_no_curve(tmp_path):
    frame = read(tmp_path)
    assert list(frame) == ["label", "recall", "precision"]
    assert frame["label"].unique().tolist() == ["escalation", "de_escalation", "diplomatic_offer"]


def test_a_label_ranked_perfectly_keeps_precision_one_up_to_full_recall(tmp_path):
    frame = read(tmp_path).query("label == 'escalation' and precision == 1")
    assert frame["recall"].max() == 1


def test_points_are_what_counting_by_hand_gives(tmp_path):
    frame = read(tmp_path).query("label == 'diplomatic_offer'")
    points = set(zip(frame["recall"], frame["precision"], strict=True))
    # From 0.6 one sentence, a hit; from 0.5 two, one hit; from 0.4 three, both hits.
    assert {(0.5, 1.0), (0.5, 0.5), (1.0, 0.6667)} <= points
