"""Other ways to write a training sentence that leave its labels as they are: other actors (codebook, rule 9), typography."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from transformers import DataCollatorWithPadding, PreTrainedTokenizerBase

from detente.corpus.actor_swaps import ActorSwaps
from detente.text.anonymise import Anonymiser
from detente.text.normalise import normalise
from detente.text.typography import NOISES

# Not all capitals: they take twice as many pieces, on which whole batches wait, and taught nothing (experiment 009).
TYPOGRAPHY = [noise for name, noise in NOISES.items() if name != "capitals"]
TEXT = "text"
"""Column of the training set with the sentence as it was written."""


class Augmentation:
    """Rewrites sentences by chance.

    Args:
        swaps: Puts in other actors.
        swapped: Share of the sentences whose actors are swapped, in [0, 1].
        retyped: Share of the sentences in another typography, in [0, 1].
        anonymiser: Puts in stand-ins, last of all.
        anonymised: Share of the sentences that it does so to, in [0, 1]; the others prepare for actors that are not listed.
    """

    def __init__(self, swaps: ActorSwaps, swapped: float, retyped: float, anonymiser: Anonymiser, anonymised: float) -> None:
        self.swaps = swaps
        self.swapped = swapped
        self.retyped = retyped
        self.anonymiser = anonymiser
        self.anonymised = anonymised

    def rewrite(self, text: str, chance: random.Random) -> str:
        """A version of the sentence, normalised; typography that normalisation undoes is not among the choices."""
        plain = normalise(text)
        if chance.random() < self.swapped:
            plain = self.swaps.swap(plain, chance)
        if chance.random() < self.retyped:
            versions = {normalise(noise(plain)) for noise in TYPOGRAPHY} - {plain}
            plain = chance.choice(sorted(versions)) if versions else plain
        return self.anonymiser.anonymise(plain) if chance.random() < self.anonymised else plain


class AugmentingCollator:
    """Makes batches of rewritten sentences; torch's generator decides how, so that a resumed run repeats.

    Args:
        tokenizer: Encodes them.
        max_length: Tokens a sentence.
        augmentation: Rewrites them.
        versions: Of each sentence that go into a batch: all sentences in a first version, then all in a second, and so on.
    """

    def __init__(
        self, tokenizer: PreTrainedTokenizerBase, max_length: int, augmentation: Augmentation, versions: int
    ) -> None:
        self.tokenizer = tokenizer
        self.max_length = max_length
        self.augmentation = augmentation
        self.versions = versions
        self.pad = DataCollatorWithPadding(tokenizer)

    def __call__(self, rows: Sequence[Mapping[str, Any]]) -> Any:
        """Rewrites and encodes the rows that hold their text, as a training set's do; pads all; ``length`` falls away."""
        chance = random.Random(int(torch.randint(2**62, ())))
        versions = self.versions if TEXT in rows[0] else 1
        return self.pad([self._encoded(row, chance) for _ in range(versions) for row in rows])

    def _encoded(self, row: Mapping[str, Any], chance: random.Random) -> dict[str, Any]:
        kept = {key: value for key, value in row.items() if key not in (TEXT, "length")}
        if TEXT in row:
            text = self.augmentation.rewrite(row[TEXT], chance)
            kept |= dict(self.tokenizer(text, truncation=True, max_length=self.max_length))
        return kept
