"""Time and cost of large tables, from measured speeds: `python experiments/projection.py SPEED_CSV [PRICES_YAML]`.

SPEED_CSV has the columns ``name`` and ``sentences_per_second``; PRICES_YAML, by default scaling/prices.yaml beside this
file, says which of its rows stands for which worker, and holds what is assumed. Prints a Markdown table.
"""

import csv
import math
import sys
from pathlib import Path
from typing import Any

import yaml

from detente.bundle.parted_table import PART_ROWS
from detente.errors import UserError

PRICES = Path(__file__).with_name("scaling") / "prices.yaml"
UNITS = ((86400.0, "d"), (3600.0, "h"), (60.0, "min"), (1.0, "s"))
MULTIPLES = ((10**9, "G"), (10**6, "M"), (10**3, "k"))


def read_speeds(path: Path) -> dict[str, float]:
    """Sentences a second by name.

    Raises:
        UserError: No such file or column, a name twice, a speed that is not a number above 0.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror}); name the CSV of measured speeds") from error
    speeds: dict[str, float] = {}
    for number, row in enumerate(rows, start=1):
        try:
            name, speed = row["name"], float(row["sentences_per_second"])
        except (KeyError, TypeError, ValueError) as error:
            raise UserError(f"{path}, row {number}: needs name and sentences_per_second, a number ({error!r})") from error
        if name in speeds or not (math.isfinite(speed) and speed > 0):
            raise UserError(f"{path}, row {number}: {name!r}, {speed}: give each name once, with a speed above 0")
        speeds[name] = speed
    return speeds


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


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    try:
        settings = yaml.safe_load((Path(sys.argv[2]) if len(sys.argv) == 3 else PRICES).read_text(encoding="utf-8"))
        print("\n".join(projection(read_speeds(Path(sys.argv[1])), settings)))
    except UserError as error:
        raise SystemExit(f"projection: {error}") from None
