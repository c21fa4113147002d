"""French grammar of actors: their forms with article and preposition, and the agreement of the words around them.

The notation of a frame, a sentence with places left open:

- ``{A}``, ``{de A}``, ``{à A}``, ``{en A}`` stand for an actor with its article, contracted where French contracts:
  « la Russie », « du Mali », « aux États-Unis », « en Iran ». ``{B}`` and its forms stand for a second actor. Before a form
  that begins with a vowel, ``que`` loses its own, also in ``jusque``: « qu’Israël », « jusqu’au Mali ».
- ``[a|ont]`` agrees with A in number, ``[prêt|prête|prêts|prêtes]`` in number and gender; ``[B:a|ont]`` agrees with B.
- The first letter of the sentence becomes a capital.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Literal, get_args

from pydantic import model_validator

from detente.corpus.entries import Entry
from detente.corpus.record import Line

ActorKind = Literal["state", "organisation", "armed_group"]
KINDS: tuple[ActorKind, ...] = get_args(ActorKind)
SLOT = re.compile(r"(?P<que>[Qq]ue )?\{(?:(?P<preposition>de|à|en) )?(?P<actor>[AB])\}")
AGREEMENT = re.compile(r"\[(?:(?P<actor>[AB]):)?(?P<forms>[^\[\]|]*(?:\|[^\[\]|]*)+)\]")


class Actor(Entry):
    """A political actor as a noun.

    Attributes:
        name: Without article, with its capital if it has one.
        kind: Only a state is a place to be in.
        gender: ``m`` or ``f``.
        plural: « les Pays-Bas ».
        article: Whether it takes one: « Israël » does not.
        aspirate: An h that forbids elision: « la Hongrie ».
        place: Preposition of a state without article, « à Cuba », « en Israël »; it follows no rule.
        held_out: Known to nothing but the behavioural suite: neither put into training sentences nor read by a stand-in.
    """

    name: Line
    kind: ActorKind
    gender: Literal["m", "f"]
    plural: bool = False
    article: bool = True
    aspirate: bool = False
    place: Literal["à", "en"] | None = None
    held_out: bool = False

    @model_validator(mode="after")
    def _has_a_place_when_needed(self) -> "Actor":
        needed = self.kind == "state" and not self.article
        if needed and self.place is None:
            raise ValueError("key 'place' is missing: a state without article needs « à » or « en »")
        if self.place is not None and not needed:
            raise ValueError(f"key 'place', value {self.place!r}: follows from the other keys here; delete it")
        return self

    @property
    def noun_phrase(self) -> str:
        """With the article, if it takes one: « la Russie », « l’Iran », « Israël »."""
        if not self.article:
            return self.name
        if self.plural:
            return f"les {self.name}"
        if self._elides:
            return f"l’{self.name}"
        return f"{'la' if self.gender == 'f' else 'le'} {self.name}"

    def form(self, preposition: str | None) -> str:
        """The noun phrase after no preposition, or after ``de``, ``à`` or ``en``, the place where one is.

        Raises:
            ValueError: ``en`` before an actor that is no state.
        """
        match preposition:
            case None:
                return self.noun_phrase
            case "de":
                return self._contracted("de", "du", "des")
            case "à":
                return self._contracted("à", "au", "aux")
            case _ if self.kind != "state":
                raise ValueError(f"{self.noun_phrase} is no state: one cannot be in it")
            case _ if not self.article:
                return f"{self.place} {self.name}"
            case _ if not self.plural and (self.gender == "f" or self._elides):
                return f"en {self.name}"
            case _:
                return self.form("à")

    @property
    def _elides(self) -> bool:
        return not self.aspirate and _begins_with(self.name, "aeiouh")

    def _contracted(self, preposition: str, with_le: str, with_les: str) -> str:
        if not self.article and self._elides and preposition == "de":
            return f"d’{self.name}"
        if self.article and self.plural:
            return f"{with_les} {self.name}"
        if self.article and self.gender == "m" and not self._elides:
            return f"{with_le} {self.name}"
        return f"{preposition} {self.noun_phrase}"


def _begins_with(word: str, letters: str) -> bool:
    """Whether the first letter, without case and accent, is one of ``letters``."""
    return unicodedata.normalize("NFD", word)[0].lower() in letters


def slots(frame: str) -> set[str]:
    """The actors a frame asks for: ``A``, ``B`` or both.

    Raises:
        ValueError: Something in braces or brackets is not of the notation, or agrees with an actor that is not named.
    """
    rest = AGREEMENT.sub("", SLOT.sub("", frame))
    if found := re.search(r"[{}\[\]|]", rest):
        raise ValueError(f"{rest[found.start() :][:30]!r} is no slot like {{de A}} and no agreement like [a|ont]")
    named = {slot["actor"] for slot in SLOT.finditer(frame)}
    for agreement in AGREEMENT.finditer(frame):
        if (agreement["actor"] or "A") not in named:
            raise ValueError(f"{agreement.group()!r} agrees with an actor that the frame does not name")
        if agreement["forms"].count("|") not in (1, 3):
            raise ValueError(f"{agreement.group()!r} must give 2 forms, by number, or 4, by number and gender")
    return named


def fill(frame: str, actors: Mapping[str, Actor]) -> str:
    """Puts actors into the slots of a frame, ``A`` and ``B``, and makes the rest agree."""

    def name(slot: re.Match[str]) -> str:
        actor = actors[slot["actor"]]
        form = actor.form(slot["preposition"])
        if slot["que"] is None:
            return form
        vowel = _begins_with(form, "aeiou") or (form == actor.name and actor.form("de") == f"d’{form}")
        return f"{slot['que'][:2]}’{form}" if vowel else f"{slot['que']}{form}"

    def agree(agreement: re.Match[str]) -> str:
        actor = actors[agreement["actor"] or "A"]
        forms = agreement["forms"].split("|")
        by_gender = len(forms) == 4
        return forms[actor.plural * (1 + by_gender) + (by_gender and actor.gender == "f")]

    text = AGREEMENT.sub(agree, SLOT.sub(name, frame))
    return text[0].upper() + text[1:]
