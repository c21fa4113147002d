"""The decision rule: logits to probabilities, labels, review; and its file."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente.errors import UserError
from detente.evaluation.decision import Decision
from detente.evaluation.fitting import fit_decision
from detente.labels import LABEL_IDS

RULE = Decision(
    labels=LABEL_IDS,
    slopes=(1.0, 2.0, 0.5, 1.0),
    intercepts=(0.0, -1.0, 0.0, 0.0),
    thresholds=(0.5, 0.3, 0.4, 0.6),
    review_below=0.5,
)


def test_probabilities_are_the_sigmoid_of_slope_times_logit_plus_intercept() -> None:
    logits = np.array([[0.0, 0.5, 2 * np.log(3), -np.log(4)]])
    assert RULE.probabilities(logits) == pytest.approx(np.array([[0.5, 0.5, 0.75, 0.2]]))


def test_extreme_logits_saturate_without_overflow() -> None:
    with np.errstate(over="raise"):
        assert RULE.probabilities(np.array([[1e4, -1e4, 1e4, -1e4]])).tolist() == [[1.0, 0.0, 1.0, 0.0]]


@pytest.mark.parametrize("logits", [np.zeros(4), np.zeros((2, 1)), np.array([[0.0, np.nan, 0.0, 0.0]])])
def test_logits_that_would_pass_silently_as_no_label_are_refused(logits: np.ndarray) -> None:
    with pytest.raises(ValueError, match="logits"):
        RULE.probabilities(logits)


def test_a_label_is_given_from_its_threshold_on() -> None:
    assert RULE.decide(np.array([[0.5, 0.29, 0.9, 0.59]])).tolist() == [[True, False, True, False]]


def test_confidence_is_the_probability_that_every_label_is_right() -> None:
    np.testing.assert_allclose(RULE.confidence(np.array([[0.9, 0.2, 0.1, 0.0], [0.4, 0.3, 0.0, 0.0]])), [0.648, 0.18])


def test_review_asks_for_sentences_that_are_too_likely_wrong() -> None:
    sure, at_the_bound, unsure = [0.9, 0.2, 0.1, 0.0], [0.5, 0.0, 0.0, 0.0], [0.4, 0.3, 0.0, 0.0]
    assert RULE.review(np.array([sure, at_the_bound, unsure])).tolist() == [False, False, True]


def test_a_stored_rule_comes_back_equal_and_its_bytes_repeat(tmp_path: Path, scored: Callable[..., Any]) -> None:
    sample = scored(200, seed=1)
    rule = fit_decision(sample.logits, sample.truth, automatic_error=0.2)
    rule.save(tmp_path / "a.json")
    Decision.load(tmp_path / "a.json").save(tmp_path / "b.json")
    assert Decision.load(tmp_path / "a.json") == rule
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "b.json"]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"labels": list(reversed(LABEL_IDS))}, "labels are"),
        ({"slopes": [1.0, 1.0, -1.0, 1.0]}, "slopes are"),
        ({"thresholds": [0.5, 0.5, 0.5]}, "thresholds are"),
        ({"thresholds": [0.5, 0.5, 0.5, 1.5]}, "thresholds are"),
        ({"intercepts": [0.0, 0.0, 0.0, float("nan")]}, "intercepts are"),
        ({"review_below": None}, "NoneType"),
        ({"treshold": 0.5}, "unknown keys \\['treshold'\\]"),
    ],
)
def test_a_malformed_file_is_named_with_what_is_wrong(tmp_path: Path, change: dict[str, object], complaint: str) -> None:
    path = tmp_path / "decision.json"
    RULE.save(path)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(UserError, match=f"decision.json: .*{complaint}"):
        Decision.load(path)


def test_missing_and_truncated_files_are_user_errors(tmp_path: Path) -> None:
    (tmp_path / "cut.json").write_text('{"labels": [')
    for name, complaint in (("none.json", "no such file"), ("cut.json", "not readable as JSON")):
        with pytest.raises(UserError, match=f"{name}: {complaint}"):
            Decision.load(tmp_path / name)


def test_the_exported_model_can_decide_with_numpy_alone() -> None:
    probe = "import sys, detente.evaluation.decision; print(sorted({'sklearn', 'scipy', 'torch'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True).stdout.strip() == "[]"
