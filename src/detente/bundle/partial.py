"""An output in the making, which a killed run leaves so that the next one goes on in the chunk where this one was.

``OUTPUT.partial/`` holds ``rows`` and ``rejects``, to which each chunk is appended, and ``journal.json``, which is replaced
after each chunk and says how much of them counts. What a killed run has appended beyond that is cut off again.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import IO, Any, Self

from detente.bundle.chunks import Place
from detente.bundle.columns import format_suffix
from detente.bundle.encoding import to_parquet
from detente.bundle.writing import rejects_path, reported
from detente.errors import UserError
from detente.json_file import read_json, write_json

JOURNAL = "journal.json"


@dataclass(frozen=True)
class Journal:
    """What of an output is done.

    Attributes:
        origin: What the output is made of, such as input and model, as JSON has it; none may change on the way.
        row: Rows of the input that are done.
        offset: Where in the input the next one begins, see `Place`.
        labelled: Rows of the output.
        rows_size: Bytes of ``rows`` that count.
        rejects_size: Bytes of ``rejects`` that count.
        complete: Whether every row is done, so that only the names are to be changed.
    """

    origin: dict[str, Any]
    row: int = 0
    offset: int = 0
    labelled: int = 0
    rows_size: int = 0
    rejects_size: int = 0
    complete: bool = False

    @property
    def sizes(self) -> dict[str, int]:
        """Bytes that count, by name of the file."""
        return {"rows": self.rows_size, "rejects": self.rejects_size}


class Partial:
    """The folder of an output in the making."""

    def __init__(self, output: Path, journal: Journal) -> None:
        self.output = output
        self.journal = journal
        self._folder = partial_folder(output)

    @classmethod
    @contextmanager
    def open(cls, output: Path, origin: dict[str, Any]) -> Iterator[Self]:
        """Goes on with what an earlier run has left, or begins; until the block ends no other run may.

        Raises:
            UserError: What was left is of another origin or damaged, another run is at work, or nothing can be written.
        """
        folder = partial_folder(output)
        with ExitStack() as stack:
            with reported(output):
                folder.mkdir(parents=True, exist_ok=True)
                _lock(stack.enter_context((folder / "lock").open("wb")), folder)
                journal = _read_journal(folder, origin)
                if not journal.complete:
                    for name, size in journal.sizes.items():
                        with (folder / name).open("ab") as file:
                            file.truncate(size)
            yield cls(output, journal)

    @property
    def place(self) -> Place:
        """Where in the input to go on."""
        return Place(self.journal.row, self.journal.offset)

    def append(self, rows: bytes, labelled: int, rejects: bytes, end: Place) -> None:
        """Adds a chunk, wholly or not at all.

        Args:
            rows: What `encode` made of its rows.
            labelled: How many these are.
            rejects: What `encode_rejects` made of the others.
            end: Where the next chunk begins.
        """
        with reported(self.output):
            for name, data in (("rows", rows), ("rejects", rejects)):
                with (self._folder / name).open("ab") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
            done = self.journal
            self._note(
                row=end.row,
                offset=end.offset,
                labelled=done.labelled + labelled,
                rows_size=done.rows_size + len(rows),
                rejects_size=done.rejects_size + len(rejects),
            )

    def finish(self) -> None:
        """Gives rows and rejects their names and clears up; killed on the way, it may be called again."""
        rows, rejects, table = (self._folder / name for name in ("rows", "rejects", "table"))
        with reported(self.output):
            self._note(complete=True)
            if not self.journal.rejects_size:
                rejects_path(self.output).unlink(missing_ok=True)  # an earlier run's
            elif rejects.exists():
                rejects.replace(rejects_path(self.output))
            if format_suffix(self.output) == ".parquet":
                import pyarrow as pa

                with pa.OSFile(str(rows)) as stream:
                    to_parquet(stream, table)
                table.replace(self.output)
            elif rows.exists():
                rows.replace(self.output)
            (self._folder / JOURNAL).unlink()
            shutil.rmtree(self._folder)

    def _note(self, **changes: Any) -> None:
        self.journal = replace(self.journal, **changes)
        write_json(self._folder / JOURNAL, asdict(self.journal))


def partial_folder(output: Path) -> Path:
    """Where an output is made."""
    return output.with_name(output.name + ".partial")


def _read_journal(folder: Path, origin: dict[str, Any]) -> Journal:
    """What an earlier run has noted, or a journal that begins."""
    file = folder / JOURNAL
    if not file.exists():
        return Journal(origin)
    again = f"delete {folder} to start anew"
    journal = Journal(**read_json(file, {field.name for field in fields(Journal)}, made_by=f"a new run ({again})"))
    if other := [key for key in origin if journal.origin.get(key) != origin[key]]:
        what = " and another ".join(other)
        raise UserError(f"{folder}: an unfinished run with another {what}; give that one to finish it, or {again}")
    for name, size in journal.sizes.items():
        path = folder / name
        if not journal.complete and (path.stat().st_size if path.exists() else 0) < size:
            raise UserError(f"{path}: shorter than {JOURNAL} says; {again}")
    return journal


def _lock(file: IO[bytes], folder: Path) -> None:
    """Keeps the file for this process, however it ends; where the file system knows no locks, nothing can be kept."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise UserError(f"{folder}: another run is at work here; wait for it, or name another output") from None
    except OSError:
        pass
