"""A Parquet file with the types that are easily lost."""

import datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest


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
