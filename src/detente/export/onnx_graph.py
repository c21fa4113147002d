"""The fine-tuned CamemBERT as an ONNX graph, in fp32 and in int8."""

import copy
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from transformers import PreTrainedModel

if TYPE_CHECKING:
    from onnx import GraphProto, NodeProto


class _Logits(torch.nn.Module):
    """The model with two inputs and one output, which is what the graph will have."""

    def __init__(self, model: PreTrainedModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.model(input_ids=input_ids, attention_mask=attention_mask).logits
        return logits


class _SpelledOutLayerNorm(torch.nn.Module):
    """Layer normalisation in simple steps, which onnxruntime runs in vectors; its own operator for it goes number by number.

    Written as a product with the reciprocal root, it is also not recognised and joined to that operator again.
    """

    def __init__(self, norm: torch.nn.LayerNorm) -> None:
        super().__init__()
        self.weight, self.bias, self.eps = norm.weight, norm.bias, norm.eps

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        centred = values - values.mean(-1, keepdim=True)
        variance = (centred * centred).mean(-1, keepdim=True)
        return centred * torch.rsqrt(variance + self.eps) * self.weight + self.bias


class _FirstTokenLayer(torch.nn.Module):
    """The encoder's last layer, computed for the first token alone: the head reads no other.

    Keys and values still come from every token; query, output and feed-forward are most of a layer's work.
    """

    def __init__(self, layer: Any) -> None:
        super().__init__()
        self.attention, self.layer = layer.attention.self, layer

    def forward(self, hidden: torch.Tensor, mask: torch.Tensor | None = None, *_: Any, **__: Any) -> torch.Tensor:
        first = hidden[:, :1]
        query, key, value = (
            self._heads(project(states))
            for project, states in (
                (self.attention.query, first),
                (self.attention.key, hidden),
                (self.attention.value, hidden),
            )
        )
        scores = query @ key.transpose(2, 3) * self.attention.scaling
        if mask is not None:
            scores = scores + mask[:, :, :1]
        context = (scores.softmax(-1) @ value).transpose(1, 2).flatten(2)
        output: torch.Tensor = self.layer.feed_forward_chunk(self.layer.attention.output(context, first))
        return output

    def _heads(self, states: torch.Tensor) -> torch.Tensor:
        heads: torch.Tensor = states.unflatten(-1, (-1, self.attention.attention_head_size)).transpose(1, 2)
        return heads


def export_fp32(model: PreTrainedModel, path: Path) -> None:
    """Writes the graph: ``input_ids`` and ``attention_mask`` int64 [sentence, token] in, ``logits`` [sentence, label] out.

    Args:
        model: In fp32; left as it is.
        path: The file to write; weights inside.
    """
    import onnx

    tokens = torch.full((2, 5), 7, device=model.device)  # example of what comes in; ids of no meaning
    either = dict.fromkeys((0, 1), torch.export.Dim.DYNAMIC)
    with _quiet():
        program = torch.onnx.export(
            _Logits(_for_onnxruntime(model)).eval(),
            (tokens, torch.ones_like(tokens)),
            input_names=["input_ids", "attention_mask"],
            output_names=["logits"],
            dynamic_shapes=(either, either),
            dynamo=True,
            external_data=False,
            verbose=False,
        )
        assert program is not None
        graph = program.model_proto
    for node in [*graph.graph.node, *(node for function in graph.functions for node in function.node)]:
        del node.metadata_props[:]  # where in whose folders the code stood that made it
    onnx.save(graph, path)


def _for_onnxruntime(model: PreTrainedModel) -> PreTrainedModel:
    """A copy that computes the same in operators that onnxruntime is quick at (experiments/speed has the figures)."""
    model = copy.deepcopy(model)
    model.set_attn_implementation("eager")  # fewer operators, since a row without any token is not looked out for
    encoder: Any = model.base_model.encoder
    encoder.layer[-1] = _FirstTokenLayer(encoder.layer[-1])
    for parent in list(model.modules()):
        for name, child in parent.named_children():
            if isinstance(child, torch.nn.LayerNorm):
                setattr(parent, name, _SpelledOutLayerNorm(child))
    return model


def quantise(fp32: Path, int8: Path) -> None:
    """Writes an int8 copy of a graph; activations are quantised as they come, each token by a scale of its own.

    So a token's numbers do not depend on the sentences beside it, as they do where a batch has one scale. Only the encoder's
    matrix products turn into int8, one scale a column. With embeddings and head in int8 as well, the error on our
    classifier's probabilities was twice as large and the graph no faster.

    Args:
        fp32: A graph that `export_fp32` wrote.
        int8: The file to write; it needs onnxruntime, for an operator of its own.
    """
    import onnx

    model = onnx.load(fp32)
    _Int8(model.graph).rewrite()
    model.opset_import.append(onnx.helper.make_opsetid("com.microsoft", 1))
    onnx.save(model, int8)


class _Int8:
    """Rewrites a graph's products of activations with weights as products of integers."""

    def __init__(self, graph: "GraphProto") -> None:
        self.graph = graph
        self.weights = {tensor.name: tensor for tensor in graph.initializer}
        self.nodes: list[NodeProto] = []
        self.constants: dict[str, Any] = {
            "int8/axes": np.array([-1]),
            "int8/least": np.float32(1e-12),  # a token of zeros has no scale
            "int8/step": np.float32(1 / 127),
            "int8/zero": np.uint8(128),  # activations unsigned, weights signed: the pair that processors multiply
        }
        self.activations: dict[str, tuple[str, str]] = {}  # query, key and value share one input

    def rewrite(self) -> None:
        """Changes the graph in place; weights that nothing reads any more go."""
        from onnx import numpy_helper

        for node in self.graph.node:
            if node.op_type == "MatMul" and node.input[1] in self.weights:
                integers, scale = self._activation(node.input[0])
                matrix, columns = self._weight(node.input[1])
                inputs = [integers, matrix, "int8/step", columns, "int8/zero"]
                product = self._add("MatMulIntegerToFloat", inputs, f"{node.output[0]}/unscaled", domain="com.microsoft")
                self._add("Mul", [product, scale], node.output[0])
            else:
                self.nodes.append(node)
        self.weights |= {name: numpy_helper.from_array(np.asarray(array), name) for name, array in self.constants.items()}
        read = {name for node in self.nodes for name in node.input}
        del self.graph.node[:], self.graph.initializer[:]
        self.graph.node.extend(self.nodes)
        self.graph.initializer.extend(tensor for name, tensor in self.weights.items() if name in read)

    def _activation(self, name: str) -> tuple[str, str]:
        """Names of the activations as integers [..., width] and of their scales [..., 1]."""
        if name not in self.activations:
            highest = self._add("ReduceMax", [name, "int8/axes"], f"{name}/highest")
            lowest = self._add("ReduceMin", [name, "int8/axes"], f"{name}/lowest")
            depth = self._add("Neg", [lowest], f"{name}/depth")
            scale = self._add("Max", [highest, depth, "int8/least"], f"{name}/scale")
            scaled = self._add("Mul", [name, self._add("Reciprocal", [scale], f"{name}/reciprocal")], f"{name}/scaled")
            self.activations[name] = self._add("QuantizeLinear", [scaled, "int8/step", "int8/zero"], f"{name}/int8"), scale
        return self.activations[name]

    def _weight(self, name: str) -> tuple[str, str]:
        """Names of a matrix as integers [input, output] and of its scales [output]."""
        from onnx import numpy_helper

        matrix = numpy_helper.to_array(self.weights[name])
        columns = np.maximum(np.abs(matrix).max(axis=0), 1e-12) / 127
        self.constants[f"{name}/int8"] = np.rint(matrix / columns).astype(np.int8)
        self.constants[f"{name}/columns"] = columns.astype(np.float32)
        return f"{name}/int8", f"{name}/columns"

    def _add(self, operator: str, inputs: list[str], output: str, **attributes: Any) -> str:
        from onnx import helper

        self.nodes.append(helper.make_node(operator, inputs, [output], output, **attributes))
        return output


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
