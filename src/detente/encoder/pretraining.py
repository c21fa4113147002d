"""Masked-language-model pretraining of a CamemBERT from a folder of text.

The learning rate follows warm-up, plateau and linear decay (WSD, Hu et al. 2024), so a run stopped on its plateau can be
resumed with another number of steps. The vocabulary layer is computed on masked positions alone.
"""

import math
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm
from transformers import CamembertForMaskedLM, PreTrainedTokenizerFast

from detente.encoder.masking import WholeWordMasker
from detente.encoder.schedule import Schedule
from detente.errors import UserError

Reporter = Callable[[dict[str, float], int], None]


def masked_loss(
    model: CamembertForMaskedLM, masked: torch.Tensor, chosen: torch.Tensor, truth: torch.Tensor
) -> torch.Tensor:
    """Cross-entropy (nats) at the chosen positions; hidden states elsewhere never meet the vocabulary layer."""
    hidden = model.roberta(input_ids=masked).last_hidden_state[chosen]
    return torch.nn.functional.cross_entropy(model.lm_head(hidden).float(), truth[chosen])


class Pretraining:
    """One resumable run over packed sequences.

    Args:
        model: The model to train, in place.
        tokenizer: Its tokenizer.
        sequences: Token ids ``[sequence, position]`` from :func:`detente.encoder.packing.pack`.
        schedule: Length and rates.
        checkpoint: File that holds the run's state between steps; an existing one is continued.
        report: Receives ``{name: value}`` and the step.
    """

    def __init__(
        self,
        model: CamembertForMaskedLM,
        tokenizer: PreTrainedTokenizerFast,
        sequences: np.ndarray,
        schedule: Schedule,
        checkpoint: Path,
        report: Reporter,
    ) -> None:
        longest = model.config.max_position_embeddings - 2
        if sequences.shape[1] > longest:
            raise UserError(f"sequence_length={sequences.shape[1]} is above architecture.max_length={longest}; lower it.")
        if schedule.precision not in ("bf16", "fp32"):
            raise UserError(f"schedule.precision={schedule.precision!r}: choose bf16 or fp32.")
        if len(sequences) <= schedule.held_out + schedule.batch_size:
            raise UserError(
                f"The text fills {len(sequences)} sequences; schedule.held_out={schedule.held_out} and "
                f"schedule.batch_size={schedule.batch_size} need more. Add text or lower one of them."
            )
        device = schedule.device
        if device == "auto":
            device = "cuda" if torch.cuda.is_available() else "cpu"
        self.device = torch.device(device)
        self.model = model.to(self.device)  # type: ignore[arg-type]  # its annotation lost the device
        self.masker = WholeWordMasker(tokenizer, schedule.masking_rate)
        order = np.random.default_rng(schedule.seed).permutation(len(sequences))
        self.validation, self.training = np.split(order, [schedule.held_out])
        self.sequences = sequences
        self.schedule = schedule
        self.checkpoint = checkpoint
        self.report = report
        matrices = [parameter for parameter in model.parameters() if parameter.ndim >= 2]
        vectors = [parameter for parameter in model.parameters() if parameter.ndim < 2]
        self.optimiser = torch.optim.AdamW(
            [{"params": matrices, "weight_decay": schedule.weight_decay}, {"params": vectors, "weight_decay": 0.0}],
            lr=schedule.learning_rate,
            betas=(0.9, 0.98),
            fused=True,
        )
        self.step = 0
        if checkpoint.exists():
            state = torch.load(checkpoint, map_location=self.device, weights_only=True)
            self.model.load_state_dict(state["model"])
            self.optimiser.load_state_dict(state["optimiser"])
            self.step = state["step"]

    def run(self) -> dict[str, float]:
        """Trains to the last step.

        Returns:
            ``validation_loss`` (nats a masked token), ``tokens`` seen in all, ``tokens_per_second`` of this process.
        """
        schedule = self.schedule
        started, first = time.monotonic(), self.step
        recent: list[float] = []
        with tqdm(total=schedule.steps, initial=self.step, unit="step", desc="pretraining") as bar:
            while self.step < schedule.steps:
                recent.append(self._train_step())
                self.step += 1
                bar.update()
                if self.step % schedule.report_every == 0:
                    loss = sum(recent) / len(recent)
                    recent.clear()
                    bar.set_postfix(loss=f"{loss:.3f}")
                    self.report({"loss": loss, "learning_rate": schedule.rate_at(self.step - 1)}, self.step)
                if self.step % schedule.checkpoint_every == 0 and self.step < schedule.steps:
                    self.report({"validation_loss": self.validation_loss()}, self.step)
                    self.save()
        self.save()
        final = self.validation_loss()
        tokens = schedule.batch_size * self.sequences.shape[1]
        self.report({"validation_loss": final}, self.step)
        return {
            "validation_loss": final,
            "tokens": float(self.step * tokens),
            "tokens_per_second": (self.step - first) * tokens / (time.monotonic() - started),
        }

    def _train_step(self) -> float:
        for group in self.optimiser.param_groups:
            group["lr"] = self.schedule.rate_at(self.step)
        self.model.train()
        loss = self._loss(self._rows(self.step), np.random.default_rng([self.schedule.seed, 1, self.step]))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)
        value = loss.item()
        if not math.isfinite(value):
            raise UserError(f"The loss is {value} at step {self.step}; lower schedule.learning_rate and start again.")
        return value

    def _rows(self, step: int) -> np.ndarray:
        """The sequences of a step: each epoch goes through all of them in an order of its own."""
        size = self.schedule.batch_size
        per_epoch = len(self.training) // size
        epoch, place = divmod(step, per_epoch)
        order = np.random.default_rng([self.schedule.seed, 2, epoch]).permutation(self.training)
        return order[place * size : (place + 1) * size]

    def _loss(self, rows: np.ndarray, generator: np.random.Generator) -> torch.Tensor:
        truth = self.sequences[rows]
        masked, chosen = self.masker(truth, generator)
        tensors = [torch.from_numpy(array).to(self.device) for array in (masked, chosen, truth.astype(np.int64))]
        bf16 = self.schedule.precision == "bf16"
        with torch.autocast(self.device.type, torch.bfloat16) if bf16 else nullcontext():
            return masked_loss(self.model, *tensors)

    @torch.no_grad()
    def validation_loss(self) -> float:
        """Mean loss on the held-out sequences, masked the same way each time."""
        self.model.eval()
        batches = np.array_split(self.validation, math.ceil(len(self.validation) / self.schedule.batch_size))
        losses = [self._loss(rows, np.random.default_rng(place)).item() for place, rows in enumerate(batches)]
        return sum(losses) / len(losses)

    def save(self) -> None:
        """Writes the checkpoint aside and renames it, so that a stop at any moment leaves a whole one."""
        self.checkpoint.parent.mkdir(parents=True, exist_ok=True)
        aside = self.checkpoint.with_suffix(".partial")
        state = {"model": self.model.state_dict(), "optimiser": self.optimiser.state_dict(), "step": self.step}
        torch.save(state, aside)
        aside.replace(self.checkpoint)
