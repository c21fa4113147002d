"""Stand-ins for actors: whoever acts, the classifier reads the same sentence."""

import pytest

from detente.corpus.actor_nouns import Actor, fill
from detente.corpus.actors import read_actors
from detente.corpus.entries import read_yaml
from detente.errors import UserError
from detente.project import find_root
from detente.text.anonymise import Anonymiser
from detente.text.normalise import normalise


@pytest.fixture(scope="module")
def anonymiser() -> Anonymiser:
    return Anonymiser(read_actors(find_root() / "data" / "actors.yaml").proper_names())


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("La Russie menace l’Ukraine.", "Paris menace Londres."),
        (
            "L’armée du Mali et celle des États-Unis se retirent d’Irak.",
            "L'armée de Paris et celle de Londres se retirent de Rome.",
        ),
        ("Il se rend en Iran, puis au Tchad, puis aux Philippines.", "Il se rend à Paris, puis à Londres, puis à Rome."),
        ("Du Niger à Cuba, on attend.", "De Paris à Londres, on attend."),
        ("Au Soudan, rien.", "À Paris, rien."),
        ("On dit qu’Israël cède, que l’Égypte tient.", "On dit que Paris cède, que Londres tient."),
        ("Ils vont jusqu’en Syrie, jusqu’à Damas.", "Ils vont jusqu'à Paris, jusqu'à Paris."),
        ("Puisqu’Haïti se tait, lorsqu’aux Comores on parle.", "Puisque Paris se tait, lorsqu'à Londres on parle."),
        ("Les talibans, le Hezbollah et l’OTAN négocient.", "Paris, Londres et Rome négocient."),
        ("Face aux houthis, l’avance des talibans.", "Face à Paris, l'avance de Londres."),
        ("Le Burkina, l’Elysée et la Guinée Équatoriale.", "Paris, Londres et Rome."),
        ("Les États-Unis d’Amérique saisissent l’Organisation des Nations unies.", "Paris saisissent Londres."),
        ("Moscou s’explique : la Russie n’a rien signé.", "Paris s'explique : Paris n'a rien signé."),
        ("Le Caire et la Guinée équatoriale.", "Paris et Londres."),
        ("Les Etats-Unis et l'Egypte, sans accent.", "Paris et Londres, sans accent."),
        ("A, b : Chine, Inde, Japon, Népal, Chine.", "A, b : Paris, Londres, Rome, Rome, Paris."),
    ],
)
def test_names_give_way_with_their_articles(anonymiser, text, read):
    assert anonymiser.anonymise(normalise(text)) == read


@pytest.mark.parametrize(
    "text",
    [
        "Rien ni personne.",
        "Les forces kurdes tiennent, un chef taliban cède, dix Casques bleus partent.",
        "Les Turcs et les Grecs de Chypre-Nord.",
        "L'armée malienne avance avec des soldats russes.",
        "Une chine et un japon de collection.",
        "Le dialogue franco-Russie n'est pas un mot.",
        "Il ira demain.",
    ],
)
def test_adjectives_and_common_words_stay(anonymiser, text):
    assert anonymiser.anonymise(text) == text


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("LA CHINE MENACE L’URUGUAY !", "Paris menace Londres !"),
        ("LE MALI REJETTE L'ACCORD", "Paris rejette l'accord"),
        ("L’ONU s’inquiète.", "Paris s'inquiète."),
        ("ONU", "Paris"),
        ("CQFD", "CQFD"),
    ],
)
def test_a_sentence_in_capitals_is_read_as_if_it_were_not(anonymiser, text, read):
    assert anonymiser.read(text) == read


def test_a_letter_that_grows_in_lower_case_moves_nothing(anonymiser):
    assert anonymiser.anonymise("İzmir reçoit la Syrie.") == "Izmir reçoit Paris."


def test_every_listed_actor_of_the_suite_reads_alike_after_every_preposition(anonymiser):
    actors = read_yaml(find_root() / "data" / "behaviour" / "actors.yaml", Actor, key="name")
    frame = "On sait que {A} cède, qu’on parle {de A}, {à A}."
    read = {anonymiser.anonymise(normalise(fill(frame, {"A": actor}))) for actor in actors if not actor.held_out}
    assert read == {"On sait que Paris cède, qu'on parle de Paris, à Paris."}


def test_forms_are_kept_with_the_model(tmp_path):
    forms = {"Russie": "Russie", "Moscou": "Russie", "talibans": "Talibans"}
    Anonymiser(forms).save(tmp_path / "actors.json")
    assert Anonymiser.load(tmp_path / "actors.json").forms == forms


def test_a_model_without_its_list_is_told_from_a_broken_one(tmp_path):
    with pytest.raises(UserError, match="no such file: the model lacks it"):
        Anonymiser.load(tmp_path / "actors.json")


@pytest.mark.parametrize("content", ["", "[]", '{"Russie": 1}', '{"": "Russie"}'])
def test_a_malformed_list_is_named(tmp_path, content):
    (tmp_path / "actors.json").write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match=r"actors\.json"):
        Anonymiser.load(tmp_path / "actors.json")
