"""The files of a folder of downloads, those inside archives and compressed files included."""

import bz2
import gzip
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any

from detente.errors import UserError

COMPRESSED: dict[str, Callable[[Any], Any]] = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}
DAMAGED = (
    OSError,
    EOFError,
    RuntimeError,  # zipfile's word for a password
    NotImplementedError,  # and for a method it does not know
    lzma.LZMAError,
    zlib.error,
    zipfile.BadZipFile,
    tarfile.TarError,
)


def read_files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yields name and content of every file below a folder, those in archives and compressed files included.

    Takes ``.zip``, ``.tar``, ``.tgz``, ``.gz``, ``.bz2`` and ``.xz`` apart, one in the other too. Leaves out what is
    hidden: a name, or a folder, that begins with a dot.

    Raises:
        UserError: No such folder, or a file that cannot be opened or is damaged.
    """
    if not folder.is_dir():
        raise UserError(f"{folder}: no such folder; name the folder that holds your downloads")
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not _hidden(path.relative_to(folder).as_posix()):
            try:
                with path.open("rb") as file:
                    yield from _unpacked(str(path), file)
            except DAMAGED as error:
                raise UserError(
                    f"{path}: cannot be read ({error or type(error).__name__}); "
                    "download it again, mend its permissions, or take it out of the folder"
                ) from error


def _hidden(name: str) -> bool:
    return any(part.startswith(".") for part in PurePosixPath(name).parts)


def _unpacked(name: str, file: IO[bytes]) -> Iterator[tuple[str, bytes]]:
    suffix = PurePosixPath(name).suffix.lower()
    if suffix == ".tgz":
        name, suffix = f"{name.removesuffix(suffix)}.tar.gz", ".gz"
    if suffix in COMPRESSED:
        with COMPRESSED[suffix](file) as inner:
            yield from _unpacked(name[: -len(suffix)], inner)
    elif suffix == ".zip":
        with zipfile.ZipFile(file) as zipped:
            for entry in zipped.infolist():
                if not entry.is_dir() and not _hidden(entry.filename):
                    with zipped.open(entry) as inner:
                        yield from _unpacked(f"{name}/{entry.filename}", inner)
    elif suffix == ".tar":
        with tarfile.open(fileobj=file, mode="r|") as tape:
            for member in tape:
                if member.isfile() and not _hidden(member.name):
                    yield from _unpacked(f"{name}/{member.name}", tape.extractfile(member))  # type: ignore[arg-type]
    else:
        yield name, file.read()
