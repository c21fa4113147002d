"""A bag of words and pairs of words with learnt vectors, as in fastText (Joulin et al. 2017): a baseline.

Written in torch: under two threads and with few sentences the library's own trainer gave other weights, and not-a-number,
from one run to the next.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from sklearn.feature_extraction.text import HashingVectorizer

from detente.classifier.interface import Classifier, Examples, Reporter
from detente.json_file import read_json, write_json
from detente.labels import LABEL_IDS
from detente.text.normalise import normalise

SETTINGS, WEIGHTS = "bag_of_ngrams.json", "model.safetensors"


@dataclass(frozen=True)
class BagOfNgramsSettings:
    """Dimensions of a vector, longest word n-gram, hash buckets, passes, sentences a step, highest step size, seed."""

    dimensions: int
    word_ngrams: int
    buckets: int
    epochs: int
    batch_size: int
    learning_rate: float
    seed: int


class BagOfNgramsClassifier(Classifier):
    """One logistic loss a label over the mean of the n-grams' vectors."""

    family = "bag_of_ngrams"

    def __init__(self, settings: BagOfNgramsSettings) -> None:
        self.settings = settings
        self.hashing = HashingVectorizer(
            n_features=settings.buckets,
            ngram_range=(1, settings.word_ngrams),
            tokenizer=_tokens,
            token_pattern=None,
            lowercase=False,
            norm=None,
            alternate_sign=False,
        )
        with torch.random.fork_rng():
            torch.manual_seed(settings.seed)
            self.model = torch.nn.Sequential(
                torch.nn.EmbeddingBag(settings.buckets, settings.dimensions, mode="mean"),
                torch.nn.Linear(settings.dimensions, len(LABEL_IDS)),
            )

    def fit(self, train: Examples, validation: Examples, checkpoints: Path, report: Reporter) -> None:
        """Learns in one go, by steps that fall to nothing, as fastText's do; there is nothing to stop early."""
        settings, texts = self.settings, list(train.texts)
        truth = torch.tensor(train.truth, dtype=torch.float32)
        bags = self._bags(texts)
        chance = np.random.default_rng(settings.seed)
        optimiser = torch.optim.Adam(self.model.parameters(), lr=settings.learning_rate)
        steps_an_epoch = -(-len(texts) // settings.batch_size)
        schedule = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.0, steps_an_epoch * settings.epochs)
        step = 0
        for _ in range(settings.epochs):
            for rows in np.array_split(chance.permutation(len(texts)), steps_an_epoch):
                loss = torch.nn.functional.binary_cross_entropy_with_logits(self._forward(bags, rows), truth[rows])
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
                schedule.step()
                step += 1
            report({"loss": loss.item()}, step)

    @torch.inference_mode()
    def logits(self, texts: Sequence[str]) -> np.ndarray:
        """Log-odds of the logistic units."""
        if not texts:
            return np.empty((0, len(LABEL_IDS)))
        return self._forward(self._bags(texts), np.arange(len(texts))).numpy().astype(np.float64)

    def save(self, folder: Path) -> None:
        """Writes the settings as JSON and the vectors as safetensors."""
        write_json(folder / SETTINGS, asdict(self.settings))
        save_file(self.model.state_dict(), folder / WEIGHTS)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Reads what :meth:`save` wrote."""
        keys = set(BagOfNgramsSettings.__dataclass_fields__)
        classifier = cls(BagOfNgramsSettings(**read_json(folder / SETTINGS, keys, made_by="`detente train`")))
        classifier.model.load_state_dict(load_file(folder / WEIGHTS))
        return classifier

    def _bags(self, texts: Sequence[str]) -> list[np.ndarray]:
        """The bucket of every n-gram of each sentence, once for each time it stands there."""
        matrix = self.hashing.transform(texts).tocsr()
        return [np.repeat(row.indices, row.data.astype(int)).astype(np.int64) for row in matrix]

    def _forward(self, bags: Sequence[np.ndarray], rows: np.ndarray) -> torch.Tensor:
        own = [bags[row] for row in rows]
        starts = np.cumsum([0, *map(len, own[:-1])])
        scores: torch.Tensor = self.model[1](self.model[0](torch.from_numpy(np.concatenate(own)), torch.from_numpy(starts)))
        return scores


def _tokens(text: str) -> list[str]:
    """Lower-case words and punctuation marks; apostrophes cut."""
    return re.findall(r"\w+'?|[^\w\s]", normalise(text).lower())
