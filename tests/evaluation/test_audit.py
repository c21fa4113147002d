"""A wrong label that other documents contradict is put forward for a second reading."""

from itertools import product

import pytest

from detente.corpus.record import Record
from detente.errors import UserError
from detente.evaluation.audit import label_issues, out_of_fold_probabilities

WHO = ("L’armée", "La marine", "Le gouvernement", "La junte", "Le président", "La coalition", "Le maréchal", "La garde")
WHAT = {
    "bombarde la ville portuaire": ["escalation"],
    "retire ses chars de la frontière": ["de_escalation"],
    "accuse le voisin de mentir": ["accusation"],
    "propose une conférence de paix": ["diplomatic_offer"],
    "publie la liste des candidats": [],
}
WHERE = ("dès l’aube", "sans attendre", "depuis lundi")


@pytest.fixture
def sentences():
    """A corpus in which the verb decides, one document a subject."""
    return [
        Record(
            id=f"{subject} {verb} {place}",
            text=f"{subject} {verb} {place}.",
            labels=labels,
            votes={},
            document=subject,
            genre="history",
            year=1962,
            region="africa",
            origin="written",
        )
        for subject, (verb, labels), place in product(WHO, WHAT.items(), WHERE)
    ]


def relabel(records, start, labels):
    """Gives the first record that starts so other labels."""
    row = next(row for row, record in enumerate(records) if record.text.startswith(start))
    return [*records[:row], records[row].model_copy(update={"labels": labels}), *records[row + 1 :]]


def test_a_clean_corpus_has_no_issue(sentences):
    assert label_issues(sentences, seed=1) == []


def test_a_label_too_many_is_put_forward_with_its_low_probability(sentences):
    [issue] = label_issues(relabel(sentences, "La junte publie", ["escalation"]), seed=1)
    assert issue.text == "La junte publie la liste des candidats dès l’aube."
    assert (issue.labels, list(issue.doubtful)) == (["escalation"], ["escalation"])
    assert issue.doubtful["escalation"] < 0.3


def test_a_missing_label_is_put_forward_with_its_high_probability(sentences):
    [issue] = label_issues(relabel(sentences, "Le maréchal accuse", []), seed=1)
    assert issue.id.startswith("Le maréchal accuse")
    assert list(issue.doubtful) == ["accusation"]
    assert issue.doubtful["accusation"] > 0.7


def test_a_swapped_label_is_doubtful_twice(sentences):
    [issue] = label_issues(relabel(sentences, "La garde retire", ["escalation"]), seed=1)
    assert set(issue.doubtful) == {"escalation", "de_escalation"}


def test_probabilities_come_from_other_documents(sentences):
    """Where a document alone holds a word with its label, nothing else can teach it."""
    changed = [
        record.model_copy(update={"text": record.text.replace("bombarde la ville portuaire", "pilonne Zarfa")})
        if record.document == "La junte"
        else record
        for record in sentences
    ]
    probabilities = out_of_fold_probabilities(changed, seed=1)
    assert probabilities.shape == (120, 4)
    known = [row for row, record in enumerate(changed) if "bombarde" in record.text]
    unknown = [row for row, record in enumerate(changed) if "Zarfa" in record.text]
    assert probabilities[known, 0].min() > 0.8
    assert probabilities[unknown, 0].max() < 0.5


def test_too_few_documents_are_refused(sentences):
    with pytest.raises(UserError, match="2 documents: the audit trains on other documents, and needs at least 5"):
        label_issues([record for record in sentences if record.document in WHO[:2]], seed=1)
