"""Labelling a table of any size in bounded memory: chunk by chunk, each safe on disk before the next is read."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from detente.bundle.chunks import Chunk
from detente.bundle.columns import python_values
from detente.bundle.encoding import encode, encode_rejects
from detente.bundle.partial import Journal, Partial
from detente.bundle.survey import CHUNK_ROWS, Survey, file_signature
from detente.bundle.writing import add_labels
from detente.errors import UserError

if TYPE_CHECKING:
    import pandas as pd
    from tqdm import tqdm

    from detente.evaluation.trained import Labelling

LabelTexts = Callable[[Sequence[str]], "Labelling"]


def label_table(survey: Survey, output: Path, label: LabelTexts, model: str, chunk_rows: int = CHUNK_ROWS) -> Journal:
    """Labels a table; every column is carried through, bad rows go to `rejects_path`, the good ones to the output.

    A run that was killed is taken up again by the same call. Progress goes to standard error.

    Args:
        survey: Of the table, for this output.
        output: Its suffix is the format.
        label: Labels sentences.
        model: What tells this model from others.
        chunk_rows: Rows read and labelled at a time.

    Returns:
        What was done, earlier runs included.

    Raises:
        UserError: An unfinished run with another input, model or text column has left its folder; the input changes
            meanwhile; a place that cannot be written, a value that the output's format cannot hold.
    """
    origin = {"input": survey.signature, "model": model, "text column": survey.text_column}
    with Partial.open(output, origin) as partial, _progress(survey, partial, chunk_rows) as bar:
        if not partial.journal.complete:
            for chunk in survey.table.chunks(partial.place, chunk_rows):
                rows = _labelled(chunk, survey, label)
                header = partial.journal.labelled == 0
                encoded = encode(rows, output, header, survey.types)
                partial.append(encoded, len(rows), encode_rejects(chunk.rejects), chunk.end)
                bar.update(chunk.end.row - bar.n)
            if file_signature(survey.source) != survey.signature:
                raise UserError(f"{survey.source}: changed while it was read; delete {output}.partial and start anew")
        partial.finish()
    return partial.journal


def _labelled(chunk: Chunk, survey: Survey, label: LabelTexts) -> pd.DataFrame:
    """The good rows with all columns of the table and the labels."""
    import pandas as pd

    frame = chunk.frame
    if frame.empty:
        return frame
    gap = pd.Series([None] * len(frame), dtype=object)
    frame = pd.DataFrame({name: frame.get(name, gap) for name in survey.columns})
    said = label(python_values(frame[survey.text_column]))
    return add_labels(frame, said.probabilities, said.decisions, said.review)


def _progress(survey: Survey, partial: Partial, chunk_rows: int) -> tqdm[None]:
    from tqdm import tqdm

    done, terminal = partial.journal.row, sys.stderr.isatty()
    if done:
        print(f"going on after row {done} of {survey.rows}, where an earlier run was", file=sys.stderr)
    return tqdm(
        total=survey.rows,
        initial=done,
        unit=" rows",
        desc="labelling",
        mininterval=0.5 if terminal else 30,  # a log file needs fewer lines
        disable=not terminal and survey.rows <= chunk_rows,
    )
