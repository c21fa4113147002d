"""``detente corpus``: check it, describe it, compare two versions of it."""

import argparse
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from detente.corpus import checks, difference, statistics
from detente.corpus.jsonl import read_records
from detente.corpus.record import Record
from detente.errors import UserError
from detente.project import find_root


def parser() -> argparse.ArgumentParser:
    """Options of ``detente corpus``."""
    options = argparse.ArgumentParser(
        prog="detente corpus", description="Check, describe or compare versions of the corpus."
    )
    options.add_argument("--folder", help="default: data/corpus", type=Path, default=None)
    actions = options.add_subparsers(dest="action", required=True)
    actions.add_parser("check", help="run the quality gates; status 2 if one fails")
    stats = actions.add_parser("stats", help="counts, lengths, agreement")
    stats.add_argument("--markdown", action="store_true", help="as Markdown")
    diff = actions.add_parser("diff", help="what changed per label since a git revision")
    diff.add_argument("revision", help="a commit, branch or tag whose data/corpus.dvc names the older version")
    return options


def main(arguments: Sequence[str]) -> None:
    """Runs the verb.

    Raises:
        UserError: The corpus is malformed, fails a gate, or the revision or its data cannot be found.
    """
    from rich.console import Console

    options = parser().parse_args(arguments)
    folder = options.folder or find_root() / "data" / "corpus"
    if not folder.exists():
        raise UserError(f"no corpus in {folder}: `dvc pull data/corpus.dvc` brings it")
    records = read_records(folder)
    console = Console()
    if options.action == "check":
        if problems := checks.check(records):
            raise UserError("\n  ".join([f"{len(problems)} problem(s) in {folder}:", *problems]))
        console.print(f"{len(records)} sentences pass every gate.")
    elif options.action == "stats":
        summary = statistics.summarise(records)
        if options.markdown:
            print(statistics.render_markdown(summary))
        else:
            console.print(statistics.render_table(summary))
    else:
        console.print(difference.render(difference.compare(records_at(options.revision), records)))


def records_at(revision: str) -> list[Record]:
    """The corpus as a git revision of the project recorded it, taken from DVC's cache or remote.

    Raises:
        UserError: The revision is unknown, or its data are in neither cache nor remote.
    """
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "corpus"
        command = ["dvc", "get", "--rev", revision, str(find_root()), "data/corpus", "--out", str(target)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        except FileNotFoundError:
            raise UserError("dvc is not on PATH: activate the environment (`source .venv/bin/activate`)") from None
        if done.returncode:
            reason = done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "no reason given"
            raise UserError(
                f"revision {revision!r}: its corpus cannot be brought ({reason}); "
                "`git log -- data/corpus.dvc` lists the revisions that have one"
            )
        return read_records(target)
