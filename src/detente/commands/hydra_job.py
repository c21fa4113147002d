"""Running a verb under Hydra: composition of ``conf/``, overrides, sweeps."""

import logging
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import hydra
from omegaconf import DictConfig, OmegaConf

from detente.errors import UserError
from detente.project import find_root


def register_resolvers() -> None:
    """Makes ``${root:PATH}`` that path in the project, wherever a command is started, and ``${name:PATH}`` its last part."""
    OmegaConf.register_new_resolver("root", lambda path="": str(Path(find_root(), path)), replace=True)
    OmegaConf.register_new_resolver("name", lambda path: Path(path).name, replace=True)


def quiet_libraries() -> None:
    """Silences telemetry and the chatter of libraries: a user's screen shows what the user asked for."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("HF_HUB_VERBOSITY", "error")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    warnings.filterwarnings("ignore", module="mlflow")  # hints about schemas and examples that we set on purpose
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    for name in ("httpx", "urllib3", "mlflow", "alembic", "transformers", "datasets", "matplotlib", "fontTools"):
        logging.getLogger(name).setLevel(logging.ERROR)


def run_hydra_job(verb: Callable[[DictConfig], Any], name: str, arguments: Sequence[str]) -> None:
    """Composes ``conf/NAME.yaml`` with the arguments and calls the verb, once or for every job of a sweep.

    Args:
        verb: Plain function of the composed configuration.
        name: The verb's name and that of its primary configuration.
        arguments: Hydra's command line: overrides, ``-m``, ``--cfg job``, …
    """
    register_resolvers()

    def job(cfg: DictConfig) -> Any:
        quiet_libraries()
        try:
            return verb(cfg)
        except UserError as error:
            # Hydra prints a traceback for exceptions; SystemExit passes through it.
            print(f"detente {name}: {error}", file=sys.stderr)
            raise SystemExit(2) from None

    sys.argv = [f"detente {name}", *arguments]
    hydra.main(version_base="1.3", config_path=str(find_root() / "conf"), config_name=name)(job)()
