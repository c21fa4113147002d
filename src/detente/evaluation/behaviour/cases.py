"""The written tests of the suite: sentences with the labels they must get, and pairs of which one must score higher."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from detente.corpus.entries import Entry
from detente.corpus.record import LabelList, Line
from detente.labels import LABEL_IDS


def _known(label: str) -> str:
    if label not in LABEL_IDS:
        raise ValueError(f"unknown label: the labels are {', '.join(LABEL_IDS)}")
    return label


class FunctionalTest(Entry):
    """A sentence that any good model gets right (MFT).

    Attributes:
        id: Unique in the file.
        rule: The rule of the codebook it tests, 1 to 10.
        text: The sentence.
        labels: What it earns, sorted, maybe nothing.
    """

    id: Line
    rule: Annotated[int, Field(ge=1, le=10)]
    text: Line
    labels: LabelList


class DirectionalTest(Entry):
    """An edit that must move the probability of a label (DIR).

    Attributes:
        id: Unique in the file.
        kind: The kind of edit.
        before: The sentence.
        after: The sentence edited.
        label: The label to look at.
        direction: Where its probability must go.
    """

    id: Line
    kind: Line
    before: Line
    after: Line
    label: Annotated[str, AfterValidator(_known)]
    direction: Literal["up", "down"]

    @model_validator(mode="after")
    def _edits_something(self) -> "DirectionalTest":
        if self.before == self.after:
            raise ValueError("'before' and 'after' are equal: edit one of them")
        return self
