"""Labelling with an exported model: onnxruntime, tokenizers and numpy, nothing else."""

import os
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Self

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from detente.bundle.description import ARTIFACTS, DESCRIPTION, GRAPHS, TOKENIZER, Description, files_of
from detente.errors import UserError
from detente.evaluation.arrays import FloatArray
from detente.evaluation.trained import Labelling
from detente.text.anonymise import ACTORS, Anonymiser

# What a batch of so many tokens computes stays in the core's own cache; larger ones are slower (experiments/speed).
BATCH_TOKENS = 512


class Labeller:
    """An exported model, ready to label.

    Attributes:
        description: Labels, thresholds, calibration, provenance and measured parity.
        weights: ``fp32`` or ``int8``.
    """

    def __init__(self, files: Path, description: Description, weights: str, threads: int = 0) -> None:
        """Reads graph and tokenizer.

        Args:
            files: Folder that holds them.
            description: The bundle's.
            weights: Which graph, of ``GRAPHS``.
            threads: Batches that are labelled at the same time, each by one processor thread; 0 means one a core.
        """
        options = onnxruntime.SessionOptions()
        # A thread with a batch of its own never waits for another, as threads that share one do after every operator.
        options.intra_op_num_threads = 1
        self._threads = threads or len(os.sched_getaffinity(0))
        graph = str(files / GRAPHS[weights])
        self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(files / TOKENIZER))
        self._anonymiser = Anonymiser.load(files / ACTORS)
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(description.max_length)
        self.description = description
        self.weights = weights

    @classmethod
    def load(cls, folder: Path, weights: str | None = None, threads: int = 0) -> Self:
        """Opens a bundle.

        Args:
            folder: What ``detente export`` wrote.
            weights: ``fp32`` or ``int8``; by default int8 where the bundle has it.
            threads: As for the constructor.

        Raises:
            UserError: There is no bundle, a file of it is missing or malformed, or it has no such weights.
        """
        files = folder / ARTIFACTS
        if not (files / DESCRIPTION).is_file():
            raise UserError(f"no bundle in {folder}: `detente export` makes one, `dvc pull` brings the published one")
        description = Description.load(files / DESCRIPTION)
        chosen = weights or description.weights[-1]
        if chosen not in description.weights:
            why = description.parity.get(chosen, {}).get("reason", "unknown weights")
            raise UserError(f"{folder}: no weights {chosen!r} ({why}); choose among {', '.join(description.weights)}")
        for name in files_of(chosen):
            if not (files / name).is_file():
                raise UserError(f"{files / name}: no such file; let `detente export` or `dvc pull` bring the bundle anew")
        return cls(files, description, chosen, threads)

    def label(self, texts: Sequence[str], thresholds: Sequence[float] | None = None) -> Labelling:
        """Labels sentences; rows follow ``texts``.

        Args:
            texts: The sentences.
            thresholds: Instead of the model's own, in label order, each in [0, 1].

        Raises:
            ValueError: A threshold is out of bounds.
        """
        decision = self.description.decision
        if thresholds is not None:
            decision = replace(decision, thresholds=tuple(thresholds))
        probabilities = decision.probabilities(self._logits(texts))
        return Labelling(probabilities, decision.decide(probabilities), decision.review(probabilities))

    def _logits(self, texts: Sequence[str]) -> FloatArray:
        """Raw scores [sentence, label]."""
        encodings = self._tokenizer.encode_batch_fast([self._anonymiser.read(text) for text in texts])
        ids = [encoding.ids for encoding in encodings]
        logits = np.empty((len(ids), len(self.description.decision.labels)))

        def fill(rows: list[int]) -> None:
            tokens = np.array([ids[row] for row in rows])
            (logits[rows],) = self._session.run(["logits"], {"input_ids": tokens, "attention_mask": np.ones_like(tokens)})

        with ThreadPoolExecutor(self._threads) as threads:  # a thread starts when there is a batch for it
            list(threads.map(fill, _batches([len(sentence) for sentence in ids])))
        return logits


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Sentences of one length together: nothing is padded, so that company cannot change a sentence's scores.

    Args:
        lengths: Tokens of each sentence, above 0.

    Returns:
        Positions in ``lengths``, each once, in batches of at most ``BATCH_TOKENS`` tokens or one sentence.
    """
    alike = defaultdict(list)
    for row, length in enumerate(lengths):
        alike[length].append(row)
    batches = []
    for length, rows in alike.items():
        size = max(1, BATCH_TOKENS // length)
        batches += [rows[start : start + size] for start in range(0, len(rows), size)]
    return batches
