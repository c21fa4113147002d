"""Hidden actors: the name gives way to the mask, in the share of the sentences that was asked for."""

import pytest
import torch
from transformers import DataCollatorWithPadding

from detente.classifier.hiding import HIDDEN, HidingCollator
from detente.corpus.actors import read_actors
from detente.encoder.loading import EncoderSettings, load_for_classification
from detente.labels import LABEL_IDS
from detente.project import find_root


@pytest.fixture(scope="module")
def tokenizer(tiny_encoder):
    return load_for_classification(EncoderSettings("tiny", str(tiny_encoder), True, 0.0, 1), LABEL_IDS)[1]


def test_every_actor_gives_way_and_nothing_else():
    actors = read_actors(find_root() / "data" / "actors.yaml")
    hidden = actors.hide("L’armée russe a bombardé Kiev, selon l’ONU ; il pleut.", "<mask>")
    assert hidden == "L'armée <mask> a bombardé <mask>, selon l'<mask> ; il pleut."
    assert actors.named_in(hidden) == []


def rows(tokenizer, count):
    texts = ("Kiev accuse Moscou de mentir.", "<mask> accuse <mask> de mentir.")
    whole, hidden = (tokenizer(text)["input_ids"] for text in texts)
    row = {"input_ids": whole, "attention_mask": [1] * len(whole), HIDDEN: hidden, "length": len(whole)}
    row["labels"] = [1.0, 0.0, 0.0, 0.0]
    return [dict(row) for _ in range(count)]


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_the_share_of_hidden_sentences_is_the_one_asked_for(tokenizer, share):
    torch.manual_seed(0)
    batch = HidingCollator(DataCollatorWithPadding(tokenizer), share)(rows(tokenizer, 500))
    found = (batch["input_ids"] == tokenizer.mask_token_id).any(dim=1)
    assert found.float().mean().item() == pytest.approx(share, abs=0.06)
    assert set(batch) == {"input_ids", "attention_mask", "labels"}
    assert (batch["attention_mask"].sum(dim=1) == (batch["input_ids"] != tokenizer.pad_token_id).sum(dim=1)).all()


def test_one_state_of_the_generator_gives_one_batch(tokenizer):
    batches = []
    for _ in range(2):
        torch.manual_seed(3)
        batches.append(HidingCollator(DataCollatorWithPadding(tokenizer), 0.5)(rows(tokenizer, 20))["input_ids"])
    assert torch.equal(*batches)
