"""Labelled sentences to evaluate on: one of our splits, or JSON lines from anywhere."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict

from detente.corpus.jsonl import parse_line, problems_of
from detente.corpus.record import KnownLabels
from detente.corpus.tables import read_split
from detente.errors import UserError
from detente.labels import LABEL_IDS

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("id", "text", "document", *LABEL_IDS)


def read_labelled(path: Path) -> pd.DataFrame:
    """Reads sentences with their labels, from a ``.parquet`` split or from ``.jsonl``, one object a line.

    A line needs ``text`` and ``labels``, a list of label ids in any order, maybe empty. It may have ``id``, unique in
    the file, and ``document``; other keys are ignored. Without ``id`` a sentence is called ``line N``. Without
    ``document`` it is a document of its own, named by its id, which makes intervals narrower than they should be when
    several sentences come from one article.

    Returns:
        ``COLUMNS``, labels as bool, at least one row.

    Raises:
        UserError: Another suffix, no such file, nothing in it, a split that `read_split` refuses; a line that is not
            UTF-8, not a JSON object, lacks a key, has a value of another type, a blank text, an unknown label or the
            id of another line.
    """
    import pandas as pd

    if path.suffix.lower() == ".parquet":
        frame = read_split(path)[list(COLUMNS)]
    elif path.suffix.lower() == ".jsonl":
        frame = pd.DataFrame(_rows(path), columns=list(COLUMNS))
    else:
        raise UserError(f"{path}: unknown suffix {path.suffix!r}; name a .parquet split or a .jsonl file")
    if frame.empty:
        raise UserError(f"{path}: no sentence in it; give it at least one")
    return frame


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("is blank: fill it")
    text.encode()  # half of a surrogate pair, which JSON lets through, raises a ValueError: no file could hold it
    return text


Filled = Annotated[str, AfterValidator(_not_blank)]


class _Sentence(BaseModel):
    """A labelled sentence of somebody else's: only what evaluation needs."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    text: Filled
    labels: KnownLabels
    id: Filled = ""
    document: Filled = ""


def _rows(path: Path) -> list[dict[str, Any]]:
    """The rows of the table, in the order of the lines."""
    if not path.is_file():
        name, fetched, _ = path.name.partition(".fetched.jsonl")
        fetch = f"`detente benchmark fetch FOLDER --name {name}` makes it"
        way_out = fetch if fetched else "name a .parquet split or a .jsonl file"
        raise UserError(f"{path}: no such file; {way_out}")
    rows: dict[str, dict[str, Any]] = {}
    for number, line in enumerate(path.read_bytes().removeprefix(codecs.BOM_UTF8).splitlines(), start=1):
        try:
            sentence = parse_line(line, _Sentence)
        except ValueError as error:
            raise UserError(f"{path}:{number}: {'; '.join(problems_of(error))}") from error
        name = sentence.id or f"line {number}"
        if name in rows:
            raise UserError(f"{path}:{number}: key 'id', value {name!r}: another line has it too; give each its own")
        earned = {label: label in sentence.labels for label in LABEL_IDS}
        rows[name] = {"id": name, "text": sentence.text, "document": sentence.document or name} | earned
    return list(rows.values())
