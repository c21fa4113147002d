"""Actors take the right article, preposition and contraction, and the words around them agree."""

import pytest

from detente.corpus.actor_nouns import Actor, fill, slots
from detente.corpus.entries import read_yaml
from detente.project import find_root


@pytest.fixture(scope="module")
def actors() -> dict[str, Actor]:
    found = read_yaml(find_root() / "data" / "behaviour" / "actors.yaml", Actor, key="name")
    return {actor.name: actor for actor in found}


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("Russie", "la Russie, de la Russie, à la Russie, en Russie"),
        ("Mali", "le Mali, du Mali, au Mali, au Mali"),
        ("Iran", "l’Iran, de l’Iran, à l’Iran, en Iran"),
        ("Égypte", "l’Égypte, de l’Égypte, à l’Égypte, en Égypte"),
        ("États-Unis", "les États-Unis, des États-Unis, aux États-Unis, aux États-Unis"),
        ("Philippines", "les Philippines, des Philippines, aux Philippines, aux Philippines"),
        ("Israël", "Israël, d’Israël, à Israël, en Israël"),
        ("Oman", "Oman, d’Oman, à Oman, à Oman"),
        ("Cuba", "Cuba, de Cuba, à Cuba, à Cuba"),
        ("Haïti", "Haïti, d’Haïti, à Haïti, en Haïti"),
        ("Hongrie", "la Hongrie, de la Hongrie, à la Hongrie, en Hongrie"),
        ("Honduras", "le Honduras, du Honduras, au Honduras, au Honduras"),
        ("Yémen", "le Yémen, du Yémen, au Yémen, au Yémen"),
    ],
)
def test_states_with_every_preposition(actors: dict[str, Actor], name: str, forms: str) -> None:
    assert ", ".join(actors[name].form(preposition) for preposition in (None, "de", "à", "en")) == forms


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("Hamas", "le Hamas, du Hamas, au Hamas"),
        ("houthis", "les houthis, des houthis, aux houthis"),
        ("ONU", "l’ONU, de l’ONU, à l’ONU"),
        ("M23", "le M23, du M23, au M23"),
    ],
)
def test_others_are_no_places(actors: dict[str, Actor], name: str, forms: str) -> None:
    assert ", ".join(actors[name].form(preposition) for preposition in (None, "de", "à")) == forms
    with pytest.raises(ValueError, match="no state"):
        actors[name].form("en")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Israël", "On dit qu’Israël est prêt."),
        ("Oman", "On dit qu’Oman est prêt."),
        ("Haïti", "On dit qu’Haïti est prête."),
        ("Iran", "On dit que l’Iran est prêt."),
        ("Hongrie", "On dit que la Hongrie est prête."),
        ("États-Unis", "On dit que les États-Unis sont prêts."),
        ("Comores", "On dit que les Comores sont prêtes."),
    ],
)
def test_elision_and_agreement(actors: dict[str, Actor], name: str, sentence: str) -> None:
    assert fill("On dit que {A} [est|sont] [prêt|prête|prêts|prêtes].", {"A": actors[name]}) == sentence


def test_every_preposition_of_place_elides_jusque(actors: dict[str, Actor]) -> None:
    reached = [fill("Jusque {en A}", {"A": actors[name]}) for name in ("Iran", "Mali", "Cuba", "Pays-Bas")]
    assert reached == ["Jusqu’en Iran", "Jusqu’au Mali", "Jusqu’à Cuba", "Jusqu’aux Pays-Bas"]


def test_each_side_has_its_own_agreement_and_the_sentence_a_capital(actors: dict[str, Actor]) -> None:
    frame = (
        "{A} [croit|croient] que {B} [B:a perdu|ont perdu] et [B:est affaibli|est affaiblie|sont affaiblis|sont affaiblies]."
    )
    text = fill(frame, {"A": actors["houthis"], "B": actors["Arabie saoudite"]})
    assert text == "Les houthis croient que l’Arabie saoudite a perdu et est affaiblie."
    assert fill("{A} doute.", {"A": actors["Érythrée"]}) == "L’Érythrée doute."


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ("{A} parle {avec B}.", "no slot"),
        ("{A} [a|ont", "no slot"),
        ("{A} [a|ont|ait].", "2 forms"),
        ("{A} [B:a|ont] parlé.", "does not name"),
    ],
)
def test_a_malformed_frame_is_named(frame: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        slots(frame)
