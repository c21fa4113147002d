"""The labels of sentences beside what was read, written as a table."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.bundle.columns import SUFFIXES, format_suffix, python_values, shortened
from detente.errors import UserError
from detente.files import replaced_file
from detente.labels import LABEL_IDS

if TYPE_CHECKING:
    import pandas as pd

    from detente.evaluation.arrays import BoolArray, FloatArray


def add_labels(frame: pd.DataFrame, probabilities: FloatArray, decisions: BoolArray, review: BoolArray) -> pd.DataFrame:
    """Adds the `OUTPUT_COLUMNS` behind the columns of the input.

    Args:
        frame: What `read_sentences` gave, or any table without these columns, one row a sentence.
        probabilities: ``[sentence, label]`` in [0, 1]; rounded to 4 digits.
        decisions: ``[sentence, label]``, true where the sentence has the label.
        review: ``[sentence]``, true where a person should look.
    """
    import pandas as pd
    import pyarrow as pa

    names = [[label for label, has in zip(LABEL_IDS, row, strict=True) if has] for row in decisions.tolist()]
    # Typed, for a file without a single label would otherwise have a column of nulls in Parquet.
    labels = pd.arrays.ArrowExtensionArray(pa.array(names, pa.list_(pa.string())))
    columns: dict[str, Any] = dict(zip(LABEL_IDS, np.round(probabilities, 4).T, strict=True))
    return frame.assign(**columns, labels=labels, review=review)


def check_output(frame: pd.DataFrame, path: Path) -> None:
    """Tells, before any work is done, whether `write_labelled` may write there.

    Raises:
        UserError: Unknown suffix, a folder, or the very file that the sentences were read from.
    """
    format_suffix(path)
    if path.is_dir():
        raise UserError(f"{path}: this is a folder; name a file to write")
    source = frame.attrs.get("source")
    target = path.resolve()  # for in a/../b the folder a need not exist yet
    if source and target.exists() and Path(source).exists() and target.samefile(source):
        raise UserError(f"{path}: this is the input, which is never overwritten; write to another file")


def write_labelled(frame: pd.DataFrame, path: Path) -> None:
    """Writes what `add_labels` gave, in the format of the suffix, UTF-8, aside first and then renamed.

    ``labels`` is a list in JSONL and Parquet, joined by ``;`` in CSV. A missing value is null in JSONL, and so is a
    Parquet not-a-number; it is an empty cell in CSV, where lists, objects and truth values stand as JSON. Dates become
    ISO 8601, decimals text. Lines of CSV end in CR LF (RFC 4180).

    Raises:
        UserError: As `check_output`; a value that the format cannot hold; a place that cannot be written.
    """
    check_output(frame, path)
    encoders = {".jsonl": _to_jsonl, ".csv": _to_csv, ".parquet": _to_parquet}
    data = encoders[format_suffix(path)](frame, path)
    try:
        with replaced_file(path) as aside:
            aside.write_bytes(data)
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error}); choose another place") from error


def _to_jsonl(frame: pd.DataFrame, path: Path) -> bytes:
    def encoded(column: pd.Series) -> list[str]:
        # Not-a-number alone differs from itself.
        return [_JSON.encode(None if value != value else value) for value in python_values(column)]

    columns = _converted(frame, path, encoded)
    keys = [_JSON.encode(name) for name in columns]
    lines = (", ".join(map(": ".join, zip(keys, row, strict=True))) for row in zip(*columns.values(), strict=True))
    return "".join(f"{{{line}}}\n" for line in lines).encode("utf-8")


def _to_csv(frame: pd.DataFrame, path: Path) -> bytes:
    joined = frame.assign(labels=[";".join(labels) for labels in frame["labels"]])
    columns = _converted(joined, path, lambda column: [_cell(value) for value in python_values(column)])
    text = io.StringIO(newline="")
    writer = csv.writer(text)  # with plain LF as line end it would leave a CR in a cell unquoted
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return text.getvalue().encode("utf-8")


def _to_parquet(frame: pd.DataFrame, path: Path) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    def column_of(column: pd.Series) -> Any:
        array = pa.array(column.array)
        # Some types exist in Arrow alone; a trial without rows tells which column has one.
        pq.write_table(pa.table({"": array[:0]}), pa.BufferOutputStream())
        return array

    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(_converted(frame, path, column_of)), sink)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def _converted(frame: pd.DataFrame, path: Path, convert: Callable[[pd.Series], Any]) -> dict[str, Any]:
    """Converts each column, and names the one that the format of the path cannot hold."""
    columns = {}
    for name in frame.columns:
        try:
            columns[name] = convert(frame[name])
        except (TypeError, ValueError, OverflowError, NotImplementedError) as error:
            others = " or ".join(suffix for suffix in SUFFIXES if suffix != path.suffix.lower())
            raise UserError(
                f"{path}: column {name!r} does not fit into {path.suffix} ({error}); try {others}, or drop the column"
            ) from error
    return columns


def _cell(value: Any) -> str:
    """A value as text of a CSV cell."""
    if value is None:
        return ""
    return _JSON.encode(value) if isinstance(value, bool | list | dict) else _as_text(value)


def _as_text(value: Any) -> str:
    """What JSON has no type for, as text."""
    if isinstance(value, bytes):
        raise TypeError(f"binary value {shortened(value)}")
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


_JSON = json.JSONEncoder(ensure_ascii=False, allow_nan=False, default=_as_text)
