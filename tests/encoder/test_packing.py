"""Packing keeps every token, in order, and pads nothing."""

import numpy as np
import pytest

from detente.encoder.packing import pack
from detente.encoder.tokenizer import load_tokenizer

LENGTH = 20


@pytest.fixture(scope="module")
def tokenizer(tiny_encoder):
    return load_tokenizer(tiny_encoder)


def test_no_token_is_lost_but_the_tail(tokenizer, records):
    texts = [record.text for record in records[:600]]
    stream = [token for text in texts for token in (*tokenizer.encode(text, add_special_tokens=False), 2)]
    packed = pack(texts, tokenizer, LENGTH)[:, 1:-1].ravel()
    assert 0 <= len(stream) - len(packed) < LENGTH - 2
    np.testing.assert_array_equal(packed, stream[: len(packed)])


def test_each_sequence_is_framed_and_unpadded(tokenizer, records):
    packed = pack((record.text for record in records[:50]), tokenizer, LENGTH)
    assert packed.shape[1] == LENGTH
    assert set(packed[:, 0]) == {tokenizer.cls_token_id}
    assert set(packed[:, -1]) == {tokenizer.sep_token_id}
    assert tokenizer.pad_token_id not in packed


def test_a_small_vocabulary_takes_two_bytes_a_token(tokenizer):
    assert pack(["La paix. " * 50], tokenizer, LENGTH).dtype == np.uint16


def test_text_shorter_than_a_sequence_gives_none(tokenizer):
    assert pack(["Oui."], tokenizer, LENGTH).shape == (0, LENGTH)
    assert pack([], tokenizer, LENGTH).shape == (0, LENGTH)
