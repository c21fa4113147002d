"""``detente train``: from the splits to a trained, calibrated classifier, recorded in MLflow."""

import logging
import math
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from detente.errors import UserError
from detente.settings import read_settings

if TYPE_CHECKING:
    import pandas as pd
    from omegaconf import DictConfig

log = logging.getLogger(__name__)
SPLITS = ("train", "validation", "test")
BLOCKS = ("classifier", "encoder", "training", "tfidf", "bag_of_ngrams", "tracking")


@dataclass(frozen=True)
class RunSettings:
    """Where a training run reads and writes, and how it is named.

    Attributes:
        seed: Of everything random.
        splits: Folder of the Parquet splits.
        output: Folder for the model.
        checkpoints: Folder for runs in progress.
        automatic_error: Largest share of wrong label sets among the validation sentences not marked for review, in (0, 1].
        campaign: The experiment this run belongs to; the results ledger groups by it.
        share: Of the training documents to learn from, above 0 to 1; below 1 for learning curves.
        additional: A file of labelled sentences to learn from besides, as `read_labelled` takes them; empty for none.
    """

    seed: int
    splits: str
    output: str
    checkpoints: str
    automatic_error: float
    campaign: str
    share: float
    additional: str


def train(cfg: "DictConfig") -> float:
    """Trains one classifier; a run that was stopped goes on from its last checkpoint.

    The test split is logged as an input, so that the run says which one belongs to it, and is not otherwise read.

    Args:
        cfg: Composed from ``conf/train.yaml``.

    Returns:
        Macro-F1 on the validation split, which sweeps and searches maximise.

    Raises:
        UserError: Data, settings or encoder are at fault, or the tracking server is away.
    """
    import numpy as np

    from detente.classifier.choice import ClassifierSettings, new_classifier
    from detente.classifier.interface import Examples
    from detente.corpus.labelled import read_labelled
    from detente.corpus.tables import label_matrix, read_split
    from detente.evaluation.fitting import fit_decision
    from detente.evaluation.metrics import score
    from detente.evaluation.plots import plot_confusion, plot_precision_recall, plot_reliability
    from detente.evaluation.trained import TrainedModel
    from detente.tracking.checkpoint import checkpoint_folder, resumable_run
    from detente.tracking.lineage import corpus_version, inputs_hash, log_split
    from detente.tracking.model import log_model
    from detente.tracking.run import TrackingSettings, connect

    settings = read_settings(RunSettings, cfg, leaving=BLOCKS)
    named = read_settings(ClassifierSettings, cfg, "classifier")
    tracking = read_settings(TrackingSettings, cfg, "tracking")
    if not 0 < settings.automatic_error <= 1:
        raise UserError(f"automatic_error={settings.automatic_error}: must be above 0 and at most 1")
    if not 0 < settings.share <= 1:
        raise UserError(f"share={settings.share}: must be above 0 and at most 1")
    connect(tracking)
    files = {name: Path(settings.splits, f"{name}.parquet") for name in SPLITS}
    frames = {name: read_split(path) for name, path in files.items()}
    frames["train"] = some_documents(frames["train"], settings.share, settings.seed)
    examples = {name: Examples(frame["text"].tolist(), label_matrix(frame)) for name, frame in frames.items()}
    inputs = [*files.values(), cfg.encoder.source, cfg.training.actors, cfg.training.names]
    if settings.additional:
        more = read_labelled(Path(settings.additional))
        own = examples["train"]
        truth = np.concatenate([own.truth, label_matrix(more)])
        examples["train"] = Examples([*own.texts, *more["text"]], truth)
        inputs.append(settings.additional)
    classifier = new_classifier(cfg)

    work = checkpoint_folder(Path(settings.checkpoints), cfg, ignoring=("tracking", "output"), inputs=inputs_hash(inputs))
    with resumable_run(tracking, f"train {named.name} seed {settings.seed}", cfg, work) as tracker:
        for name, path in files.items():
            log_split(name, path, frames[name])
        classifier.fit(examples["train"], examples["validation"], work, tracker.log)

        validation = examples["validation"]
        decision = fit_decision(classifier.logits(validation.texts), validation.truth, settings.automatic_error)
        description = {
            "family": classifier.family,
            "name": named.name,
            "seed": settings.seed,
            "corpus": corpus_version(),
            "campaign": settings.campaign,
            "share": settings.share,
        }
        model = TrainedModel(classifier, decision, description)
        model.save(Path(settings.output))

        labelling = model.label(validation.texts)
        metrics = score(validation.truth, labelling.decisions, labelling.probabilities)
        tracker.log_summary({f"validation/{key}": value for key, value in metrics.items() if value == value})
        tracker.tag(description)
        tracker.log_figure(plot_confusion(validation.truth, labelling.decisions), "validation/confusion.png")
        curves = plot_precision_recall(validation.truth, labelling.probabilities, np.array(decision.thresholds))
        tracker.log_figure(curves, "validation/precision_recall.png")
        tracker.log_figure(plot_reliability(validation.truth, labelling.probabilities), "validation/reliability.png")
        log_model(Path(settings.output))
    shutil.rmtree(work)
    log.info("Validation macro-F1 %.3f; model in %s", metrics["macro/f1"], settings.output)
    return metrics["macro/f1"]


def some_documents(frame: "pd.DataFrame", share: float, seed: int) -> "pd.DataFrame":
    """The sentences of a share of the documents, drawn so that the smaller shares of a seed lie in the larger ones."""
    import numpy as np

    documents = np.random.default_rng(seed).permutation(frame["document"].unique())
    kept = documents[: math.ceil(share * len(documents))]
    return frame[frame["document"].isin(kept)].reset_index(drop=True)
