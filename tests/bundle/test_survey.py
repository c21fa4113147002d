"""A table is read through before anything is labelled: what is wrong with the whole of it is told with a way out."""

import re

import pytest

from detente.bundle.chunks import Place
from detente.bundle.survey import survey_table
from detente.errors import UserError

T = b'{"text": "Un."}\n'


def survey(folder, name, data):
    (folder / name).write_bytes(data)
    return survey_table(folder / name, "text", folder / "out.jsonl")


def test_columns_rows_and_bad_rows_are_counted(tmp_path):
    found = survey(tmp_path, "in.jsonl", b'\xef\xbb\xbf{"text": "Un.", "n": 1}\n\n{"x": [2], "text": "Deux."}\n')
    assert (found.columns, found.rows, found.rejected) == (("text", "n", "x"), 3, 1)


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.xlsx", b"", r"unknown suffix '\.xlsx'.*\.jsonl, \.csv, \.parquet"),
        ("a.csv", b"", "the file is empty"),
        ("a.csv", b"text\n", "no rows"),
        ("a.csv", b"text\n\xe9t\xe9\n", "not UTF-8: byte 5 is 0xe9.*iconv -f WINDOWS-1252"),
        ("a.csv", b"id;text\n1;Un.\n", r"no column 'text'.*--text-column: \['id;text'\]; separate the cells by commas"),
        ("a.csv", b"text,id,id\nUn.,1,2\n", r"a\.csv:1: .*'id' stands twice"),
        ("a.csv", b"text,labels,review\nUn,,\n", r"overwrite the column\(s\) \['labels', 'review'\]; rename"),
        ("a.csv", b"id,text\n1,\n2, \n", r"none of its rows can be labelled; row 1: the text is blank: ''"),
        ("a.jsonl", b'{"x": 1}', r"none of its rows can be labelled; row 1: no 'text' among \['x'\]"),
        ("a.parquet", b"not Parquet", "not a Parquet file"),
    ],
)
def test_a_table_of_which_nothing_can_be_labelled_is_refused(tmp_path, name, data, message):
    with pytest.raises(UserError, match=message):
        survey(tmp_path, name, data)


@pytest.mark.parametrize(
    ("name", "data", "row", "reason"),
    [
        ("a.jsonl", T + b'{"text": }\n', 2, "not valid JSON"),
        ("a.jsonl", T + b'["Un."]\n', 2, r"not a JSON object: \['Un\.'\]"),
        ("a.jsonl", T + b"\n" + T, 2, "blank line"),
        ("a.jsonl", T + b'{"text": "Un.", "x": NaN}\n', 2, "not valid JSON"),
        ("a.jsonl", b'{"text": "\\ud83d"}\n' + T, 1, "not valid JSON .*surrogates"),
        ("a.jsonl", b'{"text": "a", "text": "b"}\n' + T, 1, "'text' stands twice"),
        ("a.jsonl", T + b'{"x": 1}\n', 2, "no 'text'"),
        ("a.jsonl", T + b'{"text": 12}\n', 2, "the text is not a string: 12"),
        ("a.jsonl", T + b'{"text": null}\n', 2, "the text is null"),
        ("a.jsonl", '{"text": "Été."}\n'.encode() + b'{"text": "\xe9"}\n', 2, "not UTF-8"),
        ("a.csv", b'id,text\n1,"a\nb"\n2,Un, deux\n', 2, "3 cells where the header has 2"),
        ("a.csv", b'id,text\n1,"Un\n2,Deux.\n', 1, r"bad CSV \(unexpected end of data\)"),
    ],
)
def test_a_bad_row_is_put_aside_with_its_number_and_the_rest_goes_on(tmp_path, name, data, row, reason):
    found = survey(tmp_path, name, data)
    (reject,) = [reject for chunk in found.table.chunks(Place(), 100) for reject in chunk.rejects]
    assert found.rejected == 1 and reject.row == row
    assert re.search(reason, reject.reason)
