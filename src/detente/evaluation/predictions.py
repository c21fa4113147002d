"""Reading back the ``predictions.jsonl`` of an evaluation, and laying two of them side by side."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from detente.corpus.jsonl import MOST_PROBLEMS_SHOWN, parse_line, problems_of
from detente.corpus.record import KnownLabels
from detente.errors import UserError
from detente.evaluation.arrays import BoolArray, FloatArray, StringArray
from detente.labels import LABEL_IDS

FILE_NAME = "predictions.jsonl"
MOST_IDS_SHOWN = 3


@dataclass(frozen=True)
class Predictions:
    """What one classifier decided about the sentences it was evaluated on.

    Attributes:
        path: The file they were read from.
        ids: Unique [sentence].
        documents: The document of each sentence [sentence].
        truth: [sentence, label].
        decisions: [sentence, label].
        probabilities: In [0, 1], rounded to 4 digits [sentence, label].
    """

    path: Path
    ids: StringArray
    documents: StringArray
    truth: BoolArray
    decisions: BoolArray
    probabilities: FloatArray


def _every_label(probabilities: dict[str, float]) -> dict[str, float]:
    if set(probabilities) != set(LABEL_IDS):
        raise ValueError(f"must have one probability for each of {', '.join(LABEL_IDS)}")
    return probabilities


Probability = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class _Line(BaseModel):
    """One sentence as ``detente evaluate`` writes it."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    id: str
    document: str
    truth: KnownLabels
    labels: KnownLabels
    probabilities: Annotated[dict[str, Probability], AfterValidator(_every_label)]


def read_predictions(folder: Path) -> Predictions:
    """Reads the predictions in the folder of one evaluation, in the order of their lines.

    Raises:
        UserError: There is no such file or no sentence in it; or, up to ``MOST_PROBLEMS_SHOWN`` at once, lines that are
            not a JSON object, lack a key, have a wrong value or the id of another line.
    """
    path = folder / FILE_NAME
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}; name a folder that `detente evaluate` wrote") from error
    lines, problems = dict[str, _Line](), list[str]()
    for number, text in enumerate(content.splitlines(), start=1):
        try:
            line = parse_line(text, _Line)
        except ValueError as error:
            problems += [f"{path}:{number}: {problem}" for problem in problems_of(error)]
            continue
        if line.id in lines:
            problems.append(f"{path}:{number}: key 'id', value {line.id!r}: another line has it too")
        lines[line.id] = line
    if problems:
        more = [f"… and {len(problems) - MOST_PROBLEMS_SHOWN} more"] if len(problems) > MOST_PROBLEMS_SHOWN else []
        title = f"{path}: {len(problems)} problem(s); `detente evaluate` writes the file anew"
        raise UserError("\n  ".join([title, *problems[:MOST_PROBLEMS_SHOWN], *more]))
    if not lines:
        raise UserError(f"{path}: no sentence in it; `detente evaluate` writes the file anew")
    sentences = lines.values()
    return Predictions(
        path=path,
        ids=np.array([line.id for line in sentences]),
        documents=np.array([line.document for line in sentences]),
        truth=np.array([[label in line.truth for label in LABEL_IDS] for line in sentences]),
        decisions=np.array([[label in line.labels for label in LABEL_IDS] for line in sentences]),
        probabilities=np.array([[line.probabilities[label] for label in LABEL_IDS] for line in sentences]),
    )


def aligned(first: Predictions, second: Predictions) -> Predictions:
    """Gives `second` in the order of `first`.

    Raises:
        UserError: The two are about different sentences, or disagree about a sentence's truth or document; the message
            names the first ids.
    """
    row_of = {identifier: row for row, identifier in enumerate(second.ids.tolist())}
    here, there = set(first.ids.tolist()), set(row_of)
    same_data = "evaluate both models on the same data"
    if here != there:
        sides = ((first.path, sorted(here - there)), (second.path, sorted(there - here)))
        alone = " and ".join(f"{len(ids)} stand only in {path}{_named(ids)}" for path, ids in sides if ids)
        raise UserError(f"not the same sentences: {alone}; {same_data}")
    rows = np.array([row_of[identifier] for identifier in first.ids.tolist()])
    differs = {
        "truth": np.any(first.truth != second.truth[rows], axis=1),
        "document": first.documents != second.documents[rows],
    }
    for key, where in differs.items():
        if where.any():
            ids = _named(first.ids[where].tolist())
            raise UserError(f"{first.path} and {second.path}: {key!r} differs for {where.sum()} sentences{ids}; {same_data}")
    ordered = (array[rows] for array in (second.ids, second.documents, second.truth, second.decisions, second.probabilities))
    return Predictions(second.path, *ordered)


def _named(ids: list[str]) -> str:
    more = ", …" if len(ids) > MOST_IDS_SHOWN else ""
    return f" ({', '.join(ids[:MOST_IDS_SHOWN])}{more})" if ids else ""
