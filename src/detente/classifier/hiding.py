"""Hiding the actors of some training sentences: who acts shall not decide the label (codebook, rule 9).

A cheap relative of counterfactual augmentation (Kaushik, Hovy and Lipton 2020): instead of writing the sentence with another
actor, which in French changes articles, gender and agreement, the name gives way to the mask token.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from transformers import DataCollatorWithPadding

HIDDEN = "hidden_input_ids"
"""Column of the training set with the token ids of the sentence whose actors are hidden."""


class HidingCollator:
    """Makes batches, some sentences in their hidden version; torch's generator draws which, so a resumed run repeats."""

    def __init__(self, collator: DataCollatorWithPadding, share: float) -> None:
        self.collator = collator
        self.share = share

    def __call__(self, rows: Sequence[Mapping[str, Any]]) -> Any:
        """Pads rows of a dataset; ``length`` and the version not chosen fall away."""
        return self.collator([self._chosen(row) for row in rows])

    def _chosen(self, row: Mapping[str, Any]) -> dict[str, Any]:
        kept = {key: value for key, value in row.items() if key not in (HIDDEN, "length")}
        if HIDDEN in row and torch.rand(()).item() < self.share:
            kept |= {"input_ids": row[HIDDEN], "attention_mask": [1] * len(row[HIDDEN])}
        return kept
