"""Labelled sentences in the terminal: a table, and one line that sums it up. Colour helps, but nothing hangs on it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from detente.labels import LABELS, Label

if TYPE_CHECKING:
    from detente.evaluation.arrays import BoolArray, FloatArray

REVIEW_MARK = "?"

_NAME_WIDTH = max(len(label.french) for label in LABELS)
# Line ends would break the row, escape characters could steer the terminal; no-break spaces stay.
_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")


def article_table(sentences: Sequence[str], probabilities: FloatArray, decisions: BoolArray, review: BoolArray) -> Table:
    """Lays out an article, one row a sentence: number, sentence, its labels in percent, mark for review.

    Args:
        sentences: The sentences as they stand in the article; nothing in them is read as markup.
        probabilities: ``[sentence, label]`` in [0, 1].
        decisions: ``[sentence, label]``, true where the sentence has the label.
        review: ``[sentence]``, true where a person should look.
    """
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, expand=True)
    table.add_column("", justify="right", style="dim", no_wrap=True)
    table.add_column("sentence", ratio=1, overflow="fold")
    table.add_column("labels", no_wrap=True)
    table.add_column("", no_wrap=True)
    rows = zip(sentences, probabilities.tolist(), decisions.tolist(), review.tolist(), strict=True)
    for number, (sentence, chances, decided, unsure) in enumerate(rows, start=1):
        earned = [_earned(label, chance) for label, chance, has in zip(LABELS, chances, decided, strict=True) if has]
        table.add_row(
            Text(str(number)),
            Text(_CONTROL.sub(" ", sentence).strip()),
            Text("\n").join(earned) if earned else Text("–", style="dim"),
            Text(REVIEW_MARK if unsure else "", style="bold reverse"),
        )
    return table


def summary(decisions: BoolArray, review: BoolArray) -> Text:
    """Counts the sentences, those with each label and those to review, in one line.

    Args:
        decisions: ``[sentence, label]``, true where the sentence has the label.
        review: ``[sentence]``, true where a person should look.
    """
    count = len(decisions)
    parts = [Text(f"{count} sentence{'' if count == 1 else 's'}", style="bold")]
    for label, found in zip(LABELS, decisions.sum(axis=0).tolist(), strict=True):
        parts.append(Text.assemble((label.french, f"bold {label.colour}"), f" {found}"))
    parts.append(Text.assemble((REVIEW_MARK, "bold reverse"), f" to review {int(review.sum())}"))
    return Text(" · ").join(parts)


def _earned(label: Label, chance: float) -> Text:
    percent = f"{chance:.0%}".replace("%", " %")
    return Text.assemble((f"{label.french:<{_NAME_WIDTH}}", f"bold {label.colour}"), f" {percent:>5}")
