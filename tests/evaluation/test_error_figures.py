"""Errors are counted where they are."""

import numpy as np
import pytest

from detente.errors import UserError
from detente.evaluation.error_figures import (
    given_instead,
    group_errors,
    plot_given_instead,
    plot_group_errors,
    plot_label_errors,
)

TRUTH = np.array([[1, 0, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0]], dtype=bool)
GIVEN = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 0, 0]], dtype=bool)


def test_groups_keep_their_order_and_have_wilson_intervals() -> None:
    table = group_errors(["long", "short", "long", "long"], np.array([True, False, False, False]))
    assert list(table.index) == ["long", "short"]
    assert table["sentences"].tolist() == [3, 1] and table["wrong"].tolist() == [1, 0]
    assert table["share"].tolist() == pytest.approx([1 / 3, 0])
    assert table["low"].tolist() == pytest.approx([0.0615, 0], abs=1e-4)
    assert table["high"].tolist() == pytest.approx([0.7923, 0.7935], abs=1e-4)


def test_each_grouping_is_a_block_with_its_sizes() -> None:
    wrong = np.array([True, False, False])
    tables = {"Genre": group_errors(["un_eu_document", "history", "history"], wrong), "Rule": group_errors(["1"] * 3, wrong)}
    blocks = plot_group_errors(tables, 1 / 3).axes
    assert [block.get_title(loc="left") for block in blocks] == ["Genre", "Rule"]
    assert [tick.get_text() for tick in blocks[0].get_yticklabels()] == ["un eu document  (1)", "history  (2)"]
    assert blocks[0].collections[-1].get_offsets().tolist() == [[1, 0], [0, 1]]


def test_nothing_to_group_is_a_user_error() -> None:
    with pytest.raises(UserError, match="no group"):
        plot_group_errors({}, 0.5)


def test_bars_tell_found_missed_and_given_wrongly() -> None:
    found, missed, wrong = plot_label_errors(TRUTH, GIVEN).axes[0].containers[:3]
    assert [bar.get_width() for bar in found] == [1, 0, 0, 0]
    assert [bar.get_width() for bar in missed] == [1, 0, 1, 0]
    assert [bar.get_width() for bar in wrong] == [0, 1, 0, 1]
    assert [bar.get_x() for bar in wrong] == [2, 0, 1, 0]


def test_what_is_missed_meets_what_is_given() -> None:
    counts = given_instead(TRUTH, GIVEN)
    expected = np.zeros((5, 5), dtype=int)
    expected[0, 1] = 1  # escalation missed, de-escalation given
    expected[2, 4] = 1  # accusation missed, nothing given
    expected[4, 3] = 1  # nothing missed, offer given
    expected[4, 4] = 2  # right
    assert counts.tolist() == expected.tolist()
    cells = [text.get_text() for text in plot_given_instead(TRUTH, GIVEN).axes[0].texts]
    assert cells == ["1", "1", "1"]
