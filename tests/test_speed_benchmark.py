"""The speed benchmark runs from end to end, on a tiny model and a few sentences."""

import os
import shutil
import subprocess
import sys

import onnxruntime
import pandas as pd
import pytest

from detente.export.transformers_folder import write_transformers_folder
from detente.project import find_root

SCRIPT = find_root() / "experiments" / "speed.py"


@pytest.fixture(scope="module")
def models(tmp_path_factory, tiny_model, tiny_bundle):
    folder = tmp_path_factory.mktemp("models")
    tiny_model.save(folder / "classifier")
    write_transformers_folder(tiny_model.classifier, tiny_model.decision, folder / "transformers")
    (folder / "bundle").symlink_to(tiny_bundle)
    return folder


def run(models, splits, output):
    command = [sys.executable, SCRIPT, "--quick", "--models", models, "--splits", splits, "--output", output]
    uncompiled = {"TORCHDYNAMO_DISABLE": "1"}  # torch.compile passes the model through; building it takes minutes
    return subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | uncompiled)


def test_it_measures_every_engine_and_fills_the_readme(models, small_splits, tmp_path):
    shutil.copy(SCRIPT.with_suffix("") / "README.md", tmp_path)
    before, _, after = (tmp_path / "README.md").read_text(encoding="utf-8").partition("<!-- end of table -->")
    done = run(models, small_splits, tmp_path)
    assert done.returncode == 0, done.stderr
    engines = pd.read_csv(tmp_path / "speed.csv").set_index("engine")
    assert {"HF pipeline, batch 1", "HF pipeline, batch 32", "torch, sorted by length", "TF-IDF"} <= set(engines.index)
    assert (engines[["sentences_per_s", "start_s", "memory_mb"]] > 0).all(axis=None)
    assert engines.loc["HF pipeline, batch 32", "to_pipeline_32"] == 1
    same = engines[engines.index.str.contains("pipeline|torch|fp32")]
    assert same["macro_f1"].nunique() == 1, "one model has one F1, whatever runs it"
    assert same["share_of_matrix_rate"].between(0, 1, inclusive="neither").all()
    assert pd.read_csv(tmp_path / "files.csv")["sentences"].tolist() == [1, 40]
    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "| ONNX int8 | " in text and "| 40 | " in text
    assert text.startswith(before.partition("<!-- table")[0]) and text.endswith(after)


def test_missing_models_are_named_with_the_command_that_makes_them(small_splits, tmp_path):
    done = run(tmp_path, small_splits, tmp_path)
    assert done.returncode == 1
    assert f"speed.py: {tmp_path}/classifier is missing: `dvc repro export` makes it" in done.stderr


def test_onnxruntime_does_not_join_normalisations_to_its_slow_operator(tiny_bundle, tmp_path):
    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath = str(tmp_path / "optimised.onnx")
    for graph in ("model.onnx", "model.int8.onnx"):
        onnxruntime.InferenceSession(tiny_bundle / "artifacts" / graph, options, providers=["CPUExecutionProvider"])
        assert b"LayerNormalization" not in (tmp_path / "optimised.onnx").read_bytes()
