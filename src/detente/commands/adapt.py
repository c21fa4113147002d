"""``detente adapt``: the pretrained encoder, fine-tuned on labelled real sentences whose text is not ours to ship.

Supplementary training on an intermediate labelled task (Phang, Févry and Bowman 2018), here together with the corpus:
`detente train` starts from what was learnt, head included, and nobody who trains needs the real sentences.
"""

import logging
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from detente.errors import UserError
from detente.settings import read_settings

if TYPE_CHECKING:
    from omegaconf import DictConfig

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class AdaptSettings:
    """What is read and written.

    Attributes:
        sentences: Labelled sentences, as `detente benchmark fetch` writes them.
        splits: Folder of our splits; the training split is learnt as well, the others are not read.
        held_out: Share of their documents that chooses the epoch, above 0 and below 1.
        output: Folder for the encoder.
        checkpoints: Folder for runs in progress.
        seed: Of everything random.
    """

    sentences: str
    splits: str
    held_out: float
    output: str
    checkpoints: str
    seed: int


def adapt(cfg: "DictConfig") -> float:
    """Fine-tunes a pretrained encoder and writes it with its head; a run that was stopped goes on.

    Args:
        cfg: Composed from ``conf/adapt.yaml``.

    Returns:
        Macro-F1 on the held-out sentences, with thresholds tuned on them: how well it learns, not how good it is.

    Raises:
        UserError: Sentences, settings or encoder are at fault, or the tracking server is away.
    """
    import pandas as pd

    from detente.classifier.camembert import CamembertClassifier
    from detente.classifier.fine_tuning import TrainingSettings
    from detente.classifier.interface import Examples
    from detente.corpus.labelled import read_labelled
    from detente.corpus.tables import label_matrix, read_split
    from detente.encoder.adapting import save_adapted
    from detente.encoder.loading import EncoderSettings
    from detente.evaluation.fitting import fit_decision
    from detente.evaluation.metrics import score
    from detente.tracking.checkpoint import checkpoint_folder, resumable_run
    from detente.tracking.lineage import inputs_hash
    from detente.tracking.run import TrackingSettings, connect

    settings = read_settings(AdaptSettings, cfg, leaving=("encoder", "training", "tracking"))
    encoder = read_settings(EncoderSettings, cfg, "encoder", leaving=("learning_rate",))  # a setting of the training
    training = read_settings(TrainingSettings, cfg, "training")
    tracking = read_settings(TrackingSettings, cfg, "tracking")
    if not 0 < settings.held_out < 1:
        raise UserError(f"held_out={settings.held_out}: must lie between 0 and 1")
    sentences, corpus_file = Path(settings.sentences), Path(settings.splits, "train.parquet")
    if not sentences.is_file():
        raise UserError(f"{sentences}: no such file; `detente benchmark fetch FOLDER --name real_train` writes it")
    if not Path(encoder.source, "README.md").is_file():
        raise UserError(f"encoder.source={encoder.source}: not a folder that `detente pretrain` wrote; name one that is")
    connect(tracking)
    frame, corpus = read_labelled(sentences), read_split(corpus_file)
    kept_apart = frame["document"].isin(some_documents(frame["document"].tolist(), settings.held_out, settings.seed))
    train, validation = (
        Examples(part["text"].tolist(), label_matrix(part))
        for part in (pd.concat([frame[~kept_apart], corpus], join="inner"), frame[kept_apart])
    )
    classifier = CamembertClassifier.new(encoder, training)
    inputs = inputs_hash([sentences, corpus_file, encoder.source, training.actors, training.names])
    work = checkpoint_folder(Path(settings.checkpoints), cfg, ignoring=("tracking", "output"), inputs=inputs)
    with resumable_run(tracking, f"adapt {encoder.name}", cfg, work) as tracker:
        classifier.fit(train, validation, work, tracker.log)
        logits = classifier.logits(validation.texts)
        decision = fit_decision(logits, validation.truth, automatic_error=1.0)
        probabilities = decision.probabilities(logits)
        metrics = score(validation.truth, decision.decide(probabilities), probabilities)
        tracker.log_summary({f"held_out/{key}": value for key, value in metrics.items() if value == value})
        facts = {
            "real sentences": f"{len(frame):,} of {frame['document'].nunique():,} documents, labelled by language models",
            "sentences of the corpus": f"{len(corpus):,}, its training split",
            "held out, to choose the epoch": f"{len(validation.texts):,} of the real ones",
            "fine-tunings, epochs": f"{training.members} (weights averaged if more than one), at most {training.epochs}",
            "learning rate, seed": f"{training.learning_rate:g}, {settings.seed}",
            "macro-F1 on the held-out sentences": f"{metrics['macro/f1']:.3f} (their thresholds tuned on them)",
        }
        save_adapted(Path(encoder.source), classifier.model, facts, Path(settings.output))
    shutil.rmtree(work)
    log.info("Macro-F1 on held-out sentences %.3f; encoder in %s", metrics["macro/f1"], settings.output)
    return metrics["macro/f1"]


def some_documents(documents: list[str], share: float, seed: int) -> set[str]:
    """A share of the documents, at least one, drawn by the seed."""
    import numpy as np

    shuffled = np.random.default_rng(seed).permutation(sorted(set(documents)))
    return set(shuffled[: max(1, round(share * len(shuffled)))].tolist())
