"""Training sentences are rewritten in the share asked for; what a batch holds hangs on torch's generator alone."""

import random

import pytest
import torch

from detente.classifier.augmentation import TEXT, Augmentation, AugmentingCollator
from detente.corpus.actor_nouns import Actor
from detente.corpus.actor_swaps import ActorSwaps
from detente.encoder.loading import EncoderSettings, load_for_classification
from detente.labels import LABEL_IDS
from detente.text.anonymise import Anonymiser

SENTENCE = "Le Mali a accusé l’armée."
SWAPS = ActorSwaps([Actor(name=name, kind="state", gender="m") for name in ("Mali", "Tchad")])
ANONYMISER = Anonymiser({"Mali": "Mali", "Tchad": "Tchad"})


def augmentation(swapped: float = 0.0, retyped: float = 0.0, anonymised: float = 0.0) -> Augmentation:
    return Augmentation(SWAPS, swapped, retyped, ANONYMISER, anonymised)


@pytest.fixture(scope="module")
def tokenizer(tiny_encoder):
    return load_for_classification(EncoderSettings("tiny", str(tiny_encoder), True, 0.0, 1), LABEL_IDS)[1]


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_the_share_of_sentences_rewritten_in_each_way_is_the_one_asked_for(share):
    chance = random.Random(0)
    swapped = [augmentation(swapped=share).rewrite(SENTENCE, chance) for _ in range(500)]
    assert sum("Tchad" in text for text in swapped) / 500 == pytest.approx(share, abs=0.06)
    retyped = [augmentation(retyped=share).rewrite(SENTENCE, chance) for _ in range(500)]
    assert sum(text != "Le Mali a accusé l'armée." for text in retyped) / 500 == pytest.approx(share, abs=0.06)
    anonymised = [augmentation(0.5, 0.0, share).rewrite(SENTENCE, chance) for _ in range(500)]
    assert anonymised.count("Paris a accusé l'armée.") / 500 == pytest.approx(share, abs=0.06)


def test_typography_takes_every_form_that_normalisation_leaves_but_capitals():
    chance = random.Random(0)
    assert {augmentation(retyped=1).rewrite(SENTENCE, chance) for _ in range(100)} == {
        "LE Mali a accusé l'armée.",
        "Le Mali a accuse l'armee.",
    }


def batch(tokenizer, seed, rows, versions=1):
    torch.manual_seed(seed)
    return AugmentingCollator(tokenizer, 8, augmentation(0.5, 0.5), versions)(rows)


def test_one_state_of_the_generator_gives_one_batch(tokenizer):
    rows = [{TEXT: SENTENCE, "length": 9, "labels": [1.0, 0.0, 0.0, 0.0]}] * 20
    first, again, other = (batch(tokenizer, seed, rows) for seed in (3, 3, 4))
    assert torch.equal(first["input_ids"], again["input_ids"])
    assert first["input_ids"].shape != other["input_ids"].shape or not torch.equal(first["input_ids"], other["input_ids"])
    assert set(first) == {"input_ids", "attention_mask", "labels"}
    assert first["input_ids"].shape[1] <= 8


def test_two_versions_of_a_sentence_stand_half_a_batch_apart(tokenizer):
    rows = [{TEXT: SENTENCE, "length": 9, "labels": [float(row), 0.0, 0.0, 0.0]} for row in range(5)]
    found = batch(tokenizer, 0, rows, versions=2)
    assert found["labels"][:, 0].tolist() == [0, 1, 2, 3, 4] * 2
    assert not torch.equal(*found["input_ids"].chunk(2))


def test_rows_without_their_text_are_only_padded(tokenizer):
    rows = [dict(tokenizer(text)) | {"length": 3, "labels": [0.0] * 4} for text in (SENTENCE, "Il pleut.")]
    assert batch(tokenizer, 0, rows)["attention_mask"].sum(dim=1).tolist() == [len(row["input_ids"]) for row in rows]
