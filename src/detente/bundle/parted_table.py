"""A Parquet table, one file or a folder of them, cut into parts that can be read apart from each other."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.bundle.chunks import Chunk, refuse_twice
from detente.bundle.columns import OUTPUT_COLUMNS
from detente.bundle.parquet_table import ParquetTable
from detente.bundle.storage import Location
from detente.bundle.survey import CHUNK_ROWS
from detente.errors import UserError

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.fs import FileInfo

PART_ROWS = 10 * CHUNK_ROWS  # some seconds of work: little is lost with a worker, little time goes into files
MOST_PARTS = 10_000  # each is some files and an entry in the scheduler
_BUFFER = 2**22  # bytes read ahead in each column: an object store answers slowly, but with much at once
_READERS = 16  # threads that wait for the ends of many files


@dataclass(frozen=True)
class Part:
    """Rows of one file.

    Attributes:
        index: Its place among the parts, from 0.
        file: Address.
        start: First row in the file, from 0; a multiple of ``CHUNK_ROWS``, so that its chunks are those of the local engine.
        stop: Row after the last one.
        before: Rows of all files before this one.
    """

    index: int
    file: str
    start: int
    stop: int
    before: int

    @property
    def name(self) -> str:
        """Stem of the files that it becomes; they sort as the parts do."""
        return f"part-{self.index:06d}"


@dataclass(frozen=True)
class PartedTable:
    """A table of sentences.

    Attributes:
        parts: All rows, in order.
        rows: How many there are.
        part_rows: Rows of a part at most.
        signature: What tells the table from another, and from itself once it has changed.
    """

    parts: list[Part]
    rows: int
    part_rows: int
    signature: str


class PartTable(ParquetTable):
    """A Parquet file on any file system; see `ParquetTable`."""

    def __init__(self, location: Location, file: pa.NativeFile, text_column: str) -> None:
        import pyarrow.parquet as pq

        self.address = location.address
        self.text_column = text_column
        try:
            self._file = pq.ParquetFile(file, buffer_size=_BUFFER, pre_buffer=False)
            self.names = list(self._file.schema_arrow.names)
            refuse_twice(self.names)
        except (ValueError, OSError) as error:
            raise self._unreadable(error) from error
        self.types: dict[str, pa.DataType] = {field.name: field.type for field in self._file.schema_arrow}
        self.rows = int(self._file.metadata.num_rows)

    def part(self, start: int, stop: int) -> Iterator[Chunk]:
        """Reads some of the rows, ``CHUNK_ROWS`` at a time whatever the row groups are."""
        import pyarrow as pa

        groups, skipped = self._groups_from(start)
        row, done = start - skipped, start
        waiting: list[pa.RecordBatch] = []
        try:
            for batch in self._file.iter_batches(CHUNK_ROWS, row_groups=groups):
                first = max(0, start - row)
                waiting.append(batch.slice(first, max(0, min(batch.num_rows, stop - row) - first)))
                row += batch.num_rows
                while done < stop and (row >= stop or sum(map(len, waiting)) >= CHUNK_ROWS):
                    together = pa.concat_batches(waiting)
                    yield self._chunk(together.slice(0, CHUNK_ROWS), done)
                    done += min(len(together), CHUNK_ROWS)
                    waiting = [together.slice(CHUNK_ROWS)]
                if done == stop:
                    return
        except (ValueError, OSError) as error:
            raise self._unreadable(error) from error

    def _unreadable(self, error: Exception) -> UserError:
        return UserError(f"{self.address}: not a Parquet file that can be read ({error}); write it anew")


def cut_table(source: Location, text_column: str, part_rows: int | None = None) -> PartedTable:
    """Reads the ends of the Parquet files, which tell rows and columns, and cuts the rows into parts.

    Args:
        source: A file, or a folder whose files are taken in the order of their names.
        text_column: Of the sentences.
        part_rows: A multiple of ``CHUNK_ROWS``; by default as many as give not too many parts.

    Raises:
        UserError: Nothing there, no rows, no Parquet, no text column, a column twice or named like an output column,
            files with different columns.
    """
    files = _files(source)
    with ThreadPoolExecutor(_READERS) as pool:
        ends = list(pool.map(lambda file: _end(file[0], text_column), files))
    first, columns = files[0][0], ends[0][0]
    _check_names(first, columns, text_column)
    for (file, _), (others, _) in zip(files, ends, strict=True):
        if list(others.items()) != list(columns.items()):
            odd = sorted(name for name in {*others, *columns} if others.get(name) != columns.get(name))
            raise UserError(
                f"{file.address}: not the columns of {first.address} ({odd or 'other order'}); make them the same"
            )
    total = sum(rows for _, rows in ends)
    if not total:
        raise UserError(f"{source.address}: columns but no rows; give it at least one sentence")
    size = part_rows or max(PART_ROWS, -(-total // (MOST_PARTS * CHUNK_ROWS)) * CHUNK_ROWS)
    parts: list[Part] = []
    before = 0
    for (file, _), (_, rows) in zip(files, ends, strict=True):
        cuts = enumerate(range(0, rows, size), start=len(parts))
        parts += [Part(index, file.address, at, min(rows, at + size), before) for index, at in cuts]
        before += rows
    return PartedTable(parts, total, size, _signature(files))


def signature(source: Location) -> str:
    """Digest of the names, sizes and times of a table's files."""
    return _signature(_files(source))


def _signature(files: list[tuple[Location, FileInfo]]) -> str:
    told = [(file.address, info.size, info.mtime_ns) for file, info in files]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _files(source: Location) -> list[tuple[Location, FileInfo]]:
    info = source.info
    files = [(source, info)] if info.is_file else source.listed(".parquet")
    if not files:
        raise UserError(f"{source.address}: no such Parquet file, nor a folder with any; name an existing one")
    return files


def _end(file: Location, text_column: str) -> tuple[dict[str, pa.DataType], int]:
    with file.filesystem.open_input_file(file.path) as stream:
        table = PartTable(file, stream, text_column)
        return table.types, table.rows


def _check_names(file: Location, columns: dict[str, pa.DataType], text_column: str) -> None:
    if text_column not in columns:
        raise UserError(f"{file.address}: no column {text_column!r}; name one of these with --text-column: {list(columns)}")
    if taken := [name for name in columns if name in OUTPUT_COLUMNS]:
        raise UserError(f"{file.address}: the output would overwrite the column(s) {taken}; rename them in the input")
