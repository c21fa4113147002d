"""Shared fixtures: the real configuration, shrunk, and a CamemBERT so small that a real run takes seconds."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hydra import compose, initialize_config_dir
from omegaconf import DictConfig

from detente.classifier.camembert import CamembertClassifier
from detente.classifier.fine_tuning import TrainingSettings
from detente.commands.hydra_job import register_resolvers
from detente.corpus.jsonl import read_records
from detente.corpus.record import Record
from detente.corpus.splits import split_documents
from detente.corpus.tables import label_matrix, to_frame, write_split
from detente.encoder.architecture import Architecture, build_model
from detente.encoder.loading import EncoderSettings
from detente.encoder.saving import save_encoder
from detente.encoder.tokenizer import train_tokenizer
from detente.evaluation.decision import Decision
from detente.evaluation.trained import TrainedModel
from detente.export.folder import write_bundle
from detente.export.parity import Tolerance
from detente.labels import LABEL_IDS
from detente.project import find_root

Compose = Callable[..., DictConfig]
SHRUNK_TRAINING = ("training.members=1", "training.epochs=2", "training.max_length=32", "training.precision=fp32")


@pytest.fixture(scope="session")
def records() -> list[Record]:
    """The corpus as it is versioned."""
    return read_records(find_root() / "data" / "corpus")


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory, records: list[Record]) -> Path:
    """A random CamemBERT of one narrow layer with a real tokenizer."""
    torch.manual_seed(0)
    tokenizer = train_tokenizer([record.text for record in records], vocabulary_size=1000)
    architecture = Architecture(layers=1, width=16, heads=2, feed_forward=32, max_length=64)
    folder = tmp_path_factory.mktemp("encoder") / "tiny"
    save_encoder(build_model(tokenizer, architecture), tokenizer, folder)
    return folder


@pytest.fixture(scope="session")
def tiny_model(tiny_encoder: Path, records: list[Record]) -> TrainedModel:
    """The tiny CamemBERT, weights enlarged so that sentences score apart; half of them earn each label."""
    names = str(find_root() / "data" / "actors.yaml")
    settings = TrainingSettings(1, 1, 1, 16, 1e-3, 0.1, 0.01, 32, "fp32", 0.0, 0.0, 0.7, 0.0, actors="", names=names, seed=1)
    classifier = CamembertClassifier.new(EncoderSettings("tiny", str(tiny_encoder), True, 0.1, 1), settings)
    with torch.no_grad():
        for weight in classifier.model.parameters():
            weight.mul_(15 if weight.ndim > 1 else 1)
    classifier.model.half().float()  # as training leaves it, so that saving changes nothing
    logits = classifier.logits([record.text for record in records[:100]])
    rule = Decision(LABEL_IDS, (0.5, 1.0, 1.5, 2.0), (0.1, 0.2, 0.3, 0.4), (0.5,) * 4, review_below=0.3)
    decision = replace(rule, thresholds=tuple(np.median(rule.probabilities(logits), axis=0).tolist()))
    description = {"family": "camembert", "name": "tiny", "seed": 1, "corpus": "none", "campaign": "none", "share": 1.0}
    return TrainedModel(classifier, decision, description)


@pytest.fixture(scope="session")
def tiny_bundle(tmp_path_factory: pytest.TempPathFactory, tiny_model: TrainedModel, records: list[Record]) -> Path:
    """The tiny model exported, int8 included whatever its error."""
    frame = to_frame(records[:40])
    folder = tmp_path_factory.mktemp("export") / "bundle"
    tolerant = Tolerance(probability=1e-4, f1_loss=1.0, agreement=0.0)
    write_bundle(tiny_model, frame["text"].tolist(), label_matrix(frame), folder, tolerant, True, {"git_commit": "abc"})
    return folder


@pytest.fixture(scope="session")
def small_splits(tmp_path_factory: pytest.TempPathFactory, records: list[Record]) -> Path:
    """Splits of some thirty documents of the corpus."""
    documents = sorted({record.document for record in records})[::6]
    few = [record for record in records if record.document in documents]
    folder = tmp_path_factory.mktemp("splits")
    for name, members in split_documents(few, {"train": 0.6, "validation": 0.2, "test": 0.2}, seed=1).items():
        write_split(members, folder / f"{name}.parquet")
    return folder


@pytest.fixture
def composed(tmp_path: Path, tiny_encoder: Path, small_splits: Path) -> Compose:
    """Composes a real primary configuration, with everything it writes under ``tmp_path`` and training shrunk."""
    register_resolvers()
    shrunk = {
        "prepare": [f"output={tmp_path}/splits"],
        "train": [
            f"splits={small_splits}",
            f"output={tmp_path}/model",
            f"checkpoints={tmp_path}/checkpoints",
            f"encoder.source={tiny_encoder}",
            "additional=''",  # real sentences are not in the repository
            *SHRUNK_TRAINING,
        ],
        "adapt": [
            f"sentences={tmp_path}/sentences.jsonl",
            f"splits={small_splits}",
            f"output={tmp_path}/encoder",
            f"checkpoints={tmp_path}/checkpoints",
            f"encoder.source={tiny_encoder}",
            *SHRUNK_TRAINING,
        ],
        "evaluate": [
            f"model={tmp_path}/model",
            f"data={small_splits}/test.parquet",
            "name=test",
            "release=true",
            f"output={tmp_path}/report",
            "bootstrap.samples=20",
        ],
        "behaviour": [f"model={tmp_path}/model", f"output={tmp_path}/behaviour", f"release={tmp_path}/release.json"],
        "export": [
            f"model={tmp_path}/model",
            f"data={small_splits}/test.parquet",
            f"output={tmp_path}/bundle",
            f"transformers={tmp_path}/transformers",
        ],
        "promote": [f"bundle={tmp_path}/bundle", f"splits={small_splits}"],
        "card": [
            *(f"{name}={tmp_path}/{name}" for name in ("model", "bundle", "corpus")),
            *(f"{name}={tmp_path}/{name}.json" for name in ("report", "behaviour")),
            f"ledger={tmp_path}/results.csv",
            f"encoder_card={tmp_path}/encoder/README.md",
            f"output={tmp_path}/card.md",
        ],
        "pretrain": [
            f"output={tmp_path}/encoder",
            f"checkpoints={tmp_path}/checkpoints",
            "architecture={layers: 1, width: 16, heads: 2, feed_forward: 32, max_length: 32}",
            "sequence_length=32",
            "tokenizer.vocabulary_size=600",
            "schedule.steps=6",
            "schedule.causal_steps=1",
            "schedule.batch_size=4",
            "schedule.held_out=4",
            "schedule.report_every=2",
            "schedule.checkpoint_every=2",
            "schedule.precision=fp32",
        ],
    }

    def _compose(name: str, *overrides: str) -> DictConfig:
        tracking = [] if name in ("prepare", "export", "card") else [f"tracking.uri=sqlite:///{tmp_path}/mlflow.db"]
        with initialize_config_dir(str(find_root() / "conf"), version_base="1.3"):
            return compose(name, [*shrunk[name], *tracking, *overrides], return_hydra_config=False)

    return _compose
