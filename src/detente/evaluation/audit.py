"""Sentences whose labels a classifier finds hard to believe: candidates for a second reading, not errors."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from detente.corpus.record import Record
from detente.errors import UserError
from detente.labels import LABEL_IDS

FOLDS = 5


@dataclass(frozen=True)
class LabelIssue:
    """A sentence to read again.

    Attributes:
        id: The record's id.
        text: The sentence.
        labels: What it carries.
        doubtful: Label at issue to its out-of-fold probability: a label it carries with a low one, or lacks with a high one.
    """

    id: str
    text: str
    labels: list[str]
    doubtful: dict[str, float]


def out_of_fold_probabilities(records: Sequence[Record], seed: int) -> np.ndarray:
    """Probabilities ``[sentence, label]`` from TF-IDF with logistic regression trained on other documents.

    Labels are not weighted by their rarity, so that the scores are probabilities rather than decisions.

    Raises:
        UserError: Fewer documents than folds.
    """
    from scipy.special import expit
    from sklearn.model_selection import GroupKFold

    from detente.classifier.interface import Examples
    from detente.classifier.tfidf import TfidfClassifier, TfidfSettings

    settings = TfidfSettings(word_ngrams=2, character_ngrams=5, regularisation=10.0, balanced=False, seed=seed)
    texts = np.array([record.text for record in records], dtype=object)
    truth = np.array([[label in record.labels for label in LABEL_IDS] for record in records])
    documents = [record.document for record in records]
    if len(set(documents)) < FOLDS:
        raise UserError(f"{len(set(documents))} documents: the audit trains on other documents, and needs at least {FOLDS}")
    probabilities = np.empty(truth.shape)
    for train, held_out in GroupKFold(FOLDS, shuffle=True, random_state=seed).split(texts, groups=documents):
        classifier = TfidfClassifier.new(settings)
        examples = Examples(list(texts[train]), truth[train])
        classifier.fit(examples, examples, Path(), lambda metrics, step: None)
        probabilities[held_out] = expit(classifier.logits(list(texts[held_out])))
    return probabilities


def label_issues(records: Sequence[Record], seed: int) -> list[LabelIssue]:
    """Finds likely label errors by confident learning, label by label (Northcutt et al. 2021; Thyagarajan et al. 2022).

    Args:
        records: The corpus.
        seed: Of the folds.

    Returns:
        The sentences at issue, the least believable first.

    Raises:
        UserError: There are fewer documents than folds.
    """
    from cleanlab.multilabel_classification.filter import find_multilabel_issues_per_class

    probabilities = out_of_fold_probabilities(records, seed)
    given = [[index for index, label in enumerate(LABEL_IDS) if label in record.labels] for record in records]
    # An array [sentence, label], whatever its documentation says of a list.
    flagged = np.asarray(find_multilabel_issues_per_class(given, probabilities, n_jobs=1))
    carried = np.array([[label in record.labels for label in LABEL_IDS] for record in records])
    belief = np.where(flagged, np.where(carried, probabilities, 1 - probabilities), 1.0).min(axis=1)
    return [
        LabelIssue(
            records[row].id,
            records[row].text,
            records[row].labels,
            {label: float(probabilities[row, column]) for column, label in enumerate(LABEL_IDS) if flagged[row, column]},
        )
        for row in np.argsort(belief, kind="stable")
        if flagged[row].any()
    ]
