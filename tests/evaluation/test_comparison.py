"""Comparing two classifiers: every expected value is worked out by hand."""

from math import isnan, nan

import numpy as np
import pytest

from detente.errors import UserError
from detente.evaluation.arrays import BoolArray
from detente.evaluation.bootstrap import document_bootstrap
from detente.evaluation.comparison import LEAST_SAMPLES, f1_differences, holm, mcnemar
from detente.labels import LABEL_IDS


def one_label(*values: int) -> BoolArray:
    """A matrix in which only escalation is ever given."""
    return np.column_stack([np.array(values, dtype=bool), *[np.zeros(len(values), dtype=bool)] * 3])


def test_f1_difference_of_two_documents():
    """Document a: the second classifier alone is right. Document b: both are right.

    The sample: F1 2/3 and 1. One draw in four takes a twice (0 and 1), one in four b twice (no difference).
    """
    found = f1_differences(one_label(1, 1), one_label(0, 1), one_label(1, 1), np.array(["a", "b"]), samples=2000, seed=1)
    escalation = found["escalation"]
    assert (escalation.first, escalation.second) == pytest.approx((2 / 3, 1))
    assert escalation.interval == (0, 1)
    assert escalation.p == pytest.approx(2 * 1 / 4, abs=0.06)
    assert found["macro"] == escalation  # the only label that occurs, hence the only question asked
    assert list(found) == [*LABEL_IDS, "macro"]
    accusation = found["accusation"]
    assert all(isnan(value) for value in (accusation.first, accusation.second, *accusation.interval, accusation.p_holm))


def test_equal_decisions_give_no_difference_and_p_of_one(scored):
    sample = scored(80, seed=3)
    decisions = sample.logits > 0
    found = f1_differences(sample.truth, decisions, decisions, sample.documents, samples=200, seed=1)
    assert {(row.interval, row.p, row.p_holm) for row in found.values()} == {((0, 0), 1, 1)}


def test_exchanging_the_classifiers_turns_the_sign_and_nothing_else(scored):
    sample = scored(160, seed=4)
    first, second = sample.logits > 0, sample.logits > 1.5
    there = f1_differences(sample.truth, first, second, sample.documents, samples=300, seed=1)
    back = f1_differences(sample.truth, second, first, sample.documents, samples=300, seed=1)
    for name, row in there.items():
        low, high = row.interval
        assert back[name].interval == pytest.approx((-high, -low), abs=1e-12)
        assert (back[name].first, back[name].second, back[name].p) == (row.second, row.first, row.p)


def test_resamples_are_those_of_the_report(scored):
    """A first classifier that is never right has F1 0 in every resample, so that the difference is the second's F1."""
    sample = scored(120, seed=5)
    second = sample.logits > 0
    found = f1_differences(sample.truth, np.zeros_like(second), second, sample.documents, samples=200, seed=7)
    report = document_bootstrap(sample.truth, second, sample.probabilities, sample.documents, samples=200, seed=7)
    assert found["macro"].interval == pytest.approx(report["macro/f1"])


def test_sentences_of_one_document_are_one_witness():
    """The second classifier alone gets 55 sentences right, the first alone 25: much from 80 articles, little from two."""
    truth, first = one_label(*[1] * 80), one_label(*[0] * 55, *[1] * 25)
    second = one_label(*[1] * 55, *[0] * 25)
    apart = f1_differences(truth, first, second, np.arange(80).astype(str), samples=500, seed=1)["macro"]
    together = f1_differences(truth, first, second, np.repeat(["a", "b"], [55, 25]), samples=500, seed=1)["macro"]
    assert apart.p < 0.01 and together.p > 0.4


@pytest.mark.parametrize(("samples", "significant"), [(LEAST_SAMPLES, True), (LEAST_SAMPLES - 1, False)])
def test_least_samples_is_where_the_clearest_difference_becomes_significant(samples, significant):
    """Always wrong against always right: p is 2 / (samples + 1), four times that after correction."""
    truth = np.ones((10, 4), dtype=bool)
    found = f1_differences(truth, ~truth, truth, np.arange(10).astype(str), samples=samples, seed=1)
    assert found["escalation"].p_holm == pytest.approx(4 * found["escalation"].p) == pytest.approx(8 / (samples + 1))
    assert found["macro"].p_holm == found["macro"].p
    assert (found["escalation"].p_holm < 0.05) is significant


def test_one_document_is_a_user_error():
    with pytest.raises(UserError, match=r"at least 2; the data hold \['a'\]"):
        f1_differences(one_label(1, 1), one_label(0, 1), one_label(1, 1), np.array(["a", "a"]), samples=200, seed=1)


def test_mcnemar_counts_the_sentences_that_one_alone_decides_rightly():
    """Of six such sentences the second has five: p = 2 · (1 + 6) / 2⁶; the other labels are never in question."""
    truth = one_label(1, 1, 1, 0, 0, 0, 1, 0)
    first = one_label(0, 0, 0, 1, 1, 0, 1, 1)
    second = one_label(1, 1, 1, 0, 0, 1, 1, 1)
    found = mcnemar(truth, first, second)
    assert (found["escalation"].only_first, found["escalation"].only_second) == (1, 5)
    assert found["escalation"].p == pytest.approx(14 / 64)
    assert found["escalation"].p_holm == pytest.approx(4 * 14 / 64)
    assert (found["accusation"].only_first, found["accusation"].p, found["accusation"].p_holm) == (0, 1, 1)


def test_holm_multiplies_by_the_questions_left_and_never_decreases():
    corrected = holm({"a": 0.01, "b": 0.04, "c": 0.03, "d": nan, "e": 0.005})
    assert corrected == pytest.approx({"a": 0.03, "b": 0.06, "c": 0.06, "d": nan, "e": 0.02}, nan_ok=True)
    assert holm({"a": 0.4, "b": 0.6}) == {"a": 0.8, "b": 0.8}
    assert holm({"a": 0.9, "b": 0.8}) == {"a": 1.0, "b": 1.0}
