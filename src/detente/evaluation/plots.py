"""Figures for a paper: confusion matrices, precision-recall curves, reliability. They need no display."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from detente.errors import UserError
from detente.evaluation.arrays import BoolArray, FloatArray
from detente.evaluation.calibration import equal_mass_bins, expected_calibration_error
from detente.evaluation.figure_style import GREY, figure_style
from detente.evaluation.selection import risk_coverage
from detente.files import replaced_file
from detente.labels import LABELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DOTS_PER_INCH = 200
DASHES = ("-", (0, (6, 2)), (0, (4, 1.5, 1, 1.5)), (0, (1.5, 1.2)))  # tell the labels apart in a black-and-white print
MARKERS = ("o", "s", "^", "D")


def plot_confusion(truth: BoolArray, decisions: BoolArray) -> "Figure":
    """One 2×2 matrix a label: counts, and their share of the row (of the sentences that lack, or have, the label).

    Args:
        truth: [sentence, label].
        decisions: [sentence, label].
    """
    from matplotlib.colors import LinearSegmentedColormap

    with figure_style():
        figure, panels = _strip(height=3.1)
        for column, (panel, label) in enumerate(zip(panels, LABELS, strict=True)):
            counts = np.bincount(2 * truth[:, column] + decisions[:, column], minlength=4).reshape(2, 2)
            shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
            tint = LinearSegmentedColormap.from_list(label.id, ["white", label.colour])
            panel.imshow(shares, cmap=tint, vmin=0, vmax=1.4)  # 1.4: black text stays readable on the fullest cell
            for true, given in np.ndindex(2, 2):
                panel.text(given, true - 0.08, f"{counts[true, given]}", ha="center", va="center", fontsize=16)
                panel.text(given, true + 0.22, f"{shares[true, given]:.0%}", ha="center", va="center", fontsize=11)
            panel.set(title=label.french, xticks=[0, 1], xticklabels=["not given", "given"], yticks=[0, 1])
            panel.set_yticklabels(["absent", "present"], rotation=90, va="center")
            panel.tick_params(length=0)
            panel.spines[:].set_visible(True)
        figure.supxlabel("model", fontsize=12)
        figure.supylabel("truth", fontsize=12)
    return figure


def plot_precision_recall(truth: BoolArray, probabilities: FloatArray, thresholds: FloatArray) -> "Figure":
    """The four precision-recall curves; the marker is where the threshold puts the model, grey lines join equal F1.

    Args:
        truth: [sentence, label]; a label without a true sentence has no curve.
        probabilities: [sentence, label].
        thresholds: [label].
    """
    from matplotlib.figure import Figure
    from sklearn.metrics import average_precision_score, precision_recall_curve, precision_score, recall_score

    with figure_style():
        figure = Figure(figsize=(6, 6.2), layout="constrained")
        panel = figure.subplots()
        _draw_equal_f1(panel)
        for column, label in enumerate(LABELS):
            present, column_probabilities = truth[:, column], probabilities[:, column]
            if not present.any():
                panel.plot([], [], color=label.colour, linestyle=DASHES[column], label=f"{label.french}: never present")
                continue
            precision, recall, _ = precision_recall_curve(present, column_probabilities)
            name = f"{label.french}: AP {average_precision_score(present, column_probabilities):.2f}"
            given = column_probabilities >= thresholds[column]
            point = recall_score(present, given), precision_score(present, given, zero_division=0)
            panel.plot(recall, precision, color=label.colour, linestyle=DASHES[column], drawstyle="steps-post")
            panel.plot(
                *point,
                MARKERS[column],
                color=label.colour,
                markersize=10,
                markeredgecolor="white",
                zorder=3,
                clip_on=False,
            )
            panel.plot([], [], color=label.colour, linestyle=DASHES[column], marker=MARKERS[column], label=name)
        panel.set(xlim=(0, 1), ylim=(0, 1), aspect="equal", xlabel="recall", ylabel="precision")
        panel.legend(
            title="marker: at the label’s threshold",
            loc="lower center",
            bbox_to_anchor=(0.5, 1.02),
            ncols=2,
            fontsize=11,
            title_fontsize=10,
            frameon=False,
            handlelength=3,
            columnspacing=1.2,
        )
    return figure


def plot_reliability(truth: BoolArray, probabilities: FloatArray, bins: int = 10) -> "Figure":
    """Observed frequency against predicted probability, one panel a label, in the bins of the calibration error.

    Bars are 95 % Wilson intervals of the frequency; the ticks at the foot are the predictions themselves.

    Args:
        truth: [sentence, label].
        probabilities: [sentence, label].
        bins: Number of equal-mass bins.
    """
    errors = expected_calibration_error(probabilities, truth, bins)
    with figure_style():
        figure, panels = _strip(height=3.3)
        for column, (panel, label) in enumerate(zip(panels, LABELS, strict=True)):
            predicted, observed, below, above = _reliability_points(truth[:, column], probabilities[:, column], bins)
            panel.plot([0, 1], [0, 1], color=GREY, linewidth=1, linestyle="--")
            panel.errorbar(
                predicted,
                observed,
                (below, above),
                color=label.colour,
                marker=MARKERS[column],
                markersize=5,
                linewidth=1.2,
                elinewidth=1,
                clip_on=False,
            )
            panel.plot(
                probabilities[:, column],
                np.full(len(truth), -0.04),
                "|",
                color=label.colour,
                alpha=0.35,
                markersize=6,
                clip_on=False,
            )
            panel.set(title=label.french, xlim=(0, 1), ylim=(-0.08, 1), aspect="equal")
            panel.set(xticks=[0, 0.5, 1], xticklabels=["0", "0.5", "1"], yticks=[0, 0.5, 1])
            panel.text(0.04, 0.96, f"ECE {errors[column]:.3f}", va="top", transform=panel.transAxes)
        figure.supxlabel("predicted probability", fontsize=12)
        panels[0].set_ylabel("observed frequency")
    return figure


def plot_risk_coverage(confidence: FloatArray, right: BoolArray, review: BoolArray) -> "Figure":
    """How many label sets are wrong among the surest sentences; the marker is where the model's review flag cuts.

    Args:
        confidence: [sentence].
        right: Whether the whole label set is right [sentence].
        review: Whether a person should look [sentence].
    """
    from matplotlib.figure import Figure

    coverage, risk = risk_coverage(confidence, right)
    with figure_style():
        figure = Figure(figsize=(6, 4.2), layout="constrained")
        panel = figure.subplots()
        panel.plot(coverage, risk, color="#333333", drawstyle="steps-post")
        if (~review).any():
            kept, wrong = (~review).mean(), (~right[~review]).mean()
            name = f"not marked for review: {kept:.0%}, {wrong:.0%} of them wrong"
            panel.plot([kept], [wrong], "o", color="#d62728", markersize=9, markeredgecolor="white", zorder=3, label=name)
            panel.legend(loc="upper left", frameon=False, fontsize=11)
        panel.set(xlim=(0, 1), ylim=(0, max(0.1, 1.15 * float(risk.max()))), xlabel="share of the sentences, surest first")
        panel.set_ylabel("share of them with a wrong label set")
    return figure


def save_figure(figure: "Figure", path: Path) -> None:
    """Writes the figure as PNG at 200 dots per inch; equal figures give equal bytes.

    Raises:
        UserError: `path` does not end in ``.png``.
    """
    if path.suffix != ".png":
        raise UserError(f"{path}: figures are written as PNG; choose a name that ends in .png")
    with figure_style(), replaced_file(path) as aside:
        figure.savefig(aside, format="png", dpi=DOTS_PER_INCH, metadata={"Software": None})


def _strip(height: float) -> tuple["Figure", "Sequence[Axes]"]:
    """A page-wide figure with one panel a label, side by side."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    figure = Figure(figsize=(10, height), layout=ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.06))
    return figure, figure.subplots(1, len(LABELS), sharey=True)


