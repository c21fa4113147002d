"""A Parquet file with the types that are easily lost, and a labeller that needs no model."""

import datetime
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from detente.bundle.partial import Journal
from detente.bundle.streaming import label_table
from detente.bundle.survey import survey_table
from detente.evaluation.trained import Labelling

LabelFile = Callable[..., Journal]


@pytest.fixture
def parquet(tmp_path):
    """Table of a type a column, which stands in ``in.parquet``."""
    day = datetime.date(2022, 2, 24)
    table = pa.table(
        {
            "text": pa.array(["Un.", "Deux."]).dictionary_encode(),
            "day": pa.array([day, None]),
            "seen": pa.array([datetime.datetime(2022, 2, 24, 5)] * 2, pa.timestamp("ns", "Europe/Paris")),
            "n": pa.array([2**60, None]),
            "small": pa.array([1, 2], pa.int8()),
            "price": pa.array([Decimal("1.20"), None]),
            "x": pa.array([float("nan"), None]),
            "tree": pa.array([{"a": [1]}, None]),
        }
    )
    pq.write_table(table, tmp_path / "in.parquet", row_group_size=1)
    return table


def label_texts(texts: Sequence[str]) -> Labelling:
    """An even number of characters is escalation with 0.91234, an odd one nothing and to be reviewed."""
    even = np.array([len(text) % 2 == 0 for text in texts])
    none = np.zeros(len(texts))
    return Labelling(
        np.column_stack([np.where(even, 0.91234, 0.0), none, none, none]),
        np.column_stack([even, none > 0, none > 0, none > 0]),
        ~even,
    )


@pytest.fixture
def label_file() -> LabelFile:
    """Labels a file as `detente label --sentences` does, with `label_texts` or another labeller."""

    def _label(source: Path, output: Path, text_column="text", label=label_texts, model="m", chunk_rows=2) -> Journal:
        return label_table(survey_table(source, text_column, output), output, label, model, chunk_rows)

    return _label
