"""Label Studio: what goes out comes back, votes given there come in, and every mistake is named with its place."""

import json
from xml.etree import ElementTree

import pytest

from detente.corpus.label_studio import interface, read_tasks, write_tasks
from detente.corpus.record import ADJUDICATOR
from detente.errors import UserError
from detente.labels import LABELS

AGREED = {"first": ["escalation"], "second": ["escalation"]}
SPLIT = {"first": ["escalation"], "second": []}


def result(*labels):
    return [{"id": "x7Q", "from_name": "labels", "to_name": "text", "type": "choices", "value": {"choices": [*labels]}}]


def exported(record, *annotations):
    """A task as Label Studio exports it, with what it adds of its own."""
    own = {"id": 1001, "was_cancelled": False, "ground_truth": False, "import_id": None, "lead_time": 4.3}
    rest = {"id": 41, "drafts": [], "predictions": [{"model_version": "a", "result": result("accusation")}], "meta": {}}
    return rest | {"data": record.model_dump(exclude_none=True), "annotations": [own | given for given in annotations]}


@pytest.fixture
def read(tmp_path):
    """Read tasks given as Python values, or as text."""

    def read(tasks):
        path = tmp_path / "tasks.json"
        path.write_text(tasks if isinstance(tasks, str) else json.dumps(tasks), encoding="utf-8")
        return read_tasks(path)

    return read


def test_the_interface_offers_each_label_with_its_french_name():
    view = ElementTree.fromstring(interface())
    assert view.find("Text").attrib == {"name": "text", "value": "$text"}
    assert view.find("Choices").attrib == {"name": "labels", "toName": "text", "choice": "multiple"}
    assert [(c.get("value"), c.get("hint")) for c in view.iter("Choice")] == [(label.id, label.french) for label in LABELS]


def test_what_is_written_comes_back(tmp_path, make):
    records = [
        make(votes=AGREED, rule=3, contrast="s2"),
        make(id="s2", labels=[], votes=SPLIT | {ADJUDICATOR: []}),
        make(id="s3", labels=["accusation"], votes=SPLIT),  # decided before, by whom we do not know
        make(id="s4", labels=[], votes={"zoé": [], "Anaïs": []}),
        make(id="s5", labels=["escalation"], votes={}),
    ]
    write_tasks(records, tmp_path / "new folder" / "tasks.json")
    assert read_tasks(tmp_path / "new folder" / "tasks.json") == records


def test_label_studio_finds_the_text_and_an_annotation_for_every_vote(tmp_path, make):
    write_tasks([make(votes=SPLIT)], tmp_path / "tasks.json")
    [task] = json.loads((tmp_path / "tasks.json").read_text(encoding="utf-8"))
    assert task["data"]["text"].startswith("L’armée")
    assert [annotation["id"] for annotation in task["annotations"]] == [1, 2]
    assert [len(annotation["result"]) for annotation in task["annotations"]] == [1, 0]
    assert not any("completed_by" in annotation or annotation["ground_truth"] for annotation in task["annotations"])


def test_annotations_keep_their_annotator_though_label_studio_names_the_importer(read, make):
    second, first = ({"import_id": place, "completed_by": 1, "result": result("accusation")} for place in (2, 1))
    [record] = read([exported(make(votes=SPLIT), second, first)])
    assert record.votes == {"first": ["accusation"], "second": ["accusation"]} and record.labels == ["accusation"]


def test_new_annotators_are_named_by_their_account(read, make):
    by_email = {"completed_by": {"id": 4, "email": "zoe@example.org"}, "result": result("escalation", "accusation")}
    by_id = {"completed_by": 7, "result": result("accusation", "escalation")}
    skipped = {"completed_by": {"id": 8}, "was_cancelled": True, "result": []}
    [record] = read([exported(make(votes={}, labels=[]), by_email, by_id, skipped)])
    assert record.labels == ["accusation", "escalation"]
    assert record.votes == {"zoe@example.org": record.labels, "user 7": record.labels}


BY_1 = {"completed_by": 1, "result": []}
STAR, ADJUDICATION = {"ground_truth": True, "import_id": 2}, {"completed_by": {"email": "adjudicator@example.org"}}


@pytest.mark.parametrize("account", [STAR, ADJUDICATION])
def test_a_star_or_the_adjudicator_settles_a_difference(read, make, account):
    first, second = ({"import_id": 1, "result": result("accusation")}, {"import_id": 2, "result": []})
    settled = [first, account | {"result": []}] if "import_id" in account else [first, second, account | {"result": []}]
    [record] = read([exported(make(votes=AGREED), *settled)])
    assert record.votes == {"first": ["accusation"], "second": [], ADJUDICATOR: []} and record.labels == []


def test_sentences_on_which_annotators_differ_wait_for_adjudication(read, make):
    differing = [{"completed_by": 1, "result": []}, {"completed_by": 2, "result": result("accusation")}]
    tasks = [exported(make(id=f"s{number}", votes={}), *differing) for number in range(22)]
    with pytest.raises(UserError, match=r"22 sentence\(s\) wait for adjudication: s0, .*, s19, …\n.*star the annotation"):
        read(tasks)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ([{"result": result("war")}], r"task 2: key 'annotations\.0\..*\.choices', value \['war'\]: unknown label"),
        ([{"result": [result()[0] | {"from_name": "mood"}]}], r"task 2: key '.*from_name', value 'mood': .*'labels'"),
        ([BY_1 | {"completed_by": True}], r"task 2: key '.*completed_by', value True: no account: write a user id"),
        ([BY_1 | {"import_id": 9}], r"task 2: key 'import_id', value 9, names nobody: annotate the file written here"),
        ([BY_1, BY_1], r"task 2: key 'annotations', value 'user 1': has two annotations: delete one"),
        ([BY_1 | {"was_cancelled": True}], r"task 2: key 'annotations': none of its votes is left"),
        ([BY_1 | STAR, STAR | {"import_id": 1, "result": result("accusation")}], "cannot all stand: keep one star"),
    ],
)
def test_a_wrong_annotation_is_named_with_key_and_value(read, make, wrong, message):
    with pytest.raises(UserError, match=message):
        read([exported(make(id="s0"), BY_1), exported(make(), *wrong)])


def test_a_file_without_tasks_is_refused(read, tmp_path):
    with pytest.raises(UserError, match=r"nowhere\.json: no such file"):
        read_tasks(tmp_path / "nowhere.json")
    with pytest.raises(UserError, match=r"tasks\.json: value .*Invalid JSON"):
        read("{")
    with pytest.raises(UserError, match=r"tasks\.json: value {}: .*valid array; correct it, or export again"):
        read("{}")
    with pytest.raises(UserError, match=r"task 1: key 'data', value {'text': 'a'}: Field required"):
        read([{"text": "a"}])


def test_one_sentence_in_two_tasks_is_refused(read, make):
    with pytest.raises(UserError, match=r"task 2: key 'data\.id', value 's1': used before"):
        read([exported(make(), BY_1)] * 2)
