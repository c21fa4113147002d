"""The bundle's description: all that a labeller must know beside the graph and the tokenizer, and what they come from."""

from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from detente.errors import UserError
from detente.evaluation.decision import Decision
from detente.json_file import read_json, write_json
from detente.text.anonymise import ACTORS

ARTIFACTS = "artifacts"  # where MLflow puts the files of a model
DESCRIPTION = "bundle.json"
TOKENIZER = "tokenizer.json"
GRAPHS = {"fp32": "model.onnx", "int8": "model.int8.onnx"}


def files_of(weights: str) -> tuple[str, ...]:
    """Names of the files that a labeller with these weights, of ``GRAPHS``, reads."""
    return DESCRIPTION, TOKENIZER, ACTORS, GRAPHS[weights]


@dataclass(frozen=True)
class Description:
    """What ``bundle.json`` says.

    Attributes:
        decision: Labels, calibration, thresholds and review margin.
        max_length: Tokens a sentence, first and last token included; longer ones are cut.
        padding_id: Token that fills up the shorter sentences of a batch.
        weights: What is shipped, of ``GRAPHS``; the last one is the one to use.
        provenance: Description of the training run, git commit, DVC hash of the corpus, MLflow run.
        parity: How far the graphs are from the model they were made of, and why int8 is missing if it is.
    """

    decision: Decision
    max_length: int
    padding_id: int
    weights: tuple[str, ...]
    provenance: dict[str, Any]
    parity: dict[str, Any]

    def save(self, path: Path) -> None:
        """Writes it as JSON; equal descriptions give equal bytes."""
        write_json(path, asdict(self))

    @classmethod
    def load(cls, path: Path) -> "Description":
        """Reads what :meth:`save` wrote.

        Raises:
            UserError: The file is missing or malformed, or its labels are not this version's, in this order.
        """
        content = read_json(path, {field.name for field in fields(cls)}, made_by="detente export")
        try:
            rule = content["decision"]
            content["decision"] = Decision(**{key: _frozen(value) for key, value in rule.items()})
            content["weights"] = _frozen(content["weights"])
        except (AttributeError, TypeError, ValueError) as error:
            raise UserError(f"{path}: {error}; export the model again with this version") from error
        return cls(**content)


def _frozen(value: Any) -> Any:
    """JSON has lists where the dataclasses have tuples."""
    return tuple(value) if isinstance(value, list) else value
