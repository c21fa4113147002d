"""What every family of classifiers can do."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

import numpy as np

Reporter = Callable[[dict[str, float], int], None]


@dataclass(frozen=True)
class Examples:
    """Sentences and what they earn.

    Attributes:
        texts: The sentences.
        truth: bool array ``[sentence, label]`` in label order.
    """

    texts: Sequence[str]
    truth: np.ndarray


class Classifier(ABC):
    """A family of multi-label sentence classifiers.

    Attributes:
        family: Name in ``conf/classifier/`` and in ``classifier.json`` of a saved model.
    """

    family: ClassVar[str]

    @abstractmethod
    def fit(self, train: Examples, validation: Examples, checkpoints: Path, report: Reporter) -> None:
        """Learns from ``train``; ``validation`` decides when to stop, never what to learn.

        Args:
            train: Sentences to learn from.
            validation: Sentences to stop by.
            checkpoints: Folder for the state of a run in progress; a state found there is continued.
            report: Receives the points of the training curves: ``{name: value}`` and the step.
        """

    @abstractmethod
    def logits(self, texts: Sequence[str]) -> np.ndarray:
        """Raw, uncalibrated log-odds, float64 ``[sentence, label]``; rows follow ``texts``."""

    @abstractmethod
    def save(self, folder: Path) -> None:
        """Writes the model into an existing folder, in safe formats only."""

    @classmethod
    @abstractmethod
    def load(cls, folder: Path) -> Self:
        """Reads what :meth:`save` wrote."""
