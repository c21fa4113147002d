"""``detente promote``: the exported bundle into MLflow's model registry, and to champion unless it is worse."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.errors import UserError
from detente.settings import read_settings

if TYPE_CHECKING:
    from omegaconf import DictConfig

    from detente.tracking.registry import JudgingSet, Promotion


@dataclass(frozen=True)
class PromoteSettings:
    """What to register, under which name, and how it is judged.

    Attributes:
        bundle: Folder of the exported bundle.
        name: Of the registered model.
        splits: Folder of the splits; their ``validation.parquet`` decides.
        force: Whether a worse bundle becomes the champion too.
    """

    bundle: str
    name: str
    splits: str
    force: bool


def promote(cfg: "DictConfig") -> "Promotion":
    """Registers the bundle as a new version under the alias ``candidate``, and moves ``champion`` to it unless it is worse.

    Args:
        cfg: Composed from ``conf/promote.yaml``.

    Raises:
        UserError: Bundle or split are missing or malformed, the tracking server is away, or the bundle is worse than the
            champion; it then stays a candidate.
    """
    from omegaconf import OmegaConf

    from detente.bundle.labeller import Labeller
    from detente.tracking.registry import JudgingSet, promote_bundle
    from detente.tracking.run import TrackingSettings, tracked_run

    settings = read_settings(PromoteSettings, cfg, leaving=("tracking",))
    tracking = read_settings(TrackingSettings, cfg, "tracking")
    bundle = Path(settings.bundle)
    Labeller.load(bundle)  # so that a missing or broken one leaves no failed run behind
    judging = JudgingSet.read(Path(settings.splits, "validation.parquet"))
    config: Any = OmegaConf.to_container(cfg, resolve=True)
    with tracked_run(tracking, f"promote {settings.name}", config):
        promotion = promote_bundle(bundle, settings.name, judging, settings.force)
    told = _tell(promotion, settings.name, judging)
    if promotion.outcome == "refused":
        raise UserError(f"{told}\nTrain and export a better one; or set force=true, which registers it anew as champion.")
    print(told)
    return promotion


def _tell(promotion: "Promotion", name: str, judging: "JudgingSet") -> str:
    """What happened, with both scores, the set, and a warning where the scores are not quite comparable."""
    before = f"the champion, version {promotion.champion}"
    ends = {
        "first": "is the first champion",
        "not worse": f"is the champion now, not worse than {before}",
        "forced": f"is the champion now, by force=true, in place of {before}",
        "refused": f"is worse than {before}, which stays",
    }
    scores = f"macro-F1 {promotion.score:.6f}"
    if promotion.champion_score is not None:
        scores += f" against {promotion.champion_score:.6f}"
    told = f"version {promotion.version} of {name} {ends[promotion.outcome]}: {scores} on {judging}"
    if promotion.corpora:
        champions, own = promotion.corpora
        told += (
            f"\nThey were trained on different corpora, {champions} and {own}: one may have learnt some of these sentences."
        )
    return told
