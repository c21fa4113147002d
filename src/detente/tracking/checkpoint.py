"""Runs that survive a kill: the same configuration finds its checkpoints and its MLflow run again."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omegaconf import DictConfig, OmegaConf

from detente import checkpoints
from detente.tracking.run import TrackingSettings, tracked_run

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def checkpoint_folder(base: Path, cfg: DictConfig, ignoring: Iterable[str], inputs: str = "") -> Path:
    """The folder where runs of this very configuration keep their checkpoints.

    Args:
        base: Parent of all checkpoint folders.
        cfg: The composed configuration.
        ignoring: Dotted keys that do not change what is computed.
        inputs: Digest of the data read, so that changed data never continue an old run.
    """
    config: Any = OmegaConf.to_container(cfg, resolve=True)
    return checkpoints.checkpoint_folder(base, config, ignoring, inputs)


class Tracker:
    """Metrics into the open MLflow run."""

    def log(self, metrics: dict[str, float], step: int) -> None:
        """One point of each curve."""
        import mlflow

        mlflow.log_metrics(metrics, step=step)

    def log_summary(self, metrics: dict[str, float]) -> None:
        """Figures of the run as a whole, under ``final/``."""
        import mlflow

        mlflow.log_metrics({f"final/{name}": value for name, value in metrics.items()})

    def log_figure(self, figure: "Figure", name: str) -> None:
        """A plot, stored under ``name``."""
        import mlflow

        mlflow.log_figure(figure, name)

    def tag(self, description: dict[str, Any]) -> None:
        """What the model is, under ``model.``."""
        import mlflow

        mlflow.set_tags({f"model.{key}": value for key, value in description.items()})


@contextmanager
def resumable_run(settings: TrackingSettings, name: str, cfg: DictConfig, folder: Path) -> Iterator[Tracker]:
    """A tracked run that remembers its id in ``folder``; an interrupted one is continued, not doubled.

    Args:
        settings: Where the run goes.
        name: The run's name.
        cfg: The composed configuration.
        folder: The run's checkpoint folder.
    """
    config: Any = OmegaConf.to_container(cfg, resolve=True)
    memory = folder / "run_id"
    run_id = memory.read_text() if memory.exists() else None
    with tracked_run(settings, name, config, run_id) as run:
        folder.mkdir(parents=True, exist_ok=True)
        memory.write_text(run.info.run_id)
        yield Tracker()
