"""The projection of time and cost follows from the speeds that were measured; a table that lacks one is refused."""

import os
import shutil
import subprocess
import sys

import pandas as pd
import pytest

from detente.project import find_root

EXPERIMENTS = find_root() / "experiments"


@pytest.fixture
def folder(tmp_path):
    """The script and what it reads, with one measured engine of a thousand sentences a second."""
    for name in ("projection.py", "speed", "scaling"):
        source = EXPERIMENTS / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    pd.DataFrame({"engine": ["ONNX int8"], "sentences_per_s": [1000.0]}).to_csv(
        tmp_path / "speed" / "speed.csv", index=False
    )
    return tmp_path


def run(folder):
    return subprocess.run(
        [sys.executable, folder / "projection.py"], capture_output=True, text=True, env=os.environ, check=False
    )


def test_a_million_sentences_take_a_thousand_seconds_and_a_start(folder):
    assert run(folder).returncode == 0
    page = (folder / "scaling" / "README.md").read_text(encoding="utf-8")
    (row,) = [line for line in page.splitlines() if line.startswith("| 1 M |") and "| 1 | 1,000 |" in line]
    assert "| 18 min |" in row, "1000 s and 60 s until the first sentence"
    assert (
        page.partition("<!-- table")[0]
        == (EXPERIMENTS / "scaling" / "README.md").read_text(encoding="utf-8").partition("<!-- table")[0]
    )


def test_a_worker_of_no_measured_speed_is_named(folder):
    table = folder / "speed" / "speed.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("ONNX int8", "TF-IDF"), encoding="utf-8")
    done = run(folder)
    assert done.returncode == 1 and "no measured speed 'ONNX int8'" in done.stderr
