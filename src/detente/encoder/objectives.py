"""What pretraining asks of the encoder: the next word first, then hidden words.

A short run learns more per second from predicting following tokens than from the few hidden ones of a masked text, and
keeps most of it when it is then taught to read in both directions (Gisserot-Boukhlef et al. 2025, "Should We Still
Pretrain Encoders with Masked Language Modeling?"). The vocabulary layer, dearer than all others together, is computed at
the positions to predict alone, and its loss in the precision of the logits: under bf16, half the cost of fp32.
"""

from typing import NamedTuple

import numpy as np
import torch
from torch.nn.functional import cross_entropy
from transformers import CamembertForMaskedLM


class Batch(NamedTuple):
    """What a step is about, all ``[sequence, position]``: token ids to show, positions to predict, the true token ids."""

    shown: np.ndarray
    chosen: np.ndarray
    truth: np.ndarray


def masked_loss(
    model: CamembertForMaskedLM, masked: torch.Tensor, chosen: torch.Tensor, truth: torch.Tensor
) -> torch.Tensor:
    """Cross-entropy (nats) of hidden tokens.

    Args:
        model: Each position sees the whole sequence.
        masked: Token ids with words hidden, int64 ``[sequence, position]``.
        chosen: Positions to predict, bool ``[sequence, position]``.
        truth: Token ids, int64 ``[sequence, position]``.
    """
    hidden = model.roberta(input_ids=masked).last_hidden_state[chosen]
    return _loss(model, hidden, truth[chosen])


def causal_loss(model: CamembertForMaskedLM, chosen: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """Cross-entropy (nats) of tokens given those before them.

    Args:
        model: Each position sees itself and what stands before.
        chosen: Tokens to predict, bool ``[sequence, position]``; the first of a sequence cannot be.
        truth: Token ids, int64 ``[sequence, position]``.
    """
    length = truth.shape[1]
    before = torch.full((1, 1, length, length), float("-inf"), device=truth.device).triu(1)
    hidden = model.roberta(input_ids=truth, attention_mask=before).last_hidden_state[:, :-1]
    return _loss(model, hidden[chosen[:, 1:]], truth[:, 1:][chosen[:, 1:]])


def _loss(model: CamembertForMaskedLM, hidden: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    logits = model.lm_head(hidden)
    with torch.autocast(logits.device.type, enabled=False):
        return cross_entropy(logits, truth)
