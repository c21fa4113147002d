"""The behavioural suite: its tests as they are read, and their run on whatever labels sentences."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from detente.corpus.actor_nouns import Actor
from detente.corpus.entries import read_jsonl, read_yaml
from detente.evaluation.behaviour.answers import Answers, Labeller
from detente.evaluation.behaviour.cases import DirectionalTest, FunctionalTest
from detente.evaluation.behaviour.expectation import judge_directional, judge_frames, judge_functional
from detente.evaluation.behaviour.invariance import actor_spread, judge_actors, judge_noise, judge_sides
from detente.evaluation.behaviour.report import BehaviourReport
from detente.evaluation.behaviour.swaps import Filled, Frame, fill_frames
from detente.text.typography import NOISES


@dataclass(frozen=True)
class Suite:
    """The tests, read and filled.

    Attributes:
        functional: Minimum functionality tests; invariance to typography disturbs the same sentences.
        directional: Directional expectation tests.
        frames: The frames of actor swaps.
        filled: Frame id to its sentences.
        held_out: Names of the actors that neither training nor the list of stand-ins knows.
    """

    functional: Sequence[FunctionalTest]
    directional: Sequence[DirectionalTest]
    frames: Sequence[Frame]
    filled: Mapping[str, Filled]
    held_out: frozenset[str]

    @classmethod
    def read(cls, folder: Path, seed: int) -> "Suite":
        """Reads the four files of a folder and puts actors into the frames; `seed` draws who meets whom.

        Raises:
            UserError: A file is missing or malformed, or a frame finds too few actors.
        """
        frames, actors = read_yaml(folder / "swaps.yaml", Frame), read_yaml(folder / "actors.yaml", Actor, key="name")
        return cls(
            functional=read_jsonl(folder / "functional.jsonl", FunctionalTest),
            directional=read_jsonl(folder / "directional.jsonl", DirectionalTest),
            frames=frames,
            filled=fill_frames(frames, actors, seed),
            held_out=frozenset(actor.name for actor in actors if actor.held_out),
        )

    def texts(self) -> Iterator[str]:
        """Every sentence that some test needs labelled; some come more than once."""
        for test in self.functional:
            yield test.text
            yield from (noise(test.text) for noise in NOISES.values())
        for pair in self.directional:
            yield from (pair.before, pair.after)
        for sentences in self.filled.values():
            yield from sentences.values()


def run_suite(label: Labeller, suite: Suite, margin: float) -> BehaviourReport:
    """Labels every sentence of the suite and judges the answers.

    Args:
        label: Gives calibrated probabilities and decisions, as `TrainedModel.label` does; called once.
        suite: The tests.
        margin: By how much a probability must move, at least 0, for a directional test to pass.
    """
    answers = Answers(label, suite.texts())
    functional, outcomes = judge_functional(suite.functional, answers)
    frames, of_frames = judge_frames(suite.frames, suite.filled, answers)
    directional, of_directional = judge_directional(suite.directional, answers, margin)
    listed = {
        frame: known
        for frame, sentences in suite.filled.items()
        if (known := {actors: text for actors, text in sentences.items() if suite.held_out.isdisjoint(actors)})
    }
    judged = {
        "actors": judge_actors("actors", listed, answers),
        "held_out_actors": judge_actors("held_out_actors", suite.filled, answers, suite.held_out),
        "sides": judge_sides(listed, answers),
    }
    judged |= {name: judge_noise(name, suite.functional, answers) for name in NOISES}
    for _, of_change in judged.values():
        outcomes |= of_change
    return BehaviourReport(
        functional=functional | frames,
        invariance={name: invariance for name, (invariance, _) in judged.items() if invariance is not None},
        directional=directional,
        spread=actor_spread(suite.filled, answers),
        outcomes=outcomes | of_frames | of_directional,
    )
