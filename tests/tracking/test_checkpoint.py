"""The same configuration finds its checkpoints and its run again; another one does not."""

from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt
import mlflow
import pytest
from omegaconf import OmegaConf

from detente.tracking.checkpoint import checkpoint_folder, resumable_run
from detente.tracking.run import TrackingSettings

BASE = Path("/runs")


@pytest.fixture
def config():
    return OmegaConf.create(
        {
            "seed": 1,
            "training": {"epochs": 4, "seed": "${seed}"},
            "tracking": {"uri": "a"},
            "output": "x",
            "checkpoints": "${output}/runs",
        }
    )


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return TrackingSettings(f"sqlite:///{tmp_path_factory.mktemp('store')}/mlflow.db", "détente")


def folder(config, inputs=""):
    return checkpoint_folder(BASE, config, ignoring=("tracking", "output"), inputs=inputs)


def test_what_changes_nothing_computed_keeps_the_folder(config):
    before = folder(config)
    assert before.parent == BASE
    config.tracking.uri, config.output = "http://ailleurs", "y"
    assert folder(config) == before
    assert config.tracking.uri == "http://ailleurs", "the configuration itself is left alone"


def test_another_setting_value_reached_by_interpolation_or_input_is_another_folder(config):
    folders = {folder(config), folder(config, inputs="d41d8cd9")}
    config.training.epochs = 5
    folders.add(folder(config))
    config.seed = 2
    folders.add(folder(config))
    assert len(folders) == 4


def test_a_broken_run_is_continued_not_doubled(config, store, tmp_path):
    store = replace(store, experiment="interrompu")
    with pytest.raises(KeyboardInterrupt), resumable_run(store, "train", config, tmp_path / "work") as tracker:
        tracker.log({"loss": 2.0}, step=1)
        raise KeyboardInterrupt
    assert [run.info.status for run in mlflow.search_runs(output_format="list")] == ["FAILED"]
    with resumable_run(store, "train", config, tmp_path / "work") as tracker:
        tracker.log({"loss": 1.0}, step=2)
    [run] = mlflow.search_runs(output_format="list")
    assert run.info.status == "FINISHED"
    curve = mlflow.MlflowClient().get_metric_history(run.info.run_id, "loss")
    assert [(point.step, point.value) for point in curve] == [(1, 2.0), (2, 1.0)]
    assert run.data.params["training.seed"] == "1"


def test_a_run_in_another_folder_is_another_run(config, store, tmp_path):
    ids = set()
    for name in ("one", "other"):
        with resumable_run(store, "train", config, tmp_path / name):
            ids.add(mlflow.active_run().info.run_id)
    assert len(ids) == 2


def test_summary_tags_and_figures_land_under_their_names(config, store, tmp_path):
    figure, _ = plt.subplots()
    with resumable_run(store, "train", config, tmp_path / "work") as tracker:
        tracker.log_summary({"validation/macro/f1": 0.7})
        tracker.tag({"name": "embedded", "seed": 1})
        tracker.log_figure(figure, "validation/confusion.png")
        run_id = mlflow.active_run().info.run_id
    plt.close(figure)
    run = mlflow.get_run(run_id)
    assert run.data.metrics == {"final/validation/macro/f1": 0.7}
    assert (run.data.tags["model.name"], run.data.tags["model.seed"]) == ("embedded", "1")
    assert [file.path for file in mlflow.artifacts.list_artifacts(run_id=run_id, artifact_path="validation")] == [
        "validation/confusion.png"
    ]
