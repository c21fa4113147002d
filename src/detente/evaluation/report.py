"""The report of one evaluation: what is stored as JSON, and its table for the terminal and for a document."""

import math
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.errors import UserError
from detente.json_file import read_json, write_json
from detente.labels import LABELS

if TYPE_CHECKING:
    from rich.table import Table

Interval = tuple[float, float]
COLUMNS = ("label", "F1 [95%]", "precision", "recall", "AP", "Brier", "ECE", "n", "p ≥")


@dataclass(frozen=True)
class Report:
    """One classifier measured on one set of sentences.

    Attributes:
        name: What was measured, for instance ``test``.
        sentences: Number of sentences.
        documents: Number of documents they come from, the unit of the intervals.
        metrics: As `detente.evaluation.metrics.score` gives them.
        intervals: As `detente.evaluation.bootstrap.document_bootstrap` gives them.
        thresholds: Label id to the threshold that was applied.
    """

    name: str
    sentences: int
    documents: int
    metrics: dict[str, float]
    intervals: dict[str, Interval]
    thresholds: dict[str, float]

    def save(self, path: Path) -> None:
        """Writes JSON with sorted keys, floats rounded to 6 digits and NaN as null; equal reports give equal bytes."""
        write_json(path, _storable(asdict(self)))

    @classmethod
    def load(cls, path: Path) -> "Report":
        """Reads what `save` wrote.

        Raises:
            UserError: The file is missing or malformed.
        """
        content = read_json(path, {field.name for field in fields(cls)}, made_by="detente evaluate")
        try:
            return cls(
                name=str(content["name"]),
                sentences=int(content["sentences"]),
                documents=int(content["documents"]),
                metrics={key: _number(value) for key, value in content["metrics"].items()},
                intervals={key: (_number(low), _number(high)) for key, (low, high) in content["intervals"].items()},
                thresholds={key: _number(value) for key, value in content["thresholds"].items()},
            )
        except (AttributeError, TypeError, ValueError) as error:
            raise UserError(f"{path}: not an evaluation report ({error}); run detente evaluate again") from error


def render_table(report: Report) -> "Table":
    """The report for the terminal: one row a label in its colour, then macro and micro."""
    from rich import box
    from rich.table import Table

    table = Table(
        title=report.name,
        caption=_caption(report),
        title_justify="left",
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        padding=0,
        show_edge=False,
    )
    for column in COLUMNS:
        table.add_column(column, justify="left" if column == "label" else "right", no_wrap=True)
    for label in LABELS:
        table.add_row(*_row(report, label.id, label.french), style=label.colour, end_section=label is LABELS[-1])
    for average in ("macro", "micro"):
        table.add_row(*_row(report, average, average))
    return table


def markdown_table(report: Report) -> str:
    """The report as a Markdown table with its caption; ends in a line break."""
    rows = [_row(report, label.id, label.french) for label in LABELS]
    rows += [_row(report, average, average) for average in ("macro", "micro")]
    rules = ["---"] + ["---:"] * (len(COLUMNS) - 1)
    lines = [f"| {' | '.join(cells)} |" for cells in (COLUMNS, rules, *rows)]
    return "\n".join([*lines, "", _caption(report), ""])


def _row(report: Report, key: str, title: str) -> list[str]:
    metrics = ("precision", "recall", "average_precision", "brier", "ece")
    numbers = [_decimal(report.metrics.get(f"{key}/{metric}", math.nan)) for metric in metrics]
    support = report.metrics.get(f"{key}/support")
    return [
        title,
        _with_interval(report, f"{key}/f1"),
        *numbers,
        "" if support is None else f"{support:.0f}",
        _decimal(report.thresholds[key]) if key in report.thresholds else "",
    ]


def _caption(report: Report) -> str:
    def found(key: str) -> str:
        return _decimal(report.metrics.get(key, math.nan))

    return (
        f"{report.sentences} sentences from {report.documents} documents; exact match "
        f"{_with_interval(report, 'exact_match')}. Not marked for review: {found('automatic/coverage')} of the sentences, "
        f"{found('automatic/error')} of them wrong. Before calibration macro ECE {found('macro/ece_uncalibrated')}, Brier "
        f"{found('macro/brier_uncalibrated')}. Intervals: 95%, bootstrap over documents; AP: average precision; "
        "Brier, ECE: lower is better; n: sentences with the label; p ≥: threshold."
    )


def _with_interval(report: Report, key: str) -> str:
    low, high = report.intervals[key]
    return f"{_decimal(report.metrics[key])} [{_decimal(low)}, {_decimal(high)}]"


def _decimal(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.2f}"


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _storable(value: Any) -> Any:
    """`value` with every float rounded to 6 digits, NaN as None and tuples as lists, at any depth."""
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 6)
    if isinstance(value, dict):
        return {key: _storable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(item) for item in value]
    return value
