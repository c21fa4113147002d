"""The labels of sentences beside what was read, written as a table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.bundle.columns import format_suffix
from detente.bundle.encoding import encode, to_parquet
from detente.errors import UserError
from detente.files import replaced_file
from detente.labels import LABEL_IDS

if TYPE_CHECKING:
    import pandas as pd

    from detente.evaluation.arrays import BoolArray, FloatArray


def add_labels(frame: pd.DataFrame, probabilities: FloatArray, decisions: BoolArray, review: BoolArray) -> pd.DataFrame:
    """Adds the `OUTPUT_COLUMNS` behind the columns of the input.

    Args:
        frame: Any table without these columns, one row a sentence.
        probabilities: ``[sentence, label]`` in [0, 1]; rounded to 4 digits.
        decisions: ``[sentence, label]``, true where the sentence has the label.
        review: ``[sentence]``, true where a person should look.
    """
    import pandas as pd
    import pyarrow as pa

    names = [[label for label, has in zip(LABEL_IDS, row, strict=True) if has] for row in decisions.tolist()]
    # Typed, for rows without a single label would otherwise have a column of nulls in Parquet.
    labels = pd.arrays.ArrowExtensionArray(pa.array(names, pa.list_(pa.string())))
    columns: dict[str, Any] = dict(zip(LABEL_IDS, np.round(probabilities, 4).T, strict=True))
    return frame.assign(**columns, labels=labels, review=review)


def rejects_path(output: Path) -> Path:
    """Where the rows go that cannot be labelled."""
    return output.with_name(output.name + ".rejects.jsonl")


def check_output(path: Path, source: Path | None = None) -> None:
    """Tells, before any work is done, whether a table may be written there.

    Raises:
        UserError: Unknown suffix, a folder, or the very file that the sentences are read from.
    """
    format_suffix(path)
    if path.is_dir():
        raise UserError(f"{path}: this is a folder; name a file to write")
    for written in (path, rejects_path(path)):
        target = written.resolve()  # for in a/../b the folder a need not exist yet
        if source and target.exists() and source.exists() and target.samefile(source):
            raise UserError(f"{written}: this is the input, which is never overwritten; write to another file")


@contextmanager
def reported(path: Path) -> Iterator[None]:
    """Turns what keeps a file from being written into a message."""
    try:
        yield
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error}); choose another place") from error


def write_labelled(frame: pd.DataFrame, path: Path) -> None:
    """Writes what `add_labels` gave, in the format of the suffix, aside first and then renamed.

    Raises:
        UserError: As `check_output` and `encode`; a place that cannot be written.
    """
    check_output(path)
    rows = encode(frame, path, header=True)
    with reported(path), replaced_file(path) as aside:
        if format_suffix(path) == ".parquet":
            import pyarrow as pa

            to_parquet(pa.BufferReader(rows), aside)
        else:
            aside.write_bytes(rows)
