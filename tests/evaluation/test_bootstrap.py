"""The document bootstrap; `score`, hence sklearn, is the oracle of its vectorised metrics."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from detente.errors import UserError
from detente.evaluation.arrays import BoolArray, FloatArray, StringArray
from detente.evaluation.bootstrap import document_bootstrap, resampled_metrics
from detente.evaluation.metrics import score

Evaluated = tuple[BoolArray, BoolArray, FloatArray, StringArray]


@pytest.fixture
def evaluated(scored: Callable[..., Any]) -> Evaluated:
    """Truth, decisions, probabilities (rounded, so that many tie) and documents; the last label never occurs."""
    sample = scored(120, seed=9)
    truth = sample.truth & np.array([True, True, True, False])
    probabilities = sample.probabilities.round(1)
    return truth, probabilities >= 0.5, probabilities, sample.documents


def test_every_resample_scores_as_sklearn_does_on_the_repeated_sentences(evaluated: Evaluated) -> None:
    truth, decisions, probabilities, documents = evaluated
    ids, document_index = np.unique(documents, return_inverse=True)
    draws = np.random.default_rng(0).multinomial(len(ids), np.full(len(ids), 1 / len(ids)), size=20)
    draws[0] = 1  # the sample itself
    fast = resampled_metrics(truth, decisions, probabilities, document_index, draws)
    for resample, draw in enumerate(draws):
        rows = np.repeat(np.arange(len(truth)), draw[document_index])
        slow = score(truth[rows], decisions[rows], probabilities[rows])
        assert {name: values[resample] for name, values in fast.items()} == pytest.approx(slow, nan_ok=True)


def test_intervals_have_the_keys_of_the_scores_and_surround_f1(evaluated: Evaluated) -> None:
    metrics, intervals = score(*evaluated[:3]), document_bootstrap(*evaluated, samples=300, seed=1)
    assert set(intervals) == set(metrics)
    for name in ("escalation/f1", "macro/f1", "micro/f1", "exact_match", "escalation/average_precision"):
        low, high = intervals[name]
        assert low < metrics[name] < high
    assert np.isnan(intervals["diplomatic_offer/f1"]).all()


def test_equal_seeds_give_equal_intervals_whatever_the_order_of_the_sentences(evaluated: Evaluated) -> None:
    truth, decisions, probabilities, documents = evaluated
    first = document_bootstrap(*evaluated, samples=150, seed=1)
    again = document_bootstrap(*evaluated, samples=150, seed=1)
    backwards = document_bootstrap(truth[::-1], decisions[::-1], probabilities[::-1], documents[::-1], samples=150, seed=1)
    for name, interval in first.items():
        assert again[name] == pytest.approx(interval, nan_ok=True, rel=0, abs=0)
        assert backwards[name] == pytest.approx(interval, nan_ok=True)
    assert document_bootstrap(*evaluated, samples=150, seed=2)["macro/f1"] != first["macro/f1"]


def test_sentences_that_repeat_their_document_widen_the_interval() -> None:
    """Ten documents of 20 equal sentences say no more than ten sentences: about sqrt(20) times wider than 200 would."""
    right = np.repeat(np.arange(10) < 6, 20)
    truth = np.ones((200, 4), dtype=bool)
    decisions = np.repeat(right[:, None], 4, axis=1)
    widths = []
    for documents in (np.arange(200) // 20, np.arange(200)):
        low, high = document_bootstrap(truth, decisions, decisions * 1.0, documents.astype(str), seed=0)["exact_match"]
        widths.append(high - low)
    assert widths[0] / widths[1] == pytest.approx(np.sqrt(20), rel=0.15)


def test_one_document_is_a_user_error(evaluated: Evaluated) -> None:
    truth, decisions, probabilities, documents = evaluated
    with pytest.raises(UserError, match=r"at least 2; the data hold \['article-0'\]"):
        document_bootstrap(truth, decisions, probabilities, np.full_like(documents, "article-0"), seed=0)
