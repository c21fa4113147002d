"""``detente doctor``: what is missing comes with the command that brings it."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from detente.commands.doctor import main
from detente.errors import UserError
from detente.project import find_root


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A clone as git leaves it: code and configuration, neither data nor models."""
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=":")
    monkeypatch.setenv("COLUMNS", "240")
    root = find_root()
    (tmp_path / "conf").mkdir()
    for name in ("pyproject.toml", "constraints.txt"):
        shutil.copy(root / name, tmp_path)
    monkeypatch.setenv("DETENTE_ROOT", str(tmp_path))
    return tmp_path


def add_artefacts(project, small_splits):
    """Corpus, splits, and what stands for encoder and classifier."""
    shutil.copytree(Path(__file__).parents[2] / "data" / "corpus", project / "data" / "corpus")
    shutil.copytree(small_splits, project / "data" / "splits")
    (project / "models" / "encoder").mkdir(parents=True)
    (project / "models" / "encoder" / "model.safetensors").write_bytes(bytes(3 * 2**20))
    (project / "models" / "classifier").mkdir()
    description = {"family": "tfidf", "name": "tfidf", "seed": 3, "corpus": "unversioned", "campaign": "none", "share": 1.0}
    (project / "models" / "classifier" / "classifier.json").write_text(json.dumps(description))


def rows(capsys):
    """What was looked at, and its line of the table."""
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    return {line[2:].strip().split("  ")[0]: line for line in lines}


def test_a_bare_clone_is_told_how_to_get_data_and_models(project, capsys):
    with pytest.raises(SystemExit) as end:
        main([])
    assert end.value.code == 1
    found = rows(capsys)
    ways_out = {
        "corpus": "dvc pull data/corpus.dvc",
        "splits": "dvc repro prepare",
        "embedded encoder": "dvc pull adapt",
        "trained classifier": "make train",
    }
    for name, way_out in ways_out.items():
        assert found[name].startswith("no") and way_out in found[name]
    assert found["torch"].startswith("ok") and "no run yet" in found["MLflow runs"]


def test_a_whole_project_is_well(project, small_splits, records, capsys):
    add_artefacts(project, small_splits)
    main([])
    found = rows(capsys)
    assert f"{len(records)} sentences" in found["corpus"]
    assert "3 MB of weights" in found["embedded encoder"]
    assert "tfidf, seed 3" in found["trained classifier"]


def test_a_package_of_another_version_is_named_with_the_tested_one(project, capsys):
    pins = project / "constraints.txt"
    lines = [line for line in pins.read_text().splitlines() if not line.startswith("torch==")]
    pins.write_text("\n".join([*lines, "torch==1.0.0"]) + "\n")
    with pytest.raises(SystemExit):
        main([])
    assert "tested with 1.0.0: make install" in rows(capsys)["torch"]


def test_a_program_that_is_not_on_the_path_is_named(project, capsys, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(SystemExit):
        main([])
    assert "source .venv/bin/activate" in rows(capsys)["dvc on PATH"]


def test_a_malformed_corpus_is_missing_nothing_but_not_well(project, capsys):
    (project / "data" / "corpus").mkdir(parents=True)
    (project / "data" / "corpus" / "articles.jsonl").write_text("{}\n")
    with pytest.raises(SystemExit):
        main([])
    assert rows(capsys)["corpus"].startswith("no")


def test_arguments_are_refused(project):
    with pytest.raises(UserError, match="doctor takes no arguments, got '--fix'"):
        main(["--fix"])
