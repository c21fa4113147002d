"""Krippendorff's alpha against worked examples."""

import numpy as np
import pytest

from detente.corpus.agreement import agreement, krippendorff_alpha, raw_agreement
from detente.corpus.record import ADJUDICATOR


def test_the_worked_example_of_two_observers_and_binary_data():
    """Krippendorff 2011, "Computing Krippendorff's alpha-reliability", example A: Meg and Owen, ten articles, 0.095."""
    meg = np.array([0, 1, 0, 0, 0, 0, 0, 0, 1, 0])
    owen = np.array([1, 1, 1, 0, 0, 1, 0, 0, 0, 0])
    assert krippendorff_alpha(meg + owen, np.full(10, 2)) == pytest.approx(0.095, abs=5e-4)
    assert raw_agreement(meg + owen, np.full(10, 2)) == pytest.approx(0.6)


def test_three_coders_and_missing_votes_by_hand():
    """Units yes-yes-no, no-no, yes-yes, yes: 7 votes count, 4 of them yes; 2 of 7 observed, 24 of 42 expected."""
    positive, total = np.array([2, 0, 2, 1]), np.array([3, 2, 2, 1])
    assert krippendorff_alpha(positive, total) == pytest.approx(1 - (2 / 7) / (24 / 42))
    assert raw_agreement(positive, total) == pytest.approx((1 / 3 + 1 + 1) / 3)


def test_perfect_agreement_is_one_and_constant_disagreement_is_below_zero():
    two = np.full(4, 2)
    assert krippendorff_alpha(np.array([2, 0, 2, 0]), two) == 1
    assert krippendorff_alpha(np.array([1, 1, 1, 1]), two) == pytest.approx(1 - 1 / (2 * 4 * 4 / (8 * 7)))


def test_without_variation_or_without_pairs_alpha_is_undefined():
    assert np.isnan(krippendorff_alpha(np.array([0, 0]), np.array([2, 2])))
    assert np.isnan(krippendorff_alpha(np.array([1, 0]), np.array([1, 1])))
    assert np.isnan(raw_agreement(np.array([1]), np.array([1])))


def test_votes_are_compared_label_by_label(make):
    both, one = ["accusation", "escalation"], ["escalation"]
    records = [
        make(id="s1", votes={"first": both, "second": one}),
        make(id="s2", votes={"first": one, "second": one}),
        make(id="s3", votes={"first": [], "second": []}),
        make(id="s4", votes={"first": ["accusation"]}),
    ]
    result = agreement(records)
    assert result["escalation"].alpha == 1
    assert result["accusation"].raw == pytest.approx(2 / 3)
    assert result["accusation"].alpha == pytest.approx(1 - (2 / 6) / (2 * 1 * 5 / 30))
    assert {entry.sentences for entry in result.values()} == {3}


def test_the_vote_of_the_adjudicator_is_no_annotation(make):
    annotators = [
        {"first": ["escalation"], "second": []},
        {"first": ["escalation"], "second": ["escalation"]},
        {"first": [], "second": []},
        {"first": ["escalation"]},
    ]
    decided = [annotators[0] | {ADJUDICATOR: ["escalation"]}, *annotators[1:3], annotators[3] | {ADJUDICATOR: []}]
    without, beside = ([make(votes=votes) for votes in each] for each in (annotators, decided))
    assert agreement(beside)["escalation"] == agreement(without)["escalation"]
    assert agreement(beside)["escalation"].raw == pytest.approx(2 / 3)
    assert agreement(beside)["escalation"].sentences == 3
