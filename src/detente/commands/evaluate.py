"""``detente evaluate``: scores, intervals and plots of one model on one set of labelled sentences."""

import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.errors import UserError
from detente.settings import read_settings

if TYPE_CHECKING:
    import pandas as pd
    from omegaconf import DictConfig

    from detente.evaluation.arrays import BoolArray
    from detente.evaluation.report import Report
    from detente.evaluation.trained import Labelling

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class BootstrapSettings:
    """Number of resamples and their seed."""

    samples: int
    seed: int


@dataclass(frozen=True)
class EvaluateSettings:
    """What to evaluate: a model folder on a file of labelled sentences, under a name, into a folder.

    Raises:
        UserError: The test split is asked for without ``release``.
    """

    name: str
    data: str
    release: bool
    model: str
    output: str
    bootstrap: BootstrapSettings

    def __post_init__(self) -> None:
        if "test" in (self.name, Path(self.data).stem) and not self.release:
            raise UserError(
                f"name={self.name} data={self.data}: the test split is looked at once a release, when nothing is left to "
                "choose; compare models with name=validation, or say release=true"
            )


def evaluate(cfg: "DictConfig") -> "Report":
    """Evaluates one model, with its calibration and thresholds as they were frozen on validation.

    Writes ``report.json``, ``predictions.jsonl`` (ids and probabilities, no text), ``precision_recall.csv`` and four plots
    into the output folder, logs them to MLflow, and prints the table.

    Args:
        cfg: Composed from ``conf/evaluate.yaml``.

    Raises:
        UserError: Model or data are missing or malformed, or the tracking server is away.
    """
    import numpy as np
    from omegaconf import OmegaConf
    from rich.console import Console

    from detente.corpus.labelled import read_labelled
    from detente.corpus.tables import label_matrix
    from detente.evaluation.bootstrap import document_bootstrap
    from detente.evaluation.calibration import uncalibrated
    from detente.evaluation.curves import write_precision_recall
    from detente.evaluation.metrics import score
    from detente.evaluation.plots import (
        plot_confusion,
        plot_precision_recall,
        plot_reliability,
        plot_risk_coverage,
        save_figure,
    )
    from detente.evaluation.report import Report, render_table
    from detente.evaluation.selection import automatic_coding
    from detente.evaluation.trained import TrainedModel
    from detente.files import replaced_folder
    from detente.labels import LABEL_IDS
    from detente.tracking.lineage import file_hash
    from detente.tracking.run import TrackingSettings, tracked_run

    settings = read_settings(EvaluateSettings, cfg, leaving=("tracking",))
    model = TrainedModel.load(Path(settings.model))
    frame = read_labelled(Path(settings.data))
    truth = label_matrix(frame)
    config: Any = OmegaConf.to_container(cfg, resolve=True)
    run_name = f"evaluate {model.description['name']} seed {model.description['seed']} on {settings.name}"
    with tracked_run(read_settings(TrackingSettings, cfg, "tracking"), run_name, config):
        import mlflow

        logits = model.classifier.logits(frame["text"].tolist())
        labelling = model.decide(logits)
        confidence = model.decision.confidence(labelling.probabilities)
        right = (labelling.decisions == truth).all(axis=1)
        metrics = score(truth, labelling.decisions, labelling.probabilities)
        metrics |= automatic_coding(confidence, right, labelling.review) | uncalibrated(logits, truth)
        intervals = document_bootstrap(
            truth,
            labelling.decisions,
            labelling.probabilities,
            frame["document"].to_numpy(),
            samples=settings.bootstrap.samples,
            seed=settings.bootstrap.seed,
        )
        thresholds = dict(zip(LABEL_IDS, model.decision.thresholds, strict=True))
        report = Report(settings.name, len(frame), frame["document"].nunique(), metrics, intervals, thresholds)
        output = Path(settings.output)
        with replaced_folder(output) as aside:
            report.save(aside / "report.json")
            _write_predictions(frame, labelling, aside / "predictions.jsonl")
            write_precision_recall(truth, labelling.probabilities, aside / "precision_recall.csv")
            save_figure(plot_confusion(truth, labelling.decisions), aside / "confusion.png")
            curves = plot_precision_recall(truth, labelling.probabilities, np.array(model.decision.thresholds))
            save_figure(curves, aside / "precision_recall.png")
            save_figure(plot_reliability(truth, labelling.probabilities), aside / "reliability.png")
            save_figure(plot_risk_coverage(confidence, right, labelling.review), aside / "risk_coverage.png")
        ends = {
            f"{key}/{end}": value
            for key, pair in intervals.items()
            for end, value in zip(("low", "high"), pair, strict=True)
        }
        logged = {f"{settings.name}/{key}": value for key, value in (metrics | ends).items() if value == value}
        mlflow.log_metrics(logged)
        mlflow.set_tags({f"model.{key}": value for key, value in model.description.items()})
        mlflow.set_tags({"set": settings.name, "set.md5": file_hash(Path(settings.data))})
        mlflow.log_artifacts(str(output), settings.name)
    Console().print(render_table(report))
    return report


def _write_predictions(frame: "pd.DataFrame", labelling: "Labelling", path: Path) -> None:
    """One line a sentence: its id and document, what it earns, what the model gave, and the probabilities."""
    from detente.corpus.tables import label_matrix
    from detente.labels import LABEL_IDS

    def given(row: "BoolArray") -> list[str]:
        return [label for label, earned in zip(LABEL_IDS, row, strict=True) if earned]

    with path.open("w", encoding="utf-8") as file:
        for identifier, document, truth, decided, probabilities in zip(
            frame["id"], frame["document"], label_matrix(frame), labelling.decisions, labelling.probabilities, strict=True
        ):
            scores = {label: round(float(p), 4) for label, p in zip(LABEL_IDS, probabilities, strict=True)}
            line = {"id": identifier, "document": document, "truth": given(truth), "labels": given(decided)}
            line["probabilities"] = scores
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
