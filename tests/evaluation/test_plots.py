"""The figures: what they show, and that equal data give equal files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente.errors import UserError
from detente.evaluation.plots import plot_confusion, plot_precision_recall, plot_reliability, save_figure
from detente.labels import LABELS

TITLES = [label.french for label in LABELS]


@pytest.fixture
def sample(scored: Callable[..., Any]) -> Any:
    return scored(100, seed=11)


def test_confusion_shows_counts_and_shares_of_the_row() -> None:
    truth = np.zeros((10, 4), dtype=bool)
    truth[:4, 0] = True
    decisions = np.zeros_like(truth)
    decisions[:3, 0] = decisions[9, 0] = True
    panels = plot_confusion(truth, decisions).axes
    assert [panel.get_title() for panel in panels] == TITLES
    assert [text.get_text() for text in panels[0].texts] == ["5", "83%", "1", "17%", "1", "25%", "3", "75%"]


def test_precision_recall_names_each_label_with_its_average_precision(sample: Any) -> None:
    truth = sample.truth.copy()
    truth[:, 0], truth[:, 2] = sample.logits[:, 0] > 0, False
    legend = plot_precision_recall(truth, sample.probabilities, np.full(4, 0.5)).axes[0].get_legend()
    names = [text.get_text() for text in legend.get_texts()]
    assert names[0] == "escalade: AP 1.00"
    assert names[2] == "accusation: never present"


def test_precision_recall_marks_the_operating_point(sample: Any) -> None:
    panel = plot_precision_recall(sample.truth, sample.probabilities, np.full(4, 0.5)).axes[0]
    given, true = sample.probabilities[:, 0] >= 0.5, sample.truth[:, 0]
    expected = [(given & true).sum() / true.sum(), (given & true).sum() / given.sum()]
    points = [line.get_xydata()[0].tolist() for line in panel.lines if len(line.get_xdata()) == 1]
    assert points[0] == pytest.approx(expected)


def test_reliability_has_one_point_a_bin(sample: Any) -> None:
    panels = plot_reliability(sample.truth, sample.probabilities, bins=5).axes
    assert [panel.get_title() for panel in panels] == TITLES
    predicted = np.sort(sample.probabilities[:, 1]).reshape(5, 20).mean(axis=1)
    assert panels[1].containers[0].lines[0].get_xdata() == pytest.approx(predicted)


def test_equal_figures_are_equal_files(tmp_path: Path, sample: Any) -> None:
    for name in ("a.png", "b.png"):
        save_figure(plot_confusion(sample.truth, sample.logits > 0), tmp_path / name)
    content = (tmp_path / "a.png").read_bytes()
    assert content == (tmp_path / "b.png").read_bytes()
    assert content.startswith(b"\x89PNG") and b"Software" not in content


def test_other_formats_are_a_user_error(tmp_path: Path, sample: Any) -> None:
    with pytest.raises(UserError, match=r"confusion\.pdf: figures are written as PNG"):
        save_figure(plot_confusion(sample.truth, sample.truth), tmp_path / "confusion.pdf")
