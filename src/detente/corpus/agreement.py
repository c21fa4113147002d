"""How far annotators agree, label by label."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detente.corpus.record import ADJUDICATOR, Record
from detente.labels import LABEL_IDS


@dataclass(frozen=True)
class Agreement:
    """Agreement on one label.

    Attributes:
        alpha: Krippendorff's alpha: 1 is perfect, 0 is chance; nan where it is undefined.
        raw: Share of agreeing pairs of votes, 0 to 1, the mean over sentences; nan without such a sentence.
        sentences: Number of sentences that two annotators or more voted on, on which both stand.
    """

    alpha: float
    raw: float
    sentences: int


def agreement(records: Sequence[Record]) -> dict[str, Agreement]:
    """Agreement of the annotators per label.

    An annotator with no entry in ``votes`` did not see the sentence. The adjudicator, who sees only what annotators
    differ on and decides it, is not counted.
    """
    votes = [[given for name, given in record.votes.items() if name != ADJUDICATOR] for record in records]
    total = np.array([len(given) for given in votes])
    result = {}
    for label in LABEL_IDS:
        positive = np.array([sum(label in labels for labels in given) for given in votes])
        result[label] = Agreement(
            alpha=krippendorff_alpha(positive, total),
            raw=raw_agreement(positive, total),
            sentences=int((total >= 2).sum()),
        )
    return result


def krippendorff_alpha(positive: np.ndarray, total: np.ndarray) -> float:
    """Krippendorff's alpha for yes-or-no votes by any number of coders, also with gaps (Krippendorff 2018, chapter 12).

    A unit with m votes, p of them yes, adds 2p(m − p)/(m − 1) disagreements; alpha is one minus their share over the
    share expected if all votes were dealt out anew. Units with fewer than two votes compare nothing and are left out.

    Args:
        positive: Yes votes per unit, ``[unit]``.
        total: Votes per unit, ``[unit]``.

    Returns:
        At most 1; nan if all votes are equal, since agreement then cannot be told from a lack of variation.
    """
    positive, total = _pairable(positive, total)
    votes, yes = total.sum(), positive.sum()
    if yes in (0, votes):
        return float("nan")
    observed = (2 * positive * (total - positive) / (total - 1)).sum() / votes
    expected = 2 * yes * (votes - yes) / (votes * (votes - 1))
    return float(1 - observed / expected)


def raw_agreement(positive: np.ndarray, total: np.ndarray) -> float:
    """Share of the pairs of votes on a unit that agree, averaged over units with two votes or more; nan without any."""
    positive, total = _pairable(positive, total)
    if not total.size:
        return float("nan")
    disagreeing = 2 * positive * (total - positive) / (total * (total - 1))
    return float(1 - disagreeing.mean())


def _pairable(positive: np.ndarray, total: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return positive[total >= 2], total[total >= 2]
