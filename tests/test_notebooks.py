"""The notebooks run from what the tests have, keep their outputs, and stay short enough to be read."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import mlflow
import nbformat
import pytest

from detente.corpus.tables import label_matrix, read_split
from detente.evaluation.bootstrap import document_bootstrap
from detente.evaluation.metrics import score
from detente.evaluation.report import Report
from detente.project import find_root
from detente.tracking.run import TrackingSettings, tracked_run

NOTEBOOKS = sorted((find_root() / "notebooks").glob("*.ipynb"))
MOST_CELLS = 59


def execute(folder: Path, name: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs ``execute.py`` on a notebook of a copy; nothing but what is named here reaches the notebook."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("DETENTE_")}
    whole = inherited | {"DETENTE_ROOT": str(find_root())} | environment
    command = [sys.executable, str(folder / "execute.py"), str(folder / name)]
    return subprocess.run(command, env=whole, capture_output=True, text=True, check=False)


def outputs(path: Path) -> list[Any]:
    notebook = nbformat.read(path, as_version=4)
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(find_root() / "notebooks", tmp_path / "notebooks")


@pytest.fixture(scope="module")
def given(tmp_path_factory, tiny_model, small_splits):
    """A model, its splits, report and MLflow run, where the notebooks are told to look for them."""
    place = tmp_path_factory.mktemp("notebooks")
    tiny_model.save(place / "model")
    frame = read_split(small_splits / "test.parquet")
    truth, labelling = label_matrix(frame), tiny_model.label(frame["text"].tolist())
    found = (truth, labelling.decisions, labelling.probabilities)
    intervals = document_bootstrap(*found, frame["document"].to_numpy(), samples=5, seed=1)
    Report("test", len(frame), 1, score(*found), intervals, {}).save(place / "reports" / "test" / "report.json")
    uri = f"sqlite:///{place}/mlflow.db"
    with tracked_run(TrackingSettings(uri, "detente"), "train", {}):
        mlflow.set_tags({f"model.{key}": value for key, value in tiny_model.description.items()})
        mlflow.log_metrics({"train/loss": 1.0, "validation/loss": 1.0, "validation/macro_f1": 0.5}, step=1)
    paths = {"MODEL": place / "model", "SPLITS": small_splits, "REPORTS": place / "reports", "TRACKING": uri}
    return {f"DETENTE_{name}": str(path) for name, path in paths.items()} | {"DETENTE_BUNDLE": str(place / "none")}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_short_and_keeps_clean_outputs(path):
    cells = nbformat.read(path, as_version=4).cells
    assert len(cells) <= MOST_CELLS
    kept = outputs(path)
    assert any("image/png" in output.get("data", {}) for output in kept), "run python notebooks/execute.py"
    assert {output.output_type for output in kept} <= {"display_data", "execute_result"}  # nothing printed, no warning
    assert str(find_root()) not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_its_first_cell_to_its_last(path, folder, given):
    done = execute(folder, path.name, **given)
    assert done.returncode == 0, done.stderr
    again = outputs(folder / path.name)
    assert {output.output_type for output in again} <= {"display_data", "execute_result"}
    kinds = [sorted(output.get("data", {})) for output in again]
    if path.stem == "02_results":  # the curve and the report that are there are shown
        assert not any("dvc repro" in output.data.get("text/markdown", "") for output in again)
    assert kinds.count(["image/png", "text/plain"]) >= 4


def test_the_article_is_labelled_by_the_bundle_where_there_is_one(folder, given, tiny_bundle):
    no_model = {"DETENTE_MODEL": str(folder / "no model"), "DETENTE_BUNDLE": str(tiny_bundle)}
    done = execute(folder, "03_an_article.ipynb", **(given | no_model))
    assert done.returncode == 0, done.stderr


def test_executing_again_changes_nothing_and_a_failure_leaves_the_notebook(folder):
    decoy = folder / "kernels" / "python3" / "kernel.json"  # a kernel of that name that is another interpreter
    decoy.parent.mkdir(parents=True)
    decoy.write_text('{"argv": ["false"], "display_name": "decoy", "language": "python"}')
    code = "import os, sys, tqdm.auto\nprint(sys.version_info.major)\nsys.executable == os.environ['EXPECTED']"
    cell = nbformat.v4.new_code_cell(code, id="one")
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), folder / "small.ipynb")
    assert execute(folder, "small.ipynb", JUPYTER_PATH=str(folder), EXPECTED=sys.executable).returncode == 0
    before, (printed, value) = (folder / "small.ipynb").read_bytes(), outputs(folder / "small.ipynb")
    assert (printed.text, value.data) == ("3\n", {"text/plain": "True"})  # and no warning of a progress bar
    assert sys.version.split()[0].encode() not in before
    assert execute(folder, "small.ipynb", EXPECTED=sys.executable).returncode == 0
    assert (folder / "small.ipynb").read_bytes() == before
    cell["source"] = "1 / 0"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), folder / "broken.ipynb")
    before = (folder / "broken.ipynb").read_bytes()
    done = execute(folder, "broken.ipynb")
    assert done.returncode == 1
    assert "stays as it was" in done.stderr and "ZeroDivisionError" in done.stderr
    assert (folder / "broken.ipynb").read_bytes() == before
