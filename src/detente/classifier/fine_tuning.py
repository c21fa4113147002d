"""One fine-tuning with the Hugging Face Trainer: its settings, its curves, and going on after a stop."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import datasets
import numpy as np
import torch
from sklearn.metrics import f1_score
from transformers import (
    DataCollator,
    EarlyStoppingCallback,
    EvalPrediction,
    PreTrainedModel,
    PrinterCallback,
    Trainer,
    TrainerCallback,
    TrainingArguments,
)

from detente.classifier.interface import Reporter
from detente.errors import UserError


@dataclass(frozen=True)
class TrainingSettings:
    """How to fine-tune.

    Attributes:
        members: Fine-tunings that differ in order, dropout and augmentation alone, and whose weights are averaged.
        epochs: At most this many passes over the training split, for each member.
        patience: Epochs without a better validation macro-F1 before stopping.
        batch_size: Sentences a step.
        learning_rate: Peak rate; rises over ``warmup`` (share of the steps), then falls linearly to 0.
        warmup: See above.
        weight_decay: AdamW's.
        max_length: Tokens a sentence; longer ones are cut.
        precision: ``bf16`` (mixed; weights stay in fp32) or ``fp32``.
        swapped: Share of the sentences, drawn anew each time, whose actors give way to others, in [0, 1].
        retyped: Share of the sentences in another typography, in [0, 1].
        anonymised: Share of the sentences, drawn anew each time, whose actors the model reads by stand-ins, in [0, 1]. In
            use it reads all so, or none with 0.
        consistency: Weight, 0 or more, of the disagreement between two versions of each sentence of a step; with 0 there is
            one version.
        actors: The actors that are swapped, with their grammar.
        names: The actors that have stand-ins, with what names them.
        seed: Of heads, order, dropout and augmentation.
    """

    members: int
    epochs: int
    patience: int
    batch_size: int
    learning_rate: float
    warmup: float
    weight_decay: float
    max_length: int
    precision: str
    swapped: float
    retyped: float
    anonymised: float
    consistency: float
    actors: str
    names: str
    seed: int

    def __post_init__(self) -> None:
        if self.precision not in ("bf16", "fp32"):
            raise UserError(f"training.precision={self.precision!r}: choose bf16 or fp32")
        for name in ("members", "epochs", "patience", "batch_size", "learning_rate", "max_length"):
            if getattr(self, name) <= 0:
                raise UserError(f"training.{name}={getattr(self, name)}: must be above 0")
        for name in ("swapped", "retyped", "anonymised"):
            if not 0 <= getattr(self, name) <= 1:
                raise UserError(f"training.{name}={getattr(self, name)}: must lie between 0 and 1")
        if self.consistency < 0:
            raise UserError(f"training.consistency={self.consistency}: must be 0 or more")


class _Curves(TrainerCallback):
    """Hands the Trainer's log to a reporter, under names of our own."""

    def __init__(self, report: Reporter) -> None:
        self.report = report

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, float] | None = None, **kwargs: Any) -> None:
        names = {"loss": "train/loss", "grad_norm": "train/gradient_norm", "learning_rate": "train/learning_rate"}
        names |= {"eval_loss": "validation/loss", "eval_macro_f1": "validation/macro_f1"}
        self.report({names[key]: value for key, value in (logs or {}).items() if key in names}, state.global_step)


