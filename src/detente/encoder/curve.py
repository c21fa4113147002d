"""The curve of a run as a CSV: ``step,metric,value``, appended to point by point."""

import csv
from pathlib import Path

Curve = dict[int, dict[str, float]]
"""Step to the metrics reported there."""

HEADER = ("step", "metric", "value")


def append_point(path: Path, metrics: dict[str, float], step: int) -> None:
    """Adds a line for each metric; the first call makes folder and file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if fresh:
            writer.writerow(HEADER)
        writer.writerows((step, name, value) for name, value in metrics.items())


def read_curve(path: Path) -> Curve:
    """Reads the curve, in the order of steps; where a resumed run came by a step again, its later value counts."""
    curve: Curve = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            curve.setdefault(int(row["step"]), {})[row["metric"]] = float(row["value"])
    return dict(sorted(curve.items()))
