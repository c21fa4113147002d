"""``detente train`` on the real configuration, shrunk: the model it leaves and the run it records."""

import json
import zipfile
from pathlib import Path
from typing import NamedTuple

import mlflow
import numpy as np
import pytest
from omegaconf import DictConfig
from safetensors.numpy import load_file

from detente.commands.evaluate import evaluate
from detente.commands.train import train
from detente.evaluation.trained import TrainedModel
from detente.labels import LABEL_IDS
from detente.tracking.lineage import file_hash

TEXTS = ["L’armée a bombardé le port.", "Ankara propose une médiation.", "Il pleut."]


class Finished(NamedTuple):
    cfg: DictConfig
    macro_f1: float
    run: mlflow.entities.Run

    @property
    def folder(self) -> Path:
        return Path(self.cfg.output)


finished_runs: dict[str, Finished] = {}


@pytest.fixture
def finished(composed, store, request):
    """Trains the family that the test names; every test of this module looks at the same run."""
    family = getattr(request, "param", "camembert")
    if family not in finished_runs:
        cfg = composed("train", store, f"classifier={family}", "campaign=essai")
        macro_f1 = train(cfg)
        finished_runs[family] = Finished(cfg, macro_f1, mlflow.last_active_run())
    return finished_runs[family]


both_families = pytest.mark.parametrize("finished", ["camembert", "tfidf"], indirect=True)


def test_the_model_is_a_plain_transformers_folder(finished):
    config = json.loads((finished.folder / "config.json").read_text(encoding="utf-8"))
    assert config["problem_type"] == "multi_label_classification"
    assert [config["id2label"][str(index)] for index in range(4)] == list(LABEL_IDS)
    weights = load_file(finished.folder / "model.safetensors")
    assert {tensor.dtype for tensor in weights.values()} == {np.dtype("float16")}
    assert {"tokenizer.json", "input.json"} <= {file.name for file in finished.folder.iterdir()}


@pytest.mark.parametrize("finished", ["tfidf"], indirect=True)
def test_the_baseline_is_stored_without_pickle(finished):
    assert {file.name for file in finished.folder.iterdir()} == {"classifier.json", "decision.json", "pipeline.skops"}
    with zipfile.ZipFile(finished.folder / "pipeline.skops") as archive:
        assert {Path(name).suffix for name in archive.namelist()} <= {".json", ".npy", ".npz"}


@both_families
def test_the_folder_says_what_it_is(finished):
    description = TrainedModel.load(finished.folder).description
    name = {"camembert": "embedded", "tfidf": "tfidf"}[description["family"]]
    assert description.items() >= {"name": name, "seed": 1, "campaign": "essai"}.items()


@both_families
def test_evaluation_reproduces_the_score_of_training(finished, composed, store):
    validation = f"data={finished.cfg.splits}/validation.parquet"
    report = evaluate(composed("evaluate", store, "name=validation", validation, f"model={finished.folder}"))
    assert report.metrics["macro/f1"] == finished.macro_f1


@both_families
def test_the_run_is_recorded(finished):
    run = finished.run
    assert run.info.status == "FINISHED"
    assert run.data.params["tfidf.word_ngrams"] == "2" and run.data.params["training.epochs"] == "2"
    assert run.data.metrics["final/validation/macro/f1"] == pytest.approx(finished.macro_f1)
    assert run.data.tags["model.campaign"] == "essai" and "git.commit" in run.data.tags
    inputs = {logged.dataset.name: logged.dataset.digest for logged in run.inputs.dataset_inputs}
    assert inputs == {name: file_hash(Path(finished.cfg.splits) / f"{name}.parquet") for name in inputs}
    assert set(inputs) == {"train", "validation", "test"}
    client = mlflow.MlflowClient()
    assert {"config.yaml", "environment.txt"} <= {file.path for file in client.list_artifacts(run.info.run_id)}
    plots = {Path(file.path).name for file in client.list_artifacts(run.info.run_id, "validation")}
    assert plots == {"confusion.png", "precision_recall.png", "reliability.png"}


def test_a_fine_tuning_run_has_its_curves(finished):
    client = mlflow.MlflowClient()
    points = {
        name: [point.step for point in client.get_metric_history(finished.run.info.run_id, name)]
        for name in ("train/loss", "validation/macro_f1")
    }
    epoch, last = points["validation/macro_f1"]
    assert last == 2 * epoch and points["train/loss"][0] == 10


@both_families
def test_the_logged_model_labels_as_the_folder_does(finished):
    served = mlflow.pyfunc.load_model(f"runs:/{finished.run.info.run_id}/classifier")
    table = served.predict([{"text": text} for text in TEXTS])
    labelling = TrainedModel.load(finished.folder).label(TEXTS)
    assert list(table) == [*LABEL_IDS, "labels", "review"]
    np.testing.assert_array_equal(table[list(LABEL_IDS)], labelling.probabilities)
    np.testing.assert_array_equal(table["review"], labelling.review)


def test_nothing_is_left_of_a_run_in_progress(finished):
    assert list(Path(finished.cfg.checkpoints).iterdir()) == []
