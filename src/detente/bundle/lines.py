"""The lines of a text file from any byte on, each with its end; what is not UTF-8 spoils its own line only."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from detente.bundle.article import decode


@dataclass(frozen=True)
class Line:
    """A line with its end, bytes that are not UTF-8 as lone surrogates, and the bytes of the file up to its end."""

    text: str
    end: int


def read_lines(path: Path, start: int, newline: Literal["", "\n"]) -> Iterator[Line]:
    """The lines from byte ``start`` on, without a byte-order mark; ``newline`` as for `open`."""
    with path.open("rb") as file:
        file.seek(start)
        end = start
        for text in io.TextIOWrapper(file, "utf-8", "surrogateescape", newline):
            at_start, end = end == 0, end + len(as_bytes(text))
            yield Line(text.removeprefix("\ufeff") if at_start else text, end)


def check_encoding(path: Path) -> None:
    """The first line that is more than ASCII tells whether the file is meant to be UTF-8.

    Raises:
        UserError: It is not; later lines may still be, and are then bad rows.
    """
    start = 0
    for line in read_lines(path, 0, "\n"):
        if not line.text.isascii():
            decode(as_bytes(line.text), path, start)
            return
        start = line.end


def as_bytes(text: str) -> bytes:
    """The bytes that `read_lines` made this of."""
    return text.encode("utf-8", "surrogateescape")
