"""Mistakes in the settings of ``detente train`` are named, with the way out, before any run begins."""

import mlflow
import pytest

from detente.commands.train import train
from detente.errors import UserError


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("splits=none", r"train\.parquet: no such split; run `detente prepare`"),
        ("+training.nope=1", r"configuration, training\.nope: .*--cfg job"),
        ("training.epochs=many", r"configuration, training\.epochs: .*'many'"),
        ("automatic_error=2", r"automatic_error=2\.0: must be above 0 and at most 1"),
        ("classifier.family=oracle", "family='oracle' is not known; choose classifier=camembert, tfidf or bag_of_ngrams"),
        ("additional=/none.jsonl", r"/none\.jsonl: no such file"),
        ("training.members=0", r"training\.members=0: must be above 0"),
        ("training.swapped=1.5", r"training\.swapped=1\.5: must lie between 0 and 1"),
        ("training.anonymised=2", r"training\.anonymised=2\.0: must lie between 0 and 1"),
        ("training.names=/nowhere", "/nowhere: no such list of actors"),
        ("encoder.source=/none", "no encoder in /none. Run `dvc pull`"),
    ],
)
def test_a_mistake_is_named_before_any_run_begins(composed, store, tmp_path, override, message):
    mlflow.set_tracking_uri(store.removeprefix("tracking.uri="))
    before = len(mlflow.search_runs(experiment_names=["detente"]))
    with pytest.raises(UserError, match=message):
        train(composed("train", store, override))
    assert len(mlflow.search_runs(experiment_names=["detente"])) == before
    assert not (tmp_path / "model").exists()
