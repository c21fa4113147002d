"""Rows of a table as bytes that may be appended to other rows: what a chunk adds to the output."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.bundle.chunks import Reject
from detente.bundle.columns import fits, format_suffix, python_values, shortened

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

# Rows that Parquet compresses together: enough to compress well, few enough to hold in memory.
ROW_GROUP = 2**14


def encode(frame: pd.DataFrame, path: Path, header: bool = False, types: Mapping[str, pa.DataType] | None = None) -> bytes:
    """The rows as they are appended to others of the format, UTF-8; Parquet's as an Arrow stream, see `to_parquet`.

    ``labels`` is a list in JSONL and Parquet, joined by ``;`` in CSV. A missing value is null in JSONL, and so is a
    Parquet not-a-number; it is an empty cell in CSV, where lists, objects and truth values stand as JSON. Dates become
    ISO 8601, decimals text. Lines of CSV end in CR LF (RFC 4180).

    Args:
        frame: With or without labels; no row, no bytes.
        path: Its suffix is the format.
        header: Whether CSV gets its line of names.
        types: Of the columns in Parquet; those not named have the type of their values.

    Raises:
        UserError: A value that the format cannot hold.
    """
    if frame.empty:
        return b""
    match format_suffix(path):
        case ".jsonl":
            return _to_jsonl(frame, path)
        case ".csv":
            return _to_csv(frame, path, header)
        case _:
            return _to_arrow(frame, path, types or {})


def to_parquet(rows: pa.NativeFile, target: Path) -> None:
    """Writes as Parquet what `encode` gave, chunk after chunk, all of the same types."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    size = rows.size()
    waiting: list[pa.RecordBatch] = []
    writer = None
    while rows.tell() < size:
        waiting += list(pa.ipc.open_stream(rows))
        writer = writer or pq.ParquetWriter(target, waiting[0].schema)
        if sum(map(len, waiting)) >= ROW_GROUP or rows.tell() == size:
            writer.write_table(pa.Table.from_batches(waiting))
            waiting = []
    if writer:
        writer.close()


def encode_rejects(rejects: Sequence[Reject]) -> bytes:
    """The rows that cannot be labelled as lines of JSON: ``row``, ``reason``, ``content``."""
    lines = []
    for reject in rejects:
        content = reject.content
        if isinstance(content, dict):
            content = {name: _json_or_shown(value) for name, value in content.items()}
        lines.append(_JSON.encode({"row": reject.row, "reason": reject.reason, "content": content}) + "\n")
    return "".join(lines).encode("utf-8")


def _to_jsonl(frame: pd.DataFrame, path: Path) -> bytes:
    def encoded(column: pd.Series) -> list[str]:
        # Not-a-number alone differs from itself.
        return [_JSON.encode(None if value != value else value) for value in python_values(column)]

    columns = _converted(frame, path, encoded)
    keys = [_JSON.encode(name) for name in columns]
    lines = (", ".join(map(": ".join, zip(keys, row, strict=True))) for row in zip(*columns.values(), strict=True))
    return "".join(f"{{{line}}}\n" for line in lines).encode("utf-8")


def _to_csv(frame: pd.DataFrame, path: Path, header: bool) -> bytes:
    if "labels" in frame:
        frame = frame.assign(labels=[";".join(labels) for labels in frame["labels"]])
    columns = _converted(frame, path, lambda column: [_cell(value) for value in python_values(column)])
    text = io.StringIO(newline="")
    writer = csv.writer(text)  # with plain LF as line end it would leave a CR in a cell unquoted
    if header:
        writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return text.getvalue().encode("utf-8")


def _to_arrow(frame: pd.DataFrame, path: Path, types: Mapping[str, pa.DataType]) -> bytes:
    import pyarrow as pa

    table = pa.table(_converted(frame, path, lambda column: pa.array(column.array, types.get(str(column.name)))))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def _converted(frame: pd.DataFrame, path: Path, convert: Callable[[pd.Series], Any]) -> dict[str, Any]:
    columns = {}
    for name in frame.columns:
        with fits(name, path):
            columns[name] = convert(frame[name])
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


def _json_or_shown(value: Any) -> Any:
    """The value, or how Python shows it if JSON cannot hold it."""
    try:
        _JSON.encode(value)
    except (TypeError, ValueError):
        return repr(value)
    return value


_JSON = json.JSONEncoder(ensure_ascii=False, allow_nan=False, default=_as_text)
