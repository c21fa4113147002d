"""One engine, or one `detente` command, in a process of its own; says when the first label is there and its peak memory.

`python -m speed.probe engine NAME MODELS THREADS SENTENCES` or `python -m speed.probe command VERB ...`, in experiments/.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

FIRST, PEAK = "first label", "peak memory"


def peak_memory() -> float:
    """Most memory this process ever held, in MB (Linux). `getrusage` would begin with the parent's peak."""
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


class Measured(NamedTuple):
    """Seconds to the first label (0 for a command) and to the end of a fresh process, and its peak memory in MB."""

    first: float
    end: float
    memory: float


def start(arguments: Sequence[object]) -> Measured:
    """Runs this file's command in a fresh process.

    Raises:
        RuntimeError: It failed; with what it said.
    """
    folder = Path(__file__).parents[1]
    began = time.perf_counter()
    first = end = peak = 0.0
    with subprocess.Popen(
        [sys.executable, "-m", "speed.probe", *map(str, arguments)],
        cwd=folder,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if line.startswith(FIRST):
                first = time.perf_counter() - began
            elif line.startswith(PEAK):
                peak = float(line.removeprefix(PEAK))
        end = time.perf_counter() - began
    if process.returncode or not peak:
        raise RuntimeError(f"{arguments}: status {process.returncode}\n{''.join(said)}")
    return Measured(first, end, peak)


def main(kind: str, *arguments: str) -> None:
    """What the fresh process does."""
    if kind == "engine":
        from speed.engines import open_engine

        name, models, threads, sentences = arguments
        texts = json.loads(Path(sentences).read_text(encoding="utf-8"))
        label = open_engine(name, Path(models), int(threads))
        label(texts[:1])
        print(FIRST)
        label(texts)
    else:
        from detente.commands.cli import main as detente

        sys.argv = ["detente", *arguments]
        detente()
    print(PEAK, peak_memory())


if __name__ == "__main__":
    main(*sys.argv[1:])
