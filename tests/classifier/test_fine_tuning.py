"""What two versions of a sentence disagree by."""

import pytest
import torch
from torch.distributions import Bernoulli, kl_divergence

from detente.classifier.fine_tuning import disagreement


def test_it_is_the_mean_of_both_divergences():
    torch.manual_seed(1)
    logits = torch.randn(12, 4)
    one, other = (Bernoulli(logits=half) for half in logits.chunk(2))
    expected = (kl_divergence(one, other) + kl_divergence(other, one)).mean() / 2
    assert disagreement(logits).item() == pytest.approx(expected.item(), rel=1e-5)


def test_versions_that_agree_cost_nothing():
    half = torch.randn(3, 4)
    assert disagreement(torch.cat([half, half])).item() == 0
