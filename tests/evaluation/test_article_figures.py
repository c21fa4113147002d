"""Articles as figures: a sentence a row, a week a bar, an actor a row and a column."""

import matplotlib.colors
import numpy as np
import pandas as pd
import pytest
from matplotlib.dates import date2num

from detente.errors import UserError
from detente.evaluation.article_figures import count_dyads, plot_article, plot_dyads, plot_timeline
from detente.evaluation.trained import Labelling
from detente.labels import LABELS

NAMED = [["Brésil", "Chili", "OEA"], ["Chili"], [], ["Chili", "Brésil"], ["Brésil", "Chili"]]


def test_an_article_shows_probabilities_labels_and_review() -> None:
    probabilities = np.array([[0.9, 0.1, 0.2, 0.04], [0.3, 0.0, 0.0, 1.0]])
    labelling = Labelling(probabilities, probabilities > 0.5, np.array([False, True]))
    panel = plot_article(["Un $ et un autre $.", "Deux « mots » ; trois."], labelling).axes[0]
    shown = [text.get_text() for text in panel.texts]
    assert [text for text in shown if text.endswith("%")] == ["90%", "10%", "20%", "4%", "30%", "0%", "0%", "100%"]
    assert "Un $ et un autre $." in shown and shown.count("?") == 1
    bold = [text.get_text() for text in panel.texts if text.get_fontweight() == "bold" and text.get_text().endswith("%")]
    assert bold == ["90%", "100%"]
    white = [matplotlib.colors.to_hex(cell.get_facecolor()[0]) == "#ffffff" for cell in panel.collections]
    assert white == [False, True, True, True, True, True, True, False]


def test_a_line_breaks_at_no_guillemet() -> None:
    labelling = Labelling(np.zeros((1, 4)), np.zeros((1, 4), dtype=bool), np.zeros(1, dtype=bool))
    sentence = " ".join(["« mot »", "mot !"] * 40)
    lines = max((text.get_text() for text in plot_article([sentence], labelling).axes[0].texts), key=len).split("\n")
    assert len(lines) > 3
    assert not any(line.startswith(("»", "!")) or line.endswith("«") for line in lines)


def test_weeks_run_from_monday_to_sunday_and_empty_ones_count() -> None:
    dates = pd.DatetimeIndex(["2031-02-03", "2031-02-09", "2031-02-10", "2031-02-24"])  # Monday, Sunday, Monday, Monday
    decisions = np.array([[1, 0, 0, 0], [1, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 1]], dtype=bool)
    upper, lower = plot_timeline(dates, decisions).axes
    assert [[bar.get_height() for bar in bars] for bars in upper.containers] == [
        [2, 0, 0, 0],
        [0, 1, 0, 0],
        [1, 0, 0, 0],
        [0, 0, 0, 1],
    ]
    assert upper.containers[2][0].get_y() == 2  # stacked
    assert lower.lines[-1].get_ydata().tolist() == [2, -1, 0, 0]
    middle = upper.containers[0][0].get_x() + upper.containers[0][0].get_width() / 2
    assert middle == date2num(np.datetime64("2031-02-06T12"))


def test_no_sentences_are_a_user_error() -> None:
    with pytest.raises(UserError, match="no dated sentences"):
        plot_timeline(pd.DatetimeIndex([]), np.zeros((0, 4), dtype=bool))


def test_the_first_actor_is_set_against_each_later_one() -> None:
    given = np.array([True, True, True, True, False])
    assert count_dyads(NAMED, given) == {("Brésil", "Chili"): 1, ("Brésil", "OEA"): 1, ("Chili", "Brésil"): 1}


def test_each_label_has_its_matrix_over_the_same_actors() -> None:
    decisions = np.zeros((5, 4), dtype=bool)
    decisions[[0, 4], 2] = decisions[3, 0] = True
    accusation, escalation = plot_dyads(NAMED, decisions, [LABELS[2], LABELS[0]], most=2).axes
    rows = [tick.get_text() for tick in accusation.get_yticklabels()]
    assert rows == ["Brésil", "Chili"]  # the OEA is the third, and two were asked for
    assert [(text.get_position(), text.get_text()) for text in accusation.texts] == [((1, 0), "2")]
    assert [(text.get_position(), text.get_text()) for text in escalation.texts] == [((0, 1), "1")]


def test_no_pair_of_actors_is_a_user_error() -> None:
    with pytest.raises(UserError, match="names two actors"):
        plot_dyads(NAMED, np.zeros((5, 4), dtype=bool), LABELS)
