"""A trained model as it lies on disk: classifier, decision rule, and what they come from."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from detente.classifier.interface import Classifier
from detente.errors import UserError
from detente.evaluation.arrays import BoolArray, FloatArray
from detente.evaluation.decision import Decision
from detente.files import replaced_folder
from detente.json_file import read_json, write_json

# Imported on demand: TF-IDF needs no torch.
FAMILIES = {
    "camembert": ("detente.classifier.camembert", "CamembertClassifier"),
    "bag_of_ngrams": ("detente.classifier.bag_of_ngrams", "BagOfNgramsClassifier"),
    "tfidf": ("detente.classifier.tfidf", "TfidfClassifier"),
}
DESCRIPTION = "classifier.json"
DESCRIPTION_KEYS = {"family", "name", "seed", "corpus", "campaign", "share"}
DECISION = "decision.json"


@dataclass(frozen=True)
class Labelling:
    """What a model says of some sentences.

    Attributes:
        probabilities: Calibrated, float64 ``[sentence, label]``.
        decisions: Labels given, bool ``[sentence, label]``.
        review: Sentences a person should look at, bool ``[sentence]``.
    """

    probabilities: FloatArray
    decisions: BoolArray
    review: BoolArray


@dataclass(frozen=True)
class TrainedModel:
    """A classifier with the decision rule tuned for it.

    Attributes:
        classifier: Gives raw logits.
        decision: Turns them into calibrated probabilities, labels and the review flag.
        description: ``family``, ``name``, ``seed``, ``corpus`` (DVC hash), ``campaign`` and ``share`` of the training run.
    """

    classifier: Classifier
    decision: Decision
    description: dict[str, Any]

    def label(self, texts: Sequence[str]) -> Labelling:
        """Labels sentences; rows follow ``texts``."""
        return self.decide(self.classifier.logits(texts))

    def decide(self, logits: FloatArray) -> Labelling:
        """What the decision rule makes of raw scores [sentence, label]."""
        probabilities = self.decision.probabilities(logits)
        return Labelling(probabilities, self.decision.decide(probabilities), self.decision.review(probabilities))

    def save(self, folder: Path) -> None:
        """Writes the model folder; an older one gives way only to a whole one."""
        with replaced_folder(folder) as aside:
            self.classifier.save(aside)
            self.decision.save(aside / DECISION)
            write_json(aside / DESCRIPTION, self.description)

    @classmethod
    def load(cls, folder: Path) -> "TrainedModel":
        """Reads what :meth:`save` wrote.

        Raises:
            UserError: There is no model, its description is malformed, or this version does not know its family.
        """
        file = folder / DESCRIPTION
        if not file.is_file():
            raise UserError(
                f"no trained classifier in {folder}: `make train` makes one, `dvc pull` brings the published one"
            )
        description = read_json(file, DESCRIPTION_KEYS, made_by="detente train")
        family = description["family"]
        if family not in FAMILIES:
            raise UserError(f"{file}: family {family!r} is not one of {', '.join(FAMILIES)}")
        module, name = FAMILIES[family]
        classifier = getattr(import_module(module), name).load(folder)
        return cls(classifier, Decision.load(folder / DECISION), description)
