"""The graph takes batches of any size and length, and gives the logits of the model it was made of."""

import numpy as np
import onnxruntime
import pytest
import torch

from detente.project import find_root


@pytest.fixture(scope="module")
def session(tiny_bundle):
    return onnxruntime.InferenceSession(tiny_bundle / "artifacts" / "model.onnx", providers=["CPUExecutionProvider"])


@pytest.mark.parametrize(("sentences", "tokens"), [(1, 1), (1, 30), (7, 3), (33, 64)])
def test_any_batch_gives_the_logits_of_torch(session, tiny_model, sentences, tokens):
    generator = torch.Generator().manual_seed(sentences)
    ids = torch.randint(5, 1000, (sentences, tokens), generator=generator)
    lengths = torch.randint(1, tokens + 1, (sentences, 1), generator=generator)
    mask = (torch.arange(tokens) < lengths).long()
    ids = torch.where(mask.bool(), ids, 1)
    with torch.inference_mode():
        expected = tiny_model.classifier.model.eval()(input_ids=ids, attention_mask=mask).logits
    (logits,) = session.run(["logits"], {"input_ids": ids.numpy(), "attention_mask": mask.numpy()})
    assert logits.shape == (sentences, 4)
    np.testing.assert_allclose(logits, expected, atol=1e-4)


def test_no_path_of_this_machine_is_left_in_the_graphs(tiny_bundle):
    here = str(find_root()).encode()
    assert not any(here in graph.read_bytes() for graph in (tiny_bundle / "artifacts").glob("*.onnx"))


def test_int8_is_another_smaller_graph_that_says_nearly_the_same(session, tiny_bundle):
    fp32, int8 = (tiny_bundle / "artifacts" / name for name in ("model.onnx", "model.int8.onnx"))
    assert b"MatMulInteger" in int8.read_bytes() and b"MatMulInteger" not in fp32.read_bytes()
    batch = {"input_ids": np.arange(10)[None], "attention_mask": np.ones((1, 10), np.int64)}
    (exact,) = session.run(["logits"], batch)
    (rounded,) = onnxruntime.InferenceSession(int8).run(["logits"], batch)
    assert 0 < np.abs(exact - rounded).max() < 0.5
