"""A second reading against the first: F1 by label, equal label sets; an audit in counts."""

import pytest

from detente.corpus.second_reading import audit_table, read_lines, second_reading_table
from detente.errors import UserError

FIRST = {"a": ["escalation"], "b": ["escalation"], "c": [], "d": ["accusation"], "not read again": []}


def test_f1_by_label_and_the_share_of_equal_sets():
    table = second_reading_table(FIRST, {"a": ["escalation"], "b": [], "c": [], "d": ["accusation"]})
    assert "| escalation | 2 | 0.667 |" in table  # precision 1, recall 1/2
    assert "| accusation | 1 | 1.000 |" in table
    assert "| diplomatic_offer | 0 | nan |" in table
    assert "| macro | 4 | 0.833 |" in table, "labels that neither reading gives stay out"
    assert table.endswith("The whole label set is the same in 3 of 4 sentences.\n")


def test_a_sentence_that_the_first_reading_lacks_is_told():
    with pytest.raises(UserError, match=r"1 sentence\(s\) of the second reading are unknown: z"):
        second_reading_table(FIRST, {"z": []})


def test_an_audit_in_counts():
    rows = [{"outcome": "kept"}, {"outcome": "kept"}, {"outcome": "changed"}]
    assert audit_table(rows).splitlines()[2:] == [
        "| kept | 2 |", "| changed | 1 |", "| dropped | 0 |", "| flagged in all | 3 |",
    ]  # fmt: skip


def test_a_broken_line_is_told_with_its_place(tmp_path):
    file = tmp_path / "audit.jsonl"
    file.write_text('{"id": "a"}\n{oops\n', encoding="utf-8")
    with pytest.raises(UserError, match=r"audit\.jsonl:2: not JSON"):
        read_lines(file)
    with pytest.raises(UserError, match="no such file"):
        read_lines(tmp_path / "absent.jsonl")
