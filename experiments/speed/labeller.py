"""What makes the labeller fast, part by part: `python -m speed.labeller`, in experiments/. Writes labeller.csv.

Exports the embedded encoder under an untrained head in several ways, and runs each way with several batchings, interleaved
in one run on one thread. Speed is in seconds of processor time, which other work on the machine disturbs little.
"""

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnxruntime
import pandas as pd
from tokenizers import Tokenizer

from detente.bundle.labeller import BATCH_TOKENS
from detente.corpus.jsonl import read_records
from detente.project import find_root
from detente.text.normalise import normalise
from speed.variants import GRAPHS, export_all

Batches = list[list[int]]


def cut(lengths: Sequence[int], full: Callable[[list[int], int], bool]) -> Batches:
    """Cuts sentences, sorted by length, wherever a batch would be full with the next one."""
    batches: Batches = [[]]
    for row in sorted(range(len(lengths)), key=lambda row: lengths[row]):
        if batches[-1] and full(batches[-1], row):
            batches.append([])
        batches[-1].append(row)
    return batches


def batchings(lengths: Sequence[int]) -> dict[str, Batches]:
    """The ways to cut sentences into batches."""
    sizes = {f"{tokens} tokens, padded": tokens for tokens in (BATCH_TOKENS, 4096)}
    padded = {
        name: cut(lengths, lambda batch, row, tokens=tokens: (len(batch) + 1) * lengths[row] > tokens)
        for name, tokens in sizes.items()
    }
    return {
        "one by one": cut(lengths, lambda batch, row: True),
        "32 sentences, padded": cut(lengths, lambda batch, row: len(batch) == 32),
        **padded,
        f"{BATCH_TOKENS} tokens, of one length": cut(
            lengths, lambda batch, row: lengths[batch[0]] != lengths[row] or (len(batch) + 1) * lengths[row] > BATCH_TOKENS
        ),
    }


def run(session: onnxruntime.InferenceSession, ids: Sequence[Sequence[int]], batches: Batches) -> np.ndarray:
    """Logits [sentence, label]."""
    logits = np.empty((len(ids), 4))
    for rows in batches:
        tokens = np.full((len(rows), len(ids[rows[-1]])), 1)
        mask = np.zeros_like(tokens)
        for line, row in enumerate(rows):
            tokens[line, : len(ids[row])], mask[line, : len(ids[row])] = ids[row], 1
        (logits[rows],) = session.run(["logits"], {"input_ids": tokens, "attention_mask": mask})
    return logits


def open_graph(path: Path) -> onnxruntime.InferenceSession:
    """A session on one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def main(sentences: int = 200, rounds: int = 3) -> None:
    """Measures, and writes the results."""
    root = find_root()
    texts = [normalise(record.text) for record in read_records(root / "data" / "corpus")]
    texts = texts[:: max(1, len(texts) // sentences)][:sentences]
    tokenizer = Tokenizer.from_file(str(root / "models" / "encoder" / "tokenizer.json"))
    tokenizer.enable_truncation(160)
    ids = [encoding.ids for encoding in tokenizer.encode_batch_fast(texts)]
    with TemporaryDirectory() as scratch:
        sessions = {
            name: open_graph(path) for name, path in export_all(root / "models" / "encoder", ids, Path(scratch)).items()
        }
    ways = batchings([len(sentence) for sentence in ids])
    cases = [(graph, batching) for graph in sessions for batching in ways]
    said = {(graph, batching): run(sessions[graph], ids, ways[batching]) for graph, batching in cases}  # warms up
    seconds: dict[tuple[str, str], list[float]] = {case: [] for case in cases}
    for number in range(rounds):
        print(f"round {number + 1} of {rounds}", file=sys.stderr)
        for graph, batching in cases:
            began = time.process_time()
            run(sessions[graph], ids, ways[batching])
            seconds[graph, batching].append(time.process_time() - began)
    exact = said[GRAPHS[0], "one by one"]
    rows = []
    for graph, batching in cases:
        taken = np.array(seconds[graph, batching])
        row = {"graph": graph, "batches": batching, "sentences_per_s": len(ids) / np.median(taken)}
        row |= {"least": len(ids) / taken.max(), "most": len(ids) / taken.min()}
        row |= {"error": np.abs(said[graph, batching] - exact).max()}
        rows.append(row | {"company": np.abs(said[graph, batching] - said[graph, "one by one"]).max()})
    pd.DataFrame(rows).round(6).to_csv(Path(__file__).with_suffix(".csv"), index=False)


if __name__ == "__main__":
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    main()
