"""Near-duplicates are found, all of them, and may not cross splits."""

import itertools
import random

import pytest

from detente.corpus.duplicates import near_duplicates
from detente.errors import UserError

PORT = "L’armée a bombardé le port dans la nuit de lundi à mardi, selon le ministère de la Défense."
PORT_AGAIN = "L'armée a bombardé le port dans la nuit de lundi à jeudi, selon le ministère de la Défense !"
TALKS = "Les deux ministres ont repris leurs pourparlers à Genève."


def test_one_changed_word_and_other_typography_is_a_near_duplicate(make):
    records = [make(id="s1", text=PORT), make(id="s2", text=TALKS), make(id="s3", text=PORT_AGAIN)]
    [(first, second, similarity)] = near_duplicates(records)
    assert (first.id, second.id) == ("s1", "s3")
    assert 0.8 < similarity < 1


def test_texts_equal_but_for_case_and_punctuation_have_similarity_one(make):
    records = [make(id="s1", text="Paris se tait."), make(id="s2", text="« PARIS se tait ! »")]
    assert [pair[2] for pair in near_duplicates(records, threshold=1)] == [1.0]


def test_the_index_misses_no_pair_that_brute_force_finds(make):
    draw = random.Random(3)
    vocabulary = ["".join(draw.choices("abcdeilmnoprstu", k=draw.randint(2, 9))) for _ in range(400)]
    sentences = [draw.choices(vocabulary, k=draw.randint(8, 25)) for _ in range(120)]
    edited = [[draw.choice(vocabulary) if draw.random() < 0.08 else word for word in words] for words in sentences]
    records = [make(id=f"s{n}", text=" ".join(words)) for n, words in enumerate(sentences + edited)]

    def similarity(one, other):
        pieces = [{text[i : i + 5] for i in range(len(text) - 4)} for text in (one.text, other.text)]
        return len(pieces[0] & pieces[1]) / len(pieces[0] | pieces[1])

    expected = {(a.id, b.id) for a, b in itertools.combinations(records, 2) if similarity(a, b) >= 0.7}
    assert len(expected) > 80
    assert {(a.id, b.id) for a, b, _ in near_duplicates(records)} == expected


def test_a_threshold_the_index_cannot_honour_is_refused():
    with pytest.raises(UserError, match=r"threshold 0\.3: must lie between 0\.5 and 1"):
        near_duplicates([], threshold=0.3)
