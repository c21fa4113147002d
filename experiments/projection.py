"""Time and cost of large tables, from measured speeds: `python experiments/projection.py [SPEED_CSV]`.

Reads what `python experiments/speed.py` measured, by default speed/speed.csv beside this file, and scaling/prices.yaml: it
says which engine stands for which worker and holds what is assumed. Writes the table into scaling/README.md.
"""

import math
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from speed.report import fill

from detente.bundle.parted_table import PART_ROWS
from detente.errors import UserError

HERE = Path(__file__).parent
UNITS = ((86400.0, "d"), (3600.0, "h"), (60.0, "min"), (1.0, "s"))
MULTIPLES = ((10**9, "G"), (10**6, "M"), (10**3, "k"))
MARKS = ("<!-- table: written by `python experiments/projection.py` -->", "<!-- end of table -->")


def read_speeds(path: Path) -> dict[str, float]:
    """Sentences a second by engine.

    Raises:
        UserError: No such file or column.
    """
    try:
        speeds = pd.read_csv(path).set_index("engine")["sentences_per_s"]
    except (OSError, KeyError) as error:
        raise UserError(f"{path}: no table of speeds ({error}); `python experiments/speed.py` writes one") from error
    return {str(engine): float(speed) for engine, speed in speeds.items()}


def with_unit(seconds: float) -> str:
    """A time in the largest unit of which it has at least one, to two digits or whole."""
    size, unit = next((pair for pair in UNITS if seconds >= pair[0]), UNITS[-1])
    return f"{rounded(seconds / size)} {unit}"


def rounded(value: float) -> str:
    """Two digits: more would be more than measurements and prices tell."""
    digits = 1 - math.floor(math.log10(value))
    return f"{round(value, digits):,.{max(0, digits)}f}"


def shortened(count: int) -> str:
    """A number of sentences with its prefix."""
    size, prefix = next(((size, prefix) for size, prefix in MULTIPLES if count >= size), (1, ""))
    return f"{count / size:g} {prefix}".strip()


def projection(speeds: dict[str, float], prices: dict[str, Any]) -> list[str]:
    """The table, line by line, with what it assumes below; without rows that have more workers than parts.

    Raises:
        UserError: A worker is of a speed that was not measured.
    """
    lines = [
        f"| sentences | worker | workers | sentences/s | time | cost ({prices['currency']}) |",
        "|--:|:--|--:|--:|--:|--:|",
    ]
    for count in prices["sentences"]:
        for worker in prices["workers"]:
            if worker["speed"] not in speeds:
                raise UserError(f"no measured speed {worker['speed']!r} for {worker['title']!r}; there are {list(speeds)}")
            for workers in (number for number in worker["counts"] if number <= max(1, count // PART_ROWS)):
                # One worker alone has nobody to share with.
                together = speeds[worker["speed"]] * workers * (worker["kept"] if workers > 1 else 1.0)
                seconds = count / together + worker["start_seconds"]
                cost = seconds / 3600 * workers * worker["price_per_hour"]
                cells = (
                    shortened(count),
                    worker["title"],
                    f"{workers:,}",
                    rounded(together),
                    with_unit(seconds),
                    rounded(cost),
                )
                lines.append(f"| {' | '.join(cells)} |")
    lines.append("")
    for worker in prices["workers"]:
        price, kept = f"{worker['price_per_hour']:.2f} {prices['currency']} an hour", f"{worker['kept']:.0%}"
        lines.append(
            f"{worker['title']}: measured `{worker['speed']}`, {rounded(speeds[worker['speed']])} sentences/s; assumed "
            f"{price}, {kept} of the speed kept among many, {worker['start_seconds']} s until a worker labels."
        )
    return lines


def main(speeds: Path = HERE / "speed" / "speed.csv") -> None:
    """Computes, and writes the table."""
    prices = yaml.safe_load((HERE / "scaling" / "prices.yaml").read_text(encoding="utf-8"))
    fill(HERE / "scaling" / "README.md", "\n".join(projection(read_speeds(speeds), prices)), MARKS)


if __name__ == "__main__":
    try:
        main(*map(Path, sys.argv[1:]))
    except UserError as error:
        raise SystemExit(f"projection.py: {error}") from None
