"""How the corpus reads beside real prose: lengths, shapes, and whether a classifier can tell the two apart."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detente.corpus.words import words
from detente.errors import UserError
from detente.text.normalise import normalise

SHAPES = {
    "commas": re.compile(","),
    "quotations": re.compile(r'[«“"]'),
    "digits": re.compile(r"\d+"),
    "capitals inside": re.compile(r"(?<=\w[ ,])[A-ZÀÂÉÈÊÎÔÇ]\w+"),
    "relative pronouns": re.compile(r"\b(?:qui|que|qu|dont|où)\b", re.IGNORECASE),
    "passives": re.compile(r"\b(?:est|sont|été|être|fut|furent)\s\w+(?:é|ée|és|ées|is|ise|it|ite|u|ue|us)\b"),
    "verbs in -rait": re.compile(r"\w+r(?:ait|aient|ais|ions)\b"),
    "abstract nouns": re.compile(r"\w+(?:tion|ment|ité|ance|ence)s?\b"),
}
"""Surface marks, counted for every 30 words: punctuation, proper names, clause depth, voice, mood, nominal style."""
PERCENTILES = (10, 25, 50, 75, 90)
FOLDS = 5


@dataclass(frozen=True)
class Shape:
    """Lengths and marks of a set of sentences.

    Attributes:
        sentences: How many.
        words: Words per sentence at each of ``PERCENTILES``.
        marks: Each of ``SHAPES`` for every 30 words.
    """

    sentences: int
    words: dict[str, float]
    marks: dict[str, float]


def measure_shape(texts: Sequence[str]) -> Shape:
    """Lengths and surface marks of sentences."""
    lengths = [len(words(text)) for text in texts]
    total = sum(lengths)
    return Shape(
        sentences=len(texts),
        words={
            str(point): float(value) for point, value in zip(PERCENTILES, np.percentile(lengths, PERCENTILES), strict=True)
        },
        marks={
            name: sum(len(pattern.findall(normalise(text))) for text in texts) / total * 30
            for name, pattern in SHAPES.items()
        },
    )


def separability(ours: Sequence[str], real: Sequence[str], groups: Sequence[str]) -> tuple[float, list[str]]:
    """How well TF-IDF and logistic regression tell our sentences from real ones.

    Words, pairs of words and punctuation are the features, quotation marks and apostrophes of one kind; the score is out
    of fold, and no document stands on both sides of a fold.

    Args:
        ours: Our sentences.
        real: Real ones.
        groups: Document of each sentence, ours first.

    Returns:
        Area under the ROC curve (0.5: indistinguishable, 1: told apart without fail), and the thirty features that give
        ours away most.

    Raises:
        UserError: Fewer documents than folds on one side.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline

    documents = len(set(groups[: len(ours)])), len(set(groups[len(ours) :]))
    if min(documents) < FOLDS:
        raise UserError(f"{documents[0]} documents of ours, {documents[1]} real ones: at least {FOLDS} of each are needed")
    texts = [re.sub("[«»“”]", '"', normalise(text)) for text in (*ours, *real)]
    truth = np.repeat([0, 1], [len(ours), len(real)])
    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"\w+'?|[^\w\s]", sublinear_tf=True, min_df=2),
        LogisticRegression(C=10, class_weight="balanced", max_iter=2000),
    )
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0)
    scores = cross_val_predict(model, texts, truth, groups=groups, cv=folds, method="predict_proba")[:, 1]
    vectorizer, regression = model.fit(texts, truth)
    features = vectorizer.get_feature_names_out()
    order = np.argsort(regression.coef_[0], kind="stable")
    return float(roc_auc_score(truth, scores)), list(features[order[:30]])
