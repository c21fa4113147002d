"""The table of an article in the terminal: literal text, labels in words and percent, one line that sums up."""

import re

import numpy as np
import pytest
from rich.console import Console

from detente.bundle.terminal import article_table, summary

SENTENCES = [
    "Moscou menace « de riposter », dit [red]Kiev[/red] [/].",
    "Voir https://www.exemple.fr/" + "a" * 200,
    "La trêve\ntient \x1b[31mtoujours 🇺🇦.",
]
PROBABILITIES = np.array([[0.97, 0, 0.866, 0.914], [0.1] * 4, [0, 0.998, 0, 0]])
DECISIONS = PROBABILITIES > 0.5
REVIEW = np.array([False, True, False])


def render(what, width=80, colour=False):
    console = Console(width=width, force_terminal=colour, color_system="truecolor" if colour else None)
    with console.capture() as capture:
        console.print(what)
    return capture.get()


@pytest.mark.parametrize("width", [80, 120])
def test_every_row_has_number_sentence_labels_and_mark_without_colour(width):
    shown = render(article_table(SENTENCES, PROBABILITIES, DECISIONS, REVIEW), width)
    assert max(map(len, shown.splitlines())) <= width
    plain = re.sub(r"\s+", " ", shown)
    for label in ("escalade 97 %", "accusation 87 %", "offre diplomatique 91 %", "désescalade 100 %"):
        assert label in plain
    unsure = [line for line in shown.splitlines() if line.rstrip().endswith("?")]
    assert len(unsure) == 1 and unsure[0].split()[:2] == ["2", "Voir"]


def test_markup_and_control_characters_in_a_sentence_are_only_text():
    shown = render(article_table(SENTENCES, PROBABILITIES, DECISIONS, REVIEW), 120)
    assert "« de riposter », dit [red]Kiev[/red] [/]." in shown
    assert "\x1b" not in shown and "La trêve tient [31mtoujours 🇺🇦." in shown


def test_a_long_word_is_folded_and_not_cut():
    assert render(article_table(SENTENCES, PROBABILITIES, DECISIONS, REVIEW)).count("a") > 200


def test_labels_have_their_colour():
    shown = render(article_table(SENTENCES, PROBABILITIES, DECISIONS, REVIEW), colour=True)
    assert "\x1b[1;38;2;213;94;0mescalade" in shown  # #d55e00


def test_the_summary_counts():
    assert summary(DECISIONS, REVIEW).plain == (
        "3 sentences · escalade 1 · désescalade 1 · accusation 1 · offre diplomatique 1 · ? to review 1"
    )
    assert summary(DECISIONS[:1], REVIEW[:1]).plain.startswith("1 sentence ·")
