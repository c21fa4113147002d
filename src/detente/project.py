"""Where the project lies: every path in the configuration is relative to its root."""

import os
from pathlib import Path

from detente.errors import UserError


def find_root() -> Path:
    """The folder that holds ``conf/`` and ``pyproject.toml``.

    Looks at the environment variable ``DETENTE_ROOT``, else upwards from the current folder, else upwards from this file
    (an editable installation).

    Raises:
        UserError: None of them leads to a project.
    """
    named = os.environ.get("DETENTE_ROOT")
    starts = [Path(named)] if named else [Path.cwd(), *Path.cwd().parents, *Path(__file__).resolve().parents]
    for folder in starts:
        if (folder / "conf").is_dir() and (folder / "pyproject.toml").is_file():
            return folder.resolve()
    where = f"DETENTE_ROOT={named!r}" if named else f"{Path.cwd()} or above it"
    raise UserError(
        f"No détente project (conf/ beside pyproject.toml) at {where}. Go into your clone, or set DETENTE_ROOT to it."
    )
