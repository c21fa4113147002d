"""Splits keep documents whole, follow the shares, and depend on nothing but records, shares and seed."""

import random

import numpy as np
import pytest

from detente.corpus.splits import linked_groups, split_documents
from detente.errors import UserError
from detente.labels import LABEL_IDS

SHARES = {"train": 0.7, "validation": 0.15, "test": 0.15}


@pytest.fixture
def corpus(make):
    """130 documents of 11 sentences whose label mix differs much between documents; ten contrast links between them."""
    draw = np.random.default_rng(5)
    records = []
    for document in range(130):
        chance = draw.beta([1.3, 0.5, 0.7, 0.8], [2.7, 3.5, 3.3, 3.2])
        for sentence in range(11):
            labels = sorted(label for label, one in zip(LABEL_IDS, chance, strict=True) if draw.random() < one)
            link = f"d{document + 1}s0" if document % 13 == 0 and sentence == 0 else None
            records.append(make(id=f"d{document}s{sentence}", document=f"d{document}", labels=labels, contrast=link))
    return records


def test_groups_follow_documents_and_chains_of_contrast_links(make):
    records = [
        make(id="s1", document="a", contrast="s3"),
        make(id="s2", document="a"),
        make(id="s3", document="b", contrast="s4"),
        make(id="s4", document="c"),
        make(id="s5", document="d", contrast="not in this list"),
    ]
    expected = [["s1", "s2", "s3", "s4"], ["s5"]]
    assert [[record.id for record in group] for group in linked_groups(records)] == expected
    assert linked_groups(records[::-1]) == linked_groups(records)


def test_every_record_lands_once_and_no_group_is_cut(corpus):
    splits = split_documents(corpus, SHARES, seed=1)
    split_of = {record.id: name for name, records in splits.items() for record in records}
    assert sum(map(len, splits.values())) == len(corpus) == len(split_of)
    for group in linked_groups(corpus):
        assert len({split_of[record.id] for record in group}) == 1


@pytest.mark.parametrize("seed", range(5))
def test_labels_follow_the_shares(corpus, seed):
    splits = split_documents(corpus, SHARES, seed)
    for label in LABEL_IDS:
        total = sum(label in record.labels for record in corpus)
        for name, share in SHARES.items():
            assert sum(label in record.labels for record in splits[name]) / total == pytest.approx(share, abs=0.03)


def test_the_order_of_the_records_does_not_matter_but_the_seed_does(corpus):
    shuffled = random.Random(0).sample(corpus, len(corpus))
    assert split_documents(shuffled, SHARES, seed=1) == split_documents(corpus, SHARES, seed=1)
    assert split_documents(corpus, SHARES, seed=2) != split_documents(corpus, SHARES, seed=1)


@pytest.mark.parametrize(
    "shares", [{}, {"train": 0.8, "test": 0.1}, {"train": 1.2, "test": -0.2}, {"train": 1.0, "test": 0.0}]
)
def test_shares_must_be_positive_and_sum_to_one(corpus, shares):
    with pytest.raises(UserError, match="must sum to 1"):
        split_documents(corpus, shares, seed=1)


def test_too_few_documents_are_refused(make):
    records = [make(id="s1", document="a", contrast="s2"), make(id="s2", document="b"), make(id="s3", document="c")]
    with pytest.raises(UserError, match="too few documents: 2 that can be split apart leave nothing for"):
        split_documents(records, SHARES, seed=1)
    with pytest.raises(UserError, match="too few documents: 0"):
        split_documents([], SHARES, seed=1)
