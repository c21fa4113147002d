"""Pretraining where only torch, transformers, tokenizers, numpy and PyYAML are installed."""

import os
import subprocess
import sys

import pytest
import yaml
from transformers import AutoModelForMaskedLM, AutoTokenizer

from detente.encoder.configuration import read_configuration
from detente.encoder.curve import read_curve

# Whatever else the project depends on.
ABSENT = [
    *("accelerate", "cleanlab", "datasets", "datasketch", "dvc", "hydra", "matplotlib", "mlflow", "omegaconf", "onnx"),
    *("onnxruntime", "onnxscript", "pandas", "pyarrow", "pydantic", "scipy", "sklearn", "skops"),
]
BARE = f"""
import runpy, sys
sys.modules.update(dict.fromkeys({ABSENT!r}))  # importing any of them raises ImportError
runpy.run_module("detente.encoder", run_name="__main__")
"""


@pytest.fixture
def run(tmp_path):
    """Runs the module on a configuration, in a process of its own."""

    def _run(configuration):
        path = tmp_path / "config.yaml"
        path.write_text(yaml.safe_dump(configuration), encoding="utf-8")
        environment = os.environ | {"OMP_NUM_THREADS": "1"}
        return path, subprocess.run(
            [sys.executable, "-c", BARE, path], env=environment, capture_output=True, text=True, check=False
        )

    return _run


def test_a_bare_machine_makes_an_encoder_with_its_curve_and_card(run, configuration, tmp_path):
    path, finished = run(configuration)
    assert finished.returncode == 0, finished.stderr
    _, folders = read_configuration(path)
    assert f"Checkpoints and curve in {folders.work}" in finished.stderr

    model = AutoModelForMaskedLM.from_pretrained(tmp_path / "encoder")
    assert model.config.vocab_size == len(AutoTokenizer.from_pretrained(tmp_path / "encoder"))
    curve = read_curve(folders.work / "curve.csv")
    assert list(curve) == [1, 2, 3, 4, 5, 6]
    assert [step for step in curve if "causal_validation_loss" in curve[step]] == [2]
    assert [step for step in curve if "validation_loss" in curve[step]] == [4, 6]
    assert f'"validation_loss": {curve[6]["validation_loss"]}' in finished.stdout
    assert (tmp_path / "encoder" / "README.md").read_text(encoding="utf-8").startswith("---\nlanguage: fr\n")


def test_a_mistake_is_two_lines_and_no_traceback(run, configuration):
    del configuration["schedule"]["steps"]
    path, finished = run(configuration)
    assert finished.returncode == 2
    assert finished.stderr.startswith(f"python -m detente.encoder: {path}: schedule.steps is missing; there must be steps,")
    assert "Traceback" not in finished.stderr
