"""How much of a device's arithmetic a pretraining uses."""

import time

import torch
from transformers import PretrainedConfig

PRODUCTS = 10
"""Matrix products that are timed; the fastest counts."""


def training_flops(config: PretrainedConfig, tokens: int, predicted: int, sequence_length: int) -> float:
    """Floating-point operations that training on so many tokens takes, by the model's own arithmetic.

    Counted as for "model FLOPs utilisation" (Chowdhery et al. 2022, appendix B): matrix products only, the backward pass
    twice the forward one, what the optimiser does left out. The vocabulary layer counts where it is computed.

    Args:
        config: The encoder's.
        tokens: Tokens shown.
        predicted: How many of them were predicted.
        sequence_length: Tokens a sequence; each attends to all of its own.
    """
    width: int = config.hidden_size
    matrices = 4 * width**2 + 2 * width * config.intermediate_size
    attention = 2 * sequence_length * width
    layers: int = config.num_hidden_layers * (matrices + attention)
    head: int = width**2 + width * config.vocab_size
    return 6.0 * (tokens * layers + predicted * head)


def matrix_rate(device: torch.device, precision: str) -> float:
    """Floating-point operations a second of one large matrix product on a device, measured.

    Args:
        device: Where to measure; on a GPU the matrices are larger, since small ones do not fill it.
        precision: ``bf16`` or ``fp32``.
    """
    cuda = device.type == "cuda"
    size = 8192 if cuda else 1024
    matrix = torch.ones(size, size, device=device, dtype=torch.bfloat16 if precision == "bf16" else torch.float32)
    seconds = []
    for _ in range(PRODUCTS):
        started = time.perf_counter()
        matrix @ matrix
        if cuda:
            torch.cuda.synchronize(device)
        seconds.append(time.perf_counter() - started)
    return 2.0 * size**3 / min(seconds)
