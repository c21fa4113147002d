"""How sentences read, and whether a classifier tells two sets apart."""

import random

import pytest

from detente.corpus.style import measure_shape, separability
from detente.errors import UserError

QUOTED = "« Paris négocierait, que Rome soit prudente », a dit le ministre."
PASSIVE = "Le pont est détruit par 12 tirs pendant la négociation."
OURS = ["frontière", "trêve", "soldat", "émissaire", "village", "colonne", "convoi", "poste", "colline", "rive"]
REAL = ["budget", "réforme", "ministre", "grève", "école", "usine", "récolte", "loyer", "salaire", "mairie"]


def sentences(vocabulary, seed, count=120):
    """Six words drawn at random each: nothing but their vocabulary distinguishes two sets."""
    draw = random.Random(seed)
    return [" ".join(draw.choices(vocabulary, k=6)) for _ in range(count)]


def documents(name, count=120):
    return [f"{name}-{n // 6}" for n in range(count)]


def test_each_mark_is_counted_for_every_thirty_words():
    shape = measure_shape([QUOTED, PASSIVE])  # ten words each: a mark found once is 1.5 for every 30 words
    assert shape.sentences == 2
    assert shape.marks == {
        "commas": 3.0,
        "quotations": 1.5,
        "digits": 1.5,
        "capitals inside": 1.5,
        "relative pronouns": 1.5,
        "passives": 1.5,
        "verbs in -rait": 1.5,
        "abstract nouns": 1.5,
    }


def test_lengths_are_percentiles_of_the_words_per_sentence():
    shape = measure_shape([" ".join(["mot"] * length) for length in range(1, 12)])
    assert shape.words == {"10": 2.0, "25": 3.5, "50": 6.0, "75": 8.5, "90": 10.0}


def test_sets_of_one_vocabulary_cannot_be_told_apart():
    area, _ = separability(sentences(OURS, 1), sentences(OURS, 2), documents("a") + documents("b"))
    assert area == pytest.approx(0.5, abs=0.12)


def test_sets_without_a_common_word_are_told_apart_by_these_words():
    area, telling = separability(sentences(OURS, 1), sentences(REAL, 2), documents("a") + documents("b"))
    assert area == pytest.approx(1)
    assert set(OURS) < set(telling)
    assert not set(REAL) & set(telling)


def test_typography_gives_nothing_away():
    ours = [f"« {text} » dit l’armée" for text in sentences(OURS, 1)]
    real = [f'" {text} " dit l\'armée' for text in sentences(OURS, 2)]
    area, telling = separability(ours, real, documents("a") + documents("b"))
    assert area == pytest.approx(0.5, abs=0.12)
    assert not {"«", "»", "’"} & set("".join(telling))


def test_a_word_that_stays_in_one_document_does_not_help():
    names = documents("a") + documents("b")
    texts = [f"{text} {name}" for text, name in zip(sentences(OURS, 1) + sentences(OURS, 2), names, strict=True)]
    marked = [text.replace("-", "") for text in texts]  # « a7 » is one word, seen in that document alone
    area, _ = separability(marked[:120], marked[120:], names)
    assert area == pytest.approx(0.5, abs=0.12)


def test_too_few_documents_are_refused():
    with pytest.raises(UserError, match="20 documents of ours, 1 real ones: at least 5 of each are needed"):
        separability(sentences(OURS, 1), sentences(REAL, 2), documents("a") + ["b"] * 120)
