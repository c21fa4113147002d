"""Dynamic whole-word masking for masked language modelling."""

import numpy as np
from transformers import PreTrainedTokenizerFast

from detente.encoder.tokenizer import SPECIAL_TOKENS, WORD_START


class WholeWordMasker:
    """Draws the words to hide anew each time a sequence is seen (RoBERTa), all pieces of a word at once.

    Of the chosen words 80 % become ``<mask>``, 10 % random pieces, 10 % stay (Devlin et al. 2019).
    """

    def __init__(self, tokenizer: PreTrainedTokenizerFast, rate: float) -> None:
        """Prepares the piece tables.

        Args:
            tokenizer: The encoder's tokenizer.
            rate: Share of words to predict, between 0 and 1.
        """
        self.rate = rate
        self.mask_id = tokenizer.mask_token_id
        self.vocabulary_size = len(tokenizer)
        pieces = tokenizer.convert_ids_to_tokens(list(range(len(tokenizer))))
        self.starts_word = np.array([piece.startswith(WORD_START) or piece in SPECIAL_TOKENS for piece in pieces])
        self.special = np.array([piece in SPECIAL_TOKENS for piece in pieces])

    def __call__(self, sequences: np.ndarray, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Masks a batch.

        Args:
            sequences: Token ids ``[sequence, position]``.
            generator: Source of chance; the same state gives the same masks.

        Returns:
            The masked ids (int64) and a bool array of the positions to predict, both ``[sequence, position]``.
        """
        rows = np.arange(len(sequences))[:, None]
        words = np.cumsum(self.starts_word[sequences], axis=1)  # the number of each position's word in its sequence
        fate = generator.random((2, len(sequences), sequences.shape[1] + 1))
        chosen = (fate[0][rows, words] < self.rate) & ~self.special[sequences]
        treatment = fate[1][rows, words]
        masked = sequences.astype(np.int64)
        masked[chosen & (treatment < 0.8)] = self.mask_id
        swapped = chosen & (treatment >= 0.9)
        masked[swapped] = generator.integers(len(SPECIAL_TOKENS), self.vocabulary_size, swapped.sum())
        return masked, chosen
