"""Tables of sentences in text files, CSV and JSONL, read line by line from any row on."""

from __future__ import annotations

import csv
import json
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.bundle.chunks import Chunk, Place, Reject, refuse_twice, text_fault
from detente.bundle.columns import shortened
from detente.bundle.lines import Line, as_bytes, read_lines
from detente.errors import UserError

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Record:
    """One row: its text, where it ends, and its values or what is wrong with it."""

    raw: str
    end: int
    values: dict[str, Any] | None
    fault: str = ""


class TextTable(ABC):
    """A table in a text file."""

    def __init__(self, path: Path, text_column: str) -> None:
        self.path = path
        self.text_column = text_column

    @abstractmethod
    def records(self, offset: int) -> Iterator[Record]:
        """The rows from a byte on, 0 for the first row."""

    def chunks(self, start: Place, size: int) -> Iterator[Chunk]:
        """See `detente.bundle.chunks.Table`."""
        good: list[dict[str, Any]] = []
        rejects: list[Reject] = []
        row = start.row
        for record in self.records(start.offset):
            row += 1
            if fault := self._fault(record):
                readable = as_bytes(record.raw).decode("utf-8", "backslashreplace")
                rejects.append(Reject(row, fault, readable.rstrip("\r\n")))
            elif record.values is not None:
                good.append(record.values)
            if len(good) + len(rejects) == size:
                yield Chunk(_frame(good), rejects, Place(row, record.end))
                good, rejects = [], []
        if good or rejects:
            yield Chunk(_frame(good), rejects, Place(row, record.end))

    def _fault(self, record: Record) -> str | None:
        try:
            record.raw.encode("utf-8")
        except UnicodeEncodeError as error:
            return f"not UTF-8 at character {error.start + 1}"
        if record.values is None:
            return record.fault
        if self.text_column not in record.values:
            return f"no {self.text_column!r} among {shortened(list(record.values))}"
        return text_fault(record.values[self.text_column])


class JsonlTable(TextTable):
    """One JSON object a line; values as JSON has them."""

    def records(self, offset: int) -> Iterator[Record]:
        """See `TextTable`."""
        for line in read_lines(self.path, offset, "\n"):
            try:
                yield Record(line.text, line.end, _parse(line.text))
            except (ValueError, RecursionError) as error:
                yield Record(line.text, line.end, None, str(error))


class CsvTable(TextTable):
    """Commas, header line; every cell a string, an empty one the empty string.

    Raises:
        UserError: The header cannot be read or has a name twice.
    """

    def __init__(self, path: Path, text_column: str) -> None:
        super().__init__(path, text_column)
        header, _, self._body, fault = next(_csv_records(read_lines(path, 0, "")))
        try:
            if fault:
                raise ValueError(fault)
            refuse_twice(header)
        except ValueError as error:
            raise UserError(f"{path}:1: bad CSV header ({error}); write one line of names, with commas between") from error
        self.names = header

    def records(self, offset: int) -> Iterator[Record]:
        """See `TextTable`."""
        for cells, raw, end, fault in _csv_records(read_lines(self.path, max(offset, self._body), "")):
            if not fault and len(cells) != len(self.names):
                fault = f"{len(cells)} cells where the header has {len(self.names)}"
            yield Record(raw, end, None if fault else dict(zip(self.names, cells, strict=True)), fault)


def _csv_records(lines: Iterator[Line]) -> Iterator[tuple[list[str], str, int, str]]:
    """Cells, text, end and fault of each row. A quote that is never closed costs its own line, not the rest of the file."""
    waiting: deque[Line] = deque()
    while True:
        taken: list[Line] = []

        def feed(taken: list[Line] = taken) -> Iterator[str]:
            while line := waiting.popleft() if waiting else next(lines, None):
                taken.append(line)
                yield line.text

        try:
            cells, fault = next(csv.reader(feed(), strict=True)), ""
        except StopIteration:
            return
        except csv.Error as error:
            cells, fault = [], f"bad CSV ({error})"
            waiting.extendleft(reversed(taken[1:]))
            del taken[1:]
        yield cells, "".join(line.text for line in taken), taken[-1].end, fault


def _parse(line: str) -> dict[str, Any]:
    """The object in a line; ValueError says what is wrong with it."""
    if not line.strip():
        raise ValueError("blank line")
    try:
        row = json.loads(line, object_pairs_hook=_unique_keys)
        # NaN, 1e999 and half a surrogate pair are read, but could not be written.
        json.dumps(row, ensure_ascii=False, allow_nan=False).encode("utf-8")
    except ValueError as error:
        raise ValueError(f"not valid JSON ({error})") from error
    if not isinstance(row, dict):
        raise ValueError(f"not a JSON object: {shortened(row)}")
    return row


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    refuse_twice([key for key, _ in pairs])
    return dict(pairs)


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    names = dict.fromkeys(name for row in rows for name in row)
    # As objects: pandas would make floats of integers with gaps.
    return pd.DataFrame({name: pd.Series([row.get(name) for row in rows], dtype=object) for name in names})
