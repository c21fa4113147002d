"""``detente compare``: whether evaluations of the same sentences differ by more than chance."""

import argparse
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from string import ascii_uppercase
from typing import TYPE_CHECKING

from detente.errors import UserError
from detente.labels import LABELS

if TYPE_CHECKING:
    from detente.evaluation.comparison import F1Difference, McNemar

Row = list[str]
COLUMNS = ("run", "label", "F1 A", "F1", "difference [95%]", "p F1", "b/c", "p McNemar")
TITLES = {label.id: label.french for label in LABELS} | {"macro": "macro"}
LEVEL = "5% after Holm's correction"
LEGEND = (
    "difference: F1 of the run minus F1 of A, with p by paired bootstrap over documents. b/c: sentences that A alone / the "
    "run alone decides rightly, with p by McNemar's exact test, which takes sentences as independent. The p of the labels "
    "carry Holm's correction over the labels of one run; macro stands by itself."
)


def parser() -> argparse.ArgumentParser:
    """Options of ``detente compare``."""
    options = argparse.ArgumentParser(prog="detente compare", description="Compare evaluations with the first of them.")
    options.add_argument("first", type=Path, metavar="A", help="folder that `detente evaluate` wrote")
    options.add_argument("others", type=Path, metavar="B", nargs="+", help="folders of evaluations on the same sentences")
    options.add_argument("--samples", type=int, default=1000, help="resamples of the bootstrap (default: 1000)")
    options.add_argument("--seed", type=int, default=1, help="of the resampling (default: 1)")
    options.add_argument("--markdown", action="store_true", help="as Markdown")
    return options


def main(arguments: Sequence[str]) -> None:
    """Prints one table with every run that can be compared, then what is significant in words.

    Raises:
        UserError: An option is out of range, A cannot be read, or, once the table is out, a run could not be compared.
    """
    from detente.evaluation.comparison import LEAST_SAMPLES, f1_differences, mcnemar
    from detente.evaluation.predictions import aligned, read_predictions

    options = parser().parse_args(arguments)
    if options.samples < LEAST_SAMPLES or options.seed < 0:
        least = f"--samples takes {LEAST_SAMPLES} or more, else nothing can be significant; --seed takes 0 or more"
        raise UserError(f"--samples {options.samples} --seed {options.seed}: {least}")
    if len(options.others) >= len(ascii_uppercase):
        raise UserError(f"{len(options.others) + 1} runs: at most {len(ascii_uppercase)} fit into one table; name fewer")
    first = read_predictions(options.first)
    rows: list[Row] = []
    notes, problems = [f"A: {options.first}"], []
    for run, folder in zip(ascii_uppercase[1:], options.others, strict=False):
        try:
            second = aligned(first, read_predictions(folder))
            decisions = (first.truth, first.decisions, second.decisions)
            f1 = f1_differences(*decisions, first.documents, samples=options.samples, seed=options.seed)
        except UserError as error:
            problems.append(str(error))
            rows.append([run, "not compared", *[""] * (len(COLUMNS) - 2)])
            notes.append(f"{run}: {folder}. Not compared; the reason stands at the end.")
            continue
        tests = mcnemar(*decisions)
        rows += [_row(run, name, found, tests.get(name)) for name, found in f1.items()]
        notes.append(f"{run}: {folder}. {in_words(f1, tests)}")
    (_print_markdown if options.markdown else _print_table)(rows, notes)
    if problems:
        raise UserError("\n".join([f"{len(problems)} of {len(options.others)} not compared:", *problems]))


def in_words(f1: "dict[str, F1Difference]", tests: "dict[str, McNemar]") -> str:
    """Says which differences of a run from A are significant."""
    from detente.evaluation.comparison import SIGNIFICANCE

    f1_signs = {name: found.second - found.first for name, found in f1.items() if found.p_holm < SIGNIFICANCE}
    test_signs = {name: test.only_second - test.only_first for name, test in tests.items() if test.p_holm < SIGNIFICANCE}
    clauses = [
        *_clauses("F1 is {} for", ("higher", "lower"), f1_signs),
        *_clauses("{} decisions are right for", ("more", "fewer"), test_signs),
    ]
    return f"Significant at {LEVEL}: {'; '.join(clauses)}." if clauses else f"Nothing is significant at {LEVEL}."


def _clauses(form: str, ways: tuple[str, str], signs: Mapping[str, float]) -> Iterator[str]:
    for way, side in zip(ways, (1, -1), strict=True):
        if titles := [TITLES[name] for name, sign in signs.items() if sign * side > 0]:
            yield f"{form.format(way)} {', '.join(titles)}"


def _row(run: str, name: str, f1: "F1Difference", test: "McNemar | None") -> Row:
    low, high = (_number(end, "+z.2f") for end in f1.interval)
    difference = f"{_number(f1.second - f1.first, '+z.2f')} [{low}, {high}]"
    counts = [f"{test.only_first}/{test.only_second}", _p(test.p_holm)] if test else ["", ""]
    return [run, TITLES[name], _number(f1.first, ".2f"), _number(f1.second, ".2f"), difference, _p(f1.p_holm), *counts]


def _print_markdown(rows: Sequence[Row], notes: Sequence[str]) -> None:
    rules = ["---", "---"] + ["---:"] * (len(COLUMNS) - 2)
    table = [f"| {' | '.join(cells)} |" for cells in (COLUMNS, rules, *rows)]
    print(*table, "", *[f"- {note}" for note in notes], "", LEGEND, sep="\n")


def _print_table(rows: Sequence[Row], notes: Sequence[str]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, padding=0, show_edge=False)
    for column in COLUMNS:
        table.add_column(column, justify="left" if column in ("run", "label") else "right", no_wrap=True)
    colours = {label.french: label.colour for label in LABELS}
    for row, following in zip(rows, [*rows[1:], rows[-1]], strict=True):
        table.add_row(*row, style=colours.get(row[1]), end_section=row[0] != following[0])
    console = Console(highlight=False)
    console.print(table)
    console.print("", *notes, "", LEGEND, sep="\n", markup=False)


def _number(value: float, form: str) -> str:
    return "–" if math.isnan(value) else format(value, form).replace("-", "−")


def _p(value: float) -> str:
    return "<0.001" if value < 0.001 else _number(value, ".3f")
