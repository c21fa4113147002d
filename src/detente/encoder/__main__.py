"""``python -m detente.encoder config.yaml``: pretraining without Hydra and MLflow, on one device or on several.

On a machine with the whole project, ``detente pretrain --cfg job --resolve > config.yaml`` prints the configuration. Several
GPUs, or processes, share each batch under ``torchrun --nproc-per-node 2 -m detente.encoder config.yaml``.
"""

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from detente.encoder import processes
from detente.encoder.configuration import read_configuration
from detente.encoder.run import pretrain_encoder
from detente.errors import UserError


def main(arguments: Sequence[str]) -> None:
    """Pretrains, and prints the result as JSON; the curve is in ``curve.csv`` of the checkpoint folder.

    Raises:
        UserError: Configuration or text is at fault.
    """
    options = argparse.ArgumentParser(prog="python -m detente.encoder", description=__doc__)
    options.add_argument("config", type=Path, help="the resolved configuration, in YAML")
    settings, folders = read_configuration(options.parse_args(arguments).config)
    with processes.joined(processes.device_of(settings.schedule.device)):
        first = processes.is_first()
        logging.basicConfig(level=logging.INFO if first else logging.ERROR, format="%(message)s", stream=sys.stderr)
        if first:
            logging.getLogger(__name__).info("Checkpoints and curve in %s", folders.work)
        result = pretrain_encoder(settings, folders, lambda metrics, step: None)
        if first:
            print(json.dumps(result, indent=2))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except UserError as error:
        print(f"python -m detente.encoder: {error}", file=sys.stderr)
        raise SystemExit(2) from None
