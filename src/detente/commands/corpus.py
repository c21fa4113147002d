"""``detente corpus``: check it, describe it, measure it, audit it, compare versions, exchange it with Label Studio."""

import argparse
import json
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from detente.corpus import checks, difference, statistics
from detente.corpus.jsonl import read_records
from detente.corpus.record import Record
from detente.errors import UserError
from detente.files import replaced_file
from detente.project import find_root

if TYPE_CHECKING:
    from rich.console import Console


def parser() -> argparse.ArgumentParser:
    """Options of ``detente corpus``."""
    options = argparse.ArgumentParser(
        prog="detente corpus", description="Check, describe, measure, audit or exchange the corpus."
    )
    options.add_argument("--folder", help="default: data/corpus", type=Path, default=None)
    actions = options.add_subparsers(dest="action", required=True)
    actions.add_parser("check", help="run the quality gates; status 2 if one fails")
    stats = actions.add_parser("stats", help="counts, lengths, agreement")
    stats.add_argument("--markdown", action="store_true", help="as Markdown")
    style = actions.add_parser("style", help="compare with real sentences; writes data/style.json")
    style.add_argument(
        "reference", type=Path, help="real sentences as `detente evaluate` takes them (.jsonl: text, labels, document)"
    )
    actions.add_parser("requirements", help="what a release must reach; status 2 if something is missed")
    audit = actions.add_parser("audit", help="sentences whose labels a classifier doubts, for a second reading")
    audit.add_argument("output", type=Path, help="a .jsonl file")
    audit.add_argument("--seed", type=int, default=1)
    diff = actions.add_parser("diff", help="what changed per label since a git revision")
    diff.add_argument("revision", help="a commit, branch or tag whose data/corpus.dvc names the older version")
    export = actions.add_parser("export-tasks", help="write Label Studio tasks, one annotation an annotator")
    export.add_argument("output", type=Path, help="a .json file; the labelling interface is written beside it, as .xml")
    imported = actions.add_parser("import-tasks", help="turn a Label Studio export into records")
    imported.add_argument("source", type=Path, help="Label Studio's JSON export")
    imported.add_argument("output", type=Path, help="a .jsonl file")
    return options


def main(arguments: Sequence[str]) -> None:
    """Runs the verb.

    Raises:
        UserError: The corpus is malformed, fails a gate or misses a requirement; a file or revision cannot be read.
    """
    from rich.console import Console

    options = parser().parse_args(arguments)
    console = Console()
    if options.action == "import-tasks":
        _import_tasks(options.source, options.output)
        return
    folder = options.folder or find_root() / "data" / "corpus"
    if not folder.exists():
        raise UserError(f"no corpus in {folder}: `dvc pull data/corpus.dvc` brings it")
    records = read_records(folder)
    match options.action:
        case "check":
            if problems := checks.check(records):
                raise UserError("\n  ".join([f"{len(problems)} problem(s) in {folder}:", *problems]))
            console.print(f"{len(records)} sentences pass every gate.")
        case "stats":
            summary = statistics.summarise(records)
            if options.markdown:
                print(statistics.render_markdown(summary))
            else:
                console.print(statistics.render_table(summary))
        case "style":
            _measure_style(records, folder, options.reference)
        case "requirements":
            _hold_to_requirements(records, folder, console)
        case "audit":
            _audit(records, options.output, options.seed)
        case "export-tasks":
            _export_tasks(records, options.output)
        case "diff":
            console.print(difference.render(difference.compare(records_at(options.revision), records)))


def _measure_style(records: Sequence[Record], folder: Path, reference: Path) -> None:
    from detente.corpus.labelled import read_labelled
    from detente.corpus.style_report import StyleReport, render_markdown
    from detente.tracking.lineage import folder_hash

    real = read_labelled(reference)
    report = StyleReport.measure(
        records, real["text"].tolist(), real["document"].tolist(), reference.name.split(".")[0], folder_hash(folder)
    )
    report.save(find_root() / "data" / "style.json")
    print(render_markdown(report))


def _hold_to_requirements(records: Sequence[Record], folder: Path, console: "Console") -> None:
    from detente.corpus.actors import read_actors
    from detente.corpus.requirements import figures, read_requirements, render_table
    from detente.corpus.style_report import StyleReport
    from detente.tracking.lineage import folder_hash

    data = find_root() / "data"
    style = StyleReport.load(data / "style.json", folder_hash(folder))
    found = figures(records, read_actors(data / "actors.yaml"), style)
    requirements = read_requirements(data / "requirements.yaml", found)
    console.print(render_table(requirements))
    if missed := [one.name for one in requirements if not one.met]:
        raise UserError(f"{len(missed)} requirement(s) missed: {', '.join(missed)}")


def _audit(records: Sequence[Record], output: Path, seed: int) -> None:
    from detente.evaluation.audit import label_issues

    issues = label_issues(records, seed)
    with replaced_file(output) as aside:
        aside.write_text("".join(json.dumps(asdict(issue), ensure_ascii=False) + "\n" for issue in issues), encoding="utf-8")
    print(f"{len(issues)} of {len(records)} sentences to read again, in {output}")


def _export_tasks(records: Sequence[Record], output: Path) -> None:
    from detente.corpus.label_studio import interface, write_tasks

    write_tasks(records, output)
    with replaced_file(output.with_suffix(".xml")) as aside:
        aside.write_text(interface(), encoding="utf-8")
    print(f"{len(records)} tasks in {output}, the labelling interface in {output.with_suffix('.xml')}")


def _import_tasks(source: Path, output: Path) -> None:
    from detente.corpus.jsonl import write_records
    from detente.corpus.label_studio import read_tasks

    records = read_tasks(source)
    write_records(records, output)
    print(f"{len(records)} records in {output}")


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
