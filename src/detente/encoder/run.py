"""One pretraining from a folder of text to a finished encoder; a run that was stopped goes on from its last checkpoint."""

import json
import logging
from pathlib import Path

import numpy as np
import torch
from transformers import PreTrainedTokenizerFast

from detente.encoder import processes
from detente.encoder.architecture import build_model, start_from_counts
from detente.encoder.card import Facts, render_card
from detente.encoder.configuration import Folders, PretrainingSettings, TextSettings
from detente.encoder.continuation import load_start
from detente.encoder.cooccurrence import cooccurrence_vectors, log_frequencies
from detente.encoder.curve import append_point, read_curve
from detente.encoder.loading import quiet_transformers
from detente.encoder.packing import pack
from detente.encoder.pretraining import Pretraining, Reporter
from detente.encoder.saving import save_encoder
from detente.encoder.source import count_words, weighted_documents
from detente.encoder.text_sources import project_text_sources
from detente.encoder.tokenizer import load_tokenizer, save_tokenizer, train_tokenizer
from detente.files import replaced_file, replaced_folder

log = logging.getLogger(__name__)


def pretrain_encoder(settings: PretrainingSettings, folders: Folders, report: Reporter) -> dict[str, float]:
    """Trains tokenizer and encoder, and writes the encoder with its model card.

    The curve is kept in ``curve.csv`` beside the checkpoint. Of several processes
    (:mod:`detente.encoder.processes`) each calls this with the same settings; the first one writes.

    Args:
        settings: What is computed.
        folders: Where to write.
        report: Receives each point of the curve: ``{metric: value}`` and the step.

    Returns:
        What :meth:`Pretraining.run` gives.

    Raises:
        UserError: Text or settings are at fault.
    """
    quiet_transformers()
    schedule, checkpoint, curve = settings.schedule, folders.work / "state.pt", folders.work / "curve.csv"
    sources = project_text_sources()
    start = load_start(Path(settings.start), settings.architecture) if settings.start else None
    if processes.is_first() and not folders.tokenised.exists():
        _tokenise(settings, start[1] if start else None, folders.tokenised)
    processes.wait()
    tokenizer = load_tokenizer(folders.tokenised)
    sequences = np.load(folders.tokenised / "sequences.npy", mmap_mode="r")
    log.info("%d sequences of %d tokens", *sequences.shape)
    torch.manual_seed(schedule.seed)
    model = start[0] if start else build_model(tokenizer, settings.architecture)
    if settings.cooccurrence_window and not start and processes.is_first() and not checkpoint.exists():
        log.info("Counting co-occurrences")
        width, window = settings.architecture.width, settings.cooccurrence_window
        vectors = cooccurrence_vectors(sequences, len(tokenizer), width, window, schedule.seed)
        start_from_counts(model, vectors, log_frequencies(sequences, len(tokenizer)))

    def record(metrics: dict[str, float], step: int) -> None:
        append_point(curve, metrics, step)
        report(metrics, step)

    training = Pretraining(model, tokenizer, sequences, schedule, checkpoint, record)
    result = training.run()
    if processes.is_first():
        save_encoder(model, tokenizer, folders.output)
        facts = Facts(
            settings=settings,
            result=result,
            parameters=sum(weights.numel() for weights in model.parameters()),
            weights_bytes=(folders.output / "model.safetensors").stat().st_size,
            vocabulary=len(tokenizer),
            device=_describe(training.device),
            curve=read_curve(curve),
            words=_words(settings.text, folders.tokenised),
            start_card=_card_of(Path(settings.start)) if start else "",
        )
        with replaced_file(folders.output / "README.md") as aside:
            aside.write_text(render_card(facts, sources), encoding="utf-8")
    return result


def _tokenise(settings: PretrainingSettings, tokenizer: PreTrainedTokenizerFast | None, folder: Path) -> None:
    """Trains a tokenizer where none is given, and packs the whole weighted text with it, into ``folder``."""
    text, seed = settings.text, settings.tokenizer.seed
    documents = list(weighted_documents(Path(text.folder), text.weights, seed))
    np.random.default_rng(seed).shuffle(documents)
    if tokenizer is None:
        log.info("Training the tokenizer")
        tokenizer = train_tokenizer(documents[: settings.tokenizer.documents], settings.tokenizer.vocabulary_size)
    log.info("Tokenising the text")
    with replaced_folder(folder) as aside:
        save_tokenizer(tokenizer, aside)
        np.save(aside / "sequences.npy", pack(documents, tokenizer, settings.sequence_length))


def _card_of(encoder: Path) -> str:
    """The card in an encoder's folder, if there is one."""
    card = encoder / "README.md"
    return card.read_text(encoding="utf-8") if card.exists() else ""


def _words(text: TextSettings, folder: Path) -> dict[str, int]:
    """Words of each file that is read at all; counted once and kept beside the tokenised text."""
    memory = folder / "words.json"
    if not memory.exists():
        log.info("Counting words")
        words = {name: count_words(Path(text.folder, name)) for name, weight in text.weights.items() if weight}
        with replaced_file(memory) as aside:
            aside.write_text(json.dumps(words, ensure_ascii=False, indent=2), encoding="utf-8")
    counted: dict[str, int] = json.loads(memory.read_text(encoding="utf-8"))
    return counted


def _describe(device: torch.device) -> str:
    """The device, and how many of them worked together."""
    threads = f"{device.type}, threads: {torch.get_num_threads()}"
    own = torch.cuda.get_device_name() if device.type == "cuda" else threads
    return own if processes.count() == 1 else f"{processes.count()} processes, each on {own}"
