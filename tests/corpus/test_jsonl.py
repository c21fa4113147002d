"""Reading and writing records: what is written comes back, and every mistake is named with its place."""

import json

import pytest

from detente.corpus.jsonl import read_records, write_records
from detente.errors import UserError


def write_lines(path, *lines):
    path.write_bytes(b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines) + b"\n")
    return path


def test_what_is_written_comes_back(tmp_path, make):
    records = [make(), make(id="s2", rule=3, contrast="s1")]
    write_records(records, tmp_path / "new folder" / "corpus.jsonl")
    assert read_records(tmp_path / "new folder" / "corpus.jsonl") == records
    assert [file.name for file in (tmp_path / "new folder").iterdir()] == ["corpus.jsonl"]


def test_the_file_is_plain_to_read_and_the_same_each_time(tmp_path, make):
    votes = {"second": [], "first": ["escalation"]}
    write_records([make(votes=votes)], tmp_path / "one.jsonl")
    write_records([make(votes=dict(reversed(votes.items())))], tmp_path / "two.jsonl")
    line = (tmp_path / "one.jsonl").read_text(encoding="utf-8")
    assert line == (tmp_path / "two.jsonl").read_text(encoding="utf-8")
    assert line.startswith('{"id": "s1", "text": "L’armée a bombardé')
    assert "rule" not in line and "contrast" not in line


def test_a_folder_is_read_in_the_order_of_its_file_names(tmp_path, values):
    write_lines(tmp_path / "b.jsonl", values | {"contrast": "s2"})
    write_lines(tmp_path / "a.jsonl", values | {"id": "s2"}, values | {"id": "s3"})
    (tmp_path / "notes.txt").write_text("not a corpus file")
    assert [record.id for record in read_records(tmp_path)] == ["s2", "s3", "s1"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"{", r"c\.jsonl:2: not JSON, column 2"),
        (b"", r"c\.jsonl:2: blank line"),
        (b"[1]", r"c\.jsonl:2: value \[1\]"),
        (b'{"text": "\xe9t\xe9"}', r"c\.jsonl:2: byte 11, .* is not UTF-8"),
        (b'{"id": "s2", "id": "s3"}', r"c\.jsonl:2: key 'id' stands twice"),
        ({"lables": []}, r"c\.jsonl:2: unknown key 'lables', value \[\]: the keys are id, text, labels"),
        ({"genre": "poem"}, r"c\.jsonl:2: key 'genre', value 'poem'.*agency_dispatch"),
        ({"votes": {"first": ["war"]}}, r"key 'votes\.first', value \['war'\]: unknown label 'war'"),
        ({"id": "s1"}, r"c\.jsonl:2: id 's1' is already used at .*c\.jsonl:1"),
        ({"contrast": "s9"}, r"c\.jsonl:2: contrast 's9' is no id"),
        ({"contrast": "s2"}, r"c\.jsonl:2: contrast names the sentence itself, 's2'"),
    ],
)
def test_a_bad_line_is_named_with_key_and_value(tmp_path, values, line, message):
    second = values | {"id": "s2"} | line if isinstance(line, dict) else line
    with pytest.raises(UserError, match=message):
        read_records(write_lines(tmp_path / "c.jsonl", values, second, values | {"id": "s4"}))


def test_a_missing_key_is_named(tmp_path, values):
    del values["document"]
    with pytest.raises(UserError, match=r"c\.jsonl:1: missing key 'document'"):
        read_records(write_lines(tmp_path / "c.jsonl", values))


def test_bad_lines_are_reported_together_up_to_twenty(tmp_path, values):
    lines = [values | {"id": f"s{number}", "year": 1900} for number in range(23)]
    with pytest.raises(UserError) as caught:
        read_records(write_lines(tmp_path / "c.jsonl", *lines))
    message = str(caught.value).splitlines()
    assert message[0].endswith("23 problem(s)") and message[-1] == "… and 3 more"
    assert len(message) == 22 and "c.jsonl:20" in message[20]


def test_a_place_without_records_is_refused(tmp_path):
    with pytest.raises(UserError, match=r"no \*\.jsonl file"):
        read_records(tmp_path)
    with pytest.raises(UserError, match="no such file or folder"):
        read_records(tmp_path / "nowhere")
