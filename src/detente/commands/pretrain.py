"""``detente pretrain``: from a folder of text to ``models/encoder``."""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from detente.settings import read_settings

if TYPE_CHECKING:
    from omegaconf import DictConfig

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class TextSettings:
    """What to read: a folder and, for each file in it, how many passes make an epoch."""

    folder: str
    weights: dict[str, float]


@dataclass(frozen=True)
class TokenizerSettings:
    """Number of pieces; how many documents, drawn from the weighted text, it is trained on; the seed of the draw."""

    vocabulary_size: int
    documents: int
    seed: int


def pretrain(cfg: "DictConfig") -> dict[str, float]:
    """Trains tokenizer and encoder; a run that was stopped goes on from its last checkpoint.

    Args:
        cfg: Composed from ``conf/pretrain.yaml``.

    Returns:
        The final validation loss, the tokens seen and the tokens a second.

    Raises:
        UserError: Text or settings are at fault, or the tracking server is away.
    """
    import numpy as np
    import torch

    from detente.encoder.architecture import Architecture, build_model, start_from_counts
    from detente.encoder.cooccurrence import cooccurrence_vectors, log_frequencies
    from detente.encoder.pretraining import Pretraining
    from detente.encoder.saving import save_encoder
    from detente.encoder.schedule import Schedule
    from detente.encoder.source import check_sources
    from detente.encoder.tokenizer import load_tokenizer
    from detente.tracking.checkpoint import checkpoint_folder, resumable_run
    from detente.tracking.lineage import file_hash
    from detente.tracking.run import TrackingSettings

    text = read_settings(TextSettings, cfg, "text")
    architecture = read_settings(Architecture, cfg, "architecture")
    schedule = read_settings(Schedule, cfg, "schedule")
    check_sources(Path(text.folder), text.weights)
    base = Path(cfg.checkpoints)
    texts = "".join(file_hash(Path(text.folder, name)) for name in text.weights)
    work = checkpoint_folder(base, cfg, ignoring=("tracking", "schedule.steps", "output"), inputs=texts)
    # Runs that differ in model or schedule share the tokenised text.
    not_text = ("tracking", "output", "schedule", "architecture", "cooccurrence_window")
    packed = checkpoint_folder(base, cfg, ignoring=not_text, inputs=texts)

    with resumable_run(read_settings(TrackingSettings, cfg, "tracking"), "pretrain", cfg, work) as tracker:
        if not packed.exists():
            _tokenise(text, read_settings(TokenizerSettings, cfg, "tokenizer"), cfg.sequence_length, packed)
        tokenizer = load_tokenizer(packed)
        sequences = np.load(packed / "sequences.npy", mmap_mode="r")
        log.info("%d sequences of %d tokens", *sequences.shape)
        torch.manual_seed(schedule.seed)
        model = build_model(tokenizer, architecture)
        checkpoint = work / "state.pt"
        if cfg.cooccurrence_window and not checkpoint.exists():
            log.info("Counting co-occurrences")
            vectors = cooccurrence_vectors(
                sequences, len(tokenizer), architecture.width, cfg.cooccurrence_window, schedule.seed
            )
            start_from_counts(model, vectors, log_frequencies(sequences, len(tokenizer)))
        result = Pretraining(model, tokenizer, sequences, schedule, checkpoint, tracker.log).run()
        save_encoder(model, tokenizer, Path(cfg.output))
        tracker.log_summary(result)
    return result


def _tokenise(text: TextSettings, settings: TokenizerSettings, length: int, folder: Path) -> None:
    """Trains the tokenizer and packs the whole weighted text with it, into ``folder``."""
    import numpy as np

    from detente.encoder.packing import pack
    from detente.encoder.source import weighted_documents
    from detente.encoder.tokenizer import save_tokenizer, train_tokenizer
    from detente.files import replaced_folder

    log.info("Training the tokenizer")
    documents = list(weighted_documents(Path(text.folder), text.weights, settings.seed))
    np.random.default_rng(settings.seed).shuffle(documents)
    tokenizer = train_tokenizer(documents[: settings.documents], settings.vocabulary_size)
    log.info("Tokenising the text")
    with replaced_folder(folder) as aside:
        save_tokenizer(tokenizer, aside)
        np.save(aside / "sequences.npy", pack(documents, tokenizer, length))
