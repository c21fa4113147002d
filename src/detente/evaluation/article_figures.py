"""Figures of labelled articles: one article sentence by sentence, a timeline of many, who is set against whom."""

import re
import textwrap
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from detente.errors import UserError
from detente.evaluation.arrays import BoolArray
from detente.evaluation.figure_style import GREY, SHORT_NAMES, figure_style, new_figure, plain_grid, tint
from detente.evaluation.trained import Labelling
from detente.labels import LABEL_IDS, LABELS, Label

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CHARACTERS_A_LINE = 74
_SPACE_INSIDE = re.compile(r"(?<=[«–]) | (?=[»:;?!%])")  # where French typography breaks no line


def plot_article(sentences: Sequence[str], labelling: Labelling) -> "Figure":
    """An article as a table: each sentence beside its probabilities, tinted where the label is given.

    Args:
        sentences: In their order.
        labelling: What a model says of them.
    """
    texts = [textwrap.wrap(_SPACE_INSIDE.sub("\u00a0", sentence), CHARACTERS_A_LINE) for sentence in sentences]
    heights = np.array([max(1, len(lines)) + 0.7 for lines in texts])
    bottoms = np.cumsum(heights)
    with figure_style():
        figure = new_figure(10, 0.7 + 0.2 * bottoms[-1])
        panel = figure.subplots()
        panel.set(xlim=(0, 1), ylim=(bottoms[-1], -1.2))
        panel.axis("off")
        edges = np.linspace(0.575, 0.945, len(LABELS) + 1)
        for centre, name, label in zip((edges[1:] + edges[:-1]) / 2, SHORT_NAMES, LABELS, strict=True):
            panel.text(centre, -0.3, name, color=label.colour, ha="center", va="bottom", fontsize=9, fontweight="bold")
        panel.text(0.98, -0.3, "to\nreview", color=GREY, ha="center", va="bottom", fontsize=9)
        for row, (lines, top, bottom) in enumerate(zip(texts, bottoms - heights, bottoms, strict=True)):
            middle = (top + bottom) / 2
            panel.axhline(top, color="#dddddd", linewidth=0.8)
            panel.text(0.02, middle, str(row + 1), color=GREY, ha="right", va="center", fontsize=10)
            panel.text(0.03, middle, "\n".join(lines), va="center", fontsize=10, linespacing=1.25, parse_math=False)
            for column, label in enumerate(LABELS):
                _draw_cell(panel, (edges[column], edges[column + 1], top, bottom), label, row, column, labelling)
            if labelling.review[row]:
                panel.text(0.98, middle, "?", ha="center", va="center", fontsize=13, fontweight="bold")
    return figure


def plot_timeline(dates: "pd.DatetimeIndex", decisions: BoolArray) -> "Figure":
    """Labels given by week, stacked, and below them the balance of escalation and de-escalation.

    Args:
        dates: Day of each sentence's article [sentence].
        decisions: [sentence, label].

    Raises:
        UserError: There are no sentences.
    """
    import pandas as pd

    if not len(dates):
        raise UserError("no dated sentences: there is no timeline to draw")
    frame = pd.DataFrame(decisions.astype(int), columns=list(LABEL_IDS), index=dates)
    weeks = frame.resample("W-MON", label="left", closed="left").sum()
    balance = weeks["escalation"] - weeks["de_escalation"]
    middles = pd.DatetimeIndex(weeks.index) + pd.Timedelta(days=3.5)
    with figure_style():
        figure = new_figure(10, 4.6)
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=[2, 1])
        below = np.zeros(len(weeks))
        for label in LABELS:
            upper.bar(middles, weeks[label.id], bottom=below, width=5.6, color=label.colour, label=label.french)
            below += weeks[label.id].to_numpy()
        upper.set(ylabel="sentences a week", ylim=(0, 1.05 * max(1.0, below.max())))
        upper.legend(ncols=len(LABELS), frameon=False, fontsize=11, loc="lower center", bbox_to_anchor=(0.5, 1))
        _draw_balance(lower, middles, balance.to_numpy())
        figure.suptitle("Labels given, by week", fontsize=13)
        figure.align_ylabels()
    return figure


