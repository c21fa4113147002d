"""``detente export``: the trained classifier as a bundle that needs no torch, and as a plain Transformers folder."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from detente.errors import UserError
from detente.settings import read_settings

if TYPE_CHECKING:
    from omegaconf import DictConfig

    from detente.bundle.description import Description


@dataclass(frozen=True)
class ExportSettings:
    """What to export, to where, and on which sentences to compare.

    Attributes:
        model: Folder of the trained classifier.
        output: Folder for the bundle.
        transformers: Folder for the plain Transformers model.
        data: Labelled sentences.
        int8: Whether to try int8.
        mlflow_run: Id of the run that trained the model, or ``none``.
    """

    model: str
    output: str
    transformers: str
    data: str
    int8: bool
    mlflow_run: str


def export(cfg: "DictConfig") -> "Description":
    """Exports one fine-tuned CamemBERT; an older bundle stays as it is unless the new one passes the gate.

    Args:
        cfg: Composed from ``conf/export.yaml``.

    Returns:
        The bundle's description, measured parity included.

    Raises:
        UserError: Model or data are missing or malformed, the model is of a family that cannot be exported, or the
            exported graph does not say what the model says.
    """
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    from detente.classifier.camembert import CamembertClassifier
    from detente.corpus.labelled import read_labelled
    from detente.corpus.tables import label_matrix
    from detente.evaluation.trained import TrainedModel
    from detente.export.folder import write_bundle
    from detente.export.parity import Tolerance
    from detente.export.transformers_folder import write_transformers_folder
    from detente.tracking.environment import git_commit, git_dirty
    from detente.tracking.lineage import file_hash

    settings = read_settings(ExportSettings, cfg, leaving=("tolerance",))
    tolerance = read_settings(Tolerance, cfg, "tolerance")
    model = TrainedModel.load(Path(settings.model))
    classifier = model.classifier
    if not isinstance(classifier, CamembertClassifier):
        raise UserError(f"model={settings.model}: family {classifier.family!r} cannot be exported; give a camembert model")
    data = Path(settings.data)
    frame = read_labelled(data)
    provenance = model.description | {
        "git_commit": git_commit(),
        "git_dirty": git_dirty(),
        "mlflow_run": settings.mlflow_run,
        "parity_data": {"file": data.name, "md5": file_hash(data)},
    }
    description = write_bundle(
        model, frame["text"].tolist(), label_matrix(frame), Path(settings.output), tolerance, settings.int8, provenance
    )
    write_transformers_folder(classifier, model.decision, Path(settings.transformers))
    _report(description, settings)
    return description


def _report(description: "Description", settings: ExportSettings) -> None:
    """What was written, and how it compares."""
    fp32, int8 = description.parity["fp32"], description.parity["int8"]
    print(f"bundle in {settings.output}, Transformers folder in {settings.transformers}")
    print(f"fp32: largest difference {fp32['largest_difference']:.1e} on {description.parity['sentences']} sentences")
    print(f"int8: {'shipped' if int8['shipped'] else 'not shipped'}, {int8['reason']}")
