"""Labelling one part of a table: what the local engine would write for these rows, in bounded memory."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from detente.bundle.chunks import Chunk, Reject
from detente.bundle.columns import python_values
from detente.bundle.encoding import encode, to_parquet
from detente.bundle.parted_table import Part, PartTable
from detente.bundle.storage import Location
from detente.bundle.streaming import LabelTexts
from detente.bundle.writing import add_labels
from detente.errors import UserError


@dataclass(frozen=True)
class LabelledPart:
    """What became of a part.

    Attributes:
        table: Parquet file with the good rows, there if it has any.
        labelled: How many these are.
        rejects: The others, numbered from the first file on.
    """

    table: Path
    labelled: int
    rejects: list[Reject]


def label_part(part: Part, text_column: str, label: LabelTexts, scratch: Path) -> LabelledPart:
    """Labels a part.

    Args:
        part: Which.
        text_column: Of the sentences.
        label: Labels sentences.
        scratch: A folder that outlives the use of the table.

    Raises:
        UserError: The file cannot be read, or has become shorter.
    """
    import pyarrow as pa

    location, rows, table = Location.parse(part.file), scratch / "rows.parquet", scratch / "table.parquet"
    labelled = 0
    rejects: list[Reject] = []
    with location.filesystem.open_input_file(location.path) as file, rows.open("wb") as sink:
        source = PartTable(location, file, text_column)
        for chunk in source.part(part.start, part.stop):
            sink.write(_encoded(chunk, source, rows, label))
            labelled += len(chunk.frame)
            rejects += [replace(reject, row=part.before + reject.row) for reject in chunk.rejects]
    if labelled + len(rejects) != part.stop - part.start:
        raise UserError(f"{part.file}: has become shorter while it was read; give it back, or start anew")
    if labelled:
        with pa.OSFile(str(rows)) as stream:
            to_parquet(stream, table)
    return LabelledPart(table, labelled, rejects)


def _encoded(chunk: Chunk, source: PartTable, rows: Path, label: LabelTexts) -> bytes:
    """The good rows with their labels, as `to_parquet` takes them."""
    frame = chunk.frame
    if not frame.empty:
        said = label(python_values(frame[source.text_column]))
        frame = add_labels(frame, said.probabilities, said.decisions, said.review)
    return encode(frame, rows, types=source.types)
