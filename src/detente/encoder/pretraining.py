"""Pretraining of a CamemBERT: next words for the first ``causal_steps``, hidden words from then on.

The learning rate follows warm-up, plateau and linear decay (WSD, Hu et al. 2024), so a run stopped on its plateau can be
resumed with another number of steps.
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

from detente.encoder import processes
from detente.encoder.masking import WholeWordMasker
from detente.encoder.objectives import Batch, causal_loss, masked_loss
from detente.encoder.optimisers import optimisers_of
from detente.encoder.schedule import Schedule
from detente.encoder.utilisation import matrix_rate, training_flops
from detente.errors import UserError

Reporter = Callable[[dict[str, float], int], None]

CAUSAL_SHARE = 0.5
"""Share of the tokens predicted in a causal step. All of them would double its time and hardly teach more."""

HELD_OUT_SEED = 1
"""Whatever the seed of a run, the same sequences are held out, so that none was seen by the encoder it goes on from."""


class Pretraining:
    """One resumable run over packed sequences, in one process or in several that each take a part of every batch.

    Args:
        model: The model to train, in place.
        tokenizer: Its tokenizer.
        sequences: Token ids ``[sequence, position]`` from :func:`detente.encoder.packing.pack`.
        schedule: Length and rates.
        checkpoint: File that holds the run's state between steps; an existing one is continued.
        report: Receives ``{name: value}`` and the step; called in the first process only.
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
        if schedule.batch_size < processes.count():
            raise UserError(
                f"schedule.batch_size={schedule.batch_size} leaves some of {processes.count()} processes without sequences; "
                "raise it or start fewer."
            )
        self.device = processes.device_of(schedule.device)
        self.model = model.to(self.device)  # type: ignore[arg-type]  # its annotation lost the device
        if schedule.compiled:
            self.model.roberta.compile()
        self.masker = WholeWordMasker(tokenizer, schedule.masking_rate)
        order = np.random.default_rng(HELD_OUT_SEED).permutation(len(sequences))
        self.validation, self.training = np.split(order, [schedule.held_out])
        self.sequences = sequences
        self.schedule = schedule
        self.checkpoint = checkpoint
        self.report = report
        self.optimisers = optimisers_of(self.model, schedule)
        self.step = 0
        self.predicted = 0
        if checkpoint.exists():
            state = torch.load(checkpoint, map_location=self.device, weights_only=True)
            self.model.load_state_dict(state["model"])
            for optimiser, own in zip(self.optimisers, state["optimisers"], strict=True):
                optimiser.load_state_dict(own)
            self.step = state["step"]
        processes.broadcast(self.model)

    def run(self) -> dict[str, float]:
        """Trains to the last step.

        Returns:
            ``validation_loss`` (nats a masked token), ``tokens`` seen in all; since this call, ``tokens_per_second`` and
            ``utilisation``, the share of the devices' measured rate of matrix products that the model's arithmetic used.
        """
        schedule = self.schedule
        started, first = time.monotonic(), self.step
        recent: list[float] = []
        silent = not processes.is_first()
        with tqdm(total=schedule.steps, initial=self.step, unit="step", desc="pretraining", disable=silent) as bar:
            while self.step < schedule.steps:
                recent.append(self.train_step())
                self.step += 1
                bar.update()
                if self.step % schedule.report_every == 0:
                    loss = sum(recent) / len(recent)
                    recent.clear()
                    bar.set_postfix(loss=f"{loss:.3f}")
                    self._report({"loss": loss, "learning_rate": schedule.rate_at(self.step - 1)}, self.step)
                if self.step % schedule.checkpoint_every == 0 and self.step < schedule.steps:
                    self._report(self._validation(), self.step)
                    self.save()
        seconds = time.monotonic() - started
        self.save()
        final = self.validation_loss(causal=False)
        length = self.sequences.shape[1]
        shown = (self.step - first) * schedule.batch_size * length
        rate = matrix_rate(self.device, schedule.precision) * processes.count()
        self._report({"validation_loss": final}, self.step)
        return {
            "validation_loss": final,
            "tokens": float(self.step * schedule.batch_size * length),
            "tokens_per_second": shown / seconds,
            "utilisation": training_flops(self.model.config, shown, self.predicted, length) / seconds / rate,
        }

    def train_step(self) -> float:
        """Makes the step that :attr:`step` says; its loss in nats a predicted token."""
        self.model.train()
        generator = np.random.default_rng([self.schedule.seed, 1, self.step])
        causal = self.step < self.schedule.causal_steps
        batch = self._draw(self._rows(self.step), generator, causal)
        self.predicted += int(batch.chosen.sum())
        part = Batch(*(processes.own(array) for array in batch))
        share = float(part.chosen.sum() / batch.chosen.sum())
        loss = 0.0
        if share:
            own_loss = self._loss(part, causal)
            own_loss.backward()
            loss = own_loss.item() * share
        processes.sum_gradients(self.model, share)
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = self.schedule.rate_at(self.step)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        value = processes.total(loss, self.device)
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

    def _draw(self, rows: np.ndarray, generator: np.random.Generator, causal: bool) -> Batch:
        """What to show and what to ask of these sequences."""
        truth = self.sequences[rows].astype(np.int64)
        if causal:
            chosen = generator.random(truth.shape) < CAUSAL_SHARE
            chosen[:, 0] = False  # nothing stands before it
            return Batch(truth, chosen, truth)
        return Batch(*self.masker(self.sequences[rows], generator), truth)

    def _loss(self, batch: Batch, causal: bool) -> torch.Tensor:
        shown, chosen, truth = (torch.from_numpy(array).to(self.device) for array in batch)
        # Held-out losses are few and reported to the third digit: they are computed in fp32.
        bf16 = self.schedule.precision == "bf16" and self.model.training
        with torch.autocast(self.device.type, torch.bfloat16) if bf16 else nullcontext():
            return causal_loss(self.model, chosen, truth) if causal else masked_loss(self.model, shown, chosen, truth)

    def _validation(self) -> dict[str, float]:
        """The held-out loss of the objective at hand; the two objectives' losses cannot be compared."""
        if self.step < self.schedule.causal_steps:
            return {"causal_validation_loss": self.validation_loss(causal=True)}
        return {"validation_loss": self.validation_loss(causal=False)}

    @torch.no_grad()
    def validation_loss(self, causal: bool) -> float:
        """Mean loss (nats a predicted token) on the held-out sequences, masked the same way each time."""
        self.model.eval()
        batches = np.array_split(self.validation, math.ceil(len(self.validation) / self.schedule.batch_size))
        losses = [
            self._loss(self._draw(batches[place], np.random.default_rng(place), causal), causal).item()
            for place in processes.own(np.arange(len(batches)))
        ]
        return processes.total(sum(losses), self.device) / len(batches)

    def _report(self, metrics: dict[str, float], step: int) -> None:
        if processes.is_first():
            self.report(metrics, step)

    def save(self) -> None:
        """Writes the checkpoint aside and renames it, so that a stop at any moment leaves a whole one."""
        if not processes.is_first():
            return
        self.checkpoint.parent.mkdir(parents=True, exist_ok=True)
        aside = self.checkpoint.with_suffix(".partial")
        optimisers = [optimiser.state_dict() for optimiser in self.optimisers]
        state = {"model": self.model.state_dict(), "optimisers": optimisers, "step": self.step}
        torch.save(state, aside)
        aside.replace(self.checkpoint)
