"""Swapping the actors that a sentence names for others, so that articles, prepositions and agreement stay right.

Counterfactual augmentation (Kaushik, Hovy and Lipton 2020) by grammar: an actor gives way to one of its own kind, gender and
number that takes an article as it does, in the form that the same preposition asks for: « de la Russie », « de l’Ukraine ».
"""

import random
import re
from collections import defaultdict
from collections.abc import Sequence

from detente.corpus.actor_nouns import Actor
from detente.text.normalise import normalise


class ActorSwaps:
    """Finds actors by their nouns; what names them otherwise (« Moscou », « russe ») stays as it is."""

    def __init__(self, actors: Sequence[Actor]) -> None:
        """Lists every form of every actor.

        Args:
            actors: Those that are looked for, and of which those that are not ``held_out`` are put in.
        """
        self._alike: dict[tuple[object, ...], list[Actor]] = defaultdict(list)
        self._forms: dict[str, tuple[Actor, str | None]] = {}
        for actor in actors:
            if not actor.held_out:
                self._alike[_grammar(actor)].append(actor)
            for preposition in (None, "de", "à", "en") if actor.kind == "state" else (None, "de", "à"):
                self._forms.setdefault(normalise(actor.form(preposition)).lower(), (actor, preposition))
        longest_first = sorted(self._forms, key=lambda form: (-len(form), form))
        self._pattern = re.compile(rf"(?<![\w'-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])", re.IGNORECASE)

    def swap(self, text: str, chance: random.Random) -> str:
        """The sentence, normalised, with other actors; two that differ still differ, and one named twice stays one."""
        instead: dict[str, Actor] = {}

        def other(found: re.Match[str]) -> str:
            actor, preposition = self._forms[found.group().lower()]
            if normalise(actor.name) not in found.group():
                return found.group()  # « la chine », which is a coat
            if actor.name not in instead:
                taken = {actor.name, *(one.name for one in instead.values())}
                free = [one for one in self._alike[_grammar(actor)] if one.name not in taken]
                instead[actor.name] = chance.choice(free) if free else actor
            form = normalise(instead[actor.name].form(preposition))
            return form[0].upper() + form[1:] if found.group()[0].isupper() else form

        return self._pattern.sub(other, normalise(text))


def _grammar(actor: Actor) -> tuple[object, ...]:
    """What must be equal in two actors for the words around them to fit both."""
    # « au Mali » is a place and an addressee; where the two differ, as with « en Iran », nobody knows which is meant.
    place = actor.form("en").split()[0] if actor.kind == "state" else ""
    return actor.kind, actor.gender, actor.plural, actor.article, place
