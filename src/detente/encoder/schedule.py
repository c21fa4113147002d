"""How long and how fast to pretrain."""

from dataclasses import dataclass

from detente.errors import UserError


@dataclass(frozen=True)
class Schedule:
    """How long and how fast to train.

    Attributes:
        steps: Optimiser steps in all.
        causal_steps: How many of them, the first ones, predict the next token; the others predict hidden words.
        batch_size: Sequences a step.
        learning_rate: Rate on the plateau.
        warmup: Share of the steps spent rising to it.
        decay: Share of the steps spent falling from it to 0.
        weight_decay: On the matrices of the layers only.
        masking_rate: Share of words to predict.
        held_out: Sequences kept out of training, for the validation loss.
        report_every: Steps between two reported training losses.
        checkpoint_every: Steps between two checkpoints, each with a validation loss.
        precision: ``bf16`` or ``fp32``; weights and optimiser state stay in fp32 either way.
        compiled: Whether ``torch.compile`` translates the encoder first; gains on a GPU, not on a processor.
        device: ``auto``, ``cpu`` or ``cuda``.
        seed: Of weights, order and masks.
    """

    steps: int
    causal_steps: int
    batch_size: int
    learning_rate: float
    warmup: float
    decay: float
    weight_decay: float
    masking_rate: float
    held_out: int
    report_every: int
    checkpoint_every: int
    precision: str
    compiled: bool
    device: str
    seed: int

    def __post_init__(self) -> None:
        if not 0 <= self.causal_steps < self.steps:
            raise UserError(f"schedule.causal_steps={self.causal_steps}: must lie between 0 and schedule.steps={self.steps}")
        if self.held_out < 1:
            raise UserError(f"schedule.held_out={self.held_out}: the validation loss needs at least one sequence")

    def rate_at(self, step: int) -> float:
        """The learning rate of a step (0-based)."""
        rise = (step + 1) / max(1.0, self.warmup * self.steps)
        fall = (self.steps - step) / max(1.0, self.decay * self.steps)
        return self.learning_rate * min(1.0, rise, fall)
