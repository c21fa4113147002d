"""The article that `detente label` reads, and the bytes of any file as text."""

import codecs
import sys
from pathlib import Path

from detente.bundle.columns import SUFFIXES
from detente.errors import UserError

# What people hand in for plain text, by the first bytes of the file.
_DOCUMENTS = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a Word, OpenDocument or other zipped file",
    b"\xd0\xcf\x11\xe0": "an old Word document",
    b"{\\rtf": "an RTF document",
}
_UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_article(path: Path | str) -> str:
    """Reads an article as plain text, from a file or, for ``-``, from standard input.

    Raises:
        UserError: No such file, a folder, a table of sentences, a PDF, Word or other binary file, not UTF-8, empty.
    """
    if str(path) == "-":
        place, data = "standard input", sys.stdin.buffer.read()
    else:
        place, path = str(path), Path(path)
        if path.suffix.lower() in SUFFIXES:
            raise UserError(f"{place}: a table of sentences, not an article; read it with --sentences {place}")
        data = read_bytes(path)
    if kind := _other_than_text(data):
        raise UserError(f"{place}: this is {kind}, not plain text; export it as plain text (UTF-8)")
    text = decode(data, place)
    if not text.strip():
        raise UserError(f"{place}: the article is empty; give it at least one sentence")
    return text


def read_bytes(path: Path) -> bytes:
    """Reads a file that must have something in it.

    Raises:
        UserError: No such file, a folder, no permission, an empty file.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror}); name an existing file") from error
    if not data:
        raise UserError(f"{path}: the file is empty; give it at least one sentence")
    return data


def decode(data: bytes, place: Path | str, start: int = 0) -> str:
    """UTF-8 to text, without a byte-order mark; ``start`` is where in ``place`` the bytes stand.

    Raises:
        UserError: Not UTF-8; names the first wrong byte of ``place`` and a likely encoding.
    """
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        encoding = "UTF-16" if data.startswith(_UTF_16_MARKS) else "WINDOWS-1252"
        raise UserError(
            f"{place}: not UTF-8: byte {start + error.start} is 0x{data[error.start]:02x}; save it as UTF-8, "
            f"for instance with iconv -f {encoding} -t UTF-8"
        ) from error


def _other_than_text(data: bytes) -> str | None:
    """What the bytes are if they are no text."""
    for first_bytes, kind in _DOCUMENTS.items():
        if data.startswith(first_bytes):
            return kind
    # A zero byte is in every binary file of some size, and in no text but UTF-16, which starts with its own mark.
    return "a binary file" if b"\0" in data and not data.startswith(_UTF_16_MARKS) else None