def _draw_equal_f1(panel: "Axes") -> None:
    for f1 in (0.2, 0.4, 0.6, 0.8):
        recall = np.linspace(f1 / (2 - f1), 1, 200)
        panel.plot(recall, f1 * recall / (2 * recall - f1), color="#d0d0d0", linewidth=0.8, zorder=0)
        panel.text(1.01, f1 / (2 - f1), f"F1 {f1}", color=GREY, fontsize=9, va="center")


def _reliability_points(
    truth: BoolArray, probabilities: FloatArray, bins: int
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Per filled bin: mean prediction, observed frequency, and the lengths of its Wilson interval below and above."""
    bin_of = equal_mass_bins(probabilities, np.ones((1, len(truth))), bins)[0]
    _, bin_of, sizes = np.unique(bin_of, return_inverse=True, return_counts=True)
    predicted, observed = np.bincount(bin_of, probabilities) / sizes, np.bincount(bin_of, truth) / sizes
    z = 1.96
    centre = (observed + z**2 / (2 * sizes)) / (1 + z**2 / sizes)
    half = z * np.sqrt(observed * (1 - observed) / sizes + z**2 / (4 * sizes**2)) / (1 + z**2 / sizes)
    return predicted, observed, np.maximum(observed - centre + half, 0), np.maximum(centre + half - observed, 0)
