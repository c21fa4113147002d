"""Tables of sentences as both sides see them: their formats, the columns added, the values of a column."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.errors import UserError
from detente.labels import LABEL_IDS

if TYPE_CHECKING:
    import pandas as pd

SUFFIXES = (".jsonl", ".csv", ".parquet")
OUTPUT_COLUMNS = (*LABEL_IDS, "labels", "review")


def format_suffix(path: Path) -> str:
    """The suffix that tells the format of a table, one of ``SUFFIXES``, in lower case.

    Raises:
        UserError: Another suffix.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise UserError(f"{path}: unknown suffix {path.suffix!r}; tables of sentences end in {', '.join(SUFFIXES)}")
    return path.suffix.lower()


@contextmanager
def fits(name: str, path: Path) -> Iterator[None]:
    """Names the column that is converted inside if the format of the path cannot hold it.

    Raises:
        UserError: It cannot.
    """
    try:
        yield
    except (TypeError, ValueError, OverflowError, NotImplementedError) as error:
        others = " or ".join(suffix for suffix in SUFFIXES if suffix != path.suffix.lower())
        raise UserError(
            f"{path}: column {name!r} does not fit into {path.suffix} ({error}); try {others}, or drop the column"
        ) from error


def python_values(column: pd.Series) -> list[Any]:
    """The cells as Python values, None where one of Arrow's is missing."""
    import pandas as pd
    import pyarrow as pa

    arrow = isinstance(column.dtype, pd.ArrowDtype)
    values: list[Any] = pa.array(column.array).to_pylist() if arrow else column.tolist()
    return values


def shortened(value: Any) -> str:
    """A value as a message shows it, in at most 60 characters."""
    text = repr(value)
    return text if len(text) <= 60 else text[:59] + "…"
