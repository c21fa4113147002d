"""Writing without ever leaving half a file: aside first, renamed when whole."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replaced_folder(folder: Path) -> Iterator[Path]:
    """Gives an empty folder to fill; it takes the place of ``folder`` if the block ends well, else ``folder`` stays."""
    aside = folder.with_name(folder.name + ".partial")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    yield aside
    if folder.exists():
        shutil.rmtree(folder)
    aside.rename(folder)


@contextmanager
def replaced_file(path: Path) -> Iterator[Path]:
    """Gives a path to write; the file takes the place of ``path`` if the block ends well, else ``path`` stays as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.partial")
    try:
        yield aside
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
