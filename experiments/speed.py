"""Measures how fast the engines label, side by side in one run: `python experiments/speed.py`.

Needs `dvc repro` (or `dvc pull`) first. Writes experiments/speed/speed.csv and files.csv, and the tables in its README.
`--million` also labels a file of a million sentences.
"""

import argparse
import json
import os
import shutil
import sys
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import torch
from speed.baseline import tfidf
from speed.engines import ENGINES, open_engine, reading
from speed.files import measure_files
from speed.operations import operations
from speed.probe import start
from speed.report import fill, markdown
from tokenizers import Tokenizer
from transformers import AutoConfig

from detente.bundle.description import ARTIFACTS, DESCRIPTION, TOKENIZER, Description
from detente.corpus.tables import label_matrix, read_split
from detente.encoder.utilisation import matrix_rate
from detente.errors import UserError
from detente.evaluation.metrics import score
from detente.project import find_root

ROOT = find_root()


def available(models: Path) -> list[str]:
    """The engines that can run here; says why the others cannot."""
    lacking = {}
    if find_spec("openvino") is None:
        lacking["openvino"] = "pip install openvino -c constraints.txt"
    if shutil.which("g++") is None:
        lacking["torch_compile"] = "needs a C++ compiler"
    if "int8" not in Description.load(models / "bundle" / ARTIFACTS / DESCRIPTION).weights:
        lacking["onnx_int8"] = "the bundle has no int8 weights"
    for name, why in lacking.items():
        print(f"without {ENGINES[name].title}: {why}", file=sys.stderr)
    return [name for name in ENGINES if name not in lacking]


def measure_engines(models: Path, frame: pd.DataFrame, rounds: int, threads: int, scratch: Path) -> pd.DataFrame:
    """One row an engine: speed, start-up, memory, share of the matrix rate, F1."""
    texts, truth = frame["text"].tolist(), label_matrix(frame)
    (scratch / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
    names = available(models)
    probes = {name: start(["engine", name, models, threads, scratch / "texts.json"]) for name in names}
    label = {name: open_engine(name, models, threads) for name in names}
    said = {name: label[name](texts) for name in names}  # warms up, and compiles
    seconds: dict[str, list[float]] = {name: [] for name in names}
    rates = []
    for _ in range(rounds):
        torch.set_num_threads(threads)  # engines may have set another number
        rates.append(matrix_rate(torch.device("cpu"), "fp32"))
        for name in names:
            began = time.perf_counter()
            label[name](texts)
            seconds[name].append(time.perf_counter() - began)
    read = reading(models)
    encode = Tokenizer.from_file(str(models / "bundle" / ARTIFACTS / TOKENIZER)).encode_batch_fast
    lengths = [len(encoding.ids) for encoding in encode([read(text) for text in texts])]
    config = AutoConfig.from_pretrained(models / "classifier", local_files_only=True)
    rate, reference, rows = float(np.median(rates)), float(np.median(seconds["pipeline_32"])), []
    for name in names:
        engine, middle = ENGINES[name], float(np.median(seconds[name]))
        batches = (engine.batch_size, engine.by_length, engine.last_layer_whole)
        work = operations(config, lengths, *batches) if engine.is_encoder else np.nan
        row = {"engine": engine.title, "sentences_per_s": len(texts) / middle}
        row |= {"least": len(texts) / max(seconds[name]), "most": len(texts) / min(seconds[name])}
        row |= {"to_pipeline_32": reference / middle, "start_s": probes[name].first, "memory_mb": probes[name].memory}
        row |= {"share_of_matrix_rate": work / middle / rate}
        row |= {"macro_f1": score(truth, said[name].decisions, said[name].probabilities)["macro/f1"]}
        rows.append(row | {"matrix_gflops": rate / 1e9, "threads": threads, "sentences": len(texts), "rounds": rounds})
    return pd.DataFrame(rows)


def main(arguments: Sequence[str]) -> None:
    """Measures, and writes the results."""
    options = argparse.ArgumentParser(prog="speed.py", description=__doc__)
    options.add_argument("--models", type=Path, default=ROOT / "models", help="with classifier, bundle and transformers")
    options.add_argument("--splits", type=Path, default=ROOT / "data" / "splits")
    options.add_argument("--output", type=Path, default=ROOT / "experiments" / "speed")
    options.add_argument("--million", action="store_true", help="also a file of a million sentences")
    options.add_argument("--quick", action="store_true", help="20 sentences, one round: only whether it runs")
    chosen = options.parse_args(arguments)
    threads = len(os.sched_getaffinity(0))
    rounds, sizes = (1, [1, 40]) if chosen.quick else (5, [1, 10**4, 10**5])
    sizes += [10**6] if chosen.million else []
    frame = read_split(chosen.splits / "validation.parquet").iloc[: 20 if chosen.quick else None]
    with TemporaryDirectory() as place:
        models, scratch = Path(place, "models"), Path(place)
        models.mkdir()
        for name in ("classifier", "bundle", "transformers"):
            if not (chosen.models / name).is_dir():
                raise UserError(f"{chosen.models / name} is missing: `dvc repro export` makes it")
            (models / name).symlink_to((chosen.models / name).resolve())
        tfidf(chosen.models, chosen.splits, models / "tfidf")
        engines = measure_engines(models, frame, rounds, threads, scratch)
        files = measure_files(models / "bundle", frame["text"].tolist(), sizes, scratch)
    engines.round(6).to_csv(chosen.output / "speed.csv", index=False)
    files.round(4).to_csv(chosen.output / "files.csv", index=False)
    fill(chosen.output / "README.md", markdown(engines, files))
    print(f"tables in {chosen.output / 'README.md'}")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except UserError as error:
        raise SystemExit(f"speed.py: {error}") from None
