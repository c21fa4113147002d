"""The model's arithmetic is counted as PyTorch counts it, and held against what the device can do."""

import numpy as np
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from detente.encoder.architecture import Architecture, build_model
from detente.encoder.objectives import masked_loss
from detente.encoder.tokenizer import load_tokenizer
from detente.encoder.utilisation import matrix_rate, training_flops


def test_operations_are_those_that_pytorch_counts(tiny_encoder):
    shape = Architecture(layers=3, width=64, heads=2, feed_forward=96, max_length=32)
    model = build_model(load_tokenizer(tiny_encoder), shape)
    model.set_attn_implementation("eager")  # the fused attention is computed twice in the backward pass
    ids = torch.from_numpy(np.random.default_rng(1).integers(5, 50, (4, 20)))
    chosen = torch.zeros_like(ids, dtype=torch.bool)
    chosen[:, ::4] = True
    with FlopCounterMode(display=False) as counter:
        masked_loss(model, ids, chosen, ids).backward()
    expected = training_flops(model.config, tokens=ids.numel(), predicted=int(chosen.sum()), sequence_length=20)
    assert counter.get_total_flops() == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize("precision", ["bf16", "fp32"])
def test_a_device_computes_something_in_a_second(precision):
    assert matrix_rate(torch.device("cpu"), precision) > 1e8
