"""The table of sentences that `detente label` reads."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.bundle.article import decode, read_bytes
from detente.bundle.columns import OUTPUT_COLUMNS, format_suffix, python_values, shortened
from detente.errors import UserError

if TYPE_CHECKING:
    import pandas as pd


def read_sentences(path: Path, text_column: str = "text") -> pd.DataFrame:
    """Reads a table of sentences, one row each, every column unchanged in order and type.

    CSV (commas, header line) gives strings, an empty cell the empty string. JSONL gives the JSON values themselves,
    columns in the order in which their keys first appear; a key that a line lacks becomes null. Parquet columns keep
    their Arrow types. A byte-order mark is dropped.

    Returns:
        At least one row; ``frame.attrs["source"]`` holds the path, so that `write_labelled` spares that file.

    Raises:
        UserError: Unknown suffix, no such file, nothing in it, not UTF-8, not in its format, a column twice, no text
            column, a column named like an output column, a text that is null, not a string or blank.
    """
    import pandas as pd

    readers = {".jsonl": _read_jsonl, ".csv": _read_csv, ".parquet": _read_parquet}
    frame = pd.DataFrame(readers[format_suffix(path)](read_bytes(path), path))
    names = list(frame.columns)
    if text_column not in names:
        hint = "; separate the cells by commas" if len(names) == 1 and {";", "\t"} & set(names[0]) else ""
        raise UserError(f"{path}: no column {text_column!r}; name one of these with --text-column: {names}{hint}")
    if taken := [name for name in names if name in OUTPUT_COLUMNS]:
        raise UserError(f"{path}: the output would overwrite the column(s) {taken}; rename them in the input")
    _check_texts(python_values(frame[text_column]), path, text_column)
    frame.attrs["source"] = str(path.resolve())
    return frame


def _check_texts(texts: list[Any], path: Path, text_column: str) -> None:
    """Names the first row whose text is no text, and counts the others."""
    if not texts:
        raise UserError(f"{path}: columns but no rows; give it at least one sentence")
    bad = [number for number, text in enumerate(texts, start=1) if not isinstance(text, str) or not text.strip()]
    if bad:
        text = texts[bad[0] - 1]
        what = "null or missing" if text is None else "blank" if isinstance(text, str) else "not a string"
        more = f" ({len(bad) - 1} more rows like it)" if len(bad) > 1 else ""
        raise UserError(
            f"{path}: row {bad[0]}, column {text_column!r}: the text is {what}: {shortened(text)}{more}; "
            "give it a sentence or drop the row"
        )


def _read_jsonl(data: bytes, path: Path) -> dict[str, Any]:
    import pandas as pd

    rows = [_parse(line, f"{path}:{number}") for number, line in enumerate(io.StringIO(decode(data, path)), start=1)]
    names = dict.fromkeys(name for row in rows for name in row)
    # As objects: pandas would make floats of integers with gaps.
    return {name: pd.Series([row.get(name) for row in rows], dtype=object) for name in names}


def _parse(line: str, place: str) -> dict[str, Any]:
    if not line.strip():
        raise UserError(f"{place}: blank line; delete it")
    try:
        row = json.loads(line, object_pairs_hook=_unique_keys)
        # NaN, 1e999 and half a surrogate pair are read, but could not be written.
        json.dumps(row, ensure_ascii=False, allow_nan=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise UserError(f"{place}: not valid JSON ({error}): {shortened(line)}; correct the line") from error
    if not isinstance(row, dict):
        raise UserError(f'{place}: not a JSON object: {shortened(row)}; write it as {{"text": "…"}}')
    return row


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    _refuse_twice([key for key, _ in pairs])
    return dict(pairs)


def _refuse_twice(names: list[str]) -> None:
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice!r} stands twice; rename one")


def _read_csv(data: bytes, path: Path) -> dict[str, Any]:
    import pandas as pd

    reader = csv.reader(io.StringIO(decode(data, path), newline=""), strict=True)
    rows: list[list[str]] = []
    line = 1
    try:
        for cells in reader:
            if not rows:
                _refuse_twice(cells)
            elif len(cells) != len(rows[0]):
                raise ValueError(f"{len(cells)} cells where the header has {len(rows[0])}: {shortened(cells)}")
            rows.append(cells)
            line = reader.line_num + 1
    except (csv.Error, ValueError) as error:
        way_out = "put cells with commas, quotes or line ends in double quotes, double inner quotes, drop blank lines"
        raise UserError(f"{path}:{line}: bad CSV row ({error}); {way_out}") from error
    return {name: pd.Series([cells[i] for cells in rows[1:]], dtype=object) for i, name in enumerate(rows[0])}


def _read_parquet(data: bytes, path: Path) -> dict[str, Any]:
    import pandas as pd
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(io.BytesIO(data)).read()
        _refuse_twice(table.column_names)
    except (ValueError, OSError) as error:
        raise UserError(f"{path}: not a Parquet file that can be read ({error}); write it anew") from error
    # Column by column: pandas' own conversion makes some columns an index and changes the types of others.
    return {name: pd.arrays.ArrowExtensionArray(table[name]) for name in table.column_names}
