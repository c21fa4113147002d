"""Tables with labels: what comes in goes out unchanged beside the labels, in every format."""

import csv
import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from detente.bundle.columns import OUTPUT_COLUMNS
from detente.errors import UserError

TEXTS = ["« L’armée », dit-il,\r\na tiré [red]. 🇺🇦", 'Il a dit "non", puis\rNaN; [/] !']
NONE = {"de_escalation": 0.0, "accusation": 0.0, "diplomatic_offer": 0.0}
EVEN = {"escalation": 0.9123} | NONE | {"labels": ["escalation"], "review": False}
ODD = {"escalation": 0.0} | NONE | {"labels": [], "review": True}
ADDED = [ODD if len(text) % 2 else EVEN for text in TEXTS]


def write_lines(path, rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_the_two_texts_are_labelled_unlike():
    assert ADDED == [ODD, EVEN] or ADDED == [EVEN, ODD]


@pytest.mark.parametrize("chunk_rows", [1, 5])
def test_jsonl_keeps_every_value_and_a_missing_key_becomes_null(tmp_path, label_file, chunk_rows):
    extra = {"n": 2**60, "huge": 2**70, "x": {"a": [1, {"b": None}], "é": True}, "s": "007", "line": "a\u2028b"}
    rows = [{"text": TEXTS[0]} | extra, {"text": TEXTS[1], "x": 1.5}]
    target = tmp_path / "new" / "out.JSONL"
    label_file(write_lines(tmp_path / "in.jsonl", rows), target, chunk_rows=chunk_rows)
    lines = target.read_bytes().decode().removesuffix("\n").split("\n")
    assert "L’armée" in lines[0] and "🇺🇦" in lines[0]
    out = [json.loads(line) for line in lines]
    gaps = dict.fromkeys(extra) | {"x": 1.5}
    assert out == [rows[0] | ADDED[0], {"text": TEXTS[1]} | gaps | ADDED[1]]
    assert list(out[0]) == ["text", *extra, *OUTPUT_COLUMNS]
    assert [file.name for file in target.parent.iterdir()] == ["out.JSONL"]


def test_csv_cells_stay_the_strings_they_are(tmp_path, label_file):
    rows = [["", "phrase", "note"], ["007", TEXTS[0], "NA"], ["", TEXTS[1], "1e5"]]
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    (tmp_path / "in.csv").write_bytes(b"\xef\xbb\xbf" + text.getvalue().encode())
    label_file(tmp_path / "in.csv", tmp_path / "out.csv", text_column="phrase", chunk_rows=1)
    out = list(csv.reader(io.StringIO((tmp_path / "out.csv").read_bytes().decode(), newline="")))
    assert [row[:3] for row in out] == rows
    assert out[0][3:] == list(OUTPUT_COLUMNS)
    cells = {False: ["0.9123", "0.0", "0.0", "0.0", "escalation", "false"], True: ["0.0"] * 4 + ["", "true"]}
    assert [row[3:] for row in out[1:]] == [cells[len(text) % 2 == 1] for text in TEXTS]


def test_parquet_keeps_its_types(tmp_path, label_file, parquet):
    label_file(tmp_path / "in.parquet", tmp_path / "out.parquet", chunk_rows=1)
    out = pq.read_table(tmp_path / "out.parquet")
    assert out.select(parquet.column_names).schema.types == parquet.schema.types
    assert str(out.select(parquet.column_names).to_pylist()) == str(parquet.to_pylist())
    assert out.schema.field("labels").type == pa.list_(pa.string()) and out.schema.field("review").type == pa.bool_()
    assert out.select(OUTPUT_COLUMNS).to_pylist() == [ODD, ODD]


def test_parquet_goes_to_jsonl_and_csv_in_plain_types(tmp_path, label_file, parquet):
    label_file(tmp_path / "in.parquet", tmp_path / "out.jsonl")
    first, second = map(json.loads, (tmp_path / "out.jsonl").open(encoding="utf-8"))
    assert first["day"] == "2022-02-24" and first["price"] == "1.20" and first["tree"] == {"a": [1]}
    assert first["x"] is None and first["n"] == 2**60 and second["n"] is None
    label_file(tmp_path / "in.parquet", tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        row = next(csv.DictReader(file))
    assert row["day"] == "2022-02-24" and row["tree"] == '{"a": [1]}' and row["n"] == str(2**60)


def test_numbers_that_are_whole_in_one_chunk_and_not_in_the_next_become_one_column(tmp_path, label_file):
    source = write_lines(
        tmp_path / "in.jsonl", [{"text": "Un.", "x": 1}, {"text": "Deux.", "x": None}, {"text": "T", "x": 0.5}]
    )
    label_file(source, tmp_path / "out.parquet", chunk_rows=1)
    assert pq.read_table(tmp_path / "out.parquet").column("x").to_pylist() == [1.0, None, 0.5]


def test_the_input_is_never_overwritten_by_whatever_path(tmp_path, label_file):
    source = write_lines(tmp_path / "in.jsonl", [{"text": text} for text in TEXTS])
    (tmp_path / "link.jsonl").symlink_to(source)
    before = source.read_bytes()
    for target in ("in.jsonl", "link.jsonl", "new/../in.jsonl"):
        with pytest.raises(UserError, match="this is the input"):
            label_file(source, tmp_path / target)
    assert source.read_bytes() == before


def test_a_column_that_a_format_cannot_hold_is_named_and_nothing_is_written(tmp_path, label_file):
    source = write_lines(tmp_path / "in.jsonl", [{"text": "Un.", "x": 1}, {"text": "Deux.", "x": "a"}])
    with pytest.raises(UserError, match=r"column 'x' does not fit into \.parquet .*try \.jsonl or \.csv"):
        label_file(source, tmp_path / "out.parquet")
    assert [file.name for file in tmp_path.iterdir()] == ["in.jsonl"]
