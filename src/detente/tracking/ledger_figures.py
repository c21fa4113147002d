"""The ledger as a figure: models side by side on each set they were measured on."""

from typing import TYPE_CHECKING

from detente.errors import UserError
from detente.evaluation.figure_style import figure_style, new_figure

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


def newest_rows(ledger: "pd.DataFrame") -> "pd.DataFrame":
    """The rows that can be compared today: trained on the whole of the corpus version that the last campaign used.

    Raises:
        UserError: The ledger has no row.
    """
    if ledger.empty:
        raise UserError("the ledger has no row: `detente results collect` writes them")
    last = ledger["campaign"].max()  # campaigns are numbered
    corpus = ledger.loc[ledger["campaign"] == last, "corpus"].iloc[-1]
    comparable: pd.DataFrame = ledger[(ledger["corpus"] == corpus) & (ledger["share"].astype(float) == 1)]
    return comparable.reset_index(drop=True)


def plot_models(rows: "pd.DataFrame", metric: str = "macro/f1") -> "Figure":
    """One panel a set, one line a campaign and model: each seed a dot, their mean a stroke; best of the first set on top.

    Args:
        rows: Rows of the ledger.
        metric: A column of theirs.

    Raises:
        UserError: There are no rows.
    """
    if rows.empty:
        raise UserError("no row of the ledger to draw")
    names = rows["campaign"].str.cat(rows["model"], sep=" · ")
    sets = sorted(rows["set"].unique(), reverse=True)  # ours, validation and test, before real_dev
    means = rows.groupby([names, "set"])[metric].mean().unstack("set")
    order = means.sort_values(sets, ascending=False, kind="stable").index
    with figure_style():
        figure = new_figure(3 + 3.4 * len(sets), 1.2 + 0.36 * len(order))
        panels = figure.subplots(1, len(sets), sharey=True, squeeze=False)[0]
        for panel, name in zip(panels, sets, strict=True):
            for row, model in enumerate(order):
                values = rows.loc[(names == model) & (rows["set"] == name), metric]
                panel.axhline(row, color="#e6e6e6", linewidth=1, zorder=0)
                panel.plot(values, [row] * len(values), "o", color="#4477aa", markersize=7, alpha=0.6)
                panel.plot([values.mean()], [row], "|", color="black", markersize=18, markeredgewidth=2)
                if len(values):
                    place = (values.max(), row)
                    panel.annotate(f"{values.mean():.2f}", place, (9, 0), textcoords="offset points", va="center")
            panel.set(xlim=(0, 1), title=name, yticks=range(len(order)), yticklabels=order, ylim=(len(order) - 0.4, -0.6))
            panel.tick_params(axis="y", length=0)
        figure.supxlabel(f"{metric.replace('/', ' ').replace('f1', 'F1')} (dot: a seed; stroke: mean)", fontsize=12)
        figure.suptitle("Models of the ledger", fontsize=13)
    return figure
