"""The corpus in numbers, for the terminal and for the corpus card."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from rich.table import Table

from detente.corpus.agreement import Agreement, agreement
from detente.corpus.record import Record
from detente.corpus.words import words
from detente.errors import UserError
from detente.labels import LABEL_IDS

Row = tuple[str, str, str]


@dataclass(frozen=True)
class Summary:
    """Counts of a corpus.

    Attributes:
        sentences: Number of records.
        documents: Number of different documents.
        labels: Sentences per label, in label order.
        without_label: Share of sentences with no label, 0 to 1.
        with_several_labels: Share of sentences with two labels or more, 0 to 1.
        genres: Sentences per genre, the most frequent first.
        regions: Sentences per region, the most frequent first.
        words: Quartiles of the words per sentence: 25 %, median, 75 %.
        agreement: Agreement of the annotators per label, in label order.
    """

    sentences: int
    documents: int
    labels: dict[str, int]
    without_label: float
    with_several_labels: float
    genres: dict[str, int]
    regions: dict[str, int]
    words: tuple[float, float, float]
    agreement: dict[str, Agreement]


def summarise(records: Sequence[Record]) -> Summary:
    """Count what a corpus holds.

    Raises:
        UserError: There are no records.
    """
    if not records:
        raise UserError("the corpus has no records: nothing to summarise")
    labels_each = np.array([len(record.labels) for record in records])
    low, median, high = np.percentile([len(words(record.text)) for record in records], (25, 50, 75))
    return Summary(
        sentences=len(records),
        documents=len({record.document for record in records}),
        labels={label: sum(label in record.labels for record in records) for label in LABEL_IDS},
        without_label=float((labels_each == 0).mean()),
        with_several_labels=float((labels_each >= 2).mean()),
        genres=_count(record.genre for record in records),
        regions=_count(record.region for record in records),
        words=(float(low), float(median), float(high)),
        agreement=agreement(records),
    )


def render_table(summary: Summary) -> Table:
    """Show a summary in the terminal."""
    table = Table(title="Corpus", caption=_sentence_length(summary), show_header=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_column(justify="right")
    for header, rows in _sections(summary):
        table.add_row(*header, style="bold")
        for row in rows:
            table.add_row(*row)
        table.add_section()
    return table


def render_markdown(summary: Summary) -> str:
    """Show a summary as Markdown tables."""
    blocks = []
    for header, rows in _sections(summary):
        lines = [f"| {' | '.join(row)} |" for row in (header, ("---", "---:", "---:"), *rows)]
        blocks.append("\n".join(lines))
    return "\n\n".join([*blocks, _sentence_length(summary)]) + "\n"


def _count(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items(), key=lambda item: (-item[1], item[0])))


def _sections(summary: Summary) -> list[tuple[Row, list[Row]]]:
    """Header and rows of each section."""
    none, several = (round(share * summary.sentences) for share in (summary.without_label, summary.with_several_labels))
    counts = {
        "corpus": {f"all ({summary.documents} documents)": summary.sentences},
        "label": summary.labels | {"none": none, "two or more": several},
        "genre": summary.genres,
        "region": summary.regions,
    }
    sections: list[tuple[Row, list[Row]]] = [
        (
            (heading, "sentences", "share"),
            [(name, f"{count:,}", f"{count / summary.sentences:.1%}") for name, count in rows.items()],
        )
        for heading, rows in counts.items()
    ]
    return [*sections, _agreement_section(summary.agreement)]


def _agreement_section(by_label: dict[str, Agreement]) -> tuple[Row, list[Row]]:
    """Header and rows of the agreement; a dash where it is undefined."""
    sentences = next(iter(by_label.values())).sentences
    heading = f"agreement ({sentences:,} sentences with two votes or more)"
    rows = [
        (label, _or_dash(found.alpha, f"{found.alpha:.2f}"), _or_dash(found.raw, f"{found.raw:.1%}"))
        for label, found in by_label.items()
    ]
    return (heading, "alpha", "raw"), rows


def _or_dash(value: float, shown: str) -> str:
    return "–" if math.isnan(value) else shown


def _sentence_length(summary: Summary) -> str:
    low, median, high = summary.words
    return f"Words per sentence: median {median:g}, middle half {low:g} to {high:g}."
