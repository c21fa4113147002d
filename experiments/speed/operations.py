"""Floating-point operations: how many an engine computes."""

from collections.abc import Sequence
from typing import Any


def operations(config: Any, lengths: Sequence[int], batch_size: int, by_length: bool, last_whole: bool) -> float:
    """Operations of one pass over the sentences, tokens that only fill up a batch included.

    A token passes through L layers of width h with a feed-forward width f, and sees the T tokens of its row. A product of
    matrices counts two operations (multiply, add) a weight:

        FLOPs/token = L * (8 h² [query, key, value, output] + 4 h f [feed-forward] + 4 T h [scores and their sums])

    and the head adds 2 h² + 2 h * labels a sentence. Where the last layer is computed for the first token alone, it costs
    4 h² a token for keys and values, and 4 h² + 4 h f + 4 T h a sentence. Normalisations, activations and softmax are not
    counted: the share of the matrix rate says how near an engine comes to doing nothing but products.

    Args:
        config: Of the Transformers model.
        lengths: Tokens of each sentence, in the order given to the engine.
        batch_size: Sentences that are filled up to the longest of them.
        by_length: Whether sentences are sorted first.
        last_whole: Whether the last layer is computed for every token.
    """
    layers, width, feed_forward = config.num_hidden_layers, config.hidden_size, config.intermediate_size
    ordered = sorted(lengths) if by_length else list(lengths)
    total = 0.0
    for start in range(0, len(ordered), batch_size):
        batch = ordered[start : start + batch_size]
        row = max(batch)
        beyond_keys = 4 * width**2 + 4 * width * feed_forward + 4 * row * width
        token = layers * (4 * width**2 + beyond_keys)
        spared = 0 if last_whole else (row - 1) * beyond_keys
        total += len(batch) * (row * token - spared + 2 * width**2 + 2 * width * config.num_labels)
    return total
