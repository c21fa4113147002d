"""The engines that the benchmark compares: each opens the same model in its own way and labels sentences."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from detente.bundle.description import ARTIFACTS, DESCRIPTION, GRAPHS, TOKENIZER, Description
from detente.bundle.labeller import Labeller
from detente.evaluation.trained import Labelling, TrainedModel
from detente.labels import LABEL_IDS
from detente.text.anonymise import ACTORS, Anonymiser

Label = Callable[[Sequence[str]], Labelling]


@dataclass(frozen=True)
class Engine:
    """How to open it, from the folder of the models and a number of threads, and how it fills up its batches.

    Attributes:
        title: In the table.
        open: Loads it, ready to label.
        batch_size: Sentences that are filled up to the longest among them; 1 where nothing is filled up.
        by_length: Whether sentences are sorted by length first.
        last_layer_whole: Whether the last layer is computed for every token; exported graphs do the first one's alone.
        is_encoder: Whether it computes the encoder, so that its operations can be counted.
    """

    title: str
    open: Callable[[Path, int], Label]
    batch_size: int = 1
    by_length: bool = False
    last_layer_whole: bool = True
    is_encoder: bool = True


def reading(models: Path) -> Callable[[str], str]:
    """How the model reads a sentence."""
    return Anonymiser.load(models / "bundle" / ARTIFACTS / ACTORS).read


def _pipeline(models: Path, batch_size: int) -> Label:
    from transformers import pipeline

    from detente.encoder.loading import quiet_transformers

    quiet_transformers()
    run = pipeline(
        "text-classification", model=str(models / "transformers"), top_k=None, device="cpu", batch_size=batch_size
    )
    decision = Description.load(models / "bundle" / ARTIFACTS / DESCRIPTION).decision
    read = reading(models)

    def label(texts: Sequence[str]) -> Labelling:
        said = run([read(text) for text in texts], truncation=True)
        scores = [{each["label"]: each["score"] for each in sentence} for sentence in said]
        probabilities = np.array([[score[name] for name in LABEL_IDS] for score in scores])
        return Labelling(probabilities, decision.decide(probabilities), decision.review(probabilities))

    return label


def _torch(models: Path, compiled: bool) -> Label:
    import torch

    model = TrainedModel.load(models / "classifier")
    classifier: Any = model.classifier
    if compiled:
        classifier.model = torch.compile(classifier.model, dynamic=True)  # else it compiles anew for every length
    return model.label


def _openvino(models: Path, threads: int) -> Label:
    import openvino
    from tokenizers import Tokenizer

    files = models / "bundle" / ARTIFACTS
    description = Description.load(files / DESCRIPTION)
    # It would compute in bf16 where the processor can.
    settings = {"INFERENCE_NUM_THREADS": threads, "INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "LATENCY"}
    network = openvino.Core().compile_model(files / GRAPHS["fp32"], "CPU", settings)
    tokenizer = Tokenizer.from_file(str(files / TOKENIZER))
    tokenizer.enable_padding(pad_id=description.padding_id)
    read = reading(models)

    def label(texts: Sequence[str]) -> Labelling:
        order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
        logits = np.empty((len(texts), len(LABEL_IDS)))
        for start in range(0, len(order), 32):
            rows = order[start : start + 32]
            batch = tokenizer.encode_batch_fast([read(texts[row]) for row in rows])
            tokens = [np.array([getattr(line, name) for line in batch]) for name in ("ids", "attention_mask")]
            logits[rows] = network(dict(zip(("input_ids", "attention_mask"), tokens, strict=True)))["logits"]
        probabilities = description.decision.probabilities(logits)
        return Labelling(
            probabilities, description.decision.decide(probabilities), description.decision.review(probabilities)
        )

    return label


def _labeller(models: Path, weights: str, threads: int) -> Label:
    return Labeller.load(models / "bundle", weights, threads).label


ENGINES = {
    "pipeline_1": Engine("HF pipeline, batch 1", lambda models, threads: _pipeline(models, 1)),
    "pipeline_32": Engine("HF pipeline, batch 32", lambda models, threads: _pipeline(models, 32), 32),
    "torch": Engine("torch, sorted by length", lambda models, threads: _torch(models, False), 32, True),
    "torch_compile": Engine("torch.compile, sorted by length", lambda models, threads: _torch(models, True), 32, True),
    "openvino": Engine("OpenVINO fp32", _openvino, 32, True, False),
    "onnx_fp32": Engine("ONNX fp32", lambda models, threads: _labeller(models, "fp32", threads), last_layer_whole=False),
    "onnx_int8": Engine("ONNX int8", lambda models, threads: _labeller(models, "int8", threads), last_layer_whole=False),
    "tfidf": Engine("TF-IDF", lambda models, threads: TrainedModel.load(models / "tfidf").label, is_encoder=False),
}


def open_engine(name: str, models: Path, threads: int) -> Label:
    """Opens an engine; torch gets the same number of threads as the others."""
    if name.startswith(("pipeline", "torch")):
        import torch

        torch.set_num_threads(threads)
    return ENGINES[name].open(models, threads)
