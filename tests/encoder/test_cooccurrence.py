"""Tokens that keep the same company get vectors that point the same way."""

import numpy as np
import pytest
import torch

from detente.encoder.architecture import Architecture, build_model, start_from_counts
from detente.encoder.cooccurrence import cooccurrence_vectors, log_frequencies
from detente.encoder.tokenizer import load_tokenizer

ATTACK, RAID, TREATY = 10, 11, 12  # the first two occur among tokens 20–39, the third among tokens 40–59


@pytest.fixture(scope="module")
def sequences():
    draw = np.random.default_rng(1)
    rows = draw.integers(20, 40, (600, 9))
    rows[400:] += 20
    rows[:, 4] = np.repeat([ATTACK, RAID, TREATY], 200)
    return rows.astype(np.uint16)


@pytest.fixture(scope="module")
def vectors(sequences):
    return cooccurrence_vectors(sequences, vocabulary_size=100, width=8, window=3, seed=1)


def test_one_vector_a_token(vectors):
    assert vectors.shape == (100, 8)
    assert vectors.dtype == torch.float32
    assert vectors.isfinite().all()


def test_tokens_in_the_same_contexts_are_near_and_others_far(vectors):
    similarity = torch.nn.functional.cosine_similarity
    assert similarity(vectors[ATTACK], vectors[RAID], dim=0) > 0.9
    assert similarity(vectors[ATTACK], vectors[TREATY], dim=0) < 0.1


def test_a_token_that_never_occurs_has_no_direction(vectors):
    assert vectors[99].norm() < 1e-4 < vectors[ATTACK].norm()


def test_the_seed_settles_the_vectors(sequences, vectors):
    assert torch.equal(vectors, cooccurrence_vectors(sequences, vocabulary_size=100, width=8, window=3, seed=1))


def test_frequencies_are_smoothed_by_one():
    expected = np.log([1 / 7, 2 / 7, 4 / 7])
    np.testing.assert_allclose(log_frequencies(np.array([[1, 2], [2, 2]]), 3), expected, rtol=1e-6)


def test_a_head_start_sets_embeddings_and_the_tied_vocabulary_layer(tiny_encoder):
    tokenizer = load_tokenizer(tiny_encoder)
    model = build_model(tokenizer, Architecture(layers=1, width=16, heads=2, feed_forward=32, max_length=32))
    vectors, frequencies = torch.randn(len(tokenizer), 16), torch.randn(len(tokenizer))
    start_from_counts(model, vectors, frequencies)
    torch.testing.assert_close(model.lm_head.decoder.weight, vectors * 0.05 / vectors.std())
    assert torch.equal(model.lm_head.decoder.bias, frequencies)
