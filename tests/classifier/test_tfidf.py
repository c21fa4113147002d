"""The TF-IDF baseline: learns what words say, and is stored without pickle."""

import zipfile
from pathlib import Path

import numpy as np
import pytest
import skops.io
from skops.io.exceptions import UntrustedTypesFoundException

from detente.classifier.interface import Examples
from detente.classifier.tfidf import TfidfClassifier, TfidfSettings
from detente.labels import LABEL_IDS

SAID = {
    "escalation": "L’armée a bombardé le port de la ville numéro {}.",
    "de_escalation": "Les troupes se sont retirées du village numéro {}.",
    "accusation": "Le ministre accuse son voisin de mensonge pour la fois numéro {}.",
    "diplomatic_offer": "Ankara propose une médiation au groupe numéro {}.",
}


def examples() -> Examples:
    """Twenty sentences a label, and four that carry two."""
    texts = [text.format(number) for text in SAID.values() for number in range(20)]
    truth = np.repeat(np.eye(4, dtype=bool), 20, axis=0)
    both = [f"{SAID['escalation'].format(n)} {SAID['accusation'].format(n)}" for n in range(4)]
    return Examples(texts + both, np.vstack([truth, np.tile([True, False, True, False], (4, 1))]))


def fitted(**changes: object) -> TfidfClassifier:
    settings = {"word_ngrams": 2, "character_ngrams": 4, "regularisation": 10.0, "balanced": True, "seed": 1}
    classifier = TfidfClassifier.new(TfidfSettings(**(settings | changes)))
    classifier.fit(examples(), examples(), Path("unused"), lambda metrics, step: None)
    return classifier


@pytest.fixture(scope="module")
def classifier() -> TfidfClassifier:
    return fitted()


def test_each_label_is_learnt_from_its_words(classifier):
    logits = classifier.logits([text.format(77) for text in SAID.values()])
    assert logits.dtype == np.float64
    np.testing.assert_array_equal(logits > 0, np.eye(4, dtype=bool))


def test_a_sentence_may_earn_two_labels_or_none(classifier):
    two = classifier.logits([f"{SAID['escalation'].format(8)} {SAID['accusation'].format(8)}"])[0]
    assert [label for label, logit in zip(LABEL_IDS, two, strict=True) if logit > 0] == ["escalation", "accusation"]
    assert (classifier.logits(["Hier, pluie et vent."]) < 0).all()


def test_typography_makes_no_difference(classifier):
    logits = classifier.logits(["L’armée a bombardé\u00a0 le port.", "L'armée a bombardé le port."])
    np.testing.assert_array_equal(logits[0], logits[1])


def test_no_sentence_gives_no_row(classifier):
    assert classifier.logits([]).shape == (0, 4)


def test_balancing_favours_labels_that_are_rarer_than_their_absence(classifier):
    text = ["Ankara propose."]
    assert classifier.logits(text)[0, 3] > fitted(balanced=False).logits(text)[0, 3]


def test_a_saved_model_gives_the_same_logits_and_holds_no_pickle(classifier, tmp_path):
    classifier.save(tmp_path)
    texts = list(examples().texts)
    np.testing.assert_array_equal(TfidfClassifier.load(tmp_path).logits(texts), classifier.logits(texts))
    assert [file.name for file in tmp_path.iterdir()] == ["pipeline.skops"]
    with zipfile.ZipFile(tmp_path / "pipeline.skops") as archive:
        assert {Path(name).suffix for name in archive.namelist()} <= {".json", ".npy", ".npz"}


class Foreign:
    """A type that no pipeline of ours contains."""


def test_a_file_with_a_foreign_type_is_refused(tmp_path):
    skops.io.dump(Foreign(), tmp_path / "pipeline.skops")
    with pytest.raises(UntrustedTypesFoundException):
        TfidfClassifier.load(tmp_path)
