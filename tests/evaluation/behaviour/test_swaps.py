"""Frames and actors of the repository make sentences in which everybody stands on both sides."""

import re
from collections import Counter
from pathlib import Path

import pytest

from detente.corpus.actor_nouns import Actor
from detente.corpus.entries import read_yaml
from detente.errors import UserError
from detente.evaluation.behaviour.swaps import Frame, fill_frames
from detente.labels import LABEL_IDS
from detente.project import find_root

FOLDER = find_root() / "data" / "behaviour"


@pytest.fixture(scope="module")
def actors() -> list[Actor]:
    return read_yaml(FOLDER / "actors.yaml", Actor, key="name")


@pytest.fixture(scope="module")
def frames() -> list[Frame]:
    return read_yaml(FOLDER / "swaps.yaml", Frame)


def test_every_label_and_none_has_ten_frames(frames: list[Frame]) -> None:
    counts = Counter(label for frame in frames for label in frame.labels or ["none"])
    assert min(counts[label] for label in (*LABEL_IDS, "none")) >= 10


def test_no_sentence_breaks_french_elision_or_contraction(frames: list[Frame], actors: list[Actor]) -> None:
    wrong = re.compile(r"\b(de les?|à les?|que [aeiouéîAEIOUÉÎ]|de [AEIOUÉÎ]|la [AEIOUÉ]|le [AEIOUÉ])\b|[{}\[\]|]|  ")
    for sentences in fill_frames(frames, actors, seed=3).values():
        for text in sentences.values():
            assert not wrong.search(text), text
            assert text[0].isupper() or text.startswith("« "), text
            assert text.endswith("."), text


def test_both_sides_are_taken_once_by_each_actor(frames: list[Frame], actors: list[Actor]) -> None:
    even = actors[:20]
    sentences = fill_frames([frame for frame in frames if frame.id == "truce-violated"], even, seed=1)["truce-violated"]
    assert all(pair[::-1] in sentences for pair in sentences)
    assert Counter(first for first, _ in sentences) == Counter(actor.name for actor in even)


def test_an_odd_one_out_meets_somebody_else(frames: list[Frame], actors: list[Actor]) -> None:
    sentences = fill_frames(frames, actors[:7], seed=1)["trade"]
    assert {actor for pair in sentences for actor in pair} == {actor.name for actor in actors[:7]}
    assert all(first != second for first, second in sentences)


def test_a_frame_draws_alike_whatever_stands_beside_it(frames: list[Frame], actors: list[Actor]) -> None:
    alone = fill_frames(frames[-1:], actors, seed=5)
    assert fill_frames(frames, actors, seed=5)[frames[-1].id] == alone[frames[-1].id]
    assert fill_frames(frames[-1:], actors, seed=6) != alone


def test_too_few_actors_for_a_frame(frames: list[Frame], actors: list[Actor]) -> None:
    with pytest.raises(UserError, match="1 actors of kinds"):
        fill_frames([frame for frame in frames if frame.id == "trade"], actors[:1], seed=1)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("{id: x, labels: [], text: 'Il pleut.'}", r"swaps.yaml:1: key 'text', value 'Il pleut.': names no actor A"),
        ("{id: x, labels: [peace], text: '{A} parle.'}", r"swaps.yaml:1: key 'labels'.*unknown label 'peace'"),
        ("{id: x, labels: [], text: 'Il pleut {en A}.'}", r"swaps.yaml:1: .*only a state is one"),
        ("{id: x, labels: [], texte: '{A} parle.'}", r"missing key 'text'.*unknown key 'texte'.*the keys are id, text"),
        ("{id: x", r"swaps.yaml: not readable as YAML"),
    ],
)
def test_a_malformed_frame_is_named_with_its_place(tmp_path: Path, entry: str, message: str) -> None:
    file = tmp_path / "swaps.yaml"
    file.write_text(f"- {entry}\n", encoding="utf-8")
    with pytest.raises(UserError, match=message):
        read_yaml(file, Frame)
