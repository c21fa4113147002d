"""What would let a classifier guess a label without reading the sentence, and what stands against it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from detente.corpus.actors import Actors
from detente.corpus.record import Record
from detente.corpus.words import words
from detente.errors import UserError
from detente.labels import LABEL_IDS

CUES_PER_LABEL = 30
SHORTEST_CUE = 4
PRIOR_WORDS = 1_000.0
"""Weight of the prior of the log-odds, in words: the whole corpus counted as if it were a text of that length."""
FEWEST_SENTENCES_PER_WORD = 10


NOBODY = "nobody"


@dataclass(frozen=True)
class Shortcuts:
    """What one label shares with features that must not decide it, each a share of the label's entropy, 0 to 1.

    Attributes:
        actor: Adjusted mutual information with the first actor, over the sentences that name one.
        genre: The same with the genre.
        decade: The same with the decade.
        region: The same with the region.
        word: Mutual information with the most telling single word.
        telling_word: That word.
    """

    actor: float
    genre: float
    decade: float
    region: float
    word: float
    telling_word: str


def measure_shortcuts(records: Sequence[Record], actors: Actors) -> dict[str, Shortcuts]:
    """Mutual information of each label with actor, genre, decade, region and single words.

    The first four have many values, and plain mutual information grows with their number even where there is nothing
    to find; it is therefore adjusted for chance (Vinh et al. 2010): 0 is independence, 1 that the feature decides.

    Raises:
        UserError: No word is frequent enough, or every or no sentence earns a label.
    """
    from sklearn.metrics import adjusted_mutual_info_score

    first_actors = np.array([next(iter(actors.named_in(record.text)), NOBODY) for record in records])
    named = first_actors != NOBODY
    features = {
        "genre": [record.genre for record in records],
        "decade": [str(record.year // 10) for record in records],
        "region": [record.region for record in records],
    }
    vocabulary, contains = _word_matrix(records)
    result = {}
    for label in LABEL_IDS:
        earned = np.array([label in record.labels for record in records])
        if earned.all() or not earned.any():
            raise UserError(f"{label}: earned by {earned.sum()} of {len(records)} sentences: nothing could give it away")
        shared = {"actor": float(adjusted_mutual_info_score(earned[named], first_actors[named], average_method="min"))}
        shared |= {
            name: float(adjusted_mutual_info_score(earned, values, average_method="min"))
            for name, values in features.items()
        }
        information = _shared_information(contains, earned)
        best = int(information.argmax())
        result[label] = Shortcuts(**shared, word=float(information[best]), telling_word=vocabulary[best])
    return result


def render_markdown(shortcuts: Mapping[str, Shortcuts]) -> str:
    """One row a label."""
    lines = [
        "| label | first actor | genre | decade | region | most telling word |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {label} | {found.actor:.3f} | {found.genre:.3f} | {found.decade:.3f} | {found.region:.3f} |"
        f" {found.word:.3f} (« {found.telling_word} ») |"
        for label, found in shortcuts.items()
    ]
    return "\n".join(lines) + "\n"


def label_cues(records: Sequence[Record]) -> dict[str, list[str]]:
    """The words most typical of each label's sentences against the unlabelled ones.

    Ranked by the z-score of the log-odds ratio with an informative Dirichlet prior (Monroe et al. 2008).

    Returns:
        At most ``CUES_PER_LABEL`` words of ``SHORTEST_CUE`` letters or more for each label, the most typical first.
    """
    vocabulary, contains = _word_matrix(records)
    unlabelled = np.array([not record.labels for record in records])
    total = contains.sum(0) / contains.sum() * PRIOR_WORDS
    other = contains[unlabelled].sum(0)
    long_enough = [index for index, word in enumerate(vocabulary) if len(word) >= SHORTEST_CUE]
    cues = {}
    for label in LABEL_IDS:
        own = contains[np.array([label in record.labels for record in records], dtype=bool)].sum(0)
        score = (_log_odds(own, total) - _log_odds(other, total)) / np.sqrt(1 / (own + total) + 1 / (other + total))
        cues[label] = [vocabulary[index] for index in sorted(long_enough, key=lambda index: -score[index])[:CUES_PER_LABEL]]
    return cues


def hard_negatives(records: Sequence[Record]) -> list[Record]:
    """The unlabelled sentences with at least one of the words of :func:`label_cues` in them."""
    cues = {word for own in label_cues(records).values() for word in own}
    return [record for record in records if not record.labels and cues.intersection(words(record.text))]


def _word_matrix(records: Sequence[Record]) -> tuple[list[str], np.ndarray]:
    """Words of ``FEWEST_SENTENCES_PER_WORD`` sentences or more, and whether each sentence has them: ``[sentence, word]``."""
    from sklearn.feature_extraction.text import CountVectorizer

    in_sentences = Counter(word for record in records for word in set(words(record.text)))
    vocabulary = sorted(word for word, count in in_sentences.items() if count >= FEWEST_SENTENCES_PER_WORD)
    if not vocabulary:
        raise UserError(
            f"none of the {len(in_sentences)} words is in {FEWEST_SENTENCES_PER_WORD} sentences or more: the"
            f" {len(records)} sentences are too few to measure shortcuts"
        )
    vectorizer = CountVectorizer(analyzer=words, binary=True, vocabulary=vocabulary)
    contains = vectorizer.transform([record.text for record in records])
    return vocabulary, contains.toarray().astype(float)


def _log_odds(counts: np.ndarray, prior: np.ndarray) -> np.ndarray:
    smoothed = counts + prior
    return np.asarray(np.log(smoothed / (smoothed.sum() - smoothed)))


def _shared_information(contains: np.ndarray, earned: np.ndarray) -> np.ndarray:
    """Mutual information of each word's presence with the label, as a share of the label's entropy."""
    size = len(earned)
    both = contains[earned].sum(0)
    word, label = contains.sum(0), earned.sum()
    cells = (
        (both, word, label),
        (word - both, word, size - label),
        (label - both, size - word, label),
        (size - label - word + both, size - word, size - label),
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        information = sum(
            np.nan_to_num(joint / size * np.log(joint * size / (rows * columns))) for joint, rows, columns in cells
        )
    share = label / size
    return np.asarray(information / -(share * np.log(share) + (1 - share) * np.log(1 - share)))
