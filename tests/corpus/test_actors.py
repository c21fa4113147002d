"""Who is named in a sentence."""

import pytest

from detente.corpus.actors import KINDS, Actors, read_actors
from detente.errors import UserError
from detente.project import find_root


@pytest.fixture(scope="module")
def listed():
    """The list of the repository."""
    return read_actors(find_root() / "data" / "actors.yaml")


def test_actors_come_once_each_in_the_order_of_the_sentence():
    actors = Actors({"states": {"Iran": ["iran*", "téhéran"], "Irak": ["irak*"]}, "organisations": {"ONU": ["onu"]}})
    assert actors.named_in("L’ONU presse Téhéran et Bagdad ; les Iraniens et l’armée irakienne attendent.") == [
        "ONU",
        "Iran",
        "Irak",
    ]
    assert actors.kind_of == {"Iran": "states", "Irak": "states", "ONU": "organisations"}


def test_only_a_star_lets_a_form_go_on_and_no_form_starts_inside_a_word():
    actors = Actors({"states": {"Mali": ["mali", "malien*"]}})
    assert actors.named_in("Le Mali et les soldats maliennes") == ["Mali"]
    assert actors.named_in("Des malins, un somalien, une anomalie : personne du pays.") == []


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("La Guinée-Bissau ferme sa frontière.", ["Guinée-Bissau"]),
        ("La Guinée équatoriale ferme sa frontière.", ["Guinée équatoriale"]),
        ("La Papouasie-Nouvelle-Guinée ferme sa frontière.", ["Papouasie-Nouvelle-Guinée"]),
        ("Le Soudan du Sud répond au Soudan.", ["Soudan du Sud", "Soudan"]),
        ("Les Nigérians et les Nigériens patrouillent.", ["Nigeria", "Niger"]),
        ("Salvador Allende reçoit l’ambassadeur du Salvador.", ["Chili", "Salvador"]),
    ],
)
def test_the_longest_form_wins(listed, sentence, named):
    assert listed.named_in(sentence) == named


def test_a_form_with_a_capital_is_found_only_as_written():
    actors = Actors({"states": {"Suisse": ["Berne", "suisse*"]}, "non_state_actors": {"IRA": ["IRA"]}})
    assert actors.named_in("L’IRA écrit à Berne.") == ["IRA", "Suisse"]
    assert actors.named_in("On ira voir les drapeaux en berne.") == []
    assert actors.named_in("LA SUISSE SE TAIT.") == ["Suisse"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Il faut qu’elle vienne, ou l’équipe ira seule, les drapeaux en berne.",
        "Le malaise gagne une assemblée timorée ; les paris sont ouverts sur ce gambit.",
        "L’incident est bénin, malaisé à décrire, et souligné en italique.",
        "Il contra l’attaque avec des forces nouvelles.",
        "Un colombier, un tchador, un cheval hongre, un manuscrit syriaque, un sommet panaméricain.",
    ],
)
def test_ordinary_words_name_nobody(listed, sentence):
    assert listed.named_in(sentence) == []


def test_typography_does_not_hide_an_actor(listed):
    assert listed.named_in("La Co\u0302te d’Ivoire et l’Arabie\u00a0saoudite") == ["Côte d'Ivoire", "Arabie saoudite"]
    assert listed.named_in("D’İstanbul à Vienne, du Caire à Tunis") == ["Autriche", "Égypte", "Tunisie"]


def write(path, states):
    path.write_text("".join(f"{kind}: {states if kind == 'states' else '{}'}\n" for kind in KINDS), encoding="utf-8")
    return path


def test_a_file_that_breaks_its_promises_is_refused(tmp_path):
    with pytest.raises(UserError, match="nowhere: no such list of actors"):
        read_actors(tmp_path / "nowhere")
    twice = write(tmp_path / "twice.yaml", "{Guinée: [guinée*], Guinée-Bissau: [bissau, guinée*]}")
    with pytest.raises(UserError, match=r"form 'guinée\*' names 'Guinée' and 'Guinée-Bissau'"):
        read_actors(twice)
    twice.write_text("countries: {Mali: [mali]}\n")
    with pytest.raises(UserError, match="the kinds must be states, non_state_actors, organisations"):
        read_actors(twice)
