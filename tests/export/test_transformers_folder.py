"""The plain Transformers folder: a stock pipeline gives our calibrated probabilities under our label ids."""

import numpy as np
import pytest
from transformers import pipeline

from detente.export.transformers_folder import write_transformers_folder
from detente.labels import LABEL_IDS
from detente.text.anonymise import Anonymiser

TEXTS = ["L'armée a bombardé le port.", "Ankara propose une médiation.", "Il pleut à verse sur la ville. " * 9]


@pytest.fixture(scope="module")
def folder(tmp_path_factory, tiny_model):
    path = tmp_path_factory.mktemp("plain") / "transformers"
    write_transformers_folder(tiny_model.classifier, tiny_model.decision, path)
    return path


def test_a_pipeline_gives_the_calibrated_probabilities(folder, tiny_model):
    classify = pipeline("text-classification", model=str(folder), top_k=None, truncation=True, device="cpu")
    read = [Anonymiser.load(folder / "actors.json").read(text) for text in TEXTS]
    answers = [{entry["label"]: entry["score"] for entry in answer} for answer in classify(read)]
    scores = np.array([[answer[label] for label in LABEL_IDS] for answer in answers])
    np.testing.assert_allclose(scores, tiny_model.label(TEXTS).probabilities, atol=1e-5)
    assert classify.model.config.thresholds == dict(zip(LABEL_IDS, tiny_model.decision.thresholds, strict=True))


def test_the_trained_model_is_left_as_it_was(tiny_model, tmp_path):
    before = tiny_model.classifier.logits(TEXTS)
    write_transformers_folder(tiny_model.classifier, tiny_model.decision, tmp_path / "again")
    np.testing.assert_array_equal(tiny_model.classifier.logits(TEXTS), before)
