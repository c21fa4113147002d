"""``detente doctor``: what is installed, which data and models are here, what is missing and the command that brings it."""

import importlib.util
import json
import platform
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from detente.errors import UserError
from detente.project import find_root

PYTHON = ((3, 11), (3, 13))
PACKAGES = ("torch", "transformers", "datasets", "scikit-learn", "pandas", "mlflow", "hydra-core", "dvc")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: whether it is well, what was found, and the way out if it is not."""

    name: str
    well: bool
    found: str
    remedy: str = ""


def main(arguments: Sequence[str]) -> None:
    """Prints the findings; ends with status 1 if something needed for ``make train`` or ``detente label`` is missing.

    Raises:
        UserError: Arguments were given, or this is no project.
    """
    from rich.console import Console
    from rich.table import Table

    if arguments:
        raise UserError(f"doctor takes no arguments, got {' '.join(arguments)!r}")
    root = find_root()
    findings = [_python(), *_packages(root), *_programs(), *_artefacts(root), _tracking(root), _accelerator()]
    table = Table("", "what", "found", "way out", box=None, title=f"détente in {root}", title_justify="left")
    for finding in findings:
        table.add_row("[green]ok[/]" if finding.well else "[red]no[/]", finding.name, finding.found, finding.remedy)
    Console().print(table)
    if not all(finding.well for finding in findings):
        raise SystemExit(1)


def _python() -> Finding:
    lowest, ceiling = PYTHON
    well = lowest <= sys.version_info[:2] < ceiling
    wanted = f"3.{lowest[1]} or 3.{ceiling[1] - 1}"
    return Finding("Python", well, platform.python_version(), "" if well else f"make the environment with Python {wanted}")


def _packages(root: Path) -> list[Finding]:
    pinned = dict(line.strip().split("==") for line in (root / "constraints.txt").read_text().splitlines() if "==" in line)
    findings = []
    for name in PACKAGES:
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            findings.append(Finding(name, False, "not installed", "make install"))
            continue
        well = version.split("+")[0] == pinned[name]
        findings.append(Finding(name, well, version, "" if well else f"tested with {pinned[name]}: make install"))
    return findings


def _programs() -> list[Finding]:
    findings = []
    for name, remedy in (
        ("git", "install git"),
        ("dvc", "source .venv/bin/activate"),
        ("mlflow", "source .venv/bin/activate"),
    ):
        path = shutil.which(name)
        findings.append(Finding(f"{name} on PATH", path is not None, path or "missing", "" if path else remedy))
    return findings


def _artefacts(root: Path) -> list[Finding]:
    def sentences() -> str:
        from detente.corpus.jsonl import read_records

        return f"{len(read_records(root / 'data' / 'corpus'))} sentences"

    def splits() -> str:
        import pyarrow.parquet as pq

        files = {name: root / "data" / "splits" / f"{name}.parquet" for name in ("train", "validation", "test")}
        return ", ".join(f"{name} {pq.read_metadata(file).num_rows}" for name, file in files.items())

    def description() -> str:
        values = json.loads((root / "models" / "classifier" / "classifier.json").read_text(encoding="utf-8"))
        return f"{values['name']}, seed {values['seed']}"

    def weights() -> str:
        return f"{(root / 'models' / 'encoder' / 'model.safetensors').stat().st_size / 2**20:.0f} MB of weights"

    wanted: list[tuple[str, Callable[[], str], str]] = [
        ("corpus", sentences, "dvc pull data/corpus.dvc"),
        ("splits", splits, "dvc repro prepare"),
        ("embedded encoder", weights, "dvc pull adapt"),
        ("trained classifier", description, "make train, or dvc pull train"),
    ]
    findings = []
    for name, look, remedy in wanted:
        try:
            findings.append(Finding(name, True, look()))
        except FileNotFoundError:
            findings.append(Finding(name, False, "missing", remedy))
        except UserError as error:
            findings.append(Finding(name, False, str(error).splitlines()[0], remedy))
    return findings


def _tracking(root: Path) -> Finding:
    file = root / "mlflow.db"
    found = (
        f"{file.stat().st_size / 2**20:.1f} MB in mlflow.db"
        if file.is_file()
        else "no run yet; the first one makes mlflow.db"
    )
    return Finding("MLflow runs", True, found)


def _accelerator() -> Finding:
    if importlib.util.find_spec("torch") is None:
        return Finding("processor", False, "torch is not installed", "make install")
    import torch

    found = torch.cuda.get_device_name() if torch.cuda.is_available() else f"CPU, {torch.get_num_threads()} threads"
    return Finding("processor", True, found)
