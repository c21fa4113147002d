"""A bag of words, pairs of words and character n-grams with learnt vectors (fastText, Joulin et al. 2017): a baseline."""

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from detente.classifier.interface import Classifier, Examples, Reporter
from detente.errors import UserError
from detente.labels import LABEL_IDS
from detente.text.normalise import normalise

PREFIX = "__label__"
NONE = "none"
"""Label of sentences that earn none: fastText leaves out lines without a label, and would never see them."""


@dataclass(frozen=True)
class FasttextSettings:
    """Dimensions of a vector, longest word n-gram, character n-gram lengths, hash buckets, passes, step size, seed."""

    dimensions: int
    word_ngrams: int
    shortest_characters: int
    longest_characters: int
    buckets: int
    epochs: int
    learning_rate: float
    seed: int


class FasttextClassifier(Classifier):
    """One logistic loss a label over the mean of the n-grams' vectors."""

    family = "fasttext"

    def __init__(self, settings: FasttextSettings | None, model: Any = None) -> None:
        self.settings = settings
        self.model = model

    @classmethod
    def new(cls, settings: FasttextSettings) -> Self:
        """An untrained classifier.

        Raises:
            UserError: The library is not installed.
        """
        _library()
        return cls(settings)

    def fit(self, train: Examples, validation: Examples, checkpoints: Path, report: Reporter) -> None:
        """Learns in one go, on one thread, since two would race for the same vectors."""
        if self.settings is None:
            raise TypeError("a loaded classifier labels; train a new one")
        settings = self.settings
        lines = []
        for text, earned in zip(train.texts, train.truth, strict=True):
            labels = [label for label, own in zip(LABEL_IDS, earned, strict=True) if own] or [NONE]
            lines.append(" ".join([*(PREFIX + label for label in labels), *_tokens(text)]))
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "train.txt")
            file.write_text("\n".join(lines) + "\n", encoding="utf-8")
            self.model = _library().train_supervised(
                str(file),
                loss="ova",
                dim=settings.dimensions,
                wordNgrams=settings.word_ngrams,
                minn=settings.shortest_characters,
                maxn=settings.longest_characters,
                bucket=settings.buckets,
                epoch=settings.epochs,
                lr=settings.learning_rate,
                seed=settings.seed,
                thread=1,
                verbose=0,
            )

    def logits(self, texts: Sequence[str]) -> np.ndarray:
        """Log-odds of the logistic units, clipped to ±14: fastText tabulates its sigmoid and rounds to 0 and 1."""
        result = np.empty((len(texts), len(LABEL_IDS)))
        for row, text in enumerate(texts):
            names, probabilities = self.model.predict(" ".join(_tokens(text)), k=-1)
            found = dict(zip(names, probabilities, strict=True))
            result[row] = [found[PREFIX + label] for label in LABEL_IDS]
        clipped = np.clip(result, 1e-6, 1 - 1e-6)
        return np.asarray(np.log(clipped / (1 - clipped)))

    def save(self, folder: Path) -> None:
        """Writes ``model.bin``, fastText's own format: numbers and words, nothing that runs."""
        self.model.save_model(str(folder / "model.bin"))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Reads ``model.bin``."""
        return cls(None, _library().load_model(str(folder / "model.bin")))


def _tokens(text: str) -> list[str]:
    """Lower-case words and punctuation marks; apostrophes cut."""
    return re.findall(r"\w+'?|[^\w\s]", normalise(text).lower())


def _library() -> Any:
    try:
        import fasttext
    except ImportError:
        raise UserError("classifier=fasttext needs the extra: pip install -c constraints.txt -e '.[fasttext]'") from None
    return fasttext
