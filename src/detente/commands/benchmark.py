"""``detente benchmark``: rebuild labelled real sentences from your own downloads of public corpora."""

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from detente.corpus.benchmark import Reference, Source, read_references, read_sources, search_folder, write_found
from detente.errors import UserError
from detente.project import find_root

NAMES = ("real_dev", "real_news", "real_train")
LEFT_OUT_SHOWN = 5


def parser() -> argparse.ArgumentParser:
    """Options of ``detente benchmark``."""
    options = argparse.ArgumentParser(prog="detente benchmark", description="Real sentences to evaluate on.")
    actions = options.add_subparsers(dest="action", required=True)
    fetch_options = actions.add_parser(
        "fetch",
        help="find the sentences in your downloads",
        description="Finds the sentences of a file of data/benchmarks/, which holds labels and hashes but no text, in the "
        "corpora you downloaded; data/benchmarks/sources.yaml says where they can be had. real_dev and real_news are "
        "for measuring only: detente evaluate benchmark=real_dev. real_train is for learning: detente adapt.",
    )
    fetch_options.add_argument("folder", type=Path, help="your downloads, packed or unpacked, in any layout")
    fetch_options.add_argument("--name", choices=NAMES, default=NAMES[0], help=f"which sentences; default: {NAMES[0]}")
    fetch_options.add_argument(
        "--output", type=Path, default=None, help="default: data/benchmarks/NAME.fetched.jsonl, which git ignores"
    )
    return options


def main(arguments: Sequence[str]) -> None:
    """Runs the action. Raises as `fetch` does."""
    options = parser().parse_args(arguments)
    benchmark = find_root() / "data" / "benchmarks" / f"{options.name}.jsonl"
    fetch(options.folder, benchmark, options.output or benchmark.with_suffix(".fetched.jsonl"))


def fetch(folder: Path, benchmark: Path, output: Path) -> None:
    """Writes the sentences of a benchmark that stand in a folder, and prints what is missing and where it can be had.

    Args:
        folder: The user's downloads.
        benchmark: References, with ``sources.yaml`` beside them.
        output: A ``.jsonl`` file for `detente.corpus.labelled.read_labelled`.

    Raises:
        UserError: No sentence was found, which leaves the output as it was; folder, benchmark or a file is missing,
            damaged or malformed.
    """
    from rich.console import Console

    console = Console()
    references = read_references(benchmark)
    sources = read_sources(benchmark.with_name("sources.yaml"))
    with console.status(f"reading {folder}"):
        found, left_out = search_folder(folder, references)
    if left_out:
        shown = ", ".join(left_out[:LEFT_OUT_SHOWN]) + (", …" if len(left_out) > LEFT_OUT_SHOWN else "")
        console.print(f"{len(left_out)} file(s) are not UTF-8 text and were left out: {shown}", markup=False)
    if len(found) < len(references):
        console.print(_missing(found, references, sources), markup=False, highlight=False, soft_wrap=True)
    if not found:
        raise UserError(
            f"{folder}: none of the {len(references)} sentences stands in it; download at least one of the corpora above"
        )
    write_found(found, references, output)
    console.print(f"{len(found)} of {len(references)} sentences in {output}", markup=False, soft_wrap=True)
    if len(found) < len(references):
        console.print("This is a part of the benchmark: say so wherever you report scores on it.")


def _missing(found: Mapping[str, str], references: Sequence[Reference], sources: Mapping[str, Source]) -> str:
    """What was not found, by source, and where it can be had; in lines, so that addresses stay whole."""
    wanted = Counter(reference.source for reference in references)
    missing = Counter(reference.source for reference in references if reference.id not in found)
    lines = ["Not found:"]
    for source, count in missing.most_common():
        corpus = sources[source]
        lines += [f"  {count} of {wanted[source]} from {corpus.name} (licence: {corpus.licence})"]
        lines += [f"    {corpus.download}", f"    {corpus.page}"]
    return "\n".join(lines)
