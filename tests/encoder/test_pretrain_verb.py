"""``detente pretrain`` from a folder of text to an encoder, with its curves in MLflow."""

import mlflow
import pytest
from transformers import AutoModelForMaskedLM

from detente.commands.pretrain import pretrain
from detente.encoder.tokenizer import load_tokenizer
from detente.errors import UserError


@pytest.fixture
def source(records, tmp_path):
    """Overrides that replace the list of texts, as somebody with a text of their own would."""
    folder = tmp_path / "text"
    folder.mkdir()
    (folder / "news.txt").write_text("\n\n".join(record.text for record in records[:300]), encoding="utf-8")
    return [f"text.folder={folder}", "~text.weights", "+text.weights={news.txt: 2}"]


def test_a_run_makes_an_encoder_and_a_longer_one_takes_it_up(composed, source, tmp_path):
    pretrain(composed("pretrain", *source, "schedule.steps=4"))
    result = pretrain(composed("pretrain", *source))

    assert result["tokens"] == 6 * 4 * 32
    model = AutoModelForMaskedLM.from_pretrained(tmp_path / "encoder")
    assert model.config.vocab_size == len(load_tokenizer(tmp_path / "encoder")) <= 600
    [run] = mlflow.search_runs(experiment_names=["detente"], output_format="list")
    assert run.info.status == "FINISHED"
    assert run.data.metrics["final/validation_loss"] == result["validation_loss"]
    for name, steps in {"loss": [2, 4, 6], "validation_loss": [2, 4, 6]}.items():
        assert [point.step for point in mlflow.MlflowClient().get_metric_history(run.info.run_id, name)] == steps


def test_a_missing_text_is_told_before_anything_is_written(composed, tmp_path):
    with pytest.raises(UserError, match=r"text\.folder: .*absent"):
        pretrain(composed("pretrain", f"text.folder={tmp_path}/absent"))
    assert list(tmp_path.iterdir()) == []


def test_a_launcher_of_several_processes_is_told_what_to_launch(composed, source, monkeypatch):
    monkeypatch.setenv("WORLD_SIZE", "2")
    with pytest.raises(UserError, match=r"torchrun … -m detente\.encoder config\.yaml"):
        pretrain(composed("pretrain", *source))
