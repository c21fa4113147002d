"""Tables of sentences: every column is read as it stands, and every mistake is named."""

import pytest
from detente.bundle.reading import read_sentences

from detente.errors import UserError


def test_every_column_is_read_in_its_order_and_the_source_is_known(tmp_path):
    source = tmp_path / "in.jsonl"
    source.write_bytes(b'\xef\xbb\xbf{"text": "Un.", "n": 1}\n{"x": [2], "text": "Deux."}\n')
    frame = read_sentences(source)
    assert frame.to_dict("list") == {"text": ["Un.", "Deux."], "n": [1, None], "x": [None, [2]]}
    assert frame.attrs["source"] == str(source.resolve())


def test_parquet_columns_keep_their_arrow_types(tmp_path, parquet):
    frame = read_sentences(tmp_path / "in.parquet")
    assert [dtype.pyarrow_dtype for dtype in frame.dtypes] == parquet.schema.types


T = b'{"text": "Un."}\n'


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.xlsx", b"", r"unknown suffix '\.xlsx'.*\.jsonl, \.csv, \.parquet"),
        ("a.csv", b"", "the file is empty"),
        ("a.csv", b"text\n", "no rows"),
        ("a.csv", b"text\n\xe9t\xe9\n", "not UTF-8: byte 5 is 0xe9.*iconv -f WINDOWS-1252"),
        ("a.csv", b"id;text\n1;Un.\n", r"no column 'text'.*--text-column: \['id;text'\]; separate the cells by commas"),
        ("a.csv", b"text,id,id\nUn.,1,2\n", r"a\.csv:1: .*'id' stands twice"),
        ("a.csv", b'id,text\n1,"a\nb"\n2,Un, deux\n', r"a\.csv:4: .*3 cells where the header has 2: \['2', 'Un'"),
        ("a.csv", b'id,text\n1,"Un\n', r"a\.csv:2: bad CSV row \(unexpected end of data\)"),
        ("a.csv", b"id,text\n1,Un\n2,\n3, \n", r"row 2, column 'text': the text is blank: '' \(1 more rows like it\)"),
        ("a.csv", b"text,labels,review\nUn,,\n", r"overwrite the column\(s\) \['labels', 'review'\]; rename"),
        ("a.jsonl", T + b'{"text": }\n', r"a\.jsonl:2: not valid JSON .*'\{\"text\": \}"),
        ("a.jsonl", T + b'["Un."]\n', r"a\.jsonl:2: not a JSON object: \['Un\.'\]"),
        ("a.jsonl", T + b"\n" + T, r"a\.jsonl:2: blank line; delete it"),
        ("a.jsonl", T + b'{"text": "Un.", "x": NaN}', r"a\.jsonl:2: not valid JSON"),
        ("a.jsonl", b'{"text": "\\ud83d"}', r"a\.jsonl:1: not valid JSON .*surrogates"),
        ("a.jsonl", b'{"text": "a", "text": "b"}', r"a\.jsonl:1: .*'text' stands twice"),
        ("a.jsonl", T + b'{"x": 1}', "row 2, column 'text': the text is null or missing: None"),
        ("a.jsonl", T + b'{"text": 12}', "row 2, column 'text': the text is not a string: 12"),
        ("a.parquet", b"not Parquet", "not a Parquet file"),
    ],
)
def test_a_mistake_in_a_table_is_named_with_place_and_way_out(tmp_path, name, data, message):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UserError, match=message):
        read_sentences(tmp_path / name)
