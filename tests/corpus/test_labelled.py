"""Labelled sentences from a split of ours or from somebody else's JSON lines."""

import json

import numpy as np
import pytest

from detente.corpus.labelled import COLUMNS, read_labelled
from detente.corpus.tables import label_matrix, write_split
from detente.errors import UserError

GOOD = '{"text": "L’armée a tiré.", "labels": []}'


def test_a_split_gives_its_ids_texts_documents_and_labels(tmp_path, make):
    write_split([make(), make(id="s2", labels=[], document="d2")], tmp_path / "test.parquet")
    frame = read_labelled(tmp_path / "test.parquet")
    assert tuple(frame.columns) == COLUMNS
    assert frame[["id", "document"]].to_numpy().tolist() == [["s1", "d1"], ["s2", "d2"]]
    np.testing.assert_array_equal(label_matrix(frame), [[True, False, False, False], [False] * 4])


def test_lines_from_elsewhere_need_only_text_and_labels(tmp_path):
    lines = [
        {"text": "« Feu ! »", "labels": ["diplomatic_offer", "accusation"], "id": "x", "document": "d", "source": 7},
        {"text": "Genève attend.", "labels": [], "id": "y"},
        {"labels": ["de_escalation"], "text": "La trêve tient."},
    ]
    text = "\ufeff" + "".join(json.dumps(line, ensure_ascii=False) + "\r\n" for line in lines)
    (tmp_path / "theirs.jsonl").write_bytes(text.encode())
    frame = read_labelled(tmp_path / "theirs.jsonl")
    assert tuple(frame.columns) == COLUMNS
    assert frame["text"].tolist() == ["« Feu ! »", "Genève attend.", "La trêve tient."]
    assert frame["id"].tolist() == ["x", "y", "line 3"]
    assert frame["document"].tolist() == ["d", "y", "line 3"]
    assert set(frame.dtypes[3:]) == {np.dtype(bool)}
    np.testing.assert_array_equal(label_matrix(frame).astype(int), [[0, 0, 1, 1], [0, 0, 0, 0], [0, 1, 0, 0]])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", r"a\.jsonl:2: not JSON, column 2"),
        ("[" * 100_000, r"a\.jsonl:2: nested too deeply"),
        ("", r"a\.jsonl:2: blank line: delete it"),
        ("[1]", r"a\.jsonl:2: value \[1\] is no JSON object: write \{\"text\""),
        ('{"labels": []}', r"a\.jsonl:2: missing key 'text': add it"),
        ('{"text": "Un."}', r"a\.jsonl:2: missing key 'labels': add it"),
        ('{"text": 12, "labels": []}', r"a\.jsonl:2: key 'text', value 12: .*valid string"),
        ('{"text": " ", "labels": []}', r"a\.jsonl:2: key 'text', value ' ': is blank: fill it"),
        ('{"text": "Un.", "labels": "accusation"}', r"a\.jsonl:2: key 'labels', value 'accusation': .*valid list"),
        ('{"text": "Un.", "labels": ["war"]}', r"key 'labels', value \['war'\]: unknown label 'war': .*de_escalation"),
        ('{"text": "Un.", "labels": [], "id": 7}', r"a\.jsonl:2: key 'id', value 7: .*valid string"),
        ('{"text": "Un.", "labels": [], "document": null}', r"a\.jsonl:2: key 'document', value None"),
        ('{"text": "Un.", "labels": [], "id": "line 1"}', r"a\.jsonl:2: key 'id', value 'line 1': another line"),
        ('{"text": "Un.", "text": "Deux.", "labels": []}', r"a\.jsonl:2: key 'text' stands twice"),
    ],
)
def test_a_bad_line_is_named_with_key_and_value(tmp_path, line, message):
    (tmp_path / "a.jsonl").write_text(f"{GOOD}\n{line}\n{GOOD}\n", encoding="utf-8")
    with pytest.raises(UserError, match=message):
        read_labelled(tmp_path / "a.jsonl")


def test_a_file_that_is_empty_missing_or_of_another_kind_is_refused(tmp_path, make):
    (tmp_path / "empty.jsonl").touch()
    write_split([], tmp_path / "empty.parquet")
    for name in ("empty.jsonl", "empty.parquet"):
        with pytest.raises(UserError, match="no sentence in it; give it at least one"):
            read_labelled(tmp_path / name)
    with pytest.raises(UserError, match=r"none\.jsonl: no such file; name a \.parquet split or a \.jsonl file"):
        read_labelled(tmp_path / "none.jsonl")
    with pytest.raises(UserError, match=r"unknown suffix '\.csv'; name a \.parquet split or a \.jsonl file"):
        read_labelled(tmp_path / "a.csv")
