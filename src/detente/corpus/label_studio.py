"""The corpus as Label Studio tasks: out to be annotated or adjudicated there, and back.

Label Studio knows no annotator without an account: it takes whoever imports the file for the author. But it keeps the
number an annotation had in the file, as ``import_id``. So we number annotations by the sorted names in ``data.votes``.
"""

import json
import reprlib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AliasPath, BaseModel, BeforeValidator, Field, TypeAdapter, ValidationError

from detente.corpus.jsonl import MOST_PROBLEMS_SHOWN
from detente.corpus.record import ADJUDICATOR, KnownLabels, Record
from detente.errors import UserError
from detente.files import replaced_file
from detente.labels import LABELS


def interface() -> str:
    """The labelling interface of the project, in XML. To choose nothing is an annotation too: no label."""
    choices = "".join(f'    <Choice value="{label.id}" hint="{label.french}"/>\n' for label in LABELS)
    head = '<View>\n  <Text name="text" value="$text"/>\n  <Choices name="labels" toName="text" choice="multiple">\n'
    return f"{head}{choices}  </Choices>\n</View>\n"


def write_tasks(records: Iterable[Record], path: Path) -> None:
    """Write one task a record: the whole record in ``data``, and one annotation a vote, without result if it is empty."""
    tasks = []
    for record in records:
        annotations = []
        for number, (_, labels) in enumerate(sorted(record.votes.items()), start=1):
            result = {"from_name": "labels", "to_name": "text", "type": "choices", "value": {"choices": labels}}
            # Where ``ground_truth`` is missing, Label Studio stars what it imports.
            annotations.append({"id": number, "ground_truth": False, "result": [result] if labels else []})
        tasks.append({"data": record.model_dump(exclude_none=True), "annotations": annotations})
    with replaced_file(path) as aside:
        aside.write_text(json.dumps(tasks, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def read_tasks(path: Path) -> list[Record]:
    """Read tasks that ``write_tasks`` wrote, as they are or as Label Studio exports them (JSON, not JSON-MIN).

    A new annotator is named by e-mail, or ``user 7`` where only the user id is exported; the account whose e-mail begins
    with ``adjudicator@`` is the adjudicator. Skipped tasks give no vote, nor do predictions.
    Labels stay as they are in ``data`` if the votes do. Else they are what all annotators gave, or where they differ what
    the adjudicator did: by annotating, or by a star (ground truth) on the annotation that stands, which becomes a vote.

    Raises:
        UserError: What is wrong, in which task, counted from 1; or the first ids that wait for adjudication.
    """
    records: dict[str, Record | None] = {}
    for number, task in enumerate(_load(path), start=1):
        try:
            if task.data.id in records:
                raise ValueError(f"key 'data.id', value {task.data.id!r}: used before: keep one task of the two")
            records[task.data.id] = _record(task)
        except ValueError as error:
            raise UserError(f"{path}: task {number}: {error}") from error
    waiting = [id_ for id_, record in records.items() if record is None]
    if waiting:
        shown = waiting[:MOST_PROBLEMS_SHOWN] + ["…"] * (len(waiting) > MOST_PROBLEMS_SHOWN)
        raise UserError(
            f"{path}: {len(waiting)} sentence(s) wait for adjudication: {', '.join(shown)}\nIn Label Studio, star the "
            f"annotation that stands, or annotate from an account {ADJUDICATOR}@…; then export again"
        )
    return [record for record in records.values() if record]


def _account(value: Any) -> str:
    match value:
        case {"email": str(email)} if email:
            return ADJUDICATOR if email.startswith(f"{ADJUDICATOR}@") else email
        case {"id": int(number)} | int(number) if not isinstance(number, bool):
            return f"user {number}"
    raise ValueError('no account: write a user id or {"email": "…"}')


class _Result(BaseModel):
    from_name: Literal["labels"]
    to_name: Literal["text"]
    type: Literal["choices"]
    choices: KnownLabels = Field(validation_alias=AliasPath("value", "choices"))


class _Annotation(BaseModel):
    result: list[_Result]
    completed_by: Annotated[str | None, BeforeValidator(_account)] = None
    id: int | None = None
    import_id: int | None = None
    was_cancelled: bool = False
    ground_truth: bool = False

    def labels(self) -> tuple[str, ...]:
        return tuple(sorted({label for result in self.result for label in result.choices}))

    def annotator(self, written: list[str]) -> str:
        """Name who made it, given the sorted names of the votes the task was written with."""
        number = self.id if self.import_id is None and self.completed_by is None else self.import_id
        if number is None and self.completed_by:
            return self.completed_by
        if number is None or not 1 <= number <= len(written):
            raise ValueError(f"key 'import_id', value {number}, names nobody: annotate the file written here, not a copy")
        return written[number - 1]


class _Task(BaseModel):
    data: Record
    annotations: list[_Annotation] = []


def _load(path: Path) -> list[_Task]:
    if not path.is_file():
        raise UserError(f"{path}: no such file; name the JSON export of Label Studio")
    try:
        return TypeAdapter(list[_Task]).validate_json(path.read_bytes())
    except ValidationError as error:
        detail = error.errors()[0]
        task, key = detail["loc"][:1], ".".join(map(str, detail["loc"][1:]))
        place = "".join(f"task {int(index) + 1}: " for index in task) + (f"key {key!r}, " if key else "")
        wrong = f"value {reprlib.repr(detail['input'])}: {detail['msg'].removeprefix('Value error, ')}"
        raise UserError(f"{path}: {place}{wrong}; correct it, or export again from Label Studio as JSON") from error


def _record(task: _Task) -> Record | None:
    """The record with its votes and the labels that stand, or nothing if adjudication has yet to say."""
    given = [annotation for annotation in task.annotations if not annotation.was_cancelled]
    votes: dict[str, list[str]] = {}
    for annotation in given:
        name = annotation.annotator(sorted(task.data.votes))
        if name in votes:
            raise ValueError(f"key 'annotations', value {name!r}: has two annotations: delete one in Label Studio")
        votes[name] = list(annotation.labels())
    starred = {annotation.labels() for annotation in given if annotation.ground_truth}
    if votes == task.data.votes and not starred:
        return task.data
    if not votes:
        raise ValueError("key 'annotations': none of its votes is left: label it or leave it out")
    annotated = {tuple(labels) for name, labels in votes.items() if name != ADJUDICATOR}
    adjudicated = {tuple(votes[ADJUDICATOR])} if ADJUDICATOR in votes else set()
    decisions = adjudicated | (annotated if len(annotated) == 1 else starred)
    if len(decisions) > 1:
        raise ValueError(f"{sorted(map(list, decisions))} cannot all stand: keep one star, or the adjudicator’s annotation")
    if not decisions:
        return None
    labels = list(decisions.pop())
    votes |= {ADJUDICATOR: labels} if len(annotated) > 1 else {}
    return Record(**task.data.model_dump() | {"votes": votes, "labels": labels})
