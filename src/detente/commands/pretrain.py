"""``detente pretrain``: from a folder of text to ``models/pretrained``, under Hydra and MLflow."""

import os
from typing import TYPE_CHECKING, Any, cast

from detente.errors import UserError
from detente.settings import read_settings

if TYPE_CHECKING:
    from omegaconf import DictConfig


def pretrain(cfg: "DictConfig") -> dict[str, float]:
    """Trains tokenizer and encoder; a run that was stopped goes on from its last checkpoint.

    Args:
        cfg: Composed from ``conf/pretrain.yaml``.

    Returns:
        The final validation loss, the tokens seen and the tokens a second.

    Raises:
        UserError: Text or settings are at fault, or the tracking server is away.
    """
    from omegaconf import OmegaConf

    from detente.encoder.configuration import FOLDERS, IGNORED, PretrainingSettings, folders_of
    from detente.encoder.run import pretrain_encoder
    from detente.tracking.checkpoint import resumable_run
    from detente.tracking.run import TrackingSettings

    if int(os.environ.get("WORLD_SIZE", "1")) > 1:
        raise UserError(
            "detente pretrain is one process. Write its configuration with `detente pretrain --cfg job --resolve > "
            "config.yaml`, then start several with `torchrun … -m detente.encoder config.yaml`."
        )
    settings = read_settings(PretrainingSettings, cfg, leaving=(*FOLDERS, *IGNORED))
    folders = folders_of(cast(dict[str, Any], OmegaConf.to_container(cfg, resolve=True)), settings.text)
    with resumable_run(read_settings(TrackingSettings, cfg, "tracking"), "pretrain", cfg, folders.work) as tracker:
        result = pretrain_encoder(settings, folders, tracker.log)
        tracker.log_summary(result)
    return result
