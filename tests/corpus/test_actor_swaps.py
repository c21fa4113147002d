"""Actors are swapped for others of their grammar; everything around them stays, and stays right."""

import random

import pytest

from detente.corpus.actor_nouns import Actor
from detente.corpus.actor_swaps import ActorSwaps
from detente.corpus.entries import read_yaml
from detente.project import find_root
from detente.text.normalise import normalise

RUSSIA, UKRAINE, CHINA = (Actor(name=name, kind="state", gender="f") for name in ("Russie", "Ukraine", "Chine"))
MALI, CHAD, IRAN, STATES = (
    Actor(name=name, kind="state", gender="m", plural=plural)
    for name, plural in (("Mali", False), ("Tchad", False), ("Iran", False), ("États-Unis", True))
)


def swapped(text: str, *actors: Actor, seed: int = 0) -> str:
    return ActorSwaps(actors).swap(text, random.Random(seed))


@pytest.mark.parametrize(
    ("text", "actors", "expected"),
    [
        ("L’armée de la Russie recule.", (RUSSIA, UKRAINE), "L'armée de l'Ukraine recule."),
        ("L'Ukraine accuse.", (RUSSIA, UKRAINE), "La Russie accuse."),
        ("Il va en Russie, loin de la Russie.", (RUSSIA, UKRAINE), "Il va en Ukraine, loin de l'Ukraine."),
        ("Des soldats du Mali, envoyés au Mali.", (MALI, CHAD), "Des soldats du Tchad, envoyés au Tchad."),
        ("Des soldats du Mali, envoyés au Mali.", (MALI, IRAN), "Des soldats du Mali, envoyés au Mali."),  # « en Iran »
        ("La Russie est prête.", (RUSSIA, MALI), "La Russie est prête."),  # another gender
        ("Les États-Unis partent.", (STATES, MALI), "Les États-Unis partent."),  # another number
        ("Une tasse sur la chine.", (CHINA, RUSSIA), "Une tasse sur la chine."),
        ("La Russie-Unie gagne.", (RUSSIA, UKRAINE), "La Russie-Unie gagne."),  # a longer name
        ("Moscou recule.", (RUSSIA, UKRAINE), "Moscou recule."),
    ],
)
def test_a_swap(text, actors, expected):
    assert swapped(text, *actors) == expected


def test_two_actors_stay_two_and_each_keeps_its_stand_in():
    said = {swapped("La Russie et la Chine, puis la Russie.", RUSSIA, UKRAINE, CHINA, seed=seed) for seed in range(30)}
    assert len(said) > 1
    assert said <= {
        "L'Ukraine et la Russie, puis l'Ukraine.",
        "L'Ukraine et la Chine, puis l'Ukraine.",
        "La Chine et la Russie, puis la Chine.",
        "La Chine et l'Ukraine, puis la Chine.",
    }


def test_who_is_held_out_gives_way_but_is_never_put_in():
    absent = UKRAINE.model_copy(update={"held_out": True})
    assert swapped("La Chine accuse.", CHINA, absent) == "La Chine accuse."
    assert swapped("L’Ukraine accuse.", CHINA, absent) == "La Chine accuse."


def test_the_actors_of_the_suite_are_found_after_every_preposition():
    actors = read_yaml(find_root() / "data" / "behaviour" / "actors.yaml", Actor, key="name")
    for actor in actors:
        name = "Atlantide" if actor.name[0] in "AEÉIOU" else "Ruritanie"
        alike = actor.model_copy(update={"name": name, "held_out": False})
        swaps = ActorSwaps([actor, alike])
        for preposition in (None, "de", "à"):
            swapped_text = swaps.swap(f"Selon un avis {actor.form(preposition)}, rien.", random.Random(0))
            assert normalise(alike.form(preposition)) in swapped_text, swapped_text
