"""An encoder can be gone on from: with other text, for longer, on a larger machine."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch
import yaml
from transformers import AutoModel, AutoModelForMaskedLM

from detente.encoder.configuration import read_configuration
from detente.encoder.continuation import load_start
from detente.encoder.run import pretrain_encoder
from detente.errors import UserError


@pytest.fixture
def run(configuration, tmp_path):
    """Pretrains with some changes to the configuration; gives settings, folders and result."""

    def _run(**changes):
        path = tmp_path / "config.yaml"
        path.write_text(yaml.safe_dump(configuration | changes), encoding="utf-8")
        settings, folders = read_configuration(path)
        return settings, folders, pretrain_encoder(settings, folders, lambda metrics, step: None)

    return _run


@pytest.fixture
def first(run, tmp_path):
    """A finished encoder to go on from."""
    run(output=str(tmp_path / "first"))
    return tmp_path / "first"


def test_weights_and_tokenizer_are_taken_over(run, first, configuration, tmp_path):
    still = configuration["schedule"] | {"learning_rate": 0.0, "causal_steps": 0}
    run(start=str(first), schedule=still, tokenizer={"vocabulary_size": 20, "documents": 1, "seed": 2})
    before, after = (AutoModelForMaskedLM.from_pretrained(folder).state_dict() for folder in (first, tmp_path / "encoder"))
    assert all(torch.equal(weights, after[name]) for name, weights in before.items())
    assert (tmp_path / "encoder" / "tokenizer.json").read_bytes() == (first / "tokenizer.json").read_bytes()


def test_the_second_stretch_moves_on_from_where_the_first_ended(run, first, tmp_path):
    losses = {str(start): run(start=str(start) if start else "")[2]["validation_loss"] for start in ("", first)}
    assert losses[str(first)] < losses[""]


def test_the_card_tells_of_both_stretches(run, first, tmp_path):
    run(start=str(first))
    card = (tmp_path / "encoder" / "README.md").read_text(encoding="utf-8")
    assert "| went on from | `first`: its weights and its tokenizer |" in card
    assert str(tmp_path) not in card
    own, told, earlier = card.partition("\n## The encoder it went on from\n")
    assert told and "\n#### Text and licences\n" in earlier and "\n## " not in earlier
    assert card.count("\nlicense: other\n") == 1
    assert "first token embeddings" in earlier and "first token embeddings" not in own


def test_an_encoder_without_a_card_can_be_gone_on_from(run, first, tmp_path):
    (first / "README.md").unlink()
    run(start=str(first))
    assert "It has no card." in (tmp_path / "encoder" / "README.md").read_text(encoding="utf-8")


def test_other_weights_to_begin_from_are_another_run(run, first, tmp_path):
    other = shutil.copytree(first, tmp_path / "other")
    _, before, _ = run(start=str(first))
    _, same, _ = run(start=str(first))
    assert before == same
    weights = bytearray((other / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (other / "model.safetensors").write_bytes(weights)
    _, after, _ = run(start=str(other))
    assert after.work != before.work


def test_the_encoder_gone_on_from_is_not_overwritten(run, first):
    with pytest.raises(UserError, match=r"start and output are both .*first; name another output"):
        run(start=str(first), output=f"{first.parent}/x/../first")


def test_another_shape_is_refused_with_the_overrides_that_ask_for_its_own(run, first):
    settings, _, _ = run(start=str(first))
    with pytest.raises(UserError, match=r"another shape .* architecture\.layers=1 architecture\.width=16 .*max_length=24"):
        load_start(first, replace(settings.architecture, layers=2))


def without_its_head(folder: Path) -> None:
    AutoModel.from_pretrained(folder).save_pretrained(folder)


def without_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()


def broken(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"no weights")


def with_a_foreign_tokenizer(folder: Path) -> None:
    file = folder / "tokenizer.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    vocabulary = content["model"]["vocab"]
    vocabulary[1], vocabulary[5] = vocabulary[5], vocabulary[1]
    content["added_tokens"] = [token for token in content["added_tokens"] if token["id"] != 1]
    file.write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.parametrize(
    "spoil, message",
    [
        (shutil.rmtree, r"first: there is no config\.json\. Name a folder that `detente pretrain` wrote"),
        (without_weights, r"first: there is no model\.safetensors"),
        (broken, r"first: cannot be read \(.*\); bring it again"),
        (without_its_head, r"first: has no lm_head\.\S+, so it cannot guess hidden words\. .* models/pretrained"),
        (with_a_foreign_tokenizer, r"first: its tokenizer begins with <s> \S+ </s> <unk> <mask> instead of <s> <pad>"),
    ],
)
def test_what_cannot_be_gone_on_from_is_refused(run, first, spoil, message):
    spoil(first)
    with pytest.raises(UserError, match=message):
        run(start=str(first))
