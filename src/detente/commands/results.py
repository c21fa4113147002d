"""``detente results``: show a report, collect the ledger, write the tables that documents hold."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from detente.errors import UserError
from detente.files import replaced_file
from detente.project import find_root

START, END = "<!-- {name}: written by `detente results render` -->", "<!-- end of {name} -->"


def parser() -> argparse.ArgumentParser:
    """Options of ``detente results``."""
    options = argparse.ArgumentParser(prog="detente results", description="Reports, the results ledger, generated tables.")
    actions = options.add_subparsers(dest="action", required=True)
    show = actions.add_parser("show", help="print the table of a report")
    show.add_argument("report", nargs="?", type=Path, help="default: reports/test/report.json")
    collect = actions.add_parser("collect", help="write finished evaluations of campaigns into experiments/results.csv")
    collect.add_argument("--tracking-uri", help="default: mlflow.db in the project")
    actions.add_parser("render", help="write the generated tables into README.md, data/README.md and experiments/")
    return options


def main(arguments: Sequence[str]) -> None:
    """Runs the verb.

    Raises:
        UserError: A report, the ledger or a document is missing or malformed.
    """
    options = parser().parse_args(arguments)
    root = find_root()
    if options.action == "show":
        from rich.console import Console

        from detente.evaluation.report import Report, render_table

        Console().print(render_table(Report.load(options.report or root / "reports" / "test" / "report.json")))
    elif options.action == "collect":
        _collect(root, options.tracking_uri or f"sqlite:///{root / 'mlflow.db'}")
    else:
        for document, text in rendered_documents(root).items():
            _write(document, text)
        _write(root / "README.md", with_canonical_run(root))


def _write(document: Path, text: str) -> None:
    with replaced_file(document) as aside:
        aside.write_text(text, encoding="utf-8")


def _collect(root: Path, uri: str) -> None:
    from detente.tracking.ledger import collect_runs, merge, read_ledger
    from detente.tracking.run import TrackingSettings

    path = root / "experiments" / "results.csv"
    whole = merge(read_ledger(path), collect_runs(TrackingSettings(uri, "detente")))
    with replaced_file(path) as aside:
        whole.to_csv(aside, index=False)
    print(f"{len(whole)} rows in {path}")


def rendered_documents(root: Path) -> dict[Path, str]:
    """The documents with their generated parts as they should read now."""
    from detente.corpus.jsonl import read_records
    from detente.corpus.statistics import render_markdown, summarise
    from detente.tracking.ledger import read_ledger, summary_table

    ledger = read_ledger(root / "experiments" / "results.csv")
    parts = {
        root / "README.md": ("results", summary_table(ledger)),
        root / "data" / "README.md": ("corpus", render_markdown(summarise(read_records(root / "data" / "corpus")))),
        root / "experiments" / "001-baselines" / "README.md": (
            "table",
            summary_table(ledger[ledger["campaign"] == "001-baselines"]),
        ),
    }
    return {document: fill(document.read_text(encoding="utf-8"), *part, document) for document, part in parts.items()}


def with_canonical_run(root: Path) -> str:
    """The README with the canonical model's test table and its sample article; needs `dvc repro` first.

    Raises:
        UserError: The report or the sample is missing.
    """
    from detente.evaluation.report import Report, markdown_table

    sample, document = root / "reports" / "sample.txt", root / "README.md"
    if not sample.is_file():
        raise UserError(f"{sample} is missing: run `dvc repro label`, or `dvc pull label` to bring it")
    block = "\n".join(line.rstrip() for line in sample.read_text(encoding="utf-8").splitlines())
    text = fill(document.read_text(encoding="utf-8"), "sample", f"```text\n{block}\n```", document)
    table = markdown_table(Report.load(root / "reports" / "test" / "report.json"))
    return fill(text, "canonical", table, document)


def fill(text: str, name: str, content: str, document: Path) -> str:
    """Puts generated content between the marks of that name.

    Raises:
        UserError: The document has no such marks.
    """
    start, end = START.format(name=name), END.format(name=name)
    before, found, rest = text.partition(start)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise UserError(f"{document}: the marks {start!r} and {end!r} are not both there; put them where the table belongs")
    return f"{before}{start}\n\n{content.strip()}\n\n{end}{after}"
