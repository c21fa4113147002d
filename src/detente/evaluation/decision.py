"""The decision rule: from a classifier's logits to calibrated probabilities, labels and the review flag. Numpy only."""

from dataclasses import asdict, dataclass, fields
from math import isfinite
from pathlib import Path

import numpy as np

from detente.errors import UserError
from detente.evaluation.arrays import BoolArray, FloatArray
from detente.json_file import read_json, write_json
from detente.labels import LABEL_IDS


@dataclass(frozen=True)
class Decision:
    """What validation taught about one classifier's logits.

    Calibration is Platt's (Platt 1999, "Probabilistic outputs for support vector machines"): for each label
    ``p = sigmoid(slope * logit + intercept)``.

    Attributes:
        labels: Label ids in column order; always `LABEL_IDS`, written out so that a stored file says what it decides.
        slopes: Platt slope of each label, > 0, so that calibration never reorders sentences.
        intercepts: Platt intercept of each label.
        thresholds: Probability from which each label is given, in [0, 1].
        review_below: A person should look at sentences whose label set is right with a lower probability, in [0, 1].

    Raises:
        ValueError: A field breaks one of these bounds.
    """

    labels: tuple[str, ...]
    slopes: tuple[float, ...]
    intercepts: tuple[float, ...]
    thresholds: tuple[float, ...]
    review_below: float

    def __post_init__(self) -> None:
        if self.labels != LABEL_IDS:
            raise ValueError(f"labels are {list(self.labels)}, expected {list(LABEL_IDS)} in this order")
        for name in ("slopes", "intercepts", "thresholds"):
            values = getattr(self, name)
            if len(values) != len(LABEL_IDS) or not all(map(isfinite, values)):
                raise ValueError(f"{name} are {list(values)}, expected {len(LABEL_IDS)} finite numbers")
        if min(self.slopes) <= 0:
            raise ValueError(f"slopes are {list(self.slopes)}, expected numbers above 0")
        if not all(0 <= threshold <= 1 for threshold in self.thresholds):
            raise ValueError(f"thresholds are {list(self.thresholds)}, expected numbers in [0, 1]")
        if not 0 <= self.review_below <= 1:
            raise ValueError(f"review_below is {self.review_below}, expected a number in [0, 1]")

    def probabilities(self, logits: FloatArray) -> FloatArray:
        """Calibrates raw logits [sentence, label] into probabilities [sentence, label] in [0, 1].

        Raises:
            ValueError: The logits have another shape or are not all finite; a NaN would pass as "no label".
        """
        if logits.ndim != 2 or logits.shape[1] != len(self.labels):
            raise ValueError(f"logits have shape {logits.shape}, expected (sentences, {len(self.labels)})")
        if not np.isfinite(logits).all():
            raise ValueError(f"{np.count_nonzero(~np.isfinite(logits))} of {logits.size} logits are not finite")
        scores = logits.astype(np.float64) * np.array(self.slopes) + np.array(self.intercepts)
        return np.asarray(np.exp(-np.logaddexp(0.0, -scores)))  # sigmoid without overflow at either end

    def decide(self, probabilities: FloatArray) -> BoolArray:
        """Gives a label where its probability reaches its threshold: bool [sentence, label]."""
        return np.asarray(probabilities >= np.array(self.thresholds))

    def confidence(self, probabilities: FloatArray) -> FloatArray:
        """How probable it is that the whole label set given is right, were the labels independent: [sentence] in [0, 1]."""
        return np.asarray(np.where(self.decide(probabilities), probabilities, 1 - probabilities).prod(axis=1))

    def review(self, probabilities: FloatArray) -> BoolArray:
        """Marks sentences a person should look at, the label set being too likely wrong: bool [sentence]."""
        return np.asarray(self.confidence(probabilities) < self.review_below)

    def save(self, path: Path) -> None:
        """Writes the rule as JSON, numbers in full; equal rules give equal bytes."""
        write_json(path, asdict(self))

    @classmethod
    def load(cls, path: Path) -> "Decision":
        """Reads what `save` wrote.

        Raises:
            UserError: The file is missing or malformed, or its labels are not this version's, in this order.
        """
        content = read_json(path, {field.name for field in fields(cls)}, made_by="training the classifier")
        try:
            return cls(
                labels=tuple(content["labels"]),
                slopes=tuple(map(float, content["slopes"])),
                intercepts=tuple(map(float, content["intercepts"])),
                thresholds=tuple(map(float, content["thresholds"])),
                review_below=float(content["review_below"]),
            )
        except (TypeError, ValueError) as error:
            raise UserError(f"{path}: {error}; train the classifier again with this version") from error
