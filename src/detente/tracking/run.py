"""The life of one MLflow run, from before the work starts until it has ended well or badly."""

import fcntl
import hashlib
import logging
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.errors import UserError
from detente.tracking.environment import describe_environment, installed_packages

if TYPE_CHECKING:
    import mlflow


log = logging.getLogger(__name__)


@dataclass(frozen=True)
class TrackingSettings:
    """Where runs go: an MLflow tracking URI and the name of an experiment."""

    uri: str
    experiment: str


def connect(settings: TrackingSettings) -> None:
    """Selects the tracking store and the experiment, once the store has answered.

    Raises:
        UserError: The store cannot be reached or opened; said before any work starts.
    """
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    # A server that is away should cost seconds, not MLflow's default of seven retries with growing pauses.
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "10")
    import mlflow
    from mlflow.exceptions import MlflowException

    for name in (
        "alembic",
        "mlflow.store.db.utils",
        "mlflow.tracking.fluent",
    ):  # database migrations are not the user's news
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        mlflow.set_tracking_uri(settings.uri)
        with _one_at_a_time(settings.uri):
            if settings.uri.startswith("sqlite:///"):
                # Left alone, MLflow keeps artifacts under the folder that the first command happened to start in.
                artifacts = Path(settings.uri.removeprefix("sqlite:///")).resolve().parent / "mlruns" / settings.experiment
                with suppress(MlflowException):  # the experiment is there already
                    mlflow.create_experiment(settings.experiment, artifact_location=artifacts.as_uri())
            mlflow.set_experiment(settings.experiment)
    except Exception as error:  # every store has exceptions of its own
        reason = str(error).partition("\n")[0][:160]
        raise UserError(
            f"tracking.uri={settings.uri!r} does not answer: {reason}\nStart that server, correct the address, or leave "
            "tracking.uri out to write to mlflow.db in the project."
        ) from error


@contextmanager
def _one_at_a_time(uri: str) -> Iterator[None]:
    """Lets jobs of a sweep on this machine open a store one after the other: two that lay out a new database spoil it."""
    name = f"detente-{os.getuid()}-{hashlib.sha256(uri.encode()).hexdigest()[:16]}.lock"
    with Path(tempfile.gettempdir(), name).open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _flat(config: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in config.items():
        if isinstance(value, Mapping):
            flat.update(_flat(value, f"{prefix}{key}."))
        else:
            flat[prefix + key] = value
    return flat


def _is_known(run_id: str) -> bool:
    import mlflow
    from mlflow.exceptions import MlflowException

    try:
        return bool(mlflow.get_run(run_id).info.lifecycle_stage == "active")
    except MlflowException:
        return False


@contextmanager
def tracked_run(
    settings: TrackingSettings, name: str, config: Mapping[str, Any], run_id: str | None = None
) -> Iterator["mlflow.ActiveRun"]:
    """Opens a run, logs what it starts from, and closes it as FINISHED or, if the work raises, as FAILED.

    Args:
        settings: Where the run goes.
        name: The run's name.
        config: The resolved configuration; logged whole as ``config.yaml`` and flat as parameters.
        run_id: An interrupted run to go on with, if any; a new one is opened if the store does not know it any more.

    Raises:
        UserError: The store does not answer.
    """
    connect(settings)
    import mlflow

    if run_id is not None and not _is_known(run_id):
        log.warning("Run %s is not in %s; the work goes on under a new run", run_id, settings.uri)
        run_id = None
    with mlflow.start_run(run_id=run_id, run_name=name) as run:
        if run_id is None:
            mlflow.log_params(_flat(config))
        mlflow.log_dict(dict(config), "config.yaml")
        mlflow.set_tags(describe_environment())
        mlflow.log_text(installed_packages(), "environment.txt")
        yield run
