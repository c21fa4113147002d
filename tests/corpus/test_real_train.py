"""The labelled real sentences: apart from what is measured on, with votes behind every label."""

from hashlib import sha256

import pytest

from detente.corpus.benchmark import read_references
from detente.project import find_root
from detente.text.normalise import normalise

FOLDER = find_root() / "data" / "benchmarks"


@pytest.fixture(scope="module")
def sentences():
    return read_references(FOLDER / "real_train.jsonl")


def test_no_sentence_stands_there_twice_nor_in_what_is_measured_on(sentences, records):
    hashes = {sentence.sha256 for sentence in sentences}
    assert len(hashes) == len(sentences)
    assert hashes.isdisjoint(sentence.sha256 for sentence in read_references(FOLDER / "real_dev.jsonl"))
    assert hashes.isdisjoint(sha256(normalise(record.text).encode()).hexdigest() for record in records)


def test_a_label_set_is_what_both_annotators_say_or_the_adjudicator(sentences):
    for sentence in sentences:
        votes = sentence.votes
        decided = votes.get("adjudicator", votes.get("A", votes.get("B")))
        assert sentence.labels == decided, sentence.id
        assert "adjudicator" in votes or votes.get("A") == votes.get("B", votes.get("A")), sentence.id
