"""A registered bundle is the bundle itself: its answers, its provenance, its hash."""

import shutil
from dataclasses import replace
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
import pytest

from detente.bundle.description import Description
from detente.bundle.labeller import Labeller
from detente.corpus.record import Record
from detente.corpus.tables import write_split
from detente.errors import UserError
from detente.evaluation.metrics import score
from detente.labels import LABEL_IDS
from detente.tracking.lineage import file_hash, folder_hash
from detente.tracking.registry import JudgingSet, champion_of, promote_bundle, provenance_tags, register
from detente.tracking.run import TrackingSettings, tracked_run


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return TrackingSettings(f"sqlite:///{tmp_path_factory.mktemp('store')}/mlflow.db", "détente")


@pytest.fixture
def judging(small_splits):
    return JudgingSet.read(small_splits / "validation.parquet")


def test_the_champion_loads_by_its_alias_and_gives_the_bundles_answers(store, tiny_bundle, judging):
    with tracked_run(store, "promote", {}):
        promote_bundle(tiny_bundle, "par-alias", judging, force=False)
    table = pd.DataFrame({"text": judging.texts[:5]})
    answer = mlflow.pyfunc.load_model("models:/par-alias@champion").predict(table)
    expected = Labeller.load(tiny_bundle).label(judging.texts[:5]).probabilities
    np.testing.assert_array_equal(answer[list(LABEL_IDS)], expected)


def test_a_version_keeps_the_hash_of_the_bundle_and_not_its_compiled_code(store, tiny_bundle, tmp_path):
    used = shutil.copytree(tiny_bundle, tmp_path / "used", ignore=shutil.ignore_patterns("__pycache__"))
    clean = folder_hash(used)
    cache = used / "code" / "detente" / "__pycache__"
    cache.mkdir()
    (cache / "labels.cpython-311.pyc").write_bytes(b"compiled")
    with tracked_run(store, "promote", {}) as run:
        version = register(used, "sans-cache", {"weights": "int8"})
    registered = mlflow.MlflowClient().get_model_version("sans-cache", version)
    assert registered.tags == {"weights": "int8", "bundle.md5": clean}
    assert registered.run_id == run.info.run_id and registered.aliases == ["candidate"]
    fetched = mlflow.artifacts.download_artifacts(registered.source, dst_path=str(tmp_path / "fetched"))
    assert folder_hash(Path(fetched)) == clean


def test_a_name_without_champion_has_none(store, tiny_bundle):
    with tracked_run(store, "promote", {}):
        assert champion_of("jamais") is None
        register(tiny_bundle, "candidat-seul", {})
    assert champion_of("candidat-seul") is None


def test_a_folder_that_mlflow_could_not_serve_is_not_registered(store, tiny_bundle, judging, tmp_path):
    broken = shutil.copytree(tiny_bundle, tmp_path / "broken")
    (broken / "MLmodel").unlink()
    with tracked_run(store, "promote", {}), pytest.raises(UserError, match="MLmodel: no such file"):
        promote_bundle(broken, "incomplet", judging, force=True)
    assert mlflow.MlflowClient().search_registered_models("name = 'incomplet'") == []


def test_provenance_becomes_one_tag_a_fact(tiny_bundle):
    description = replace(
        Description.load(tiny_bundle / "artifacts" / "bundle.json"),
        provenance={
            "corpus": "0123.dir",
            "seed": 1,
            "git_dirty": False,
            "parity_data": {"md5": "ab", "file": "test.parquet"},
        },
    )
    assert provenance_tags(description) == {
        "provenance.corpus": "0123.dir",
        "provenance.seed": "1",
        "provenance.git_dirty": "false",
        "provenance.parity_data": '{"file": "test.parquet", "md5": "ab"}',
    }


def test_the_score_is_macro_f1_of_what_is_served_and_the_set_is_named_with_its_hash(judging, tiny_bundle, small_splits):
    labeller = Labeller.load(tiny_bundle)
    said = labeller.label(judging.texts)
    assert judging.judge(labeller) == score(judging.truth, said.decisions, said.probabilities)["macro/f1"]
    digest = file_hash(small_splits / "validation.parquet")
    assert str(judging) == f"validation.parquet ({len(judging.texts)} sentences, md5 {digest})"


def test_sentences_without_any_label_judge_nobody(records: list[Record], tmp_path):
    write_split([record for record in records if not record.labels][:5], tmp_path / "validation.parquet")
    with pytest.raises(UserError, match="no sentence has a label, so that no model can be judged"):
        JudgingSet.read(tmp_path / "validation.parquet")
