"""The figures of the corpus show what was counted."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from detente.corpus.agreement import Agreement
from detente.corpus.record import Record
from detente.corpus.style import Shape
from detente.errors import UserError
from detente.evaluation.corpus_figures import (
    contrast_pairs,
    plot_agreement,
    plot_contrast_pairs,
    plot_cooccurrence,
    plot_decades,
    plot_label_shares,
    plot_label_sizes,
    plot_lengths,
)
from detente.labels import LABEL_IDS

TRUTH = np.array([[1, 0, 1, 0], [1, 0, 0, 0], [0, 0, 0, 0], [0, 1, 0, 0]], dtype=bool)


def texts_of(panel: Any) -> list[str]:
    return [text.get_text() for text in panel.texts]


def record(identifier: str, labels: list[str], rule: int, contrast: str | None) -> Record:
    common = {"votes": {}, "document": "d", "genre": "history", "year": 1999, "region": "asia", "origin": "written"}
    return Record(id=identifier, text="Rien.", labels=labels, rule=rule, contrast=contrast, **common)


def test_sizes_name_each_label_then_none_and_several() -> None:
    shown = texts_of(plot_label_sizes(TRUTH).axes[0])
    assert shown == ["2  (50%)", "1  (25%)", "1  (25%)", "0  (0%)", "1  (25%)", "1  (25%)"]


@pytest.mark.parametrize(("largest_first", "rows"), [(True, ["b c  (3)", "a  (1)"]), (False, ["a  (1)", "b c  (3)"])])
def test_shares_are_within_each_group(largest_first: bool, rows: list[str]) -> None:
    frame = pd.DataFrame(TRUTH, columns=list(LABEL_IDS)).assign(genre=["a", "b_c", "b_c", "b_c"])
    panels = plot_label_shares(frame, "genre", largest_first).axes
    assert [tick.get_text() for tick in panels[0].get_yticklabels()] == rows
    expected = {"b c  (3)": "33%", "a  (1)": "100%"}
    assert texts_of(panels[0]) == [expected[row] for row in rows]


def test_decades_are_counted_in_order_of_time() -> None:
    panel = plot_decades(pd.DataFrame({"year": [2003, 1949, 1940, 2009, 1999]})).axes[0]
    assert [tick.get_text() for tick in panel.get_xticklabels()] == ["1940s", "1990s", "2000s"]
    assert texts_of(panel) == ["2", "1", "2"]


def test_lengths_stand_above_those_of_real_prose_where_they_are_known() -> None:
    texts = ["un deux trois", "un deux", "un deux trois quatre"]
    assert len(plot_lengths(texts, None).axes) == 1
    real = Shape(10, {"10": 9, "25": 15, "50": 22, "75": 31, "90": 43}, {})
    upper, lower = plot_lengths(texts, real).axes
    assert sum(patch.get_height() for patch in upper.patches) == pytest.approx(1)
    drawn = [list(line.get_xdata()) for line in lower.lines]
    assert drawn[3:] == [[9, 43], [15, 31], [22]]  # below the three of ours: line, bar, dot


def test_cooccurrence_counts_both_and_on_the_diagonal_one_alone() -> None:
    cells = texts_of(plot_cooccurrence(TRUTH).axes[0])
    assert cells[0] == "alone\n1  (50%)" and cells[2] == "1  (50%)" and cells[8] == "1  (100%)"
    assert cells[15] == "alone\n0  (0%)"


def test_agreement_shows_alpha() -> None:
    found = {label: Agreement(alpha, 0.9, 12) for label, alpha in zip(LABEL_IDS, (0.5, 0.61, 0.7, 0.85), strict=True)}
    panel = plot_agreement(found).axes[0]
    assert texts_of(panel)[2:] == ["0.50", "0.61", "0.70", "0.85"]
    assert "12 sentences" in panel.get_xlabel()
    with pytest.raises(UserError, match="two votes"):
        plot_agreement(dict.fromkeys(LABEL_IDS, Agreement(float("nan"), float("nan"), 0)))


def test_a_pair_that_names_each_other_counts_once_and_stands_with_its_rule() -> None:
    records = [
        record("c", [], 2, "d"),
        record("d", [], 2, None),
        record("a", ["escalation"], 1, "b"),
        record("b", [], 1, "a"),
    ]
    pairs = contrast_pairs(records)
    assert [(one.id, two.id) for one, two in pairs] == [("a", "b"), ("c", "d")]
    turned, kept = plot_contrast_pairs(pairs).axes[0].containers
    assert [bar.get_height() for bar in turned] == [1, 0] and [bar.get_height() for bar in kept] == [0, 1]
    with pytest.raises(UserError, match="no contrast sets"):
        plot_contrast_pairs([])
