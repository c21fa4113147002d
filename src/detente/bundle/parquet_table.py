"""Tables of sentences in Parquet, read batch by batch from any row on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from detente.bundle.chunks import Chunk, Place, Reject, refuse_twice, text_fault
from detente.errors import UserError

if TYPE_CHECKING:
    import pyarrow as pa

_BUFFER = 2**16  # bytes read ahead in each column; without it a whole row group is


class ParquetTable:
    """A Parquet file; columns keep their Arrow types.

    Raises:
        UserError: Not Parquet, or a column stands twice; so does `chunks` where the file is damaged further on.
    """

    def __init__(self, path: Path, text_column: str) -> None:
        import pyarrow.parquet as pq

        self.path = path
        self.text_column = text_column
        try:
            self._file = pq.ParquetFile(path, buffer_size=_BUFFER, pre_buffer=False)
            self.names = list(self._file.schema_arrow.names)
            refuse_twice(self.names)
        except (ValueError, OSError) as error:
            raise self._unreadable(error) from error

    def chunks(self, start: Place, size: int) -> Iterator[Chunk]:
        """See `detente.bundle.chunks.Table`."""
        groups, skipped = self._groups_from(start.row)
        row = start.row - skipped
        try:
            for batch in self._file.iter_batches(size, row_groups=groups):
                row += batch.num_rows
                if row > start.row:
                    rest = batch.slice(max(0, batch.num_rows - (row - start.row)))
                    yield self._chunk(rest, row - rest.num_rows)
        except (ValueError, OSError) as error:
            raise self._unreadable(error) from error

    def _groups_from(self, row: int) -> tuple[list[int], int]:
        """The row groups that hold ``row`` and what follows, and how many rows of the first lie before it."""
        metadata = self._file.metadata
        groups = list(range(metadata.num_row_groups))
        while groups and metadata.row_group(groups[0]).num_rows <= row:
            row -= metadata.row_group(groups.pop(0)).num_rows
        return groups, row

    def _chunk(self, batch: pa.RecordBatch, before: int) -> Chunk:
        import pandas as pd
        import pyarrow as pa

        texts = batch.column(self.names.index(self.text_column)).to_pylist()
        faults = {index: fault for index, text in enumerate(texts) if (fault := text_fault(text))}
        rejects = [
            Reject(before + index + 1, fault, batch.slice(index, 1).to_pylist()[0]) for index, fault in faults.items()
        ]
        good = batch.filter(pa.array([index not in faults for index in range(len(texts))]))
        # Column by column: pandas' own conversion makes some columns an index and changes the types of others.
        columns = {name: pd.arrays.ArrowExtensionArray(good.column(i)) for i, name in enumerate(self.names)}
        return Chunk(pd.DataFrame(columns), rejects, Place(before + batch.num_rows))

    def _unreadable(self, error: Exception) -> UserError:
        return UserError(f"{self.path}: not a Parquet file that can be read ({error}); write it anew")
