"""``bundle.json``: comes back as it was written, and is refused when it is not of this version."""

import json

import pytest

from detente.bundle.description import Description
from detente.errors import UserError
from detente.evaluation.decision import Decision
from detente.labels import LABEL_IDS

DECISION = Decision(LABEL_IDS, (1.0,) * 4, (0.1,) * 4, (0.25, 0.5, 0.3275, 0.4), review_below=0.4)
DESCRIPTION = Description(DECISION, 160, 1, ("fp32",), {"name": "modèle"}, {"fp32": {"largest_difference": 7e-7}})


@pytest.fixture
def file(tmp_path):
    DESCRIPTION.save(tmp_path / "bundle.json")
    return tmp_path / "bundle.json"


def test_it_comes_back_as_it_was_written(file):
    assert Description.load(file) == DESCRIPTION
    assert "modèle" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"decision": {"labels": ["escalation"]}}, "missing 4 required .*export the model again"),
        ({"decision": []}, "'list' object has no attribute 'items'"),
        ({"weights": None, "max_length": 8, "surplus": 1}, r"unknown keys \['surplus'\]"),
    ],
)
def test_a_malformed_one_is_refused(file, change, message):
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | change), encoding="utf-8")
    with pytest.raises(UserError, match=message):
        Description.load(file)


def test_labels_in_another_order_are_refused(file):
    content = json.loads(file.read_text(encoding="utf-8"))
    content["decision"]["labels"].reverse()
    file.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(UserError, match=r"expected .* in this order; export the model again"):
        Description.load(file)
