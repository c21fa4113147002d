"""Records as tables and as Parquet files."""

import json

import numpy as np
import pandas as pd
import pytest

from detente.corpus.tables import COLUMNS, label_matrix, read_split, to_frame, write_split
from detente.errors import UserError


@pytest.fixture
def records(make):
    return [
        make(),
        make(id="s2", labels=["accusation", "diplomatic_offer"], rule=3, contrast="s1"),
        make(id="s3", labels=[]),
    ]


def test_a_frame_has_one_row_a_sentence_and_one_column_a_label(records):
    frame = to_frame(records)
    assert tuple(frame.columns) == COLUMNS
    assert frame["text"].tolist() == [record.text for record in records]
    assert json.loads(frame["votes"][0]) == records[0].votes
    assert frame["rule"].isna().tolist() == [True, False, True] and frame["rule"][1] == 3
    assert frame["contrast"][1] == "s1"


def test_the_label_matrix_is_in_label_order(records):
    expected = np.array([[1, 0, 0, 0], [0, 0, 1, 1], [0, 0, 0, 0]], dtype=bool)
    matrix = label_matrix(to_frame(records))
    assert matrix.dtype == bool
    np.testing.assert_array_equal(matrix, expected)


def test_a_split_comes_back_as_it_was_and_its_bytes_do_not_change(tmp_path, records):
    write_split(records, tmp_path / "splits" / "train.parquet")
    write_split(records, tmp_path / "again.parquet")
    pd.testing.assert_frame_equal(read_split(tmp_path / "splits" / "train.parquet"), to_frame(records))
    assert (tmp_path / "splits" / "train.parquet").read_bytes() == (tmp_path / "again.parquet").read_bytes()
    assert [file.name for file in (tmp_path / "splits").iterdir()] == ["train.parquet"]


def test_a_split_without_a_value_in_an_optional_column_comes_back_too(tmp_path, make):
    write_split([make()], tmp_path / "train.parquet")
    pd.testing.assert_frame_equal(read_split(tmp_path / "train.parquet"), to_frame([make()]))


def test_a_split_with_other_columns_is_refused(tmp_path, records):
    frame = to_frame(records).drop(columns=["accusation", "genre"]).assign(extra=1, year="2014")
    frame.to_parquet(tmp_path / "train.parquet")
    with pytest.raises(UserError) as caught:
        read_split(tmp_path / "train.parquet")
    message = str(caught.value)
    assert "missing column 'genre'; missing column 'accusation'; unknown column 'extra'" in message
    assert "column 'year' holds" in message and "detente prepare" in message


def test_what_is_no_split_is_refused(tmp_path):
    with pytest.raises(UserError, match=r"test\.parquet: no such split; run `detente prepare`"):
        read_split(tmp_path / "test.parquet")
    (tmp_path / "test.parquet").write_text("not Parquet")
    with pytest.raises(UserError, match="not a Parquet file"):
        read_split(tmp_path / "test.parquet")
