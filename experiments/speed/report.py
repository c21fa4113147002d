"""The benchmark's tables as they stand in experiments/speed/README.md."""

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pandas as pd

from detente.errors import UserError
from detente.tracking.environment import processor

MARKS = ("<!-- table: written by `python experiments/speed.py` -->", "<!-- end of table -->")
PACKAGES = ("torch", "transformers", "tokenizers", "onnxruntime", "openvino", "scikit-learn", "numpy")


def versions() -> str:
    """The packages that were measured and are installed."""
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue  # openvino is an extra
    return ", ".join(found)


def markdown(engines: pd.DataFrame, files: pd.DataFrame) -> str:
    """Both tables and what they were measured on.

    Args:
        engines: As in ``speed.csv``.
        files: As in ``files.csv``.
    """
    heads = [
        "engine",
        "sentences/s [least, most]",
        "to pipeline, 32",
        "start, s",
        "memory, MB",
        "of matrix rate",
        "macro-F1",
    ]
    rows = [
        [
            row.engine,
            f"{row.sentences_per_s:,.0f} [{row.least:,.0f}, {row.most:,.0f}]",
            f"{row.to_pipeline_32:.2f}",
            f"{row.start_s:.1f}",
            f"{row.memory_mb:,.0f}",
            "–" if pd.isna(row.share_of_matrix_rate) else f"{row.share_of_matrix_rate:.0%}",
            f"{row.macro_f1:.3f}",
        ]
        for row in engines.itertuples()
    ]
    first = engines.iloc[0]
    about = (
        f"{processor()}, {first.threads} thread(s); {versions()}. {first.sentences} sentences of the validation split, "
        f"median of {first.rounds} rounds over all engines; matrix rate {first.matrix_gflops:.0f} GFLOP/s in fp32, measured "
        "in the same rounds. `detente label` runs with the bundle's default weights; its first line is one sentence, cold."
    )
    lines = [
        [f"{row.sentences:,}", f"{row.seconds:.1f}", f"{row.ms_per_sentence:.2f}", f"{row.memory_mb:,.0f}"]
        for row in files.itertuples()
    ]
    table = _table(["sentences for `detente label`", "seconds", "ms a sentence", "memory, MB"], lines)
    return f"{about}\n\n{_table(heads, rows)}\n\n{table}"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    marks = ["---", *["---:"] * (len(heads) - 1)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (heads, marks, *rows))


def fill(document: Path, content: str, marks: tuple[str, str] = MARKS) -> None:
    """Writes tables between a document's marks.

    Raises:
        UserError: The document has no such marks.
    """
    text = document.read_text(encoding="utf-8")
    start, end = marks
    before, found, rest = text.partition(start)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise UserError(f"{document}: the marks {start!r} and {end!r} are not both there; put them where the table belongs")
    document.write_text(f"{before}{start}\n\n{content}\n\n{end}{after}", encoding="utf-8")
