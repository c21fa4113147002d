"""The bag of n-grams learns, labels the same after a reload, and repeats itself under one seed."""

import numpy as np
import pytest

from detente.classifier.bag_of_ngrams import BagOfNgramsClassifier, BagOfNgramsSettings
from detente.classifier.interface import Examples
from detente.labels import LABEL_IDS

SETTINGS = BagOfNgramsSettings(
    dimensions=16, word_ngrams=2, buckets=5000, epochs=30, batch_size=16, learning_rate=0.02, seed=1
)


@pytest.fixture(scope="module")
def examples(records):
    few = records[::20]
    return Examples(
        [record.text for record in few], np.array([[label in record.labels for label in LABEL_IDS] for record in few])
    )


def fitted(examples, folder):
    classifier = BagOfNgramsClassifier(SETTINGS)
    classifier.fit(examples, examples, folder, lambda metrics, step: None)
    return classifier


def test_it_learns_what_earns_a_label_and_what_earns_none(examples, tmp_path):
    given = fitted(examples, tmp_path).logits(examples.texts) > 0
    assert (given == examples.truth)[examples.truth].mean() > 0.7
    assert (given == examples.truth)[~examples.truth.any(axis=1)].mean() > 0.9


def test_a_reloaded_model_gives_the_same_scores(examples, tmp_path):
    classifier = fitted(examples, tmp_path)
    classifier.save(tmp_path)
    np.testing.assert_array_equal(
        BagOfNgramsClassifier.load(tmp_path).logits(examples.texts), classifier.logits(examples.texts)
    )
    assert {file.suffix for file in tmp_path.iterdir()} == {".json", ".safetensors"}


def test_one_seed_gives_one_model(examples, tmp_path):
    first, second = (fitted(examples, tmp_path).logits(examples.texts[:3]) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_no_sentences_no_scores_and_a_sentence_without_words_gets_some(examples, tmp_path):
    classifier = fitted(examples, tmp_path)
    assert classifier.logits([]).shape == (0, len(LABEL_IDS))
    assert np.isfinite(classifier.logits([""])).all()
