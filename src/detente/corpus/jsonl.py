"""Records as JSON lines: one sentence a line, UTF-8, every mistake named with its file, line, key and value."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from detente.corpus.record import Record
from detente.errors import UserError
from detente.files import replaced_file

MOST_PROBLEMS_SHOWN = 20

Model = TypeVar("Model", bound=BaseModel)


def read_records(path: Path) -> list[Record]:
    """Read one file, or every ``*.jsonl`` of a folder in the order of their names.

    Raises:
        UserError: Up to ``MOST_PROBLEMS_SHOWN`` mistakes at once: nothing to read, wrong encoding, blank line, not
            JSON, unknown or missing key, wrong value, duplicate id, contrast partner that does not exist.
    """
    return [record for record, _ in _read(path).values()]


def write_records(records: Iterable[Record], path: Path) -> None:
    """Write records in the order given, keys in the order of the schema; equal records give equal bytes."""
    with replaced_file(path) as aside, aside.open("w", encoding="utf-8", newline="\n") as file:
        for record in records:
            values = record.model_dump(exclude_none=True)
            values["votes"] = dict(sorted(record.votes.items()))
            file.write(json.dumps(values, ensure_ascii=False) + "\n")


def _read(path: Path) -> dict[str, tuple[Record, str]]:
    """Read the records under ``path`` with their places, by id."""
    found: dict[str, tuple[Record, str]] = {}
    problems: list[str] = []
    for place, line in _lines(path):
        try:
            record = parse_line(line, Record)
        except ValueError as error:
            problems += [f"{place}: {problem}" for problem in problems_of(error)]
            continue
        if record.id in found:
            problems.append(f"{place}: id {record.id!r} is already used at {found[record.id][1]}: give it another")
        else:
            found[record.id] = (record, place)
    # A line that could not be read may hold the missing partner: judge the links once all lines are good.
    if not problems:
        problems = [
            f"{place}: contrast {record.contrast!r} is no id of {path}: correct it or add the partner"
            for record, place in found.values()
            if record.contrast is not None and record.contrast not in found
        ]
    if problems:
        more = len(problems) - MOST_PROBLEMS_SHOWN
        shown = problems[:MOST_PROBLEMS_SHOWN] + ([f"… and {more} more"] if more > 0 else [])
        raise UserError("\n".join([f"{path}: {len(problems)} problem(s)", *shown]))
    return found


def _lines(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield each line with its place, ``file:line``."""
    if path.is_dir():
        files = sorted(path.glob("*.jsonl"))
        if not files:
            raise UserError(f"{path}: no *.jsonl file in this folder; name the folder or file of the corpus")
    elif path.is_file():
        files = [path]
    else:
        raise UserError(f"{path}: no such file or folder; name the folder or file of the corpus")
    for file in files:
        for number, line in enumerate(file.read_bytes().splitlines(), start=1):
            yield f"{file}:{number}", line


def parse_line(line: bytes, model: type[Model]) -> Model:
    """Turn one JSON line into an object of a schema.

    Raises:
        ValueError: Not UTF-8, blank, not JSON, or not what the schema asks for; ``problems_of`` puts it into words.
    """
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        wrong = line[error.start : error.end]
        raise ValueError(f"byte {error.start + 1}, {wrong!r}, is not UTF-8: save the file as UTF-8") from error
    if not text.strip():
        raise ValueError("blank line: delete it")
    try:
        values = json.loads(text, object_pairs_hook=_unique_keys)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON, column {error.colno}: {error.msg}: {text[:60]!r}") from error
    except RecursionError as error:
        raise ValueError(f"nested too deeply to be read: {text[:60]!r}: write a flat object") from error
    return model.model_validate(values)


def problems_of(error: ValueError) -> list[str]:
    """Say what ``parse_line`` found wrong in terms of keys and values, one message a mistake."""
    return [_describe(detail) for detail in error.errors()] if isinstance(error, ValidationError) else [str(error)]


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Build a JSON object, refusing what ``json`` would silently let win: the last of two equal keys."""
    values = dict(pairs)
    if len(values) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        raise ValueError(f"key {', '.join(map(repr, twice))} stands twice in one object: keep one")
    return values


def _describe(detail: Any) -> str:
    """Say what pydantic found wrong in terms of the record's keys."""
    key = ".".join(map(str, detail["loc"]))
    match detail["type"]:
        case "extra_forbidden":
            return f"unknown key {key!r}, value {detail['input']!r}: the keys are {', '.join(Record.model_fields)}"
        case "missing":
            return f"missing key {key!r}: add it"
        case "model_type":
            return f'value {detail["input"]!r} is no JSON object: write {{"text": "…", …}}'
        case "value_error" if key:
            return f"key {key!r}, value {detail['input']!r}: {detail['ctx']['error']}"
        case "value_error":
            return str(detail["ctx"]["error"])
        case _:
            return f"{f'key {key!r}, ' if key else ''}value {detail['input']!r}: {detail['msg']}"
