"""An encoder comes back from disk as it was saved; one that cannot be loaded is told in a line with the way out."""

import shutil
from dataclasses import replace

import huggingface_hub.constants
import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoModelForMaskedLM, AutoTokenizer

from detente.classifier.fine_tuning import TrainingSettings
from detente.encoder.architecture import Architecture, build_model
from detente.encoder.loading import EncoderSettings, load_for_classification
from detente.encoder.saving import save_encoder
from detente.encoder.tokenizer import load_tokenizer
from detente.errors import UserError
from detente.labels import LABEL_IDS
from detente.project import find_root
from detente.settings import read_settings

ENCODERS = sorted(path.stem for path in (find_root() / "conf" / "encoder").glob("*.yaml"))


@pytest.fixture
def broken(tiny_encoder, tmp_path):
    """A copy of the encoder, for a test to break."""
    return shutil.copytree(tiny_encoder, tmp_path / "broken")


def test_saving_halves_the_weights_and_leaves_the_model_alone(tiny_encoder, tmp_path):
    tokenizer = load_tokenizer(tiny_encoder)
    model = build_model(tokenizer, Architecture(layers=1, width=16, heads=2, feed_forward=32, max_length=24))
    save_encoder(model, tokenizer, tmp_path / "encoder")

    assert {weights.dtype for weights in load_file(tmp_path / "encoder" / "model.safetensors").values()} == {torch.float16}
    assert {weights.dtype for weights in model.parameters()} == {torch.float32}
    reloaded = AutoModelForMaskedLM.from_pretrained(tmp_path / "encoder", dtype=torch.float32)
    saved = reloaded.state_dict()
    assert saved.keys() == model.state_dict().keys()
    for name, weights in model.state_dict().items():
        assert torch.equal(saved[name], weights.half().float()), name
    assert (model.config.hidden_dropout_prob, reloaded.config.hidden_dropout_prob) == (0.0, 0.1)
    assert AutoTokenizer.from_pretrained(tmp_path / "encoder").model_max_length == 24


def test_a_fresh_head_for_the_four_labels_stands_on_the_saved_weights(tiny_encoder):
    model, tokenizer = load_for_classification(EncoderSettings("embedded", str(tiny_encoder), True, 0.1, 1), LABEL_IDS)
    assert model.config.problem_type == "multi_label_classification"
    assert [model.config.id2label[index] for index in range(4)] == list(LABEL_IDS)
    stored = load_file(tiny_encoder / "model.safetensors")["roberta.embeddings.word_embeddings.weight"]
    assert torch.equal(model.roberta.embeddings.word_embeddings.weight, stored.float())
    logits = model(**tokenizer(["La trêve tient.", "Non."], padding=True, return_tensors="pt")).logits
    assert logits.shape == (2, 4)


def test_a_missing_folder_names_the_command_that_brings_it(tmp_path):
    with pytest.raises(UserError, match=f"no encoder in {tmp_path}/nothing. Run `dvc pull`"):
        load_for_classification(EncoderSettings("embedded", f"{tmp_path}/nothing", True, 0.1, 1), LABEL_IDS)


def test_a_hub_id_without_network_is_told_in_one_line(monkeypatch):
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(UserError) as caught:
        load_for_classification(EncoderSettings("camembert_base", "nobody/no-such-encoder", True, 0.1, 1), LABEL_IDS)
    message = str(caught.value)
    assert message.startswith("encoder=camembert_base: cannot load 'nobody/no-such-encoder' (")
    assert message.endswith("give a folder as encoder.source=/path/to/it, or use encoder=embedded.")
    assert "\n" not in message


@pytest.mark.parametrize("damage", ["cut short", "missing"])
def test_broken_weights_are_named(broken, damage):
    weights = broken / "model.safetensors"
    if damage == "missing":
        weights.unlink()
    else:
        weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(UserError, match=r"cannot load '.*broken'"):
        load_for_classification(EncoderSettings("embedded", str(broken), True, 0.1, 1), LABEL_IDS)


@pytest.mark.parametrize("name", ENCODERS)
def test_every_encoder_of_the_configuration_composes(composed, name):
    configuration = composed("train", f"encoder={name}")
    settings = read_settings(EncoderSettings, configuration, "encoder", leaving=("learning_rate",))
    assert read_settings(TrainingSettings, configuration, "training").learning_rate == configuration.encoder.learning_rate
    assert settings.name == name


def test_without_its_weights_an_encoder_keeps_its_shape_and_tokenizer(tiny_encoder):
    settings = EncoderSettings("random", str(tiny_encoder), pretrained=False, dropout=0.2, threads=1)
    model, _ = load_for_classification(settings, LABEL_IDS)
    trained, _ = load_for_classification(replace(settings, pretrained=True), LABEL_IDS)
    name = "roberta.embeddings.word_embeddings.weight"
    weights, others = model.state_dict()[name], trained.state_dict()[name]
    assert weights.shape == others.shape and not torch.equal(weights, others)
    assert model.config.hidden_dropout_prob == 0.2


def test_a_dropout_outside_its_range_is_refused():
    with pytest.raises(UserError, match=r"encoder\.dropout=1\.0: must be at least 0 and below 1"):
        EncoderSettings("x", "y", True, 1.0, 1)
