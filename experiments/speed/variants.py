"""The graphs that `speed.labeller` compares: ways to export one model to ONNX, and to make it int8."""

import copy
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_dynamic, quantize_static
from onnxruntime.quantization.matmul_nbits_quantizer import DefaultWeightOnlyQuantConfig, MatMulNBitsQuantizer
from transformers import AutoModelForSequenceClassification

from detente.encoder.loading import quiet_transformers
from detente.export import onnx_graph

_for_onnxruntime = onnx_graph._for_onnxruntime

GRAPHS = (
    "fp32 before",
    "fp32 + normalisation spelled out",
    "fp32 + eager attention (now)",
    "fp32 by the TorchScript exporter",
    "int8 before: a scale a batch",
    "int8 now with a scale a batch",
    "int8 before with a scale a token",
    "int8 + normalisation spelled out",
    "int8 + eager attention (now)",
    "int8 now with fixed scales",
    "int8 now with weights in blocks of 64",
)


class _Sentences(CalibrationDataReader):
    """What fixed scales are taken from."""

    def __init__(self, ids: Sequence[Sequence[int]]) -> None:
        self.ids = iter(ids)

    def get_next(self) -> dict[str, np.ndarray] | None:
        tokens = next(self.ids, None)
        return (
            None if tokens is None else {"input_ids": np.array([tokens]), "attention_mask": np.ones((1, len(tokens)), int)}
        )


def export_all(encoder: Path, ids: Sequence[Sequence[int]], folder: Path) -> dict[str, Path]:
    """Writes every graph.

    Args:
        encoder: Gets an untrained head, always the same.
        ids: Tokens of sentences; fixed scales come from the first hundred.
        folder: Where to write.

    Returns:
        The files, in the order of ``GRAPHS``.
    """
    quiet_transformers()
    torch.manual_seed(1)
    model = AutoModelForSequenceClassification.from_pretrained(encoder, dtype=torch.float32, num_labels=4).eval()
    files = [folder / f"{number}.onnx" for number in range(len(GRAPHS))]
    before, spelled, now, script, batch, batch_now, token, token_spelled, token_now, fixed, blocks = files
    _export(copy.deepcopy, model, before)
    _export(_spelled_out, model, spelled)
    onnx_graph.export_fp32(model, now)
    _export_by_script(model, script)
    dynamic: dict[str, Any] = {"op_types_to_quantize": ["MatMul"], "per_channel": True, "weight_type": QuantType.QInt8}
    for source, target in ((before, batch), (now, batch_now)):
        quantize_dynamic(source, target, **dynamic)
    for source, target in ((before, token), (spelled, token_spelled), (now, token_now)):
        onnx_graph.quantise(source, target)
    quantize_static(now, fixed, _Sentences(ids[:100]), QuantFormat.QDQ, activation_type=QuantType.QUInt8, **dynamic)
    settings = DefaultWeightOnlyQuantConfig(block_size=64, is_symmetric=True, accuracy_level=4, bits=8)
    quantiser = MatMulNBitsQuantizer(str(now), algo_config=settings)
    quantiser.process()
    quantiser.model.save_model_to_file(str(blocks))
    return dict(zip(GRAPHS, files, strict=True))


def _spelled_out(model: Any) -> Any:
    """The model with its normalisation spelled out and nothing else changed."""
    model = _for_onnxruntime(model)
    model.set_attn_implementation("sdpa")
    return model


def _export(prepare: Callable[[Any], Any], model: Any, path: Path) -> None:
    """As `export_fp32`, with other preparations."""
    onnx_graph._for_onnxruntime = prepare
    try:
        onnx_graph.export_fp32(model, path)
    finally:
        onnx_graph._for_onnxruntime = _for_onnxruntime


def _export_by_script(model: Any, path: Path) -> None:
    """By torch's older exporter."""
    names, tokens = ("input_ids", "attention_mask"), torch.full((2, 5), 7)
    with onnx_graph._quiet():
        torch.onnx.export(
            onnx_graph._Logits(_for_onnxruntime(model)).eval(),
            (tokens, torch.ones_like(tokens)),
            path,
            input_names=list(names),
            output_names=["logits"],
            dynamic_axes={name: {0: "sentence", 1: "token"} for name in names},
            opset_version=20,
            dynamo=False,
        )
