"""How the figures of papers and notebooks look, and a figure as the bytes of a picture."""

import io
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from detente.labels import LABELS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.figure import Figure

GREY = "#767676"
EMPTY = "#f3f3f3"  # a cell of a table that holds nothing
SHORT_NAMES = [label.french.replace(" ", "\n") for label in LABELS]  # for narrow columns
NOTEBOOK_DOTS_PER_INCH = 110  # sharp enough on a page, small enough to be kept in git

_STYLE = {
    "font.size": 12,
    "axes.titlesize": 13,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "lines.linewidth": 2,
    "date.converter": "concise",
}


def figure_style() -> AbstractContextManager[None]:
    """Matplotlib's own defaults plus ours, whatever the reader's matplotlibrc says."""
    import matplotlib.style

    return matplotlib.style.context(["default", _STYLE])


def new_figure(width: float, height: float) -> "Figure":
    """An empty figure of that size in inches whose parts keep clear of each other."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    return Figure(figsize=(width, height), layout=ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.06))


def tint(colour: str) -> "LinearSegmentedColormap":
    """From white to a colour, for cells that black text stands on."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list(f"white to {colour}", ["white", colour])


def plain_grid(panel: "Axes", rows: list[str], columns: list[str]) -> None:
    """Turns a panel into a table of cells: its names left and above, thin white lines between, no frame."""
    panel.set(xticks=range(len(columns)), yticks=range(len(rows)), xticklabels=columns, yticklabels=rows)
    panel.set(xlim=(-0.5, len(columns) - 0.5), ylim=(len(rows) - 0.5, -0.5))
    panel.set_xticks([column - 0.5 for column in range(1, len(columns))], minor=True)
    panel.set_yticks([row - 0.5 for row in range(1, len(rows))], minor=True)
    panel.grid(which="minor", color="white", linewidth=1.5)
    panel.tick_params(which="both", length=0)
    panel.spines[:].set_visible(False)
    panel.set_facecolor(EMPTY)


def readable(name: object) -> str:
    """An identifier of the data as words."""
    return str(name).replace("_", " ")


def as_png(figure: "Figure") -> bytes:
    """The figure as PNG for a notebook; equal figures give equal bytes."""
    content = io.BytesIO()
    with figure_style():
        figure.savefig(content, format="png", dpi=NOTEBOOK_DOTS_PER_INCH, metadata={"Software": None})
    return content.getvalue()
