"""A second reading of labelled sentences: how far it bears the labels out, and what an audit changed."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from detente.errors import UserError
from detente.labels import LABEL_IDS

Labels = Mapping[str, Sequence[str]]


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Reads JSON lines.

    Raises:
        UserError: No such file, or a line that is not JSON.
    """
    if not path.is_file():
        raise UserError(f"{path}: no such file; it comes with the repository")
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            rows.append(json.loads(line))
        except json.JSONDecodeError as error:
            raise UserError(f"{path}:{number}: not JSON ({error}); correct the line") from error
    return rows


def second_reading_table(first: Labels, second: Labels) -> str:
    """Markdown: F1 of the second reading against the first, per label and macro, and the share of equal label sets.

    Args:
        first: Sentence id to the labels it has; may hold more sentences than were read again.
        second: Sentence id to the labels a later reader gave.

    Raises:
        UserError: A sentence was read again that the first reading does not have.
    """
    from sklearn.metrics import f1_score

    if strange := [name for name in second if name not in first]:
        raise UserError(f"{len(strange)} sentence(s) of the second reading are unknown: {', '.join(strange[:5])}")
    truth, again = (
        np.array([[label in labels[name] for label in LABEL_IDS] for name in second]) for labels in (first, second)
    )
    scores = f1_score(truth, again, average=None, zero_division=np.nan)
    lines = ["| label | sentences | F1 |", "| --- | ---: | ---: |"]
    lines += [
        f"| {label} | {count} | {score:.3f} |" for label, count, score in zip(LABEL_IDS, truth.sum(0), scores, strict=True)
    ]
    lines += [f"| macro | {len(second)} | {np.nanmean(scores):.3f} |"]
    equal = (truth == again).all(axis=1).sum()
    return "\n".join(lines) + f"\n\nThe whole label set is the same in {equal} of {len(second)} sentences.\n"


def audit_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Markdown: how many flagged sentences kept their labels, changed them or were dropped."""
    outcomes = Counter(row["outcome"] for row in rows)
    lines = ["| outcome | sentences |", "| --- | ---: |"]
    lines += [f"| {outcome} | {outcomes[outcome]} |" for outcome in ("kept", "changed", "dropped")]
    return "\n".join([*lines, f"| flagged in all | {len(rows)} |"]) + "\n"
