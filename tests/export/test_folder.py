"""The bundle as a folder: what is in it, and what happens when the gate closes."""

import json
from importlib.metadata import version

import pytest
import yaml

from detente.bundle.labeller import Labeller
from detente.corpus.tables import label_matrix, to_frame
from detente.errors import UserError
from detente.export import folder as module
from detente.export.folder import write_bundle
from detente.export.parity import Tolerance


def test_the_folder_holds_a_model_without_pickle_and_without_paths_of_this_machine(tiny_bundle):
    files = {path.relative_to(tiny_bundle).as_posix() for path in tiny_bundle.rglob("*") if path.is_file()}
    files = {file for file in files if "__pycache__" not in file}  # left by tests that have loaded it meanwhile
    assert {file for file in files if not file.startswith("code/")} == {
        "MLmodel",
        "README.md",
        "conda.yaml",
        "python_env.yaml",
        "requirements.txt",
        "served_bundle.py",
        "artifacts/actors.json",
        "artifacts/bundle.json",
        "artifacts/model.onnx",
        "artifacts/model.int8.onnx",
        "artifacts/tokenizer.json",
    }
    assert {file.rpartition(".")[2] for file in files} <= {"py", "onnx", "json", "yaml", "txt", "md", "MLmodel"}
    described = yaml.safe_load((tiny_bundle / "MLmodel").read_text(encoding="utf-8"))["flavors"]["python_function"]
    assert described["model_code_path"] == "served_bundle.py"
    assert all(artifact["uri"].startswith("artifacts/") for artifact in described["artifacts"].values())


def test_requirements_are_few_and_exact(tiny_bundle):
    names = ("mlflow", "onnxruntime", "tokenizers", "numpy", "pandas")
    wanted = [f"{name}=={version(name)}" for name in names]
    assert (tiny_bundle / "requirements.txt").read_text(encoding="utf-8").split() == wanted


def test_the_description_tells_where_the_model_comes_from_and_what_was_measured(tiny_bundle, tiny_model):
    description = json.loads((tiny_bundle / "artifacts" / "bundle.json").read_text(encoding="utf-8"))
    assert description["decision"]["thresholds"] == list(tiny_model.decision.thresholds)
    assert (description["max_length"], description["provenance"]) == (32, {"git_commit": "abc"})
    assert description["parity"]["sentences"] == 40
    assert 0 < description["parity"]["fp32"]["largest_difference"] < 1e-4
    assert 0 < description["parity"]["int8"]["largest_difference"] < 0.5


@pytest.fixture
def write(tiny_model, tiny_bundle, records, monkeypatch, tmp_path):
    """Writes a bundle again, from graphs made before, under another tolerance."""
    frame = to_frame(records[:40])
    graphs = tiny_bundle / "artifacts"
    monkeypatch.setattr(module, "export_fp32", lambda model, path: path.write_bytes((graphs / "model.onnx").read_bytes()))
    (tmp_path / "bundle").mkdir()
    (tmp_path / "bundle" / "older").touch()

    def _write(tolerance, int8):
        return write_bundle(
            tiny_model, frame["text"].tolist(), label_matrix(frame), tmp_path / "bundle", tolerance, int8, provenance={}
        )

    return _write


def test_an_unfaithful_graph_leaves_the_older_bundle_alone(write, tmp_path):
    with pytest.raises(UserError, match="the fp32 graph differs from the trained model"):
        write(Tolerance(probability=0.0, f1_loss=1.0, agreement=0.0), int8=True)
    assert [path.name for path in tmp_path.joinpath("bundle").iterdir()] == ["older"]


@pytest.mark.parametrize(("int8", "reason"), [(True, "labels are the same"), (False, "int8=false")])
def test_int8_that_is_not_shipped_leaves_a_reason(write, tmp_path, int8, reason):
    description = write(Tolerance(probability=1e-4, f1_loss=1.0, agreement=1.01), int8)
    assert description.weights == ("fp32",)
    assert not (tmp_path / "bundle" / "artifacts" / "model.int8.onnx").exists()
    assert Labeller.load(tmp_path / "bundle").weights == "fp32"
    with pytest.raises(UserError, match=f"no weights 'int8' .*({reason}).*choose among fp32"):
        Labeller.load(tmp_path / "bundle", "int8")
