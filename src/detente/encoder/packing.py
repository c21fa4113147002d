"""From documents to a matrix of token ids: packed sequences without padding."""

from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np
from transformers import PreTrainedTokenizerFast


def _batches(documents: Iterable[str], size: int) -> Iterator[list[str]]:
    iterator = iter(documents)
    while batch := list(islice(iterator, size)):
        yield batch


def pack(documents: Iterable[str], tokenizer: PreTrainedTokenizerFast, length: int) -> np.ndarray:
    """Tokenises documents and cuts them into sequences of one length, as RoBERTa's FULL-SENTENCES (Liu et al. 2019).

    Documents follow one another with ``</s>`` between them; each sequence is ``<s>``, ``length - 2`` tokens, ``</s>``.

    Args:
        documents: Running text.
        tokenizer: The encoder's tokenizer.
        length: Tokens a sequence.

    Returns:
        uint16 or int32 array ``[sequence, length]``; what does not fill the last sequence is dropped.
    """
    kind = np.uint16 if len(tokenizer) <= 2**16 else np.int32
    pieces: list[np.ndarray] = []
    separator = np.array([tokenizer.sep_token_id], dtype=kind)
    for batch in _batches(documents, 512):
        for encoding in tokenizer.backend_tokenizer.encode_batch_fast(batch, add_special_tokens=False):
            pieces.extend((np.array(encoding.ids, dtype=kind), separator))
    stream = np.concatenate(pieces) if pieces else np.empty(0, dtype=kind)
    body = length - 2
    count = len(stream) // body
    sequences = np.empty((count, length), dtype=kind)
    sequences[:, 0] = tokenizer.cls_token_id
    sequences[:, 1:-1] = stream[: count * body].reshape(count, body)
    sequences[:, -1] = tokenizer.sep_token_id
    return sequences
