"""``detente export`` on the real configuration, shrunk: two folders, and what is refused."""

import pytest

from detente.bundle.labeller import Labeller
from detente.commands.export import export
from detente.errors import UserError
from detente.tracking.lineage import file_hash


def test_a_trained_model_becomes_a_bundle_and_a_transformers_folder(composed, tiny_model, small_splits, tmp_path, capsys):
    tiny_model.save(tmp_path / "model")
    description = export(composed("export", "mlflow_run=0123abcd"))
    assert Labeller.load(tmp_path / "bundle").description == description
    assert (tmp_path / "transformers" / "model.safetensors").is_file()
    provenance = description.provenance
    assert (provenance["name"], provenance["mlflow_run"]) == ("tiny", "0123abcd")
    assert provenance["parity_data"] == {"file": "test.parquet", "md5": file_hash(small_splits / "test.parquet")}
    assert len(provenance["git_commit"]) == 40
    shown = capsys.readouterr().out
    assert "fp32: largest difference" in shown
    assert f"int8: {'shipped' if 'int8' in description.weights else 'not shipped'}, " in shown


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("model=none", "no trained classifier in none"),
        ("tolerance.probability=large", "configuration, tolerance.probability"),
        ("data=none.parquet", "none.parquet: no such split"),
    ],
)
def test_a_mistake_is_named_before_anything_is_written(composed, tiny_model, tmp_path, override, message):
    tiny_model.save(tmp_path / "model")
    with pytest.raises(UserError, match=message):
        export(composed("export", override))
    assert not (tmp_path / "bundle").exists()


def test_only_camembert_can_be_exported(composed, baseline, tmp_path):
    with pytest.raises(UserError, match="family 'tfidf' cannot be exported; give a camembert model"):
        export(composed("export", f"model={baseline}"))
