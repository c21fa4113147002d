"""What gives a label away without reading: all values follow from sixteen kinds of sentence in equal numbers."""

from itertools import product

import pytest

from detente.corpus import shortcuts
from detente.corpus.actors import Actors
from detente.corpus.shortcuts import hard_negatives, label_cues, measure_shortcuts
from detente.errors import UserError

ACTORS = Actors({"states": {"Iran": ["iran"]}})


@pytest.fixture
def records(make):
    """Eighty sentences in which four coins decide.

    `struck` gives escalation and the word « bombarde »; `offered` gives an offer and the region, but no word; `harsh`
    with `struck` gives « violemment »; `named` gives an accusation and the actor. Nothing shows de-escalation.
    """
    result = []
    for n, (struck, offered, harsh, named) in enumerate(list(product((False, True), repeat=4)) * 5):
        given = {"accusation": named, "de_escalation": harsh, "diplomatic_offer": offered, "escalation": struck}
        text = f"L’armée{' bombarde' * struck} le fort{' violemment' * (struck and harsh)}{', pas l’Iran' * named}."
        labels = [label for label, earned in given.items() if earned]
        result.append(make(id=f"s{n}", text=text, labels=labels, region="africa" if offered else "asia"))
    return result


@pytest.fixture
def found(records):
    return measure_shortcuts(records, ACTORS)


def test_a_word_that_decides_the_label_holds_all_of_its_information(found):
    assert found["escalation"].word == pytest.approx(1)
    assert found["escalation"].telling_word == "bombarde"


def test_a_label_no_word_goes_with_has_none(found):
    assert found["diplomatic_offer"].word == pytest.approx(0, abs=1e-12)


def test_a_word_in_half_of_the_sentences_of_a_label_and_in_no_other_tells_a_third_of_it(found):
    # One bit less the doubt where the word is absent, 3/4 of the time: 1 − 3/4 · H(1/3) = 1 − 3/4 · 0.9183 bits.
    assert found["de_escalation"].word == pytest.approx(0.3113, abs=1e-4)
    assert found["de_escalation"].telling_word == "violemment"


def test_actor_and_region_are_told_apart_from_chance(found):
    assert found["accusation"].actor == pytest.approx(1)
    assert found["diplomatic_offer"].region == pytest.approx(1)
    assert found["escalation"].actor == pytest.approx(0, abs=0.05)
    assert found["escalation"].region == pytest.approx(0, abs=0.05)


def test_a_genre_or_decade_that_never_varies_tells_nothing(found):
    assert {(one.genre, one.decade) for one in found.values()} == {(0.0, 0.0)}


def test_cues_are_long_words_typical_of_the_label_first(records):
    cues = label_cues(records)
    assert set(cues["escalation"][:2]) == {"bombarde", "violemment"}
    assert cues["accusation"][0] == "iran"
    assert "pas" not in cues["accusation"]


def test_hard_negatives_are_unlabelled_sentences_with_a_cue(make, records, monkeypatch):
    monkeypatch.setattr(shortcuts, "CUES_PER_LABEL", 1)
    drill = make(id="drill", text="Le film bombarde le public d’images.", labels=[])
    assert [record.id for record in hard_negatives([*records, drill])] == ["drill"]


def test_too_few_sentences_are_refused(make):
    with pytest.raises(UserError, match="none of the 13 words is in 10 sentences or more"):
        measure_shortcuts([make()], ACTORS)


def test_a_label_without_sentences_is_refused(make):
    sentences = [make(id=f"s{n}", labels=["accusation"] if n < 5 else ["de_escalation"]) for n in range(12)]
    with pytest.raises(UserError, match="escalation: earned by 0 of 12 sentences"):
        measure_shortcuts(sentences, ACTORS)
