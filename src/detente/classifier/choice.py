"""From the configuration's ``classifier`` block to an untrained classifier."""

from dataclasses import dataclass

from omegaconf import DictConfig

from detente.classifier.interface import Classifier
from detente.errors import UserError
from detente.settings import read_settings


@dataclass(frozen=True)
class ClassifierSettings:
    """The family to train and the name its runs go by."""

    family: str
    name: str


def new_classifier(cfg: DictConfig) -> Classifier:
    """Builds the untrained classifier that a training configuration asks for.

    Raises:
        UserError: The family is unknown, a setting is wrong, or the encoder cannot be loaded.
    """
    match read_settings(ClassifierSettings, cfg, "classifier").family:
        case "camembert":
            from detente.classifier.camembert import CamembertClassifier
            from detente.classifier.fine_tuning import TrainingSettings
            from detente.encoder.loading import EncoderSettings

            return CamembertClassifier.new(
                read_settings(EncoderSettings, cfg, "encoder", leaving=("learning_rate",)),  # a setting of the training
                read_settings(TrainingSettings, cfg, "training"),
            )
        case "tfidf":
            from detente.classifier.tfidf import TfidfClassifier, TfidfSettings

            return TfidfClassifier.new(read_settings(TfidfSettings, cfg, "tfidf"))
        case "bag_of_ngrams":
            from detente.classifier.bag_of_ngrams import BagOfNgramsClassifier, BagOfNgramsSettings

            return BagOfNgramsClassifier(read_settings(BagOfNgramsSettings, cfg, "bag_of_ngrams"))
        case family:
            raise UserError(
                f"classifier.family={family!r} is not known; choose classifier=camembert, tfidf or bag_of_ngrams."
            )
