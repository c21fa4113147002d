"""Whole words are hidden, at the rate asked for, in the proportions of BERT."""

import itertools

import numpy as np
import pytest

from detente.encoder.masking import WholeWordMasker
from detente.encoder.packing import pack
from detente.encoder.tokenizer import load_tokenizer

RATE = 0.25


@pytest.fixture(scope="module")
def tokenizer(tiny_encoder):
    return load_tokenizer(tiny_encoder)


@pytest.fixture(scope="module")
def sequences(tokenizer, records):
    return pack((record.text for record in records[:1000]), tokenizer, 64)


@pytest.fixture(scope="module")
def masked(tokenizer, sequences):
    return WholeWordMasker(tokenizer, RATE)(sequences, np.random.default_rng(1))


@pytest.fixture(scope="module")
def words(tokenizer, sequences):
    """Slices (row, columns) of every word that is whole in its sequence, special tokens left out."""
    pieces = tokenizer.convert_ids_to_tokens(range(len(tokenizer)))
    found = []
    for row, sequence in enumerate(sequences):
        starts = [i for i, token in enumerate(sequence) if token < 5 or pieces[token].startswith("▁")]
        for start, end in itertools.pairwise(starts):
            if sequence[start] >= 5:
                found.append((row, slice(start, end)))
    return found


def test_all_pieces_of_a_word_share_its_fate(masked, words, tokenizer):
    ids, chosen = masked
    assert sum(columns.stop - columns.start > 1 for _, columns in words) > 1000
    for row, columns in words:
        assert len(set(chosen[row, columns])) == 1
        assert len(set(ids[row, columns] == tokenizer.mask_token_id)) == 1


def test_the_rate_is_kept_over_words(masked, words):
    chosen = [masked[1][row, columns.start] for row, columns in words]
    assert np.mean(chosen) == pytest.approx(RATE, abs=0.01)


def test_eight_in_ten_are_masked_one_swapped_one_left(masked, sequences, words, tokenizer):
    ids, chosen = masked
    firsts = [(row, columns.start) for row, columns in words if chosen[row, columns.start]]
    after, before = (np.array([tokens[first] for first in firsts]) for tokens in (ids, sequences))
    hidden, left = after == tokenizer.mask_token_id, after == before
    assert np.mean(hidden) == pytest.approx(0.8, abs=0.02)
    assert np.mean(left) == pytest.approx(0.1, abs=0.02)
    assert np.mean(~hidden & ~left) == pytest.approx(0.1, abs=0.02)
    assert after[~hidden].min() > tokenizer.mask_token_id, "a swapped-in piece is never a special token"


def test_special_tokens_and_unchosen_words_are_left_alone(masked, sequences):
    ids, chosen = masked
    assert not chosen[sequences < 5].any()
    np.testing.assert_array_equal(ids[~chosen], sequences[~chosen])


def test_chance_comes_from_the_generator_alone(tokenizer, sequences):
    masker = WholeWordMasker(tokenizer, RATE)
    first, same, other = (masker(sequences, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first[0], same[0])
    np.testing.assert_array_equal(first[1], same[1])
    assert (first[1] != other[1]).any()


def test_rates_0_and_1_are_nothing_and_everything(tokenizer, sequences):
    assert not WholeWordMasker(tokenizer, 0.0)(sequences, np.random.default_rng(1))[1].any()
    np.testing.assert_array_equal(WholeWordMasker(tokenizer, 1.0)(sequences, np.random.default_rng(1))[1], sequences >= 5)
