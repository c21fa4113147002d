"""An output in the making by many processes: ``OUTPUT.parts``, to which each adds parts, put in place once all are there.

``origin.json`` says what the output is made of. A part is done when its note is there, ``part-000012.json``; its rows
stand in ``.parquet``, those that are no sentences in ``.rejects.jsonl``. A part may be labelled twice, by a worker that was
taken for dead say: it becomes the same files again, which replace the first ones whole.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from detente.bundle.encoding import encode_rejects
from detente.bundle.part_labelling import label_part
from detente.bundle.parted_table import Part
from detente.bundle.storage import Location
from detente.bundle.streaming import LabelTexts
from detente.errors import UserError

ORIGIN, SUCCESS, REJECTS = "origin.json", "_SUCCESS", ".rejects.jsonl"
_MOVERS = 16  # threads that wait for a file system


@dataclass(frozen=True)
class Note:
    """What became of a part, or of all of them.

    Attributes:
        labelled: Rows.
        rejected: Rows that are no sentences.
        node: Where it was labelled, as the engine names its machines.
    """

    labelled: int
    rejected: int
    node: str = ""


class PartsFolder:
    """The folder of an output in the making.

    Attributes:
        output: A file if its name ends in ``.parquet``, else a folder.
        place: The folder.
    """

    def __init__(self, output: Location) -> None:
        self.output = output
        self.place = output.beside(".parts")

    @property
    def _is_table(self) -> bool:
        return self.output.path.lower().endswith(".parquet")

    def begin(self, origin: Mapping[str, str]) -> bool:
        """Goes on with what an earlier run has left, or begins.

        Args:
            origin: What the output is made of.

        Returns:
            Whether every part is done, so that only `finish` is to be called.

        Raises:
            UserError: What was left is of another origin, or the output would replace a folder.
        """
        from pyarrow.fs import FileType

        noted = self.place.within(ORIGIN)
        if noted.info.is_file:
            left = json.loads(noted.read())
            if other := [key for key in origin if left["origin"].get(key) != origin[key]]:
                what, again = " and another ".join(other), f"delete {self.place.address} to start anew"
                raise UserError(
                    f"{self.place.address}: an unfinished run with another {what}; give that one to finish it, or {again}"
                )
            if left["complete"]:
                return True
        if self.output.info.type == FileType.Directory and (self._is_table or self.output.listed("")):
            raise UserError(f"{self.output.address}: a folder, which is never replaced; name another output")
        if not noted.info.is_file:
            self._clear()
            self._write_origin(origin, complete=False)
        return False

    def label(self, part: Part, text_column: str, label: LabelTexts, node: str = "") -> Note:
        """Labels a part and notes it.

        Raises:
            UserError: Its file cannot be read, or has changed.
        """
        with TemporaryDirectory() as scratch:
            made = label_part(part, text_column, label, Path(scratch))
            if made.labelled:
                with made.table.open("rb") as table, self._file(part, ".parquet").written() as sink:
                    shutil.copyfileobj(table, sink)
        if made.rejects:
            self._file(part, REJECTS).write(encode_rejects(made.rejects))
        note = Note(made.labelled, len(made.rejects), node)
        self._file(part, ".json").write(json.dumps(asdict(note)).encode())
        return note

    @contextmanager
    def kept_if_used(self) -> Iterator[None]:
        """If the block fails before any part is done, nothing stays to stand in the way of the next try."""
        try:
            yield
        except UserError:
            if not self.notes():
                self._clear()
            raise

    def notes(self) -> dict[str, Note]:
        """What became of the parts that are done, by their names."""
        files = [file for file, _ in self.place.listed(".json") if not file.path.endswith(f"/{ORIGIN}")]
        with ThreadPoolExecutor(_MOVERS) as pool:
            notes = pool.map(lambda file: Note(**json.loads(file.read())), files)
            return {Path(file.path).stem: note for file, note in zip(files, notes, strict=True)}

    def complete(self, parts: list[Part], origin: Mapping[str, str]) -> None:
        """Notes that every part is done.

        Raises:
            UserError: One is not, or no row could be labelled, which clears the folder.
        """
        notes = self.notes()
        if missing := [part.name for part in parts if part.name not in notes]:
            raise UserError(f"{self.place.address}: no {missing[0]}.json; the same command makes what is missing")
        if not any(note.labelled for note in notes.values()):
            first = json.loads(self._file(parts[0], REJECTS).read().splitlines()[0])
            self._clear()
            raise UserError(
                f"{parts[0].file}: none of its rows can be labelled; row {first['row']}: {first['reason']}; "
                "give the rows a sentence in the text column, or name another one with --text-column"
            )
        self._write_origin(origin, complete=True)

    def finish(self, parts: list[Part]) -> Note:
        """Puts the output and its rejects in their places and clears up; killed on the way, it may be called again.

        A folder is whole once ``_SUCCESS`` stands in it, for an object store cannot rename one at a stroke.

        Returns:
            The sums over all parts.
        """
        notes = self.notes()
        rejected = [part for part in parts if notes[part.name].rejected]
        place = self.output.beside(REJECTS)
        if rejected:
            with place.written() as stream:
                for part in rejected:
                    stream.write(self._file(part, REJECTS).read())
        else:
            place.delete()  # an earlier run's
        tables = [self._file(part, ".parquet") for part in parts if notes[part.name].labelled]
        if self._is_table:
            self._join(tables)
        else:
            self.output.filesystem.create_dir(self.output.path, recursive=True)
            with ThreadPoolExecutor(_MOVERS) as pool:
                list(pool.map(self._move_in, tables))
            self.output.within(SUCCESS).write(b"")
        self.place.within(ORIGIN).delete()
        self._clear()
        return Note(sum(note.labelled for note in notes.values()), sum(note.rejected for note in notes.values()))

    def _join(self, tables: list[Location]) -> None:
        import pyarrow.parquet as pq

        writer = None
        with self.output.written() as stream:
            for table in tables:
                with table.filesystem.open_input_file(table.path) as file:
                    part = pq.ParquetFile(file)
                    writer = writer or pq.ParquetWriter(stream, part.schema_arrow)
                    for group in range(part.num_row_groups):
                        writer.write_table(part.read_row_group(group))
            if writer:
                writer.close()  # which writes the end of the file

    def _move_in(self, table: Location) -> None:
        if table.info.is_file:  # else an earlier call has moved it
            table.filesystem.move(table.path, self.output.within(Path(table.path).name).path)

    def _file(self, part: Part, suffix: str) -> Location:
        return self.place.within(part.name + suffix)

    def _write_origin(self, origin: Mapping[str, str], complete: bool) -> None:
        self.place.within(ORIGIN).write(json.dumps({"origin": dict(origin), "complete": complete}, indent=2).encode())

    def _clear(self) -> None:
        from pyarrow.fs import FileType

        if self.place.info.type == FileType.Directory:
            self.place.filesystem.delete_dir(self.place.path)
