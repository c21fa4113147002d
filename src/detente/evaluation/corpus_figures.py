"""Figures of the corpus: its sizes, what earns which label, lengths beside real prose, agreement."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from detente.corpus.agreement import Agreement
from detente.corpus.record import Record
from detente.corpus.style import Shape
from detente.corpus.words import words
from detente.errors import UserError
from detente.evaluation.arrays import BoolArray, IntArray
from detente.evaluation.figure_style import GREY, SHORT_NAMES, figure_style, new_figure, plain_grid, readable, tint
from detente.labels import LABELS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TENTATIVE, FIRM = 0.667, 0.8  # Krippendorff (2018, chapter 12): lowest alpha for tentative, for firm conclusions
LONGEST_DRAWN = 0.995  # share of the sentences whose lengths the axis holds


def plot_label_sizes(truth: BoolArray) -> "Figure":
    """Sentences with each label, with none and with several.

    Args:
        truth: [sentence, label].
    """
    given = truth.sum(axis=1)
    names = [*(label.french for label in LABELS), "no label", "two or more"]
    sizes = [*truth.sum(axis=0).tolist(), int((given == 0).sum()), int((given >= 2).sum())]
    colours = [*(label.colour for label in LABELS), "#bbbbbb", GREY]
    with figure_style():
        figure = new_figure(7, 3)
        panel = figure.subplots()
        bars = panel.barh(names, sizes, color=colours)
        panel.bar_label(bars, [f"{size:,}  ({size / len(truth):.0%})" for size in sizes], padding=4, fontsize=11)
        panel.set(xlim=(0, 1.3 * max(sizes)), xlabel="sentences", title="Sentences with each label")
        panel.invert_yaxis()
    return figure


def plot_label_shares(frame: "pd.DataFrame", column: str, largest_first: bool = True) -> "Figure":
    """How often each label is earned within each value of a column.

    Args:
        frame: As `detente.corpus.tables.to_frame` gives it.
        column: For instance ``genre`` or ``region``.
        largest_first: Order the groups by size, else by name.
    """
    groups = frame.groupby(column, observed=True)
    sizes = groups.size()
    if largest_first:
        sizes = sizes.sort_values(ascending=False, kind="stable")
    shares = groups[[label.id for label in LABELS]].mean().loc[sizes.index].to_numpy()
    with figure_style():
        figure = new_figure(8.5, 1.1 + 0.36 * len(sizes))
        panels = figure.subplots(1, len(LABELS), sharey=True)
        rows = [f"{readable(name)}  ({size:,})" for name, size in sizes.items()]
        for number, (panel, label) in enumerate(zip(panels, LABELS, strict=True)):
            panel.imshow(shares[:, [number]], cmap=tint(label.colour), vmin=0, vmax=1.2 * shares.max(), aspect="auto")
            plain_grid(panel, rows, [""])
            panel.set_title(SHORT_NAMES[number], fontsize=12)
            for row, share in enumerate(shares[:, number]):
                panel.text(0, row, f"{share:.0%}", ha="center", va="center", fontsize=11)
        figure.suptitle(f"Share of the sentences of each {column} that earn a label", fontsize=13)
    return figure


def plot_decades(frame: "pd.DataFrame") -> "Figure":
    """Sentences a decade in which the text is set.

    Args:
        frame: With a column ``year``.
    """
    sizes = (frame["year"] // 10 * 10).value_counts().sort_index()
    with figure_style():
        figure = new_figure(7, 2.8)
        panel = figure.subplots()
        bars = panel.bar([f"{decade}s" for decade in sizes.index], sizes, color="#8c8c8c", width=0.85)
        panel.bar_label(bars, [f"{size:,}" for size in sizes], fontsize=11)
        panel.set(ylabel="sentences", title="Decade in which the text is set")
    return figure


def plot_lengths(texts: Sequence[str], real: Shape | None) -> "Figure":
    """Words per sentence: ours as a histogram, percentiles of ours and of real prose as marks below it.

    Args:
        texts: Our sentences.
        real: Shape of real prose, or None where it has not been measured.
    """
    lengths = np.array([len(words(text)) for text in texts])
    longest = int(np.quantile(lengths, LONGEST_DRAWN)) + 1
    with figure_style():
        figure = new_figure(7.5, 3.8 if real else 3)
        panels = figure.subplots(2 if real else 1, 1, sharex=True, squeeze=False, height_ratios=[3, 1] if real else [1])
        panel = panels[0, 0]
        panel.hist(
            lengths, bins=np.arange(0.5, longest + 1.5), weights=np.full(len(lengths), 1 / len(lengths)), color="#8c8c8c"
        )
        panel.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
        panel.set(ylabel="share of sentences", xlim=(0, longest + 1), title="Words per sentence")
        if real is None:
            panel.set_xlabel("words")
        else:
            _draw_percentiles(panels[1, 0], lengths, real)
    return figure


def plot_cooccurrence(truth: BoolArray) -> "Figure":
    """Sentences that earn both of two labels, as a number and as a share of the row's label; the diagonal: one label alone.

    Args:
        truth: [sentence, label].
    """
    together = truth.T.astype(int) @ truth.astype(int)
    alone = (truth & (truth.sum(axis=1, keepdims=True) == 1)).sum(axis=0)
    sizes = np.maximum(truth.sum(axis=0), 1)
    names = [label.french for label in LABELS]
    with figure_style():
        figure = new_figure(7, 4)
        panel = figure.subplots()
        plain_grid(panel, names, SHORT_NAMES)
        for row, label in enumerate(LABELS):
            for column in range(len(LABELS)):
                count = alone[row] if row == column else together[row, column]
                shade = tint(label.colour)(0.75 * count / sizes[row])
                panel.fill_between([column - 0.5, column + 0.5], row - 0.5, row + 0.5, color=shade, linewidth=0)
                word = "alone\n" if row == column else ""
                panel.text(
                    column, row, f"{word}{count:,}  ({count / sizes[row]:.0%})", ha="center", va="center", fontsize=11
                )
        panel.set(xlabel="… that also earn", ylabel="sentences that earn …", title="Labels that are earned together")
    return figure


def plot_agreement(found: Mapping[str, Agreement]) -> "Figure":
    """Krippendorff's alpha of each label, beside the least that tentative and firm conclusions ask for.

    Args:
        found: As `detente.corpus.agreement.agreement` gives it.

    Raises:
        UserError: No sentence has two votes.
    """
    sentences = found[LABELS[0].id].sentences
    if not sentences:
        raise UserError("no sentence has two votes: there is no agreement to draw")
    with figure_style():
        figure = new_figure(7, 2.6)
        panel = figure.subplots()
        for bound, strength, side in ((TENTATIVE, "tentative", "right"), (FIRM, "firm", "left")):
            panel.axvline(bound, color=GREY, linewidth=1, linestyle="--", zorder=0)
            panel.text(bound, -0.75, f" {strength} ≥ {bound:g} ", color=GREY, fontsize=10, ha=side, va="bottom")
        for row, label in enumerate(LABELS):
            alpha = found[label.id].alpha
            panel.plot([0, alpha], [row, row], color=label.colour, linewidth=1.5, alpha=0.5)
            panel.plot([alpha], [row], "o", color=label.colour, markersize=10, clip_on=False)
            panel.text(alpha + 0.025, row, f"{alpha:.2f}", va="center", fontsize=11)
        panel.set(
            yticks=range(len(LABELS)), yticklabels=[label.french for label in LABELS], ylim=(3.5, -0.8), xlim=(0, 1.05)
        )
        panel.set_xlabel(f"Krippendorff’s alpha over {sentences:,} sentences with two votes or more")
        panel.set_title("Agreement of the annotators", pad=14)
    return figure


def contrast_pairs(records: Sequence[Record]) -> list[tuple[Record, Record]]:
    """The minimal pairs that are linked directly, each once, in the order of rule and ids."""
    by_id = {record.id: record for record in records}
    linked = {
        tuple(sorted((record.id, record.contrast))) for record in records if record.contrast in by_id and record.contrast
    }
    pairs = [(by_id[first], by_id[second]) for first, second in sorted(linked)]
    return sorted(pairs, key=lambda pair: pair[0].rule or 0)


def plot_contrast_pairs(pairs: Sequence[tuple[Record, Record]]) -> "Figure":
    """Minimal pairs a rule of the codebook: those whose edit turns the labels, and those that must stay as they are.

    Args:
        pairs: As `contrast_pairs` gives them.

    Raises:
        UserError: There is no pair.
    """
    if not pairs:
        raise UserError("the corpus has no contrast sets: there is nothing to draw")
    rules = sorted({pair[0].rule or 0 for pair in pairs})
    turned = np.array([sum(one.rule == rule and one.labels != two.labels for one, two in pairs) for rule in rules])
    kept = np.array([sum(one.rule == rule and one.labels == two.labels for one, two in pairs) for rule in rules])
    with figure_style():
        figure = new_figure(7, 3)
        panel = figure.subplots()
        names = [str(rule) for rule in rules]
        panel.bar(names, turned, color="#444444", label="the edit turns the labels")
        panel.bar(names, kept, bottom=turned, color="#c4c4c4", label="the labels must stay")
        panel.set(xlabel="rule of the codebook", ylabel="pairs", ylim=(0, 1.3 * (turned + kept).max()))
        panel.set_title("Minimal pairs of the contrast sets")
        panel.legend(loc="upper center", ncols=2, frameon=False, fontsize=11)
    return figure


def _draw_percentiles(panel: "Axes", lengths: IntArray, real: Shape) -> None:
    """One line each for ours and real: from the lowest to the highest measured percentile, thick between the quartiles."""
    points = [int(point) for point in real.words]
    ours = dict(zip(real.words, np.percentile(lengths, points), strict=True))
    for row, (values, colour) in enumerate(((ours, "#8c8c8c"), (real.words, "#222222"))):
        panel.plot([values["10"], values["90"]], [row, row], color=colour, linewidth=1.5)
        panel.plot([values["25"], values["75"]], [row, row], color=colour, linewidth=7, solid_capstyle="butt")
        panel.plot([values["50"]], [row], "o", color="white", markersize=4)
    panel.set(yticks=[0, 1], yticklabels=["ours", "real prose"], ylim=(1.6, -0.6))
    panel.set_xlabel("words (bar: middle half; line: 10 % to 90 %; dot: median)")
