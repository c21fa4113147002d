"""Records as tables: one row a sentence, one true-or-false column a label; a split is one Parquet file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from detente.corpus.record import Record
from detente.errors import UserError
from detente.files import replaced_file
from detente.labels import LABEL_IDS

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

TEXT_COLUMNS = ("id", "text", "document", "genre", "year", "region", "origin", "rule", "contrast", "votes")
COLUMNS = TEXT_COLUMNS + LABEL_IDS


def to_frame(records: Sequence[Record]) -> pd.DataFrame:
    """Table of the records in their order, columns ``COLUMNS``: ``votes`` as JSON, ``rule`` nullable, labels bool."""
    return _to_pandas(_to_arrow(records))


def write_split(records: Sequence[Record], path: Path) -> None:
    """Write the table of the records as Parquet; equal records give equal bytes under one version of pyarrow."""
    import pyarrow.parquet as pq

    with replaced_file(path) as aside:
        pq.write_table(_to_arrow(records), aside)


def read_split(path: Path) -> pd.DataFrame:
    """Read what ``write_split`` wrote, as ``to_frame`` would give it.

    Raises:
        UserError: No such file, no Parquet file, a column that is missing, unknown or of another type.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    remedy = "run `detente prepare` to write the splits anew"
    if not path.is_file():
        raise UserError(f"{path}: no such split; {remedy}")
    try:
        table = pq.read_table(path)
    except pa.ArrowInvalid as error:
        raise UserError(f"{path}: not a Parquet file ({error}); {remedy}") from error
    expected = _schema()
    problems = [f"missing column {name!r}" for name in expected.names if name not in table.column_names]
    problems += [f"unknown column {name!r}" for name in table.column_names if name not in expected.names]
    problems += [
        f"column {field.name!r} holds {table.schema.field(field.name).type}, not {field.type}"
        for field in expected
        if field.name in table.column_names and table.schema.field(field.name).type != field.type
    ]
    if problems:
        raise UserError(f"{path}: {'; '.join(problems)}; {remedy}")
    return _to_pandas(table.select(expected.names))


def label_matrix(frame: pd.DataFrame) -> np.ndarray:
    """The labels of a table as bool array ``[sentence, label]``, labels in the order of ``LABEL_IDS``."""
    return frame[list(LABEL_IDS)].to_numpy(dtype=bool)


def _schema() -> pa.Schema:
    import pyarrow as pa

    types = {"year": pa.int64(), "rule": pa.int8()} | dict.fromkeys(LABEL_IDS, pa.bool_())
    return pa.schema([(name, types.get(name, pa.string())) for name in COLUMNS])


def _to_arrow(records: Sequence[Record]) -> pa.Table:
    import pyarrow as pa

    return pa.Table.from_pylist([_row(record) for record in records], schema=_schema())


def _row(record: Record) -> dict[str, object]:
    votes = json.dumps(record.votes, ensure_ascii=False, sort_keys=True)
    labels = {label: label in record.labels for label in LABEL_IDS}
    return record.model_dump(exclude={"labels"}) | {"votes": votes} | labels


def _to_pandas(table: pa.Table) -> pd.DataFrame:
    import pandas as pd
    import pyarrow as pa

    # Left alone, a column of numbers with gaps becomes floats.
    frame: pd.DataFrame = table.to_pandas(types_mapper={pa.int8(): pd.Int8Dtype()}.get)
    return frame
