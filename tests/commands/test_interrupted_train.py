"""A training run that is stopped, by an exception or by SIGKILL, goes on where it stood, in the same MLflow run."""

import signal
import subprocess
import sys

import mlflow
import pytest
from omegaconf import OmegaConf

from detente.commands.train import train
from detente.tracking.checkpoint import Tracker

# Dies in the second epoch's evaluation: the first epoch has a checkpoint, the second has none yet.
KILLED_IN_SECOND_EPOCH = """
import os, signal, sys
from omegaconf import OmegaConf
from detente.commands.train import train
from detente.tracking.checkpoint import Tracker

def log(self, metrics, step, epochs=[]):
    if "validation/macro_f1" in metrics:
        epochs.append(step)
        if len(epochs) == 2:
            os.kill(os.getpid(), signal.SIGKILL)

Tracker.log = log
train(OmegaConf.load(sys.argv[1]))
"""


@pytest.fixture
def cfg(composed, store):
    """Three epochs."""
    return composed("train", store, "training.epochs=3")


def all_runs():
    return mlflow.search_runs(experiment_names=["detente"], output_format="list")


def evaluated_steps(run):
    """The steps after which the run was evaluated on validation."""
    return [point.step for point in mlflow.MlflowClient().get_metric_history(run.info.run_id, "validation/macro_f1")]


def test_a_run_that_fails_is_marked_and_continued(cfg, monkeypatch):
    uninterrupted = OmegaConf.merge(cfg, {"output": f"{cfg.output}-whole", "checkpoints": f"{cfg.checkpoints}-whole"})
    expected = train(uninterrupted)
    whole = mlflow.last_active_run()
    log = Tracker.log

    def disk_full_in_second_epoch(self, metrics, step):
        if "validation/macro_f1" in metrics and step > evaluated_steps(whole)[0]:
            raise OSError("no space left on device")
        log(self, metrics, step)

    with monkeypatch.context() as patch, pytest.raises(OSError, match="no space"):
        patch.setattr(Tracker, "log", disk_full_in_second_epoch)
        train(cfg)
    failed = all_runs()[0]
    assert failed.info.status == "FAILED"
    assert evaluated_steps(failed) == evaluated_steps(whole)[:1]

    before = len(all_runs())
    assert train(cfg) == expected
    continued = mlflow.MlflowClient().get_run(failed.info.run_id)
    assert len(all_runs()) == before and continued.info.status == "FINISHED"
    assert evaluated_steps(continued) == evaluated_steps(whole)


def test_a_run_that_is_killed_is_continued(cfg, tmp_path):
    OmegaConf.save(cfg, tmp_path / "config.yaml", resolve=True)
    command = [sys.executable, "-c", KILLED_IN_SECOND_EPOCH, str(tmp_path / "config.yaml")]
    killed = subprocess.run(command, capture_output=True, text=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    (work,) = (tmp_path / "checkpoints").iterdir()
    assert len(list(work.glob("member-0/checkpoint-*/trainer_state.json"))) == 1
    run_id = (work / "run_id").read_text()

    train(cfg)
    run = mlflow.last_active_run()
    second, third = evaluated_steps(run)  # the process that died did not log its first epoch
    assert run.info.run_id == run_id and run.info.status == "FINISHED"
    assert (second, third) == (third * 2 // 3, third)
