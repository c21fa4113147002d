"""A table of sentences, some rows at a time: what every format gives, and what makes a row a bad one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from detente.bundle.columns import shortened

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Place:
    """Where in a table reading goes on.

    Attributes:
        row: Rows before it, good and bad.
        offset: Bytes before it; not needed for Parquet.
    """

    row: int = 0
    offset: int = 0


@dataclass(frozen=True)
class Reject:
    """A row that cannot be labelled.

    Attributes:
        row: Its number, from 1; a header is no row.
        reason: What is wrong with it.
        content: The row as text, or for Parquet its cells.
    """

    row: int
    reason: str
    content: Any


@dataclass(frozen=True)
class Chunk:
    """Rows that follow each other in a table.

    Attributes:
        frame: The good ones, every column in order and type; without columns if there are none.
        rejects: The bad ones.
        end: Where the next chunk begins.
    """

    frame: pd.DataFrame
    rejects: list[Reject]
    end: Place


class Table(Protocol):
    """A table of sentences that may be read from any row on, as often as one likes."""

    def chunks(self, start: Place, size: int) -> Iterator[Chunk]:
        """Reads from ``start``, which is the first row or the end of a chunk, at most ``size`` rows at a time."""
        ...


def text_fault(text: Any) -> str | None:
    """What is wrong with a text, None for a good one."""
    if isinstance(text, str) and text.strip():
        return None
    what = "null" if text is None else "blank" if isinstance(text, str) else "not a string"
    return f"the text is {what}: {shortened(text)}"


def refuse_twice(names: list[str]) -> None:
    """Raises ValueError for a name that stands twice."""
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice!r} stands twice; rename one")
