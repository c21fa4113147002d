"""Executes the notebooks beside it and stores their outputs in them.

    python notebooks/execute.py                          # all
    python notebooks/execute.py notebooks/01_corpus.ipynb

What differs from one execution to the next without anything being new (times, the interpreter's version) is left out, so
that executing again without changes gives the same bytes. A notebook that fails stays as it was.
"""

import argparse
import os
from pathlib import Path

import nbformat
from ipykernel.kernelspec import get_kernel_dict
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from detente.files import replaced_file

SECONDS_A_CELL = 600


class ThisInterpreter(AsyncKernelManager):
    """Starts the interpreter that runs as the kernel: whatever is registered elsewhere under the notebook's name for it."""

    @property
    def kernel_spec(self) -> KernelSpec:
        """The command that starts it."""
        return KernelSpec(**get_kernel_dict(extra_arguments=["--HistoryManager.enabled=False"]))


def execute(path: Path) -> None:
    """Executes a notebook in its own folder and writes it back.

    Raises:
        CellExecutionError: A cell failed.
    """
    notebook = nbformat.read(path, as_version=4)
    place = {"metadata": {"path": str(path.parent)}}
    options = {"timeout": SECONDS_A_CELL, "record_timing": False, "coalesce_streams": True}
    # A progress bar of a library that is none in a page: its warning would be stored, with a path of this machine.
    quiet = os.environ | {"PYTHONWARNINGS": "ignore:IProgress not found"}
    client = NotebookClient(notebook, kernel_manager_class=ThisInterpreter, resources=place, **options)
    client.execute(env=quiet, transport_encryption="auto")
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    with replaced_file(path) as aside:
        aside.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")


def main() -> None:
    """Executes the notebooks that are named, else all."""
    options = argparse.ArgumentParser(description="Executes notebooks and stores their outputs.")
    options.add_argument("notebooks", nargs="*", type=Path, help="default: all of this folder")
    for path in options.parse_args().notebooks or sorted(Path(__file__).parent.glob("*.ipynb")):
        try:
            execute(path)
        except CellExecutionError as error:
            raise SystemExit(f"{path} failed and stays as it was.\n{error}") from None
        print(f"{path}: executed")


if __name__ == "__main__":
    main()
