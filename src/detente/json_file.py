"""Result files in JSON: equal contents give equal bytes, and a broken file is a message, not a traceback."""

import json
from pathlib import Path
from typing import Any

from detente.errors import UserError
from detente.files import replaced_file


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Writes `content`, which holds no NaN, as indented UTF-8 JSON with sorted keys."""
    text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False)
    with replaced_file(path) as aside:
        aside.write_text(f"{text}\n", encoding="utf-8")


def read_json(path: Path, keys: set[str], made_by: str) -> dict[str, Any]:
    """Reads a JSON object that must hold exactly `keys`.

    Raises:
        UserError: The file is missing, is not JSON, or has other keys; `made_by` tells what writes a good one.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError(f"{path}: no such file; {made_by} writes it") from None
    except ValueError as error:
        raise UserError(f"{path}: not readable as JSON ({error}); let {made_by} write it anew") from error
    if not isinstance(content, dict):
        raise UserError(f"{path}: holds a {type(content).__name__}, not an object; let {made_by} write it anew")
    if set(content) != keys:
        missing, unknown = sorted(keys - set(content)), sorted(set(content) - keys)
        raise UserError(f"{path}: missing keys {missing}, unknown keys {unknown}; let {made_by} write it anew")
    return content
