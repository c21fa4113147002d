"""The baseline: TF-IDF of words and characters with one logistic regression a label."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import skops.io
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import FeatureUnion, Pipeline

from detente.classifier.interface import Classifier, Examples, Reporter
from detente.text.normalise import normalise


@dataclass(frozen=True)
class TfidfSettings:
    """Longest word and character n-grams, inverse regularisation strength, and whether rare labels weigh more."""

    word_ngrams: int
    character_ngrams: int
    regularisation: float
    balanced: bool
    seed: int


class TfidfClassifier(Classifier):
    """Bag of n-grams; trains in seconds and needs no encoder."""

    family = "tfidf"

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline

    @classmethod
    def new(cls, settings: TfidfSettings) -> Self:
        """An untrained classifier."""
        features = FeatureUnion(
            [
                ("words", TfidfVectorizer(ngram_range=(1, settings.word_ngrams), sublinear_tf=True, min_df=2)),
                (
                    "characters",
                    TfidfVectorizer(
                        analyzer="char_wb", ngram_range=(2, settings.character_ngrams), sublinear_tf=True, min_df=2
                    ),
                ),
            ]
        )
        regression = LogisticRegression(
            C=settings.regularisation,
            class_weight="balanced" if settings.balanced else None,
            max_iter=1000,
            random_state=settings.seed,
        )
        return cls(Pipeline([("features", features), ("regression", OneVsRestClassifier(regression))]))

    def fit(self, train: Examples, validation: Examples, checkpoints: Path, report: Reporter) -> None:
        """Learns in one go; there is nothing to stop early or to continue."""
        self.pipeline.fit([normalise(text) for text in train.texts], train.truth.astype(int))

    def logits(self, texts: Sequence[str]) -> np.ndarray:
        """Distance from each label's hyperplane, which for logistic regression is its log-odds."""
        if not texts:
            return np.empty((0, len(self.pipeline[-1].classes_)))
        return np.asarray(self.pipeline.decision_function([normalise(text) for text in texts]), dtype=np.float64)

    def save(self, folder: Path) -> None:
        """Writes ``pipeline.skops``, which unlike a pickle runs no code when it is read."""
        skops.io.dump(self.pipeline, folder / "pipeline.skops")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Reads ``pipeline.skops``; types outside scikit-learn, SciPy and NumPy are refused."""
        return cls(skops.io.load(folder / "pipeline.skops", trusted=[]))
