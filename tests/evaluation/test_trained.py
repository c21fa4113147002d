"""A trained model as a folder: whole or not there, and read back as it was written."""

import json

import numpy as np
import pytest

from detente.classifier.interface import Examples
from detente.classifier.tfidf import TfidfClassifier, TfidfSettings
from detente.errors import UserError
from detente.evaluation.decision import Decision
from detente.evaluation.trained import TrainedModel
from detente.labels import LABEL_IDS

DESCRIPTION = {"family": "tfidf", "name": "tfidf", "seed": 1, "corpus": "9d8e", "campaign": "référence", "share": 1.0}
TEXTS = ["tirs et frappes", "retrait des troupes", "accuse et dénonce", "propose et invite"]
DECISION = Decision(LABEL_IDS, (1.0, 2.0, 1.0, 1.0), (0.0, 0.5, 0.0, -0.5), (0.5, 0.4, 0.5, 0.3), 0.05)


@pytest.fixture(scope="module")
def model():
    classifier = TfidfClassifier.new(TfidfSettings(1, 3, 10.0, balanced=True, seed=1))
    examples = Examples(TEXTS * 3, np.tile(np.eye(4, dtype=bool), (3, 1)))
    classifier.fit(examples, examples, None, lambda metrics, step: None)
    return TrainedModel(classifier, DECISION, DESCRIPTION)


def test_labelling_applies_the_decision_rule_to_the_logits(model):
    labelling = model.label(TEXTS)
    expected = DECISION.probabilities(model.classifier.logits(TEXTS))
    np.testing.assert_array_equal(labelling.probabilities, expected)
    np.testing.assert_array_equal(labelling.decisions, expected >= np.array(DECISION.thresholds))
    assert labelling.decisions.diagonal().all() and labelling.review.shape == (4,)


def test_a_saved_model_says_the_same(model, tmp_path):
    model.save(tmp_path / "model")
    loaded = TrainedModel.load(tmp_path / "model")
    assert (loaded.decision, loaded.description) == (DECISION, DESCRIPTION)
    np.testing.assert_array_equal(loaded.label(TEXTS).probabilities, model.label(TEXTS).probabilities)
    assert sorted(file.name for file in (tmp_path / "model").iterdir()) == [
        "classifier.json",
        "decision.json",
        "pipeline.skops",
    ]


def test_a_save_that_fails_leaves_the_older_model(model, tmp_path, monkeypatch):
    model.save(tmp_path / "model")
    monkeypatch.setattr(TfidfClassifier, "save", lambda self, folder: (folder / "half").touch() or 1 / 0)
    with pytest.raises(ZeroDivisionError):
        model.save(tmp_path / "model")
    assert TrainedModel.load(tmp_path / "model").description == DESCRIPTION


def test_a_missing_model_names_the_commands_that_bring_one(tmp_path):
    with pytest.raises(UserError, match=r"no trained classifier in .*none: `make train`.*`dvc pull`"):
        TrainedModel.load(tmp_path / "none")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (json.dumps(DESCRIPTION | {"family": "oracle"}), "family 'oracle' is not one of camembert, bag_of_ngrams, tfidf"),
        (json.dumps({"family": "tfidf"}), r"missing keys \['campaign', 'corpus', 'name', 'seed', 'share'\]"),
        ('{"family": ', "not readable as JSON"),
    ],
)
def test_a_broken_description_is_named(tmp_path, content, message):
    (tmp_path / "classifier.json").write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match=f"classifier.json: {message}"):
        TrainedModel.load(tmp_path)
