"""Which data a run saw: content hashes as DVC takes them, and MLflow's dataset inputs."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from detente.project import find_root

if TYPE_CHECKING:
    import pandas as pd


def file_hash(path: Path) -> str:
    """MD5 of a file's bytes: the hash under which DVC stores it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "md5").hexdigest()


def folder_hash(folder: Path) -> str:
    """Hash of a folder's content as DVC takes it: the MD5 of the list of its files with theirs, and ``.dir``."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    listing = [{"md5": file_hash(path), "relpath": path.relative_to(folder).as_posix()} for path in files]
    return hashlib.md5(json.dumps(listing, sort_keys=True).encode(), usedforsecurity=False).hexdigest() + ".dir"


def inputs_hash(paths: Iterable[str | Path]) -> str:
    """Hashes of the files and folders that a run reads, in their order; an encoder's id on a hub is neither and has none."""
    here = [path for path in map(Path, paths) if path.exists()]
    return "".join(folder_hash(path) if path.is_dir() else file_hash(path) for path in here)


def corpus_version() -> str:
    """DVC hash of the corpus folder as ``data/corpus.dvc`` records it, or ``unversioned`` where that file is missing."""
    pointer = find_root() / "data" / "corpus.dvc"
    if not pointer.is_file():
        return "unversioned"
    return str(yaml.safe_load(pointer.read_text(encoding="utf-8"))["outs"][0]["md5"])


def recorded_in_lock(path: Path) -> bool:
    """Whether ``dvc.lock`` names this very content: False means data that no commit of the pipeline describes."""
    lock = find_root() / "dvc.lock"
    if not lock.is_file():
        return False
    stages = yaml.safe_load(lock.read_text(encoding="utf-8"))["stages"].values()
    return file_hash(path) in {output.get("md5") for stage in stages for output in stage.get("outs", [])}


def log_split(name: str, path: Path, frame: "pd.DataFrame") -> None:
    """Logs one split as an input of the open MLflow run, with its hash and whether ``dvc.lock`` knows it.

    Args:
        name: ``train``, ``validation`` or ``test``; becomes the input's context.
        path: The split's file.
        frame: Its content.
    """
    import mlflow

    digest = file_hash(path)
    dataset = mlflow.data.from_pandas(frame, source=str(path), name=name, digest=digest)  # type: ignore[attr-defined]
    mlflow.log_input(dataset, context=name, tags={"dvc.md5": digest, "dvc.recorded": str(recorded_in_lock(path)).lower()})