def count_dyads(named: Sequence[Sequence[str]], given: BoolArray) -> Counter[tuple[str, str]]:
    """Pairs (first actor named, another actor named after it), one a sentence and other actor.

    Order of naming stands for who does it to whom, which French word order often, but not always, bears out: a passive
    turns it round.

    Args:
        named: Actors of each sentence in the order in which they come.
        given: Whether the sentence counts [sentence].
    """
    return Counter(
        (actors[0], other) for actors, counts in zip(named, given, strict=True) if counts for other in list(actors)[1:]
    )


def plot_dyads(
    named: Sequence[Sequence[str]],
    decisions: BoolArray,
    labels: Sequence[Label],
    title: str = "Who is set against whom",
    most: int = 8,
) -> "Figure":
    """Actor against actor, a panel a label: sentences with the label that name the row's actor first, then the column's.

    Args:
        named: Actors of each sentence in the order in which they come.
        decisions: [sentence, label].
        labels: Which labels to draw.
        title: Of the figure.
        most: Actors that are drawn, the most frequent of the pairs.

    Raises:
        UserError: No sentence with one of the labels names two actors.
    """
    counts = {label.id: count_dyads(named, decisions[:, LABEL_IDS.index(label.id)]) for label in labels}
    frequency: Counter[str] = Counter()
    for dyads in counts.values():
        for (first, other), count in dyads.items():
            frequency.update({first: count, other: count})
    actors = [name for name, _ in sorted(frequency.items(), key=lambda item: (-item[1], item[0]))[:most]]
    if not actors:
        raise UserError("no sentence with these labels names two actors: there is nothing to draw")
    with figure_style():
        figure = new_figure(1.4 + 4.3 * len(labels), 1.9 + 0.42 * len(actors))
        panels = figure.subplots(1, len(labels), sharey=True, squeeze=False)[0]
        for panel, label in zip(panels, labels, strict=True):
            cells = np.array([[counts[label.id][first, other] for other in actors] for first in actors])
            panel.imshow(
                np.ma.masked_equal(cells, 0),
                cmap=tint(label.colour),
                vmin=0,
                vmax=max(1.0, 1.25 * cells.max()),
                aspect="auto",
            )
            plain_grid(panel, actors, actors)
            panel.tick_params(axis="x", rotation=40)
            for tick in panel.get_xticklabels():
                tick.set(ha="right", rotation_mode="anchor")
            for row, column in np.argwhere(cells):
                panel.text(column, row, str(cells[row, column]), ha="center", va="center")
            panel.set_title(label.french)
        panels[0].set_ylabel("named first")
        figure.supxlabel("named after", fontsize=12)
        figure.suptitle(title, fontsize=13)
    return figure


def _draw_cell(
    panel: "Axes", box: tuple[float, float, float, float], label: Label, row: int, column: int, labelling: Labelling
) -> None:
    """One probability; its cell is filled in the label's colour where the label is given."""
    left, right, top, bottom = box
    chance, given = labelling.probabilities[row, column], labelling.decisions[row, column]
    shade = tint(label.colour)(0.25 + 0.6 * chance) if given else "white"
    panel.fill_between([left + 0.004, right - 0.004], top + 0.12, bottom - 0.12, color=shade, linewidth=0)
    weight, colour = ("bold", "black") if given else ("normal", GREY)
    panel.text(
        (left + right) / 2,
        (top + bottom) / 2,
        f"{chance:.0%}",
        ha="center",
        va="center",
        fontsize=10,
        fontweight=weight,
        color=colour,
    )


def _draw_balance(panel: "Axes", weeks: "pd.Index", balance: np.ndarray) -> None:
    """The line, its two sides of nought filled in the colours of the two labels."""
    escalation, de_escalation = LABELS[LABEL_IDS.index("escalation")], LABELS[LABEL_IDS.index("de_escalation")]
    panel.axhline(0, color=GREY, linewidth=1)
    for label, side in ((escalation, balance >= 0), (de_escalation, balance <= 0)):
        panel.fill_between(weeks, balance, where=side, interpolate=True, color=label.colour, alpha=0.3, linewidth=0)
    panel.plot(weeks, balance, color="#222222", marker="o", markersize=4, linewidth=1.5)
    panel.set(ylabel=f"{escalation.french} −\n{de_escalation.french}")
    panel.margins(y=0.15)
