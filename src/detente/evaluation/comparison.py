"""Two classifiers on the same sentences: does one do better, or is it the luck of these sentences?"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from detente.errors import UserError
from detente.evaluation.arrays import BoolArray, FloatArray, StringArray
from detente.evaluation.bootstrap import BLOCK, resampled_metrics
from detente.labels import LABEL_IDS

SIGNIFICANCE = 0.05
LEAST_SAMPLES = int(2 * len(LABEL_IDS) / SIGNIFICANCE)
"""Resamples below which not even the clearest difference is significant after Holm's correction."""


@dataclass(frozen=True)
class F1Difference:
    """F1 of two classifiers; NaN throughout where no sentence has the label.

    Attributes:
        first: Of the first classifier, in [0, 1]; `second` of the second.
        interval: 95 % interval of second minus first.
        p: Two-sided p of the hypothesis that the difference is 0.
        p_holm: `p` after Holm's correction over the labels; for macro, a question of its own, `p` itself.
    """

    first: float
    second: float
    interval: tuple[float, float]
    p: float
    p_holm: float


@dataclass(frozen=True)
class McNemar:
    """Right and wrong decisions of two classifiers about one label.

    Attributes:
        only_first: Sentences that the first alone decides rightly, McNemar's b.
        only_second: Sentences that the second alone decides rightly, McNemar's c.
        p: Exact two-sided p of the hypothesis that both kinds are equally likely.
        p_holm: `p` after Holm's correction over the labels.
    """

    only_first: int
    only_second: int
    p: float
    p_holm: float


def f1_differences(
    truth: BoolArray, first: BoolArray, second: BoolArray, documents: StringArray, *, samples: int, seed: int
) -> dict[str, F1Difference]:
    """Paired document bootstrap: both classifiers are scored on the same draws of whole documents.

    The interval is the percentile interval, and p the level at which it would end at 0 (Efron and Tibshirani 1993, "An
    Introduction to the Bootstrap", chapter 13 and section 15.4). One resample more is counted against the difference,
    so that p is never 0; resamples without a true sentence do not count.

    Args:
        truth: [sentence, label], as are the decisions of the `first` and the `second` classifier.
        documents: The document of each sentence [sentence].
        samples: Number of resamples, at least 1; `LEAST_SAMPLES` for anything to be significant.
        seed: Equal seeds give equal results, and the draws of `document_bootstrap`.

    Returns:
        Label id, and last ``macro``, to the difference.

    Raises:
        UserError: Fewer than two documents, from which no spread can be learnt.
    """
    ids, document_index = np.unique(documents, return_inverse=True)
    if len(ids) < 2:
        raise UserError(f"a comparison resamples whole documents and needs at least 2; the data hold {ids.tolist()}")
    draws = np.random.default_rng(seed).multinomial(len(ids), np.full(len(ids), 1 / len(ids)), size=samples)
    # The first block draws every document once: the sample itself.
    blocks = [np.ones((1, len(ids)), dtype=draws.dtype), *np.array_split(draws, -(-samples // BLOCK))]

    def f1(decisions: BoolArray) -> dict[str, FloatArray]:
        probabilities = decisions.astype(np.float64)  # any would do: F1 ignores them
        scored = [resampled_metrics(truth, decisions, probabilities, document_index, block) for block in blocks]
        return {name: np.concatenate([block[f"{name}/f1"] for block in scored]) for name in (*LABEL_IDS, "macro")}

    f1_first, f1_second = f1(first), f1(second)
    spread = {name: _interval_and_p(f1_second[name][1:] - f1_first[name][1:]) for name in f1_first}
    p_holm = {"macro": spread["macro"][1]} | holm({label: spread[label][1] for label in LABEL_IDS})
    return {
        name: F1Difference(float(f1_first[name][0]), float(f1_second[name][0]), interval, p, p_holm[name])
        for name, (interval, p) in spread.items()
    }


def mcnemar(truth: BoolArray, first: BoolArray, second: BoolArray) -> dict[str, McNemar]:
    """McNemar's exact test per label (McNemar 1947, Psychometrika 12), a sign test on the sentences only one has right.

    It takes sentences as independent; where those of one article are alike, p is smaller than it should be.
    All arrays are [sentence, label].
    """
    from scipy.stats import binomtest

    only_first = ((first == truth) & (second != truth)).sum(axis=0).tolist()
    only_second = ((first != truth) & (second == truth)).sum(axis=0).tolist()
    counts = dict(zip(LABEL_IDS, zip(only_first, only_second, strict=True), strict=True))
    p = {label: float(binomtest(b, b + c).pvalue) if b + c else 1.0 for label, (b, c) in counts.items()}
    p_holm = holm(p)
    return {label: McNemar(b, c, p[label], p_holm[label]) for label, (b, c) in counts.items()}


def holm(p: Mapping[str, float]) -> dict[str, float]:
    """Step-down correction for asking several questions at once (Holm 1979, Scand. J. Statist. 6); NaN was not asked."""
    asked = sorted((value, name) for name, value in p.items() if not math.isnan(value))
    corrected, highest = dict.fromkeys(p, math.nan), 0.0
    for rank, (value, name) in enumerate(asked):
        highest = max(highest, min(1.0, (len(asked) - rank) * value))
        corrected[name] = highest
    return corrected


def _interval_and_p(differences: FloatArray) -> tuple[tuple[float, float], float]:
    """Percentile interval and two-sided p over the resamples in which the difference is defined."""
    defined = differences[~np.isnan(differences)]
    if not len(defined):
        return (math.nan, math.nan), math.nan
    low, high = np.percentile(defined, [2.5, 97.5])
    rarer_side = min(np.sum(defined <= 0), np.sum(defined >= 0))
    return (float(low), float(high)), float(min(1.0, 2 * (rarer_side + 1) / (len(defined) + 1)))