class _ConsistentTrainer(Trainer):
    """Adds to the loss what two versions of a sentence, under two draws of dropout, disagree by.

    R-Drop (Liang et al. 2021), here also between versions with other actors and another typography.
    """

    def __init__(self, consistency: float, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.consistency = consistency

    def compute_loss(
        self, model: Any, inputs: Any, return_outputs: bool = False, num_items_in_batch: torch.Tensor | int | None = None
    ) -> Any:
        outputs = model(**inputs)
        loss = outputs.loss
        if self.consistency and model.training:
            loss = loss + self.consistency * disagreement(outputs.logits)
        return (loss, outputs) if return_outputs else loss


def disagreement(logits: torch.Tensor) -> torch.Tensor:
    """Mean over sentences and labels of the Kullback-Leibler divergences of two versions, each from the other.

    Args:
        logits: Of all sentences in a first version, then of all in a second, ``[2 * sentence, label]``.
    """
    one, other = logits.float().chunk(2)
    # Of two Bernoulli distributions the two divergences add up to this product.
    return ((one.sigmoid() - other.sigmoid()) * (one - other)).mean() / 2


def _macro_f1(prediction: EvalPrediction) -> dict[str, float]:
    """Macro-F1 at probability 0.5; enough to pick an epoch, thresholds are tuned afterwards."""
    decisions = np.asarray(prediction.predictions) > 0
    return {"macro_f1": float(f1_score(prediction.label_ids, decisions, average="macro", zero_division=0))}


def fine_tune(
    model: PreTrainedModel,
    train: datasets.Dataset,
    validation: datasets.Dataset,
    collator: DataCollator,
    settings: TrainingSettings,
    checkpoints: Path,
    report: Reporter,
) -> None:
    """Trains a model in place and keeps the epoch with the best validation macro-F1; a stopped run goes on.

    Args:
        model: Encoder and head.
        train: Rows for the collator, with their ``length``.
        validation: The same.
        collator: Makes batches of rows.
        settings: Its ``seed`` is the one that counts here, whatever member this is.
        checkpoints: Folder of this run alone.
        report: Receives the points of the training curves.
    """
    checkpoint = _last_whole_checkpoint(checkpoints)
    arguments = TrainingArguments(
        output_dir=str(checkpoints),
        num_train_epochs=settings.epochs,
        max_steps=_step_of_early_stop(checkpoint),  # -1: as many as the epochs have
        per_device_train_batch_size=settings.batch_size,
        per_device_eval_batch_size=2 * settings.batch_size,
        learning_rate=settings.learning_rate,
        warmup_steps=settings.warmup,  # below 1 it is a share
        weight_decay=settings.weight_decay,
        train_sampling_strategy="group_by_length",
        length_column_name="length",
        bf16=settings.precision == "bf16",
        use_cpu=not torch.cuda.is_available(),
        eval_strategy="epoch",
        save_strategy="epoch",
        save_total_limit=2,
        logging_steps=10,
        load_best_model_at_end=True,
        metric_for_best_model="macro_f1",
        restore_callback_states_from_checkpoint=True,
        seed=settings.seed,
        dataloader_pin_memory=False,
        remove_unused_columns=False,  # the collator takes what it needs
        report_to="none",
    )
    trainer = _ConsistentTrainer(
        settings.consistency,
        model=model,
        args=arguments,
        train_dataset=train,
        eval_dataset=validation,
        data_collator=collator,
        compute_metrics=_macro_f1,
        callbacks=[EarlyStoppingCallback(settings.patience), _Curves(report)],
    )
    trainer.remove_callback(PrinterCallback)
    trainer.train(resume_from_checkpoint=checkpoint)


def average(models: list[PreTrainedModel]) -> PreTrainedModel:
    """The first model with the mean of all weights: a soup (Wortsman et al. 2022), as fast as one of them.

    Args:
        models: Of one shape, fine-tuned from one encoder; the first is changed in place.
    """
    states = [model.state_dict() for model in models]
    with torch.no_grad():
        for name, weights in states[0].items():
            weights.copy_(torch.stack([state[name].double() for state in states]).mean(dim=0))
    return models[0]


def _last_whole_checkpoint(folder: Path) -> str | None:
    """The newest checkpoint that was written to its end: the Trainer writes ``trainer_state.json`` last."""
    for checkpoint in sorted(folder.glob("checkpoint-*"), key=lambda path: -int(path.name.rsplit("-", 1)[1])):
        try:
            json.loads((checkpoint / "trainer_state.json").read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            shutil.rmtree(checkpoint)
        else:
            return str(checkpoint)
    return None


def _step_of_early_stop(checkpoint: str | None) -> int:
    """The step after which the checkpoint's run had stopped early, or -1 where it has to go on.

    The Trainer forgets this: resumed from the last checkpoint of a run that was killed later, it would train on.
    """
    if checkpoint is None:
        return -1
    state = json.loads(Path(checkpoint, "trainer_state.json").read_text(encoding="utf-8"))
    stopped = state["stateful_callbacks"]["TrainerControl"]["args"]["should_training_stop"]
    return int(state["global_step"]) if stopped else -1
