"""Entries of the suite from YAML lists and JSON lines; every mistake is named with its file, line, key and value."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from detente.corpus.jsonl import parse_line
from detente.errors import UserError


class Entry(BaseModel):
    """An entry of a file: frozen; an unknown key or a value of another type is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


Kind = TypeVar("Kind", bound=Entry)


def read_jsonl(path: Path, kind: type[Kind], key: str = "id") -> list[Kind]:
    """Reads JSON lines, one entry a line, in the order of the file.

    Raises:
        UserError: No such file, no entry in it, a line that is no such entry, two entries with one `key`.
    """
    lines = enumerate(_bytes(path).splitlines(), start=1)
    return _distinct(path, key, ((f"{path}:{number}", _entry(f"{path}:{number}", line, kind)) for number, line in lines))


def read_yaml(path: Path, kind: type[Kind], key: str = "id") -> list[Kind]:
    """Reads a YAML list of mappings. Raises as `read_jsonl` does."""
    try:
        loader = yaml.SafeLoader(_bytes(path))
        root = loader.get_single_node()
        if not isinstance(root, yaml.SequenceNode):
            raise UserError(f"{path}: holds no list; write one entry after the other, each begun by a dash")
        places = [f"{path}:{node.start_mark.line + 1}" for node in root.value]
        values = [loader.construct_object(node, deep=True) for node in root.value]
    except yaml.YAMLError as error:
        raise UserError(f"{path}: not readable as YAML ({error}); correct it there, and put texts in quotes") from error
    return _distinct(path, key, ((place, _entry(place, value, kind)) for place, value in zip(places, values, strict=True)))


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        raise UserError(f"{path}: no such file; it comes with the repository")
    return path.read_bytes()


def _entry(place: str, content: Any, kind: type[Kind]) -> Kind:
    """Turns a JSON line or a YAML value into an entry."""
    try:
        return parse_line(content, kind) if isinstance(content, bytes) else kind.model_validate(content)
    except ValidationError as error:
        problems = "; ".join(_describe(detail, kind) for detail in error.errors())
        raise UserError(f"{place}: {problems}") from error
    except ValueError as error:
        raise UserError(f"{place}: {error}") from error


def _distinct(path: Path, key: str, entries: Iterator[tuple[str, Kind]]) -> list[Kind]:
    """The entries, once it is sure that there are some and that no two have one key."""
    places: dict[str, str] = {}
    found = []
    for place, entry in entries:
        name = getattr(entry, key)
        if name in places:
            raise UserError(f"{place}: key {key!r}, value {name!r}: already at {places[name]}; give each its own")
        places[name] = place
        found.append(entry)
    if not found:
        raise UserError(f"{path}: no entry in it; restore the file from the repository")
    return found


def _describe(detail: Any, kind: type[Entry]) -> str:
    """One mistake that pydantic found, in terms of the keys of the file."""
    key = ".".join(map(str, detail["loc"]))
    match detail["type"]:
        case "missing":
            return f"missing key {key!r}: add it"
        case "extra_forbidden":
            return f"unknown key {key!r}, value {detail['input']!r}: the keys are {', '.join(kind.model_fields)}"
        case "value_error":
            return f"{f'key {key!r}, ' if key else ''}value {detail['input']!r}: {detail['ctx']['error']}"
        case _:
            return f"{f'key {key!r}, ' if key else ''}value {detail['input']!r}: {detail['msg']}; correct it"
