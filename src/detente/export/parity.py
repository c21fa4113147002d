"""The gate of the export: an exported graph has to say what the model it was made of says."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.errors import UserError
from detente.evaluation.arrays import BoolArray
from detente.evaluation.metrics import score
from detente.evaluation.trained import Labelling
from detente.labels import LABEL_IDS


@dataclass(frozen=True)
class Tolerance:
    """How much an exported graph may differ.

    Attributes:
        probability: Largest difference of any probability between torch and fp32.
        f1_loss: Largest loss of macro-F1 from fp32 to int8.
        agreement: Smallest share of labels, given or not, that are the same in fp32 and int8.
    """

    probability: float
    f1_loss: float
    agreement: float


def check_fp32(texts: Sequence[str], torch: Labelling, fp32: Labelling, tolerance: Tolerance) -> dict[str, Any]:
    """Compares the fp32 graph with the model in torch, sentence by sentence.

    Args:
        texts: The sentences.
        torch: What the trained model says of them.
        fp32: What the graph says of them.
        tolerance: Its ``probability``; and no label may change.

    Returns:
        ``largest_difference`` of any probability, and the ``tolerance``.

    Raises:
        UserError: The graph does not hold; shows the worst sentence and label, or the worst of those that changed.
    """
    differences = np.abs(torch.probabilities - fp32.probabilities)
    changed = torch.decisions != fp32.decisions
    largest = float(differences.max())
    if largest > tolerance.probability or changed.any():
        suspects = differences if largest > tolerance.probability else np.where(changed, differences, -1)
        row, column = divmod(int(suspects.argmax()), len(LABEL_IDS))
        raise UserError(
            f"the fp32 graph differs from the trained model: largest difference {suspects[row, column]:.2g} "
            f"(tolerance {tolerance.probability:g}), {np.count_nonzero(changed)} label(s) changed (tolerance 0)\n"
            f"sentence {row + 1}: {texts[row]!r}\n"
            f"label {LABEL_IDS[column]}: {torch.probabilities[row, column]:.6f} in torch, "
            f"{fp32.probabilities[row, column]:.6f} in ONNX\nNothing was written. Compare the installed torch, onnx and "
            "onnxruntime with constraints.txt; raise tolerance.probability only if this difference is harmless to you."
        )
    return {"largest_difference": largest, "tolerance": tolerance.probability}


def judge_int8(truth: BoolArray, fp32: Labelling, int8: Labelling, tolerance: Tolerance) -> dict[str, Any]:
    """Decides whether the int8 graph is close enough to the fp32 one to be shipped.

    Args:
        truth: The labels that the sentences earn [sentence, label].
        fp32: What the fp32 graph says of them.
        int8: What the int8 graph says of them.
        tolerance: Its ``f1_loss`` and ``agreement``.

    Returns:
        ``shipped``, the ``reason`` for it in words, ``f1_loss`` (macro-F1), ``agreement``, ``largest_difference`` of any
        probability, and the two tolerances.

    Raises:
        UserError: No sentence earns a label.
    """
    before, after = (score(truth, said.decisions, said.probabilities)["macro/f1"] for said in (fp32, int8))
    loss = before - after
    if np.isnan(loss):
        raise UserError("no sentence of the data has a label, so that int8 cannot be judged; give other data, or int8=false")
    agreement = float((fp32.decisions == int8.decisions).mean())
    reasons = []
    if loss > tolerance.f1_loss:
        reasons.append(f"macro-F1 falls by {loss:.4f} (tolerance {tolerance.f1_loss:g})")
    if agreement < tolerance.agreement:
        reasons.append(f"{agreement:.2%} of labels are the same (tolerance {tolerance.agreement:.2%})")
    return {
        "shipped": not reasons,
        "reason": "; ".join(reasons) or "within tolerance",
        "f1_loss": loss,
        "agreement": agreement,
        "largest_difference": float(np.abs(fp32.probabilities - int8.probabilities).max()),
        "tolerance": {"f1_loss": tolerance.f1_loss, "agreement": tolerance.agreement},
    }
