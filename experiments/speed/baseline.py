"""TF-IDF for the benchmark: the trained run where there is one, else trained on the spot."""

from pathlib import Path

from omegaconf import OmegaConf

from detente.classifier.interface import Examples
from detente.classifier.tfidf import TfidfClassifier, TfidfSettings
from detente.corpus.tables import label_matrix, read_split
from detente.evaluation.fitting import fit_decision
from detente.evaluation.trained import TrainedModel
from detente.project import find_root


def tfidf(models: Path, splits: Path, folder: Path) -> None:
    """Puts a trained TF-IDF model at ``folder``."""
    trained = models / "runs" / "tfidf-seed1"
    if (trained / "classifier.json").is_file():
        folder.symlink_to(trained)
        return
    config = OmegaConf.load(find_root() / "conf" / "train.yaml")
    classifier = TfidfClassifier.new(TfidfSettings(**OmegaConf.to_container(config.tfidf, resolve=True)))
    frames = {name: read_split(splits / f"{name}.parquet") for name in ("train", "validation")}
    train, validation = (Examples(frame["text"].tolist(), label_matrix(frame)) for frame in frames.values())
    classifier.fit(train, validation, folder, lambda scores, step: None)
    described = {"family": "tfidf", "name": "tfidf", "seed": 1, "corpus": "none", "campaign": "none", "share": 1.0}
    decision = fit_decision(classifier.logits(validation.texts), validation.truth, config.automatic_error)
    TrainedModel(classifier, decision, described).save(folder)
