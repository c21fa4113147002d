"""Tests that say what must not change the answer (INV): typography, who acts, and who stands on which side."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np

from detente.evaluation.arrays import FloatArray
from detente.evaluation.behaviour.answers import Answers
from detente.evaluation.behaviour.cases import FunctionalTest
from detente.evaluation.behaviour.report import Invariance, Outcomes
from detente.evaluation.behaviour.swaps import Filled
from detente.labels import LABEL_IDS
from detente.text.typography import NOISES


def judge_noise(name: str, tests: Sequence[FunctionalTest], answers: Answers) -> tuple[Invariance | None, Outcomes]:
    """Compares sentences under one kind of noise with the sentences undisturbed.

    Returns:
        The invariance over the sentences that the noise changes, None where it changes none; and the outcome of each.
    """
    pairs = {f"{name}/{test.id}": (test.text, NOISES[name](test.text)) for test in tests}
    return _compare({key: pair for key, pair in pairs.items() if pair[0] != pair[1]}, answers)


def judge_sides(filled: Mapping[str, Filled], answers: Answers) -> tuple[Invariance | None, Outcomes]:
    """Compares each sentence of two actors with its mirror image, (A, B) with (B, A).

    Returns:
        The invariance over such pairs, None without any; and the outcome of each pair.
    """
    pairs = {
        f"sides/{frame}/{', '.join(actors)}": (text, sentences[actors[::-1]])
        for frame, sentences in filled.items()
        for actors, text in sentences.items()
        if actors < actors[::-1]
    }
    return _compare(pairs, answers)


def judge_actors(
    name: str, filled: Mapping[str, Filled], answers: Answers, naming: Collection[str] | None = None
) -> tuple[Invariance | None, Outcomes]:
    """Compares each sentence with the others of its frame: with their most frequent label set and mean probabilities.

    Args:
        name: Of the invariance, with which the names of the outcomes begin.
        filled: Frame id to its sentences.
        answers: To all of them.
        naming: Judges only the sentences that name one of these actors; None for all.

    Returns:
        The invariance over the judged sentences, None without any; and the outcome of each.
    """
    outcomes: Outcomes = {}
    shifts: list[FloatArray] = []
    for frame, sentences in filled.items():
        majority, deviations = answers.majority(sentences.values()), _deviations(sentences, answers)
        for actors, text in sentences.items():
            if naming is None or not set(actors).isdisjoint(naming):
                outcomes[f"{name}/{frame}/{', '.join(actors)}"] = answers.labels[text] == majority
                shifts.append(deviations[actors])
    return _invariance(outcomes, shifts), outcomes


def actor_spread(filled: Mapping[str, Filled], answers: Answers) -> dict[str, dict[str, float]]:
    """Actor to label to the mean deviation, in [-1, 1], of the sentences that name it from the means of their frames.

    Above 0: the model believes in the label more readily because of that name, on whichever side it stands.
    """
    of_actor: dict[str, list[FloatArray]] = defaultdict(list)
    for sentences in filled.values():
        for actors, deviation in _deviations(sentences, answers).items():
            for actor in actors:
                of_actor[actor].append(deviation)
    means = {actor: np.mean(deviations, axis=0) for actor, deviations in sorted(of_actor.items())}
    return {actor: dict(zip(LABEL_IDS, mean.tolist(), strict=True)) for actor, mean in means.items()}


def _deviations(sentences: Filled, answers: Answers) -> dict[tuple[str, ...], FloatArray]:
    """Probabilities of each sentence less the mean of them all, ``[label]``."""
    mean = np.mean([answers.probabilities[text] for text in sentences.values()], axis=0)
    return {actors: answers.probabilities[text] - mean for actors, text in sentences.items()}


def _compare(pairs: Mapping[str, tuple[str, str]], answers: Answers) -> tuple[Invariance | None, Outcomes]:
    outcomes = {key: answers.labels[one] == answers.labels[other] for key, (one, other) in pairs.items()}
    shifts = [answers.probabilities[other] - answers.probabilities[one] for one, other in pairs.values()]
    return _invariance(outcomes, shifts), outcomes


def _invariance(outcomes: Outcomes, shifts: Iterable[FloatArray]) -> Invariance | None:
    if not outcomes:
        return None
    return Invariance(
        sentences=len(outcomes),
        flip_rate=1 - sum(outcomes.values()) / len(outcomes),
        shift=float(np.mean([np.abs(shift).mean() for shift in shifts])),
    )
