"""The bundle where nothing but its own few packages is installed, and what stays out of a labelling process at home."""

import json
import re
import subprocess
import sys

import pytest
import yaml

from detente.bundle.labeller import Labeller
from detente.commands.doctor import PYTHON
from detente.project import find_root

TEXTS = ["L’armée a bombardé le port.", "Ankara propose une médiation.", "Il pleut."]
TRAINING = ["torch", "transformers", "hydra", "omegaconf", "sklearn", "mlflow", "datasets", "onnx"]
PATIENCE = 300  # seconds for a loaded machine or a slow network; some fifteen are usual

LABEL = """
import importlib.util, json, sys
from pathlib import Path
bundle, weights, texts, absent = json.loads(sys.argv[1])
sys.path.insert(0, str(Path(bundle, "code")))  # as MLflow does
import detente
from detente.bundle.labeller import Labeller
said = Labeller.load(Path(bundle), weights, threads=1).label(texts)
importable = [name for name in absent if importlib.util.find_spec(name)]
answers = [said.probabilities.tolist(), said.decisions.tolist(), said.review.tolist()]
print(json.dumps([answers, importable, detente.__file__]))
"""
COMMAND = """
import json, sys
from detente.commands.cli import main
sys.argv = ["detente", *sys.argv[1:]]
main()
print(json.dumps(sorted(sys.modules)))
"""


@pytest.fixture(scope="module")
def fresh_python(tiny_bundle, tmp_path_factory):
    """The interpreter of a new environment with the bundle's requirements, less mlflow, which only serving needs."""
    folder = tmp_path_factory.mktemp("fresh")
    wanted = (tiny_bundle / "requirements.txt").read_text(encoding="utf-8").splitlines()
    few = [line for line in wanted if not line.startswith("mlflow==")]
    assert len(few) == len(wanted) - 1
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = str(folder / "bin" / "python")
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--only-binary", ":all:"]
    constraints = ["--constraint", str(find_root() / "constraints.txt")]
    done = subprocess.run([*pip, *constraints, *few], capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, f"the bundle's packages could not be installed: {done.stderr}"
    return python


@pytest.mark.parametrize("weights", ["fp32", "int8"])
def test_the_bundle_gives_its_answers_where_nothing_of_training_is_installed(fresh_python, tiny_bundle, weights):
    asked = json.dumps([str(tiny_bundle), weights, TEXTS, TRAINING])
    # -I: neither PYTHONPATH nor this folder; -B: no compiled code in the bundle.
    done = subprocess.run([fresh_python, "-I", "-B", "-c", LABEL, asked], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answers, importable, code = json.loads(done.stdout)
    assert importable == []
    assert code == str(tiny_bundle / "code" / "detente" / "__init__.py")
    said = Labeller.load(tiny_bundle, weights, threads=1).label(TEXTS)
    assert answers == [said.probabilities.tolist(), said.decisions.tolist(), said.review.tolist()]


@pytest.mark.parametrize("output", ["terminal", "article.jsonl", "table.parquet"])
def test_detente_label_on_a_bundle_loads_no_training_stack(tiny_bundle, tmp_path, output):
    article, table = tmp_path / "article.txt", tmp_path / "in.jsonl"
    article.write_text(" ".join(TEXTS), encoding="utf-8")
    table.write_text("".join(json.dumps({"text": text}) + "\n" for text in TEXTS), encoding="utf-8")
    arguments = {
        "terminal": [str(article)],
        "article.jsonl": [str(article), "--output", str(tmp_path / output)],
        "table.parquet": ["--sentences", str(table), "--output", str(tmp_path / output)],
    }[output]
    command = [sys.executable, "-c", COMMAND, "label", *arguments, "--model", str(tiny_bundle)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    modules = json.loads(done.stdout.splitlines()[-1])
    assert "detente.bundle.labeller" in modules
    assert [name for name in TRAINING if name in modules] == []


def test_what_the_image_copies_is_there_and_its_python_is_ours(tiny_bundle):
    root = find_root()
    dockerfile = (root / "deploy" / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    ignored = (root / "deploy" / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    copied = [source for line in re.findall(r"^COPY (.+)$", dockerfile, re.MULTILINE) for source in line.split()[:-1]]
    assert copied == ["constraints.txt", "models/bundle/requirements.txt", "models/bundle"]
    assert (root / copied[0]).is_file() and (tiny_bundle / "requirements.txt").is_file()
    assert [line for line in ignored if line.startswith("!")] == ["!constraints.txt", "!models/bundle"]
    lowest, ceiling = PYTHON
    [image] = re.findall(r"^FROM python:(\d+)\.(\d+)-slim$", dockerfile, re.MULTILINE)
    assert lowest <= tuple(map(int, image)) < ceiling
    pinned = (root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert set((tiny_bundle / "requirements.txt").read_text(encoding="utf-8").split()) <= set(pinned)


def test_compose_builds_that_image_and_publishes_its_port():
    folder = find_root() / "deploy"
    service = yaml.safe_load((folder / "compose.yaml").read_text(encoding="utf-8"))["services"]["detente"]
    context = folder / service["build"]["context"]
    assert context.samefile(find_root()) and (context / service["build"]["dockerfile"]).samefile(folder / "Dockerfile")
    dockerfile = (folder / "Dockerfile").read_text(encoding="utf-8")
    [port] = re.findall(r"^EXPOSE (\d+)$", dockerfile, re.MULTILINE)
    assert f"MLFLOW_PORT={port}" in dockerfile and service["ports"][0].endswith(f":{port}")
    assert all(f"{name}=" in dockerfile for name in service["environment"])
