"""Where a run keeps its checkpoints: the same configuration and the same data find the same folder again."""

import copy
import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any


def checkpoint_folder(base: Path, config: Mapping[str, Any], ignoring: Iterable[str], inputs: str = "") -> Path:
    """The folder where runs of this very configuration keep their checkpoints.

    Args:
        base: Parent of all checkpoint folders.
        config: The resolved configuration, of plain dictionaries, lists, numbers and strings; left as it is.
        ignoring: Dotted keys that do not change what is computed; they may be missing.
        inputs: Digest of the data read, so that changed data never continue an old run.
    """
    kept: dict[str, Any] = copy.deepcopy(dict(config))
    for key in (*ignoring, "checkpoints"):
        *parents, name = key.split(".")
        block = kept
        for parent in parents:
            block = block.setdefault(parent, {})
        block[name] = None
    text = json.dumps([kept, inputs], sort_keys=True)
    return base / hashlib.sha256(text.encode()).hexdigest()[:16]
