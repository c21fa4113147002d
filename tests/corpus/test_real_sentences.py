"""The labelled real sentences: what is learnt apart from what is measured on, with votes behind every label."""

from hashlib import sha256

import pytest

from detente.commands.benchmark import NAMES
from detente.corpus.benchmark import read_references
from detente.project import find_root
from detente.text.normalise import normalise


@pytest.fixture(scope="module")
def benchmarks():
    return {name: read_references(find_root() / "data" / "benchmarks" / f"{name}.jsonl") for name in NAMES}


def test_no_sentence_stands_there_twice_nor_in_our_corpus(benchmarks, records):
    hashes = [sentence.sha256 for sentences in benchmarks.values() for sentence in sentences]
    assert len(set(hashes)) == len(hashes)
    assert set(hashes).isdisjoint(sha256(normalise(record.text).encode()).hexdigest() for record in records)


def test_no_article_is_both_learnt_and_measured_on(benchmarks):
    learnt, measured = ({sentence.document for sentence in benchmarks[name]} for name in ("real_train", "real_news"))
    assert learnt.isdisjoint(measured)


@pytest.mark.parametrize("name", ["real_train", "real_news"])
def test_a_label_set_is_what_both_annotators_say_or_the_adjudicator(benchmarks, name):
    for sentence in benchmarks[name]:
        votes = sentence.votes
        decided = votes.get("adjudicator", votes.get("A", votes.get("B")))
        assert sentence.labels == decided, sentence.id
        assert "adjudicator" in votes or votes.get("A") == votes.get("B", votes.get("A")), sentence.id
