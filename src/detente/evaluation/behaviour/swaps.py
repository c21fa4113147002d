"""Invariance to who acts: frames filled with actor after actor (rule 9 of the codebook)."""

import random
from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from detente.corpus.actor_nouns import KINDS, SLOT, Actor, ActorKind, fill, slots
from detente.corpus.entries import Entry
from detente.corpus.record import LabelList, Line
from detente.errors import UserError

Filled = dict[tuple[str, ...], str]


def _names_an_actor(text: str) -> str:
    if "A" not in slots(text):
        raise ValueError("names no actor A: put {A}, {de A}, {à A} or {en A} somewhere")
    return text


class Frame(Entry):
    """A sentence with places left open for actors, in the notation of `detente.corpus.actor_nouns`.

    Attributes:
        id: Unique in the file.
        text: The frame.
        labels: What the sentence earns by the codebook, whoever the actors are and whichever side they take.
        kinds: Kinds of actors of which the frame can sensibly be said.
    """

    id: Line
    text: Annotated[Line, AfterValidator(_names_an_actor)]
    labels: LabelList
    kinds: list[ActorKind] = Field(default_factory=lambda: list(KINDS), min_length=1)

    @model_validator(mode="after")
    def _places_are_states(self) -> "Frame":
        if self.kinds != ["state"] and any(slot["preposition"] == "en" for slot in SLOT.finditer(self.text)):
            raise ValueError(f"kinds {self.kinds} with a place, {{en …}}: only a state is one; write kinds: [state]")
        return self


def fill_frames(frames: Sequence[Frame], actors: Sequence[Actor], seed: int) -> dict[str, Filled]:
    """Fills each frame with each actor that fits it: frame id to the sentences, by the names of their actors.

    Of two actors each takes either side: beside (A, B) stands (B, A). Who meets whom is drawn for each frame, and hangs on
    the seed, the frame's id and the actors alone. Each actor stands once on each side, but for the first drawn of an odd
    number, who stands there twice.

    Raises:
        UserError: A frame finds fewer actors of its kinds than it names.
    """
    return {frame.id: _fill_frame(frame, actors, seed) for frame in frames}


def _fill_frame(frame: Frame, actors: Sequence[Actor], seed: int) -> Filled:
    drawn = [actor for actor in actors if actor.kind in frame.kinds]
    named = slots(frame.text)
    if len(drawn) < len(named):
        raise UserError(f"frame {frame.id!r}: {len(drawn)} actors of kinds {frame.kinds}, {len(named)} needed; add some")
    random.Random(f"{seed}/{frame.id}").shuffle(drawn)
    if named == {"A"}:
        return {(actor.name,): fill(frame.text, {"A": actor}) for actor in drawn}
    pairs = zip(drawn[::2], drawn[1::2] + drawn[:1], strict=False)  # an odd one out meets the first
    return {(a.name, b.name): fill(frame.text, {"A": a, "B": b}) for pair in pairs for a, b in (pair, pair[::-1])}
