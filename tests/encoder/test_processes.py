"""Two processes make the weights that one makes, stopped and taken up or not."""

import os
import subprocess
import sys

import pytest
import torch
import yaml

from detente.encoder import processes
from detente.encoder.configuration import read_configuration
from detente.encoder.curve import read_curve
from detente.encoder.run import pretrain_encoder
from detente.errors import UserError


def write(configuration, folder, **schedule):
    """The configuration with everything it writes below ``folder``."""
    schedule = configuration["schedule"] | schedule
    written = configuration | {"output": f"{folder}/encoder", "checkpoints": f"{folder}/checkpoints", "schedule": schedule}
    folder.mkdir(exist_ok=True)
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump(written), encoding="utf-8")
    return path


def launch(config):
    """Runs ``python -m detente.encoder`` in two processes, as its documentation says."""
    command = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2", "-m", "detente.encoder", config]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    return subprocess.run([sys.executable, *command], env=environment, capture_output=True, text=True, check=False)


def test_two_processes_that_were_stopped_end_with_the_weights_of_one(configuration, tmp_path):
    settings, alone = read_configuration(write(configuration, tmp_path / "alone"))
    expected = pretrain_encoder(settings, alone, lambda metrics, step: None)

    for steps in (4, 6):
        path = write(configuration, tmp_path / "together", steps=steps)
        finished = launch(path)
        assert finished.returncode == 0, finished.stderr
    _, together = read_configuration(path)

    states = [torch.load(folders.work / "state.pt", weights_only=True) for folders in (alone, together)]
    assert states[1]["step"] == 6
    # Muon orthogonalises in bf16, where the last bit of a gradient can become half a percent of a step.
    for name, weights in states[0]["model"].items():
        torch.testing.assert_close(states[1]["model"][name], weights, rtol=0, atol=1e-5)
    curves = [read_curve(folders.work / "curve.csv") for folders in (alone, together)]
    for step, metrics in curves[0].items():
        for name, value in metrics.items():
            assert curves[1][step][name] == pytest.approx(value, abs=1e-5), (step, name)
    assert f'"tokens": {expected["tokens"]}' in finished.stdout
    assert finished.stdout.count('"tokens"') == 1, "the first process alone reports"
    card = (together.output / "README.md").read_text(encoding="utf-8")
    assert "| device | 2 processes, each on cpu, threads: 1 |" in card


def test_more_processes_than_rows_are_refused(configuration, tmp_path, monkeypatch):
    settings, folders = read_configuration(write(configuration, tmp_path))
    monkeypatch.setattr(processes, "count", lambda: 6)
    with pytest.raises(UserError, match=r"schedule\.batch_size=5 leaves some of 6 processes without sequences"):
        pretrain_encoder(settings, folders, lambda metrics, step: None)


def test_a_process_without_a_gpu_of_its_own_is_told(monkeypatch):
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.setenv("LOCAL_RANK", "1")
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    with (
        pytest.raises(UserError, match=r"Process 2 on this machine has no GPU of its own; start 1 \(--nproc-per-node\)"),
        processes.joined(torch.device("cuda")),
    ):
        pass
