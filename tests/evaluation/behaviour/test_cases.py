"""A malformed line of the written tests is named with its file, line, key and value."""

import json
from pathlib import Path
from typing import Any

import pytest

from detente.corpus.entries import Entry, read_jsonl
from detente.errors import UserError
from detente.evaluation.behaviour.cases import DirectionalTest, FunctionalTest

FUNCTIONAL = {"id": "a", "rule": 3, "text": "Kiev accuse Moscou.", "labels": ["accusation"]}
DIRECTIONAL = {"id": "a", "kind": "denial", "before": "Oui.", "after": "Non.", "label": "escalation", "direction": "down"}


@pytest.mark.parametrize(
    ("kind", "line", "message"),
    [
        (FunctionalTest, FUNCTIONAL | {"rule": 11}, "key 'rule', value 11"),
        (FunctionalTest, FUNCTIONAL | {"labels": ["paix"]}, "unknown label 'paix'"),
        (FunctionalTest, FUNCTIONAL | {"note": "x"}, "unknown key 'note', value 'x': the keys are id, rule, text, labels"),
        (DirectionalTest, DIRECTIONAL | {"direction": "left"}, "key 'direction', value 'left'"),
        (DirectionalTest, DIRECTIONAL | {"label": "paix"}, "key 'label', value 'paix': unknown label"),
        (DirectionalTest, DIRECTIONAL | {"after": "Oui."}, "'before' and 'after' are equal"),
    ],
)
def test_a_malformed_line(tmp_path: Path, kind: type[Entry], line: dict[str, Any], message: str) -> None:
    file = tmp_path / "tests.jsonl"
    file.write_text(json.dumps(line), encoding="utf-8")
    with pytest.raises(UserError, match=r"tests.jsonl:1: ") as error:
        read_jsonl(file, kind)
    assert message in str(error.value)


def test_an_id_used_twice(tmp_path: Path) -> None:
    file = tmp_path / "tests.jsonl"
    file.write_text(f"{json.dumps(FUNCTIONAL)}\n{json.dumps(FUNCTIONAL)}\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"tests.jsonl:2: key 'id', value 'a': already at .*tests.jsonl:1"):
        read_jsonl(file, FunctionalTest)


@pytest.mark.parametrize(("content", "message"), [("", "no entry in it"), ("\n", "blank line"), ("{", "not JSON")])
def test_an_unreadable_file(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "tests.jsonl"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match=message):
        read_jsonl(file, FunctionalTest)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such file"):
        read_jsonl(tmp_path / "tests.jsonl", FunctionalTest)
