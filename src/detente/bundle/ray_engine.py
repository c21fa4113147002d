"""Labelling on a Ray cluster: one labeller a worker, part after part, with the output of the local engine."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from detente.bundle.description import ARTIFACTS, files_of
from detente.bundle.labeller import Labeller
from detente.bundle.parted_table import Part, cut_table, signature
from detente.bundle.parts_folder import Note, PartsFolder
from detente.bundle.storage import Location
from detente.errors import UserError

if TYPE_CHECKING:
    import numpy as np
    import ray


@dataclass(frozen=True)
class Workers:
    """Where the work is done.

    Attributes:
        bundle: Folder; its files travel to the workers.
        weights: ``fp32`` or ``int8``; by default int8 where the bundle has it.
        threads: Processor threads of a worker.
        address: Of a cluster, ``auto`` or ``ray://HOST:PORT``; by default this machine.
    """

    bundle: Path
    weights: str | None = None
    threads: int = 1
    address: str | None = None


def label_on_ray(
    source: str,
    text_column: str,
    output: str,
    workers: Workers,
    model: str,
    part_rows: int | None = None,
    done: Callable[[Note], None] = lambda note: None,
) -> Note:
    """Labels a Parquet table; rows, columns and rejects are those of `detente.bundle.streaming.label_table`.

    A run that was killed is taken up again by the same call. Progress goes to standard error.

    Args:
        source: A Parquet file or a folder of them, on disk or in an object store that driver and workers see alike.
        text_column: Of the sentences.
        output: A file if it ends in ``.parquet``, else a new folder.
        workers: Where the work is done.
        model: What tells this model from others.
        part_rows: Rows that a worker labels at a time, see `cut_table`.
        done: Called with each part as it is done.

    Returns:
        What was done, earlier runs included.

    Raises:
        UserError: Ray is missing or gives up; as `cut_table`, `PartsFolder` and `Labeller.load`; a place that cannot be
            read or written; the input changes meanwhile.
    """
    from tqdm import tqdm

    try:
        place, folder = _places(source, output)
        table = cut_table(place, text_column, part_rows)
        weights = Labeller.load(workers.bundle, workers.weights, workers.threads).weights
        origin = {"input": table.signature, "model": model, "text column": text_column}
        origin["size of parts"] = str(table.part_rows)
        if not folder.begin(origin):
            earlier = folder.notes()
            left = [part for part in table.parts if part.name not in earlier]
            rows = sum(part.stop - part.start for part in left)
            often = 0.5 if sys.stderr.isatty() else 30  # a log file needs fewer lines
            with (
                folder.kept_if_used(),
                tqdm(total=table.rows, initial=table.rows - rows, unit=" rows", desc="labelling", mininterval=often) as bar,
            ):
                for note in _label_parts(left, text_column, folder.output.address, workers, weights) if left else ():
                    bar.update(note.labelled + note.rejected)
                    done(note)
                if signature(place) != table.signature:
                    raise UserError(f"{source}: changed while it was read; delete {folder.place.address} and start anew")
                folder.complete(table.parts, origin)
        return folder.finish(table.parts)
    except OSError as error:
        raise UserError(f"{source} or {output}: cannot be read or written ({error}); the same command goes on") from error


def _places(source: str, output: str) -> tuple[Location, PartsFolder]:
    """Input and output, which may not overlap."""
    for name, suffixes in ((source, (".jsonl", ".csv")), (output, (".jsonl", ".csv"))):
        if name.lower().endswith(suffixes):
            raise UserError(f"{name}: with --engine ray tables are Parquet, a file or a folder; write it as .parquet")
    place, target = Location.parse(source), Location.parse(output)
    if place.covers(target) or target.covers(place):
        raise UserError(f"{output}: this is the input, or within it or around it; write to another place")
    return place, PartsFolder(target)


def _label_parts(parts: list[Part], text_column: str, output: str, workers: Workers, weights: str) -> Iterator[Note]:
    """Labels parts on the cluster; gives each one's note once it is safe, in no order.

    What Ray knows of the work is which parts there are: sentences and labels go straight from and to the file system.
    """
    with _cluster(workers.address) as ray:
        from ray.data import ActorPoolStrategy, DataContext

        logging.getLogger("ray.data").setLevel(logging.ERROR)
        context = DataContext.get_current()
        context.enable_progress_bars = context.print_on_execution_start = False
        files = ray.put({name: (workers.bundle / ARTIFACTS / name).read_bytes() for name in files_of(weights)})
        said = ray.data.from_items([asdict(part) for part in parts], override_num_blocks=len(parts)).map_batches(
            _Worker,
            batch_size=1,
            batch_format="numpy",
            fn_constructor_args=(files, weights, workers.threads, text_column, output),
            compute=ActorPoolStrategy(size=min(len(parts), _room(ray, workers.threads))),
            num_cpus=workers.threads,
        )
        try:
            for row in said.iter_rows():
                if fault := row.pop("fault"):
                    raise UserError(fault)
                yield Note(**row)
        except ray.exceptions.RayError as error:
            reason = str(error).strip().splitlines()[-1]
            raise UserError(f"ray gave up ({reason}); once that is mended the same command goes on") from error


class _Worker:
    """A labeller on some machine of the cluster, and the parts folder as seen from there."""

    def __init__(
        self, files: ray.ObjectRef[dict[str, bytes]], weights: str, threads: int, text_column: str, output: str
    ) -> None:
        import ray

        with TemporaryDirectory() as scratch:
            artifacts = Path(scratch, ARTIFACTS)
            artifacts.mkdir()
            for name, data in ray.get(files).items():
                (artifacts / name).write_bytes(data)
            self.labeller = Labeller.load(Path(scratch), weights, threads)
        self.text_column = text_column
        self.folder = PartsFolder(Location.parse(output))
        self.node = ray.get_runtime_context().get_node_id()

    def __call__(self, batch: dict[str, np.ndarray]) -> dict[str, list[Any]]:
        """Labels a part. What the user can mend comes back as ``fault``: Ray would wrap an exception past reading."""
        part = Part(**{key: values.tolist()[0] for key, values in batch.items()})
        note, fault = Note(0, 0), ""
        try:
            note = self.folder.label(part, self.text_column, self.labeller.label, self.node)
        except (UserError, OSError) as error:
            fault = f"{error}" if isinstance(error, UserError) else f"{part.file}: {error}; on node {self.node}"
        return {key: [value] for key, value in {**asdict(note), "fault": fault}.items()}


def _room(ray: Any, threads: int) -> int:
    """How many workers fit into the cluster as it is now."""
    processors = [node["Resources"].get("CPU", 0) for node in ray.nodes() if node["Alive"]]
    room = sum(int(count // threads) for count in processors)
    if not room:
        raise UserError(f"--threads {threads}: no machine of the cluster has as many; they have {processors}")
    return room


@contextmanager
def _cluster(address: str | None) -> Iterator[Any]:
    """Ray, connected, and quiet: no usage reports, no dashboard, nothing on the screen but errors that concern the user."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")  # its native part calls hints to programmers errors
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise UserError(f"--engine ray needs Ray ({error}): pip install -e '.[scale]'") from error
    ours = not ray.is_initialized()
    if ours:
        board = None if address else False  # a cluster has its own
        try:
            with _muted():
                ray.init(address or "local", log_to_driver=False, logging_level=logging.ERROR, include_dashboard=board)
        except (ConnectionError, ImportError, ValueError) as error:
            raise UserError(f"--ray-address {address}: no cluster there ({error}); start one, or leave it out") from error
    try:
        yield ray
    finally:
        if ours:
            ray.shutdown()


@contextmanager
def _muted() -> Iterator[None]:
    """Keeps off the screen what Ray's native part prints while it starts; exceptions still pass."""
    screen = os.dup(2)
    try:
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(screen, 2)
        os.close(screen)
