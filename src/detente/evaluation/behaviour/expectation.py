"""Tests that say what must come out: the labels of a sentence (MFT), the direction in which an edit moves it (DIR)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from detente.evaluation.behaviour.answers import Answers
from detente.evaluation.behaviour.cases import DirectionalTest, FunctionalTest
from detente.evaluation.behaviour.report import Outcomes, Rate
from detente.evaluation.behaviour.swaps import Filled, Frame
from detente.labels import LABEL_IDS


def judge_functional(tests: Sequence[FunctionalTest], answers: Answers) -> tuple[dict[str, Rate], Outcomes]:
    """Judges whether each sentence gets exactly its labels.

    Returns:
        Pass rates by rule, by each label that a sentence earns, of the sentences that earn none, and of all; and the
        outcome of each test.
    """
    outcomes = {f"functional/{test.id}": answers.labels[test.text] == set(test.labels) for test in tests}
    groups = (
        (group, outcomes[f"functional/{test.id}"])
        for test in tests
        for group in (f"rule {test.rule}", *(test.labels or ["no label"]), "all")
    )
    return _rates(groups), outcomes


def judge_frames(
    frames: Sequence[Frame], filled: Mapping[str, Filled], answers: Answers
) -> tuple[dict[str, Rate], Outcomes]:
    """Judges whether most sentences of a frame get exactly its labels: invariance alone would praise a silent model.

    Returns:
        The pass rate, as ``frames``; and the outcome of each frame.
    """
    outcomes = {f"frames/{frame.id}": answers.majority(filled[frame.id].values()) == set(frame.labels) for frame in frames}
    return _rates(("frames", passed) for passed in outcomes.values()), outcomes


def judge_directional(tests: Sequence[DirectionalTest], answers: Answers, margin: float) -> tuple[dict[str, Rate], Outcomes]:
    """Judges whether each edit moves the probability of its label as stated, by more than ``margin``.

    Returns:
        Pass rates by kind of edit and of all; and the outcome of each test.
    """
    outcomes = {}
    for test in tests:
        column = LABEL_IDS.index(test.label)
        rise = answers.probabilities[test.after][column] - answers.probabilities[test.before][column]
        outcomes[f"directional/{test.id}"] = bool((rise if test.direction == "up" else -rise) > margin)
    groups = ((group, outcomes[f"directional/{test.id}"]) for test in tests for group in (test.kind, "all"))
    return _rates(groups), outcomes


def _rates(judged: Iterable[tuple[str, bool]]) -> dict[str, Rate]:
    groups: dict[str, list[bool]] = defaultdict(list)
    for group, passed in judged:
        groups[group].append(passed)
    return {group: Rate(passed=sum(outcomes), tested=len(outcomes)) for group, outcomes in groups.items()}
