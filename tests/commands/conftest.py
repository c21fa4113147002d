"""What takes seconds to make and every test of a command may share: a tracking store, a trained baseline."""

from pathlib import Path

import mlflow
import pytest

from detente.classifier.interface import Examples
from detente.classifier.tfidf import TfidfClassifier, TfidfSettings
from detente.corpus.record import Record
from detente.corpus.tables import label_matrix, to_frame
from detente.evaluation.fitting import fit_decision
from detente.evaluation.trained import TrainedModel


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The override that sends runs to a store with room for their artifacts; its experiment is there already."""
    folder = tmp_path_factory.mktemp("tracking")
    mlflow.set_tracking_uri(f"sqlite:///{folder}/mlflow.db")
    mlflow.create_experiment("detente", artifact_location=(folder / "artifacts").as_uri())
    return f"tracking.uri=sqlite:///{folder}/mlflow.db"


@pytest.fixture(scope="session")
def baseline(tmp_path_factory: pytest.TempPathFactory, records: list[Record]) -> Path:
    """The folder of a TF-IDF classifier that has learnt the whole corpus."""
    frame = to_frame(records)
    examples = Examples(frame["text"].tolist(), label_matrix(frame))
    classifier = TfidfClassifier.new(TfidfSettings(1, 3, 10.0, balanced=True, seed=1))
    classifier.fit(examples, examples, Path("unused"), lambda metrics, step: None)
    decision = fit_decision(classifier.logits(examples.texts), examples.truth, automatic_error=0.2)
    description = {"family": "tfidf", "name": "tfidf", "seed": 1, "corpus": "unversioned", "campaign": "none", "share": 1.0}
    folder = tmp_path_factory.mktemp("models") / "classifier"
    TrainedModel(classifier, decision, description).save(folder)
    return folder
