"""The Arrow types of a Parquet output, gathered chunk by chunk: a JSON value alone does not tell the type of its column."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from detente.bundle.columns import fits

if TYPE_CHECKING:
    import pandas as pd


def merged_types(types: Mapping[str, pa.DataType], frame: pd.DataFrame, output: Path) -> dict[str, pa.DataType]:
    """Widens the types so that they hold a further chunk: null to anything, whole numbers to floats, objects by keys.

    Raises:
        UserError: A column holds values of types that do not go together; names it.
    """
    merged = dict(types)
    for name in frame.columns:
        with fits(name, output):
            found = pa.array(frame[name].array).type
            if merged.setdefault(name, found) != found:
                pair = [pa.schema([("", type_)]) for type_ in (merged[name], found)]
                merged[name] = pa.unify_schemas(pair, promote_options="permissive").field(0).type
    return merged


def check_types(types: Mapping[str, pa.DataType], output: Path) -> None:
    """Tries each type, for some exist in Arrow alone.

    Raises:
        UserError: Parquet has no such type; names the column.
    """
    for name, type_ in types.items():
        with fits(name, output):
            pq.write_table(pa.table({"": pa.array([], type_)}), pa.BufferOutputStream())
