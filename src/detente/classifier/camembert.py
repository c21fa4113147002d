"""A CamemBERT fine-tuned with a sigmoid per label."""

import copy
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import datasets
import numpy as np
import torch
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    set_seed,
)

from detente.classifier.augmentation import TEXT, Augmentation, AugmentingCollator
from detente.classifier.fine_tuning import TrainingSettings, average, fine_tune
from detente.classifier.interface import Classifier, Examples, Reporter
from detente.corpus.actor_nouns import Actor
from detente.corpus.actor_swaps import ActorSwaps
from detente.corpus.actors import read_actors
from detente.corpus.entries import read_yaml
from detente.encoder.loading import EncoderSettings, load_for_classification, quiet_transformers
from detente.labels import LABEL_IDS
from detente.text.anonymise import ACTORS, Anonymiser

SEEDS_A_RUN = 1000
"""Seeds set aside for the members of a run, so that no two runs share one."""


class CamembertClassifier(Classifier):
    """Encoder, tokenizer, head and the actors it reads by stand-ins; how to train them stays with :meth:`new`."""

    family = "camembert"

    def __init__(
        self,
        model: PreTrainedModel,
        tokenizer: PreTrainedTokenizerBase,
        max_length: int,
        anonymiser: Anonymiser,
        settings: TrainingSettings | None = None,
    ) -> None:
        self.model = model
        self.tokenizer = tokenizer
        self.max_length = max_length
        self.anonymiser = anonymiser
        self.settings = settings

    @classmethod
    def new(cls, encoder: EncoderSettings, settings: TrainingSettings) -> Self:
        """A pretrained encoder under an untrained head, or under the one it was adapted with."""
        if encoder.threads:
            torch.set_num_threads(encoder.threads)
        set_seed(settings.seed)
        model, tokenizer = load_for_classification(encoder, LABEL_IDS)
        anonymiser = Anonymiser(read_actors(Path(settings.names)).proper_names() if settings.anonymised else {})
        return cls(model, tokenizer, settings.max_length, anonymiser, settings)

    def _encode(self, texts: Sequence[str]) -> dict[str, Any]:
        read = [self.anonymiser.read(text) for text in texts]
        return dict(self.tokenizer(read, truncation=True, max_length=self.max_length))

    def _dataset(self, examples: Examples) -> datasets.Dataset:
        columns = self._encode(examples.texts)
        columns["length"] = [len(ids) for ids in columns["input_ids"]]
        columns["labels"] = examples.truth.astype(np.float32).tolist()
        return datasets.Dataset.from_dict(columns)

    def fit(self, train: Examples, validation: Examples, checkpoints: Path, report: Reporter) -> None:
        """Fine-tunes every member, one after the other, and averages their weights.

        Members start from the same weights, head included; order, dropout and augmentation set them apart.
        """
        if self.settings is None:
            raise TypeError("a loaded classifier labels; train a new one")
        settings = self.settings
        swaps = ActorSwaps(read_yaml(Path(settings.actors), Actor, key="name"))
        augmentation = Augmentation(swaps, settings.swapped, settings.retyped, self.anonymiser, settings.anonymised)
        collator = AugmentingCollator(self.tokenizer, settings.max_length, augmentation, 2 if settings.consistency else 1)
        rows = self._dataset(train).select_columns(["length", "labels"]).add_column(TEXT, list(train.texts))
        held_out = self._dataset(validation)
        members = []
        for member in range(settings.members):
            own = replace(settings, seed=settings.seed * SEEDS_A_RUN + member)
            set_seed(own.seed)
            model = copy.deepcopy(self.model)
            steps = member * settings.epochs * -(-len(rows) // settings.batch_size)

            def report_after(metrics: dict[str, float], step: int, before: int = steps) -> None:
                report(metrics, before + step)

            fine_tune(model, rows, held_out, collator, own, checkpoints / f"member-{member}", report_after)
            members.append(model)
        # Kept in half precision: half the size on disk, and thresholds are tuned on the very weights that are saved.
        self.model = average(members).half().float()

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
        self.anonymiser.save(folder / ACTORS)
        (folder / "input.json").write_text(json.dumps({"max_length": self.max_length}) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Reads a folder written by :meth:`save`."""
        quiet_transformers()
        model = AutoModelForSequenceClassification.from_pretrained(folder, dtype=torch.float32, local_files_only=True)
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        max_length = json.loads((folder / "input.json").read_text(encoding="utf-8"))["max_length"]
        return cls(model, tokenizer, max_length, Anonymiser.load(folder / ACTORS))
