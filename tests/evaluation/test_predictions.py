"""Reading predictions back: what was written comes back, every mistake is told, unlike runs are not compared."""

import json

import numpy as np
import pytest

from detente.errors import UserError
from detente.evaluation.predictions import aligned, read_predictions
from detente.labels import LABEL_IDS


def line(number, **changes):
    """Sentence `number` of a run, as ``detente evaluate`` writes it."""
    values = {
        "id": f"dépêche-{number}",
        "document": f"article-{number // 2}",
        "truth": ["escalation"],
        "labels": ["accusation", "escalation"],
        "probabilities": {"escalation": 0.9, "de_escalation": 0.0, "accusation": 0.6125, "diplomatic_offer": 1},
    }
    return values | changes


@pytest.fixture
def run(tmp_path):
    """Writes the lines of a run and gives its folder; text goes in as it is."""

    def write(name, *lines):
        folder = tmp_path / name
        folder.mkdir()
        texts = [text if isinstance(text, str) else json.dumps(text, ensure_ascii=False) for text in lines]
        (folder / "predictions.jsonl").write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
        return folder

    return write


def test_predictions_come_back_as_arrays_in_label_order(run):
    read = read_predictions(run("a", line(0), line(1, truth=[], labels=["diplomatic_offer"])))
    assert read.ids.tolist() == ["dépêche-0", "dépêche-1"] and read.documents.tolist() == ["article-0", "article-0"]
    assert read.truth.tolist() == [[True, False, False, False], [False] * 4]
    assert read.decisions.tolist() == [[True, False, True, False], [False, False, False, True]]
    assert read.probabilities.tolist() == [[0.9, 0.0, 0.6125, 1.0]] * 2


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ("{", "not JSON"),
        ("", "blank line"),
        (line(1, labels=["escalade"]), "key 'labels', value .'escalade'.: unknown label 'escalade': the labels are escal"),
        (line(1, truth="escalation"), "key 'truth', value 'escalation': Input should be a valid list"),
        (line(1, document=3), "key 'document', value 3: Input should be a valid string"),
        ({key: value for key, value in line(1).items() if key != "document"}, "missing key 'document'"),
        (line(1, probabilities={"escalation": 0.5}), "key 'probabilities', .*one probability for each of escalation, de"),
        (line(1, probabilities=dict.fromkeys(LABEL_IDS, 1.2)), "key 'probabilities.escalation', value 1.2: .*less than or"),
        (line(1, probabilities=dict.fromkeys(LABEL_IDS, float("nan"))), "key 'probabilities.escalation', value nan"),
        (line(0), "key 'id', value 'dépêche-0': another line has it too"),
    ],
)
def test_a_broken_line_is_named_with_its_file_number_and_key(run, broken, message):
    with pytest.raises(UserError, match=rf"`detente evaluate` writes the file anew(.|\n)*predictions\.jsonl:2: {message}"):
        read_predictions(run("a", line(0), broken))


def test_all_mistakes_are_told_at_once_up_to_twenty(run):
    with pytest.raises(UserError, match=r"(?s)a/predictions\.jsonl: 23 problem\(s\).*jsonl:20: .*… and 3 more$"):
        read_predictions(run("a", *["{"] * 23))


def test_a_missing_or_empty_file_is_a_user_error(run, tmp_path):
    with pytest.raises(UserError, match=r"nulle-part/predictions\.jsonl: No such file.*`detente evaluate` wrote"):
        read_predictions(tmp_path / "nulle-part")
    with pytest.raises(UserError, match="no sentence in it"):
        read_predictions(run("vide"))


def test_sentences_are_put_into_the_order_of_the_first_run(run):
    first = read_predictions(run("a", line(0), line(1), line(2, truth=[])))
    second = read_predictions(run("b", line(2, truth=[], labels=[]), line(0), line(1, labels=["escalation"])))
    ordered = aligned(first, second)
    assert ordered.ids.tolist() == first.ids.tolist() and ordered.documents.tolist() == first.documents.tolist()
    assert np.array_equal(ordered.truth, first.truth)
    assert ordered.decisions.sum(axis=1).tolist() == [2, 1, 0]
    assert ordered.path == second.path


@pytest.mark.parametrize(
    ("others", "message"),
    [
        ([line(0)], r"4 stand only in .*a/predictions\.jsonl \(dépêche-1, dépêche-2, dépêche-3, …\); evaluate both"),
        ([line(n) for n in range(6)], r"same sentences: 1 stand only in .*b/predictions\.jsonl \(dépêche-5\)"),
        ([line(n, truth=[] if n == 3 else ["escalation"]) for n in range(5)], r"'truth' differs for 1 .*\(dépêche-3\)"),
        ([line(n, document="x") for n in range(5)], r"'document' differs for 5 sentences \(dépêche-0, .*, …\)"),
    ],
)
def test_runs_on_other_sentences_or_another_truth_are_refused(run, others, message):
    first = read_predictions(run("a", *[line(n) for n in range(5)]))
    with pytest.raises(UserError, match=message):
        aligned(first, read_predictions(run("b", *others)))
