"""`detente label` on files of growing size: is the time linear, and the memory bounded?"""

import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from speed.probe import start


def measure_files(bundle: Path, texts: Sequence[str], sizes: Sequence[int], scratch: Path) -> pd.DataFrame:
    """One row a size, each by a fresh process: seconds from the command line to the end, and peak memory in MB.

    Args:
        bundle: Labels with the weights that it has as its default.
        texts: Repeated until a file has its size.
        sizes: Sentences of the files.
        scratch: Where the files lie meanwhile.
    """
    rows, lines = [], [json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts]
    for size in sizes:
        source, output = scratch / f"{size}.jsonl", scratch / f"{size}.labelled.jsonl"
        with source.open("w", encoding="utf-8") as file:
            file.writelines(lines[row % len(lines)] for row in range(size))
        measured = start(["command", "label", "--model", bundle, "--sentences", source, "--output", output])
        row = {"sentences": size, "seconds": measured.end, "ms_per_sentence": 1000 * measured.end / size}
        rows.append(row | {"memory_mb": measured.memory})
    return pd.DataFrame(rows)
