"""Where a model errs: by any grouping of the sentences, by label, and which label it gives instead of which."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from detente.errors import UserError
from detente.evaluation.arrays import BoolArray
from detente.evaluation.figure_style import GREY, SHORT_NAMES, figure_style, new_figure, plain_grid, readable, tint
from detente.labels import LABELS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

NO_LABEL = "no label"
RED = "#b2182b"


def group_errors(groups: Sequence[str], wrong: BoolArray) -> "pd.DataFrame":
    """Share of wrong label sets in each group, with a 95 % Wilson interval.

    Args:
        groups: Name of the group of each sentence [sentence].
        wrong: Whether its label set is wrong [sentence].

    Returns:
        A row a group, in the order of their first sentence: ``sentences``, ``wrong``, ``share``, ``low``, ``high``.
    """
    import pandas as pd
    from scipy.stats import binomtest

    rows = pd.DataFrame({"group": list(groups), "wrong": wrong}).groupby("group", sort=False)["wrong"].agg(["size", "sum"])
    intervals = [binomtest(int(k), int(n)).proportion_ci(method="wilson") for n, k in rows.to_numpy()]
    return pd.DataFrame(
        {
            "sentences": rows["size"],
            "wrong": rows["sum"],
            "share": rows["sum"] / rows["size"],
            "low": [float(interval.low) for interval in intervals],
            "high": [float(interval.high) for interval in intervals],
        }
    )


def plot_group_errors(tables: Mapping[str, "pd.DataFrame"], overall: float) -> "Figure":
    """Share of wrong label sets by group, one block a grouping, beside that of all sentences.

    Args:
        tables: Title of each block to what `group_errors` gave.
        overall: Share of wrong label sets among all sentences, 0 to 1.

    Raises:
        UserError: There is no group.
    """
    sizes = [len(table) for table in tables.values()]
    if not sum(sizes):
        raise UserError("no group of sentences: there are no errors to draw")
    with figure_style():
        figure = new_figure(7.5, 0.9 + 0.31 * sum(sizes) + 0.45 * len(sizes))
        panels = figure.subplots(len(sizes), 1, sharex=True, squeeze=False, height_ratios=[size + 0.6 for size in sizes])
        for panel, (title, table) in zip(panels[:, 0], tables.items(), strict=True):
            rows = np.arange(len(table))
            panel.axvline(overall, color=GREY, linewidth=1, linestyle="--", zorder=0)
            panel.hlines(rows, table["low"], table["high"], color="#9a9a9a", linewidth=2)
            panel.scatter(table["share"], rows, s=18 + 4 * np.sqrt(table["sentences"]), color=RED, zorder=3, clip_on=False)
            names = [
                f"{readable(name)}  ({row.sentences:,})" for name, row in zip(table.index, table.itertuples(), strict=True)
            ]
            panel.set(yticks=rows, yticklabels=names, ylim=(len(table) - 0.4, -0.6), xlim=(0, 1))
            panel.set_title(title, loc="left", fontsize=12)
            panel.tick_params(axis="y", length=0)
        panels[-1, 0].xaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
        panels[-1, 0].set_xlabel("share of the sentences (dashed: of all)")
        figure.suptitle("Sentences with a wrong label set", fontsize=13)
    return figure


def plot_label_errors(truth: BoolArray, decisions: BoolArray) -> "Figure":
    """Per label: sentences that earn it and get it, that earn it and do not, that get it without earning it.

    Args:
        truth: [sentence, label].
        decisions: [sentence, label].
    """
    found, missed, invented = truth & decisions, truth & ~decisions, ~truth & decisions
    names = [label.french for label in LABELS]
    colours = [label.colour for label in LABELS]
    with figure_style():
        figure = new_figure(7.5, 3)
        panel = figure.subplots()
        bars = panel.barh(names, found.sum(axis=0), color=colours)
        panel.bar_label(bars, label_type="center", color="white", fontsize=11)
        start = found.sum(axis=0)
        for counts, hatch in ((missed.sum(axis=0), ""), (invented.sum(axis=0), "////")):
            bars = panel.barh(names, counts, left=start, color="white", edgecolor=colours, hatch=hatch, linewidth=1.2)
            panel.bar_label(
                bars,
                [str(count) if count else "" for count in counts],
                label_type="center",
                fontsize=11,
                bbox={"boxstyle": "round,pad=0.15", "color": "white"},
            )
            start = start + counts
        for face, hatch, name in ((GREY, "", "found"), ("white", "", "missed"), ("white", "////", "given wrongly")):
            panel.barh([names[0]], [0], color=face, edgecolor=GREY, hatch=hatch, label=name)
        panel.invert_yaxis()
        panel.set(xlabel="sentences", xlim=(0, max(1.0, 1.02 * float(start.max()))))
        panel.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, frameon=False, fontsize=11)
        figure.suptitle("Labels found, missed and given wrongly", fontsize=13)
    return figure


def given_instead(truth: BoolArray, decisions: BoolArray) -> np.ndarray:
    """Counts what stands in the place of what is missing.

    Args:
        truth: [sentence, label].
        decisions: [sentence, label].

    Returns:
        ``[missed, given]``, integers, one row and column a label and a last one for no label: a sentence counts in a cell
        for each label it misses (no label: it misses none) and each that it has wrongly (no label: it has none).
    """
    nothing_missed, nothing_given = (~(truth & ~decisions)).all(axis=1), (~(~truth & decisions)).all(axis=1)
    missed = np.column_stack([truth & ~decisions, nothing_missed]).astype(int)
    given = np.column_stack([~truth & decisions, nothing_given]).astype(int)
    return np.asarray(missed.T @ given)


def plot_given_instead(truth: BoolArray, decisions: BoolArray) -> "Figure":
    """The matrix of `given_instead`, without the sentences that are right.

    Args:
        truth: [sentence, label].
        decisions: [sentence, label].
    """
    counts = given_instead(truth, decisions)
    counts[-1, -1] = 0
    names = [*(label.french for label in LABELS), NO_LABEL]
    with figure_style():
        figure = new_figure(7, 3.6)
        panel = figure.subplots()
        panel.imshow(np.ma.masked_equal(counts, 0), cmap=tint(RED), vmin=0, vmax=max(1.0, 1.6 * counts.max()), aspect="auto")
        plain_grid(panel, names, [*SHORT_NAMES, NO_LABEL])
        for row, column in np.ndindex(*counts.shape):
            if counts[row, column]:
                panel.text(column, row, str(counts[row, column]), ha="center", va="center")
        panel.set(xlabel="given wrongly", ylabel="missed", title="What stands in the place of what")
    return figure
