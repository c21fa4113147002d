"""The first reading of a table of sentences: what is wrong with the whole of it is told before any sentence is labelled."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.bundle.chunks import Place, Table
from detente.bundle.columns import OUTPUT_COLUMNS, format_suffix
from detente.bundle.encoding import encode
from detente.bundle.lines import check_encoding
from detente.bundle.parquet_table import ParquetTable
from detente.bundle.text_tables import CsvTable, JsonlTable
from detente.bundle.writing import check_output
from detente.errors import UserError

if TYPE_CHECKING:
    import pyarrow as pa

CHUNK_ROWS = 1000


@dataclass(frozen=True)
class Survey:
    """A table of which at least one row can be labelled, and written as the output asks.

    Attributes:
        source: The file.
        text_column: Its column with the sentences.
        table: To read it with.
        columns: All of them; in JSONL the keys of the good rows, in the order in which they first appear.
        types: Arrow type of each column if the output is Parquet, else empty.
        rows: How many there are.
        rejected: How many of them are bad.
        signature: What tells the file from another, and from itself once it has changed.
    """

    source: Path
    text_column: str
    table: Table
    columns: tuple[str, ...]
    types: dict[str, pa.DataType]
    rows: int
    rejected: int
    signature: dict[str, Any]


def survey_table(source: Path, text_column: str, output: Path, chunk_rows: int = CHUNK_ROWS) -> Survey:
    """Reads a table of sentences from end to end and tries whether its columns fit into the output.

    CSV (commas, header line) has strings, an empty cell the empty string. JSONL has the JSON values themselves; a key
    that a line lacks is null. Parquet columns have their Arrow types. A byte-order mark is dropped.

    Raises:
        UserError: Unknown suffix, no such file, nothing in it, not UTF-8 from the start, a column twice, no text column, a
            column named like an output column, no row that can be labelled, a column that the output cannot hold; an
            output that is the input or a folder.
    """
    check_output(output, source)
    table = open_table(source, text_column)
    signature = file_signature(source)
    parquet = format_suffix(output) == ".parquet"
    if parquet:
        from detente.bundle.parquet_types import check_types, merged_types
    columns: dict[str, None] = {}
    types: dict[str, pa.DataType] = {}
    first_fault = ""
    end, rejected = Place(), 0
    for chunk in table.chunks(end, chunk_rows):
        end = chunk.end
        rejected += len(chunk.rejects)
        if chunk.rejects and not first_fault:
            first_fault = f"row {chunk.rejects[0].row}: {chunk.rejects[0].reason}"
        columns |= dict.fromkeys(chunk.frame.columns)
        if parquet:
            types = merged_types(types, chunk.frame, output)
        else:
            encode(chunk.frame, output)
    if end.row == 0:
        raise UserError(f"{source}: columns but no rows; give it at least one sentence")
    if end.row == rejected:
        raise UserError(
            f"{source}: none of its rows can be labelled; {first_fault}; "
            f"give the rows a sentence in column {text_column!r}, or name another one with --text-column"
        )
    _check_names(source, list(columns), text_column)
    if parquet:
        check_types(types, output)
    return Survey(source, text_column, table, tuple(columns), types, end.row, rejected, signature)


def open_table(path: Path, text_column: str) -> Table:
    """Opens a table for reading by chunks.

    Raises:
        UserError: As `survey_table`, where the first lines tell.
    """
    suffix = format_suffix(path)
    try:
        with path.open("rb") as file:
            empty = not file.read(1)
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror}); name an existing file") from error
    if empty:
        raise UserError(f"{path}: the file is empty; give it at least one sentence")
    if suffix == ".parquet":
        table: ParquetTable | CsvTable = ParquetTable(path, text_column)
    else:
        check_encoding(path)
        if suffix == ".jsonl":
            return JsonlTable(path, text_column)
        table = CsvTable(path, text_column)
    _check_names(path, table.names, text_column)
    return table


def file_signature(path: Path) -> dict[str, Any]:
    """Size, time of the last change and digest of the first mebibyte."""
    with path.open("rb") as file:
        head = hashlib.sha256(file.read(2**20)).hexdigest()
    status = path.stat()
    return {"size": status.st_size, "modified_ns": status.st_mtime_ns, "head": head}


def _check_names(path: Path, names: Sequence[str], text_column: str) -> None:
    if text_column not in names:
        hint = "; separate the cells by commas" if len(names) == 1 and {";", "\t"} & set(names[0]) else ""
        raise UserError(f"{path}: no column {text_column!r}; name one of these with --text-column: {list(names)}{hint}")
    if taken := [name for name in names if name in OUTPUT_COLUMNS]:
        raise UserError(f"{path}: the output would overwrite the column(s) {taken}; rename them in the input")
