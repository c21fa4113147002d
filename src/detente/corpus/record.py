"""The record: one French sentence, its labels and where it comes from."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from detente.labels import LABEL_IDS

Genre = Literal[
    "agency_dispatch",
    "broadsheet_report",
    "broadcast_brief",
    "communique",
    "press_conference",
    "analysis",
    "un_eu_document",
    "parliamentary_debate",
    "history",
    "african_press",
    "swiss_belgian_canadian_press",
    "international_broadcaster",
    "official_social_media",
]
Region = Literal["africa", "americas", "asia", "europe", "middle_east", "oceania", "world"]

FIRST_YEAR = 1945
LAST_YEAR = 2026  # raise it when newer text enters the corpus

ADJUDICATOR = "adjudicator"  # the name in ``Record.votes`` of whoever decides between annotators


def _one_line(text: str) -> str:
    if text != text.strip():
        raise ValueError("has white space around it: strip it")
    if len(text.splitlines()) != 1:
        raise ValueError("must be one non-empty line")
    text.encode()  # half of a surrogate pair, which JSON lets through, raises a ValueError: no file could hold it
    return text


def _known(labels: list[str]) -> list[str]:
    unknown = [label for label in labels if label not in LABEL_IDS]
    if unknown:
        raise ValueError(f"unknown label {', '.join(map(repr, unknown))}: the labels are {', '.join(LABEL_IDS)}")
    return labels


def _sorted_and_unique(labels: list[str]) -> list[str]:
    if labels != sorted(set(labels)):
        raise ValueError(f"labels must be sorted and unique: write {sorted(set(labels))}")
    return labels


Line = Annotated[str, AfterValidator(_one_line)]
KnownLabels = Annotated[list[str], AfterValidator(_known)]
LabelList = Annotated[KnownLabels, AfterValidator(_sorted_and_unique)]


class Record(BaseModel):
    """One sentence of the corpus. Frozen; an unknown key or a value of another type is an error.

    Attributes:
        id: Unique in the corpus.
        text: The sentence: one line, no white space around it.
        labels: Ids of the labels the sentence earns, sorted, unique, maybe none.
        votes: What each annotator gave: annotator to label list, in the form of ``labels``. ``ADJUDICATOR`` votes only
            where annotators differ, and that vote stands: it is no annotation and counts for no agreement.
        document: The article it belongs to: the unit that is never split.
        genre: Kind of text.
        year: Year the text is from or written as if from, ``FIRST_YEAR`` to ``LAST_YEAR``.
        region: Part of the world the sentence is about.
        origin: Who or what produced the text, for instance ``written``.
        rule: Codebook rule the sentence was written to test, 1 to 10.
        contrast: Id of its partner in a minimal pair.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: Line
    text: Line
    labels: LabelList
    votes: dict[Line, LabelList]
    document: Line
    genre: Genre
    year: Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
    region: Region
    origin: Line
    rule: Annotated[int, Field(ge=1, le=10)] | None = None
    contrast: Line | None = None

    @model_validator(mode="after")
    def _has_another_partner(self) -> "Record":
        if self.contrast == self.id:
            raise ValueError(f"contrast names the sentence itself, {self.id!r}: name its partner")
        return self
