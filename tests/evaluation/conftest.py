"""Synthetic classifiers whose true probabilities are known."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from detente.evaluation.arrays import BoolArray, FloatArray, StringArray
from detente.labels import LABEL_IDS


@dataclass(frozen=True)
class Scored:
    """Sentences with their truth, a classifier's logits, and documents of eight sentences each."""

    truth: BoolArray
    logits: FloatArray
    documents: StringArray

    @property
    def probabilities(self) -> FloatArray:
        return np.asarray(1 / (1 + np.exp(-self.logits)))


@pytest.fixture
def scored() -> Callable[..., Scored]:
    def draw(sentences: int, seed: int, overconfidence: float = 1.0) -> Scored:
        """A classifier that is calibrated by construction, its logits then multiplied by `overconfidence`."""
        generator = np.random.default_rng(seed)
        logits = generator.normal([-0.5, -2.0, -1.0, -1.5], 2.0, size=(sentences, len(LABEL_IDS)))
        truth = generator.random(logits.shape) < 1 / (1 + np.exp(-logits))
        documents = np.array([f"article-{index // 8}" for index in range(sentences)])
        return Scored(truth, overconfidence * logits, documents)

    return draw
