"""A head start for the token embeddings: vectors from co-occurrence counts.

Factorising the matrix of positive pointwise mutual information gives what skip-gram with negative sampling approximates
(Levy and Goldberg 2014). With tied embeddings the product of two vectors is then already the score that the vocabulary
layer wants, and a short pretraining spends its steps on context instead of on which words are alike.
"""

import numpy as np
import torch


def cooccurrence_vectors(sequences: np.ndarray, vocabulary_size: int, width: int, window: int, seed: int) -> torch.Tensor:
    """Embeds the tokens of a packed text.

    Args:
        sequences: Token ids ``[sequence, position]``.
        vocabulary_size: Number of tokens.
        width: Dimensions of a vector.
        window: Distance, in tokens, up to which two tokens count as neighbours; nearer ones count more (1 / distance).
        seed: Of the randomised factorisation.

    Returns:
        float32 ``[token, width]``; the inner product of two rows approximates their pointwise mutual information.
    """
    torch.manual_seed(seed)
    size = vocabulary_size
    counts = np.zeros(size * size, dtype=np.float32)
    for part in np.array_split(sequences, max(1, len(sequences) // 20_000)):
        ids = part.astype(np.int64)
        for distance in range(1, window + 1):
            pairs, occurrences = np.unique((ids[:, :-distance] * size + ids[:, distance:]).ravel(), return_counts=True)
            counts[pairs] += occurrences / distance
    matrix = torch.from_numpy(counts.reshape(size, size))
    matrix += matrix.T.clone()
    marginal = matrix.sum(0)
    # Smoothing the context distribution (exponent 0.75) keeps rare tokens from getting large scores by chance.
    context = marginal.pow(0.75)
    context /= context.sum()
    matrix /= marginal.clamp(min=1e-9)[:, None] * context.clamp(min=1e-12)[None, :]
    matrix.log_().clamp_(min=0.0)
    matrix = (matrix + matrix.T) / 2
    left, values, _ = torch.svd_lowrank(matrix, q=width + 64, niter=4)
    return left[:, :width] * values[:width].sqrt()


def log_frequencies(sequences: np.ndarray, vocabulary_size: int) -> torch.Tensor:
    """Logarithm of each token's relative frequency, add-one smoothed: float32 ``[token]``."""
    counts = np.bincount(sequences.ravel(), minlength=vocabulary_size) + 1.0
    return torch.from_numpy(np.log(counts / counts.sum()).astype(np.float32))
