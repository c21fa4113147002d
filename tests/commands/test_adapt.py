"""``detente adapt``: the encoder changes, the rest of its folder stays loadable, and training can start from it."""

import json
import shutil

import pytest
import torch
from transformers import AutoModel, AutoModelForSequenceClassification

from detente.commands.adapt import adapt, some_documents
from detente.commands.train import train
from detente.encoder.loading import EncoderSettings, load_for_classification
from detente.errors import UserError
from detente.labels import LABEL_IDS


@pytest.fixture
def configuration(composed, store, tiny_encoder, records, tmp_path):
    pretrained = shutil.copytree(tiny_encoder, tmp_path / "pretrained")
    (pretrained / "README.md").write_text("# An encoder\n", encoding="utf-8")
    lines = [record.model_dump(include={"id", "text", "labels", "document"}, mode="json") for record in records[:60]]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (tmp_path / "sentences.jsonl").write_text(text, encoding="utf-8")
    return composed("adapt", store, f"encoder.source={pretrained}")


def test_layers_and_head_are_kept_and_training_goes_on_from_them(configuration, composed, store, tiny_encoder, tmp_path):
    adapt(configuration)
    before, after = (AutoModel.from_pretrained(folder) for folder in (tiny_encoder, tmp_path / "encoder"))
    assert not torch.equal(*(model.encoder.layer[0].attention.self.query.weight for model in (before, after)))
    encoder = EncoderSettings("adapted", f"{tmp_path}/encoder", pretrained=True, dropout=0.1, threads=1)
    model, _ = load_for_classification(encoder, LABEL_IDS)
    kept = AutoModelForSequenceClassification.from_pretrained(tmp_path / "encoder", dtype=torch.float32)
    assert torch.equal(model.classifier.out_proj.weight, kept.classifier.out_proj.weight)
    card = (tmp_path / "encoder" / "README.md").read_text(encoding="utf-8")
    assert card.startswith("# An encoder") and "| real sentences | 60 of " in card and "`detente adapt`" in card
    assert 0 <= train(composed("train", store, f"encoder.source={tmp_path}/encoder", "training.epochs=1")) <= 1


def test_missing_sentences_are_named_with_the_command_that_brings_them(configuration, tmp_path):
    (tmp_path / "sentences.jsonl").unlink()
    with pytest.raises(UserError, match="detente benchmark fetch FOLDER --name real_train"):
        adapt(configuration)


def test_an_encoder_of_another_origin_is_refused_before_training(configuration):
    configuration.encoder.source = "almanach/camembert-base"
    with pytest.raises(UserError, match="camembert-base: not a folder that `detente pretrain` wrote"):
        adapt(configuration)


def test_nothing_can_be_held_out_by_no_share(configuration):
    configuration.held_out = 0.0
    with pytest.raises(UserError, match=r"held_out=0\.0: must lie between 0 and 1"):
        adapt(configuration)


def test_held_out_documents_are_a_share_drawn_by_the_seed():
    documents = [f"d{number % 20}" for number in range(100)]
    drawn = some_documents(documents, 0.2, seed=1)
    assert len(drawn) == 4 and drawn < set(documents)
    assert drawn == some_documents(documents[::-1], 0.2, seed=1) != some_documents(documents, 0.2, seed=2)
    assert len(some_documents(["d1", "d2"], 0.01, seed=1)) == 1
