"""Files on any file system: a path, or an address such as ``s3://bucket/folder`` that Arrow or fsspec knows."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.errors import UserError

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.fs import FileInfo, FileSystem


@dataclass(frozen=True)
class Location:
    """A file or folder, there or not.

    Attributes:
        address: Names it in every process that sees the same file system; a local path is absolute.
        filesystem: What holds it.
        path: Its name there.
    """

    address: str
    filesystem: FileSystem
    path: str

    @classmethod
    def parse(cls, name: str) -> Location:
        """Finds the file system of a path or an address; nothing is read yet.

        Raises:
            UserError: Neither Arrow nor fsspec knows this kind of address, or a package for it is missing.
        """
        from pyarrow import ArrowInvalid
        from pyarrow.fs import FileSystem, FSSpecHandler, LocalFileSystem, PyFileSystem

        if "://" not in name:
            path = os.path.abspath(name)
            return cls(path, LocalFileSystem(), path)
        base, query = _parted(name)
        address = base.rstrip("/") + query
        try:
            return cls(address, *FileSystem.from_uri(address))
        except ArrowInvalid:  # not one of Arrow's own
            import fsspec

            try:
                filesystem, path = fsspec.core.url_to_fs(address)
            except (ValueError, ImportError) as error:
                raise UserError(f"{name}: no file system for this address ({error})") from error
            return cls(address, PyFileSystem(FSSpecHandler(filesystem)), path)

    def beside(self, suffix: str) -> Location:
        """The file or folder whose name goes on with ``suffix``."""
        base, query = _parted(self.address)
        return Location(base + suffix + query, self.filesystem, self.path + suffix)

    def within(self, name: str) -> Location:
        """A file of this folder."""
        return self.beside(f"/{name}")

    def covers(self, other: Location) -> bool:
        """Whether the other one is this very file or folder, or lies within it."""
        mine, others = (
            os.path.realpath(place.path) if place.filesystem.type_name == "local" else place.path for place in (self, other)
        )
        return self.filesystem == other.filesystem and f"{others}/".startswith(f"{mine}/")

    @property
    def info(self) -> FileInfo:
        """Kind, size and time of the last change."""
        return self.filesystem.get_file_info(self.path)

    def listed(self, suffix: str) -> list[tuple[Location, FileInfo]]:
        """The files of a folder that end so, at any depth, by name; none if it is missing.

        Names that begin with ``.`` or ``_`` are left out, as of folders that a run is still writing.
        """
        from pyarrow.fs import FileSelector

        found = []
        for info in self.filesystem.get_file_info(FileSelector(self.path, allow_not_found=True, recursive=True)):
            name = info.path.removeprefix(self.path).lstrip("/")
            if info.is_file and name.endswith(suffix) and not any(step[0] in "._" for step in name.split("/")):
                found.append((self.within(name), info))
        return sorted(found, key=lambda file: file[0].path)

    @contextmanager
    def written(self) -> Iterator[pa.NativeFile]:
        """Gives a stream to write; the file has its name once the block ends well, else nothing stays.

        Two processes may write the same file at once: the last one's is there, whole.
        """
        self.filesystem.create_dir(self.path.rpartition("/")[0], recursive=True)
        aside = self.beside(f".{uuid.uuid4().hex}")
        try:
            with self.filesystem.open_output_stream(aside.path) as stream:
                yield stream
            self.filesystem.move(aside.path, self.path)
        except BaseException:
            aside.delete()
            raise

    def read(self) -> bytes:
        """All of the file."""
        with self.filesystem.open_input_stream(self.path) as stream:
            data: bytes = stream.read()
        return data

    def write(self, data: bytes) -> None:
        """Makes this all of the file."""
        with self.written() as stream:
            stream.write(data)

    def delete(self) -> None:
        """Takes a file away if it is there."""
        if self.info.is_file:
            self.filesystem.delete_file(self.path)


def _parted(address: str) -> tuple[str, str]:
    """What names the file, and the options of the file system behind it."""
    base, mark, options = address.partition("?") if "://" in address else (address, "", "")
    return base, mark + options
