"""The suite praises a model that reads, and names what an unfair, a shouting-deaf or a silent one gets wrong."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from detente.corpus.actor_nouns import Actor
from detente.evaluation.behaviour.cases import DirectionalTest, FunctionalTest
from detente.evaluation.behaviour.report import Invariance, Rate
from detente.evaluation.behaviour.suite import Suite, run_suite
from detente.evaluation.behaviour.swaps import Frame, fill_frames
from detente.evaluation.trained import Labelling
from detente.project import find_root

ACTORS = [Actor(name=name, kind="state", gender="f") for name in ("Chine", "France", "Russie", "Syrie")]
FRAMES = [Frame(id="strike", text="{A} bombarde {B}.", labels=["escalation"], kinds=["state"])]


@pytest.fixture
def suite() -> Suite:
    return Suite(
        functional=[
            FunctionalTest(id="raid", rule=2, text="Kiev bombarde le port.", labels=["escalation"]),
            FunctionalTest(id="rain", rule=8, text="Il pleut à Kiev.", labels=[]),
        ],
        directional=[
            DirectionalTest.model_validate(
                {
                    "id": "denied",
                    "kind": "denial",
                    "before": "Kiev bombarde le port.",
                    "after": "Kiev nie les tirs.",
                    "label": "escalation",
                    "direction": "down",
                }
            )
        ],
        frames=FRAMES,
        filled=fill_frames(FRAMES, ACTORS, seed=1),
        held_out=frozenset(),
    )


def believing(belief: Callable[[str], float]) -> Callable[[Sequence[str]], Labelling]:
    """A model that gives `escalation` the probability `belief(text)`, every other label 0.1, and decides at 0.5."""

    def label(texts: Sequence[str]) -> Labelling:
        assert len(set(texts)) == len(texts), "a sentence is asked twice"
        probabilities = np.array([[belief(text), 0.1, 0.1, 0.1] for text in texts])
        return Labelling(probabilities, probabilities >= 0.5, np.zeros(len(texts), dtype=bool))

    return label


def reads(text: str) -> float:
    return 0.9 if "bombarde" in text.lower() else 0.2


def test_a_model_that_reads_passes_everything(suite: Suite) -> None:
    report = run_suite(believing(reads), suite, margin=0.1)
    assert all(report.outcomes.values())
    assert report.functional["all"] == Rate(2, 2)
    assert report.functional["rule 8"] == report.functional["no label"] == report.functional["frames"] == Rate(1, 1)
    assert report.invariance["actors"] == Invariance(sentences=4, flip_rate=0.0, shift=0.0)


def test_a_silent_model_is_invariant_but_wrong(suite: Suite) -> None:
    report = run_suite(believing(lambda text: 0.1), suite, margin=0.1)
    assert report.invariance["actors"].flip_rate == 0.0
    assert report.failing("functional") == ["functional/raid"]
    assert report.failing("frames") == ["frames/strike"]
    assert report.functional["all"].share == 0.5


def test_a_model_that_distrusts_one_attacker_is_found_out(suite: Suite) -> None:
    report = run_suite(believing(lambda text: 0.1 if text.startswith("La Russie") else reads(text)), suite, margin=0.1)
    assert report.invariance["actors"].flip_rate == pytest.approx(1 / 4)
    assert report.invariance["sides"] == Invariance(sentences=2, flip_rate=0.5, shift=pytest.approx(0.8 / 4 / 2))
    (failed,) = report.failing("actors")
    assert failed.startswith("actors/strike/Russie, ")
    # Mean of the frame 0.7; the sentences that name Russia get 0.1 and 0.9, so does its opponent; the others 0.9.
    assert report.spread["Russie"]["escalation"] == pytest.approx(-0.2)
    assert sorted(round(own["escalation"], 6) for own in report.spread.values()) == [-0.2, -0.2, 0.2, 0.2]


def test_actors_that_nothing_knows_are_judged_on_their_own(suite: Suite) -> None:
    suite = replace(suite, held_out=frozenset({"Syrie"}))
    report = run_suite(believing(lambda text: 0.1 if text.startswith("La Syrie") else reads(text)), suite, margin=0.1)
    # Mean of the frame 0.7; of the two sentences that name Syria one gets 0.1, the other 0.9.
    assert report.invariance["held_out_actors"] == Invariance(2, pytest.approx(0.5), pytest.approx(0.4 / 4))
    assert report.invariance["actors"] == Invariance(sentences=2, flip_rate=0.0, shift=0.0)
    assert report.invariance["sides"].sentences == 1
    (failed,) = report.failing("held_out_actors")
    assert failed.startswith("held_out_actors/strike/Syrie, ")


def test_a_model_deaf_to_capitals_fails_only_there(suite: Suite) -> None:
    report = run_suite(believing(lambda text: 0.9 if "bombarde" in text else 0.2), suite, margin=0.1)
    assert [name for name, passed in report.outcomes.items() if not passed] == ["capitals/raid"]
    assert report.invariance["capitals"] == Invariance(sentences=2, flip_rate=0.5, shift=pytest.approx(0.7 / 4 / 2))
    assert "no_spaces" not in report.invariance  # nothing in these sentences to disturb


@pytest.mark.parametrize(("margin", "passed"), [(0.6, 1), (0.8, 0)])
def test_a_move_counts_when_it_exceeds_the_margin(suite: Suite, margin: float, passed: int) -> None:
    assert run_suite(believing(reads), suite, margin).directional == {"denial": Rate(passed, 1), "all": Rate(passed, 1)}


def test_the_suite_of_the_repository_is_whole() -> None:
    suite = Suite.read(find_root() / "data" / "behaviour", seed=1)
    assert {test.rule for test in suite.functional} == set(range(1, 11))
    assert {pair.direction for pair in suite.directional} == {"up", "down"}
