"""A run names its data by the hashes under which DVC keeps them."""

import hashlib

import mlflow
import pandas as pd
import pytest

from detente.tracking.lineage import corpus_version, file_hash, inputs_hash, log_split, recorded_in_lock
from detente.tracking.run import TrackingSettings, tracked_run

CORPUS = "0123456789abcdef0123456789abcdef.dir"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project folder that DVC has not seen yet."""
    (tmp_path / "conf").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.setenv("DETENTE_ROOT", str(tmp_path))
    return tmp_path


@pytest.fixture
def split(project):
    path = project / "data" / "train.parquet"
    pd.DataFrame({"text": ["L’accord tient."], "escalation": [False]}).to_parquet(path)
    return path


def write_lock(project, digest):
    outs = f"outs:\n    - path: data/train.parquet\n      hash: md5\n      md5: {digest}\n"
    (project / "dvc.lock").write_text(f"schema: '2.0'\nstages:\n  check:\n    cmd: 'true'\n  prepare:\n    {outs}")


def test_the_hash_of_a_file_is_its_md5(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"\x00\xff" * 500_000)
    assert file_hash(path) == hashlib.md5(path.read_bytes()).hexdigest()
    path.write_bytes(b"")
    assert file_hash(path) == "d41d8cd98f00b204e9800998ecf8427e"


def test_other_weights_in_the_same_folder_are_other_inputs(split, tmp_path):
    weights = tmp_path / "encoder" / "model.safetensors"
    weights.parent.mkdir()
    hashes = set()
    for content in (b"one", b"other"):
        weights.write_bytes(content)
        hashes.add(inputs_hash([split, weights.parent]))
    assert len(hashes) == 2 and inputs_hash([split, "almanach/camembert-base"]) == file_hash(split)


def test_the_corpus_version_is_the_one_dvc_recorded(project):
    assert corpus_version() == "unversioned"
    (project / "data" / "corpus.dvc").write_text(f"outs:\n- md5: {CORPUS}\n  hash: md5\n  path: corpus\n")
    assert corpus_version() == CORPUS


def test_content_that_no_stage_wrote_is_not_recorded(project, split):
    assert not recorded_in_lock(split)
    write_lock(project, file_hash(split))
    assert recorded_in_lock(split)
    split.write_bytes(split.read_bytes() + b" ")
    assert not recorded_in_lock(split)


def test_a_split_is_an_input_of_the_run_with_its_hash(project, split):
    write_lock(project, file_hash(split))
    store = TrackingSettings(f"sqlite:///{project}/mlflow.db", "détente")
    with tracked_run(store, "train", {"seed": 1}) as run:
        log_split("train", split, pd.read_parquet(split))
    [logged] = mlflow.get_run(run.info.run_id).inputs.dataset_inputs
    assert (logged.dataset.name, logged.dataset.digest) == ("train", file_hash(split))
    assert {tag.key: tag.value for tag in logged.tags} == {
        "mlflow.data.context": "train",
        "dvc.md5": file_hash(split),
        "dvc.recorded": "true",
    }
