"""The fine-tuned CamemBERT as an ONNX graph, in fp32 and in int8."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from transformers import PreTrainedModel


class _Logits(torch.nn.Module):
    """The model with two inputs and one output, which is what the graph will have."""

    def __init__(self, model: PreTrainedModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.model(input_ids=input_ids, attention_mask=attention_mask).logits
        return logits


def export_fp32(model: PreTrainedModel, path: Path) -> None:
    """Writes the graph: ``input_ids`` and ``attention_mask`` int64 [sentence, token] in, ``logits`` [sentence, label] out.

    Args:
        model: In fp32; left in evaluation mode.
        path: The file to write; weights inside.
    """
    tokens = torch.full((2, 5), 7, device=model.device)  # example of what comes in; ids of no meaning
    either = dict.fromkeys((0, 1), torch.export.Dim.DYNAMIC)
    with _quiet():
        program = torch.onnx.export(
            _Logits(model).eval(),
            (tokens, torch.ones_like(tokens)),
            input_names=["input_ids", "attention_mask"],
            output_names=["logits"],
            dynamic_shapes=(either, either),
            dynamo=True,
            external_data=False,
            verbose=False,
        )
        assert program is not None
        program.save(path, external_data=False)


def quantise(fp32: Path, int8: Path) -> None:
    """Writes an int8 copy of a graph; activations are quantised as they come (dynamic quantisation).

    Only the encoder's matrix products turn into int8, one scale a column. With embeddings and head in int8 as well, the
    error on our classifier's probabilities was twice as large and the graph no faster.

    Args:
        fp32: A graph that `export_fp32` wrote.
        int8: The file to write.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with _quiet():
        quantize_dynamic(fp32, int8, op_types_to_quantize=["MatMul"], per_channel=True, weight_type=QuantType.QInt8)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps hints about torchvision, deprecations and graph preparation off the screen; errors still pass."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    finally:
        logging.disable(before)
