"""Which optimiser moves which weights."""

import torch
from transformers import CamembertForMaskedLM

from detente.encoder.schedule import Schedule


def optimisers_of(model: CamembertForMaskedLM, schedule: Schedule) -> list[torch.optim.Optimizer]:
    """Muon (Jordan et al. 2024) for the matrices of the layers, AdamW for embeddings, vocabulary layer and vectors.

    Muon's steps are scaled to the size of AdamW's, so that one learning rate serves both (Liu et al. 2025).
    """
    matrices = [weights for weights in model.roberta.encoder.parameters() if weights.ndim == 2]
    inside = {id(weights) for weights in matrices}
    rest = [weights for weights in model.parameters() if id(weights) not in inside]
    rate, decay = schedule.learning_rate, schedule.weight_decay
    return [
        torch.optim.Muon(matrices, lr=rate, weight_decay=decay, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(rest, lr=rate, weight_decay=0.0, betas=(0.9, 0.98), fused=True),
    ]
