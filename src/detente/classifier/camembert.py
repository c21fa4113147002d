"""A CamemBERT fine-tuned with a sigmoid per label."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import datasets
import numpy as np
import torch
from sklearn.metrics import f1_score
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    DataCollatorWithPadding,
    EarlyStoppingCallback,
    EvalPrediction,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    PrinterCallback,
    Trainer,
    TrainerCallback,
    TrainingArguments,
    set_seed,
)

from detente.classifier.hiding import HIDDEN, HidingCollator
from detente.classifier.interface import Classifier, Examples, Reporter
from detente.corpus.actors import read_actors
from detente.encoder.loading import EncoderSettings, load_for_classification, quiet_transformers
from detente.errors import UserError
from detente.labels import LABEL_IDS
from detente.text.normalise import normalise


@dataclass(frozen=True)
class TrainingSettings:
    """How to fine-tune.

    Attributes:
        epochs: At most this many passes over the training split.
        patience: Epochs without a better validation macro-F1 before stopping.
        batch_size: Sentences a step.
        learning_rate: Peak rate; rises over ``warmup`` (share of the steps), then falls linearly to 0.
        warmup: See above.
        weight_decay: AdamW's.
        max_length: Tokens a sentence; longer ones are cut.
        precision: ``bf16`` (mixed; weights stay in fp32) or ``fp32``.
        hidden_actors: Share of the sentences of a step, drawn anew each time, in which the actors are hidden, in [0, 1]; who
            acts shall not decide the label.
        actors: The list of actors that are hidden.
        seed: Of the head, the order and the dropout.
    """

    epochs: int
    patience: int
    batch_size: int
    learning_rate: float
    warmup: float
    weight_decay: float
    max_length: int
    precision: str
    hidden_actors: float
    actors: str
    seed: int

    def __post_init__(self) -> None:
        if self.precision not in ("bf16", "fp32"):
            raise UserError(f"training.precision={self.precision!r}: choose bf16 or fp32")
        for name in ("epochs", "patience", "batch_size", "learning_rate", "max_length"):
            if getattr(self, name) <= 0:
                raise UserError(f"training.{name}={getattr(self, name)}: must be above 0")
        if not 0 <= self.hidden_actors <= 1:
            raise UserError(f"training.hidden_actors={self.hidden_actors}: must lie between 0 and 1")


class _Curves(TrainerCallback):
    """Hands the Trainer's log to a reporter, under names of our own."""

    def __init__(self, report: Reporter) -> None:
        self.report = report

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, float] | None = None, **kwargs: Any) -> None:
        names = {"loss": "train/loss", "grad_norm": "train/gradient_norm", "learning_rate": "train/learning_rate"}
        names |= {"eval_loss": "validation/loss", "eval_macro_f1": "validation/macro_f1"}
        self.report({names[key]: value for key, value in (logs or {}).items() if key in names}, state.global_step)


def _macro_f1(prediction: EvalPrediction) -> dict[str, float]:
    """Macro-F1 at probability 0.5; enough to pick an epoch, thresholds are tuned afterwards."""
    decisions = np.asarray(prediction.predictions) > 0
    return {"macro_f1": float(f1_score(prediction.label_ids, decisions, average="macro", zero_division=0))}


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


class CamembertClassifier(Classifier):
    """Encoder, tokenizer and head; how to train them stays with :meth:`new`."""

    family = "camembert"

    def __init__(
        self,
        model: PreTrainedModel,
        tokenizer: PreTrainedTokenizerBase,
        max_length: int,
        settings: TrainingSettings | None = None,
    ) -> None:
        self.model = model
        self.tokenizer = tokenizer
        self.max_length = max_length
        self.settings = settings

    @classmethod
    def new(cls, encoder: EncoderSettings, settings: TrainingSettings) -> Self:
        """A pretrained encoder under an untrained head."""
        if encoder.threads:
            torch.set_num_threads(encoder.threads)
        set_seed(settings.seed)
        model, tokenizer = load_for_classification(encoder, LABEL_IDS)
        return cls(model, tokenizer, settings.max_length, settings)

    def _encode(self, texts: Sequence[str]) -> dict[str, Any]:
        return dict(self.tokenizer([normalise(text) for text in texts], truncation=True, max_length=self.max_length))

    def _dataset(self, examples: Examples) -> datasets.Dataset:
        columns = self._encode(examples.texts)
        columns["length"] = [len(ids) for ids in columns["input_ids"]]
        columns["labels"] = examples.truth.astype(np.float32).tolist()
        return datasets.Dataset.from_dict(columns)

    def _training_set(self, examples: Examples) -> datasets.Dataset:
        """With a second version of each sentence, its actors hidden."""
        whole = self._dataset(examples)
        if self.settings is None or not self.settings.hidden_actors:
            return whole
        actors = read_actors(Path(self.settings.actors))
        hidden = self._encode([actors.hide(text, str(self.tokenizer.mask_token)) for text in examples.texts])
        return whole.add_column(HIDDEN, hidden["input_ids"])

    def fit(self, train: Examples, validation: Examples, checkpoints: Path, report: Reporter) -> None:
        """Fine-tunes with the Hugging Face Trainer and keeps the epoch with the best validation macro-F1."""
        if self.settings is None:
            raise TypeError("a loaded classifier labels; train a new one")
        settings = self.settings
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
        trainer = Trainer(
            model=self.model,
            args=arguments,
            train_dataset=self._training_set(train),
            eval_dataset=self._dataset(validation),
            data_collator=HidingCollator(DataCollatorWithPadding(self.tokenizer), settings.hidden_actors),
            compute_metrics=_macro_f1,
            callbacks=[EarlyStoppingCallback(settings.patience), _Curves(report)],
        )
        trainer.remove_callback(PrinterCallback)
        trainer.train(resume_from_checkpoint=checkpoint)
        # Kept in half precision: half the size on disk, and thresholds are tuned on the very weights that are saved.
        self.model.half().float()

    @torch.inference_mode()
    def logits(self, texts: Sequence[str]) -> np.ndarray:
        """Scores in batches of similar length, in fp32."""
        if not texts:  # the tokenizer refuses an empty list
            return np.empty((0, len(LABEL_IDS)))
        self.model.eval()
        encoded = self._encode(texts)
        order = sorted(range(len(texts)), key=lambda index: len(encoded["input_ids"][index]))
        result = np.empty((len(texts), len(LABEL_IDS)))
        for start in range(0, len(order), 32):
            rows = order[start : start + 32]
            batch = self.tokenizer.pad(
                {key: [values[row] for row in rows] for key, values in encoded.items()}, return_tensors="pt"
            )
            result[rows] = self.model(**batch.to(self.model.device)).logits.double().cpu().numpy()
        return result

    def save(self, folder: Path) -> None:
        """Writes a plain Transformers folder, weights in fp16 safetensors."""
        self.model.half().save_pretrained(folder)
        self.model.float()
        self.tokenizer.save_pretrained(folder)
        (folder / "input.json").write_text(json.dumps({"max_length": self.max_length}) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Reads a folder written by :meth:`save`."""
        quiet_transformers()
        model = AutoModelForSequenceClassification.from_pretrained(folder, dtype=torch.float32, local_files_only=True)
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        max_length = json.loads((folder / "input.json").read_text(encoding="utf-8"))["max_length"]
        return cls(model, tokenizer, max_length)
