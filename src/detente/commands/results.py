"""``detente results``: show a report, collect the ledger, write the tables that documents hold."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from detente.errors import UserError
from detente.files import replaced_file
from detente.project import find_root

MAIN_CAMPAIGN = "001-baselines"  # what the README shows; every campaign's table stands in its own folder
CHART = "models.png"
START, END = "<!-- {name}: written by `detente results render` -->", "<!-- end of {name} -->"


def parser() -> argparse.ArgumentParser:
    """Options of ``detente results``."""
    options = argparse.ArgumentParser(prog="detente results", description="Reports, the results ledger, generated tables.")
    actions = options.add_subparsers(dest="action", required=True)
    show = actions.add_parser("show", help="print the table of a report")
    show.add_argument("report", nargs="?", type=Path, help="default: reports/test/report.json")
    collect = actions.add_parser("collect", help="write finished evaluations of campaigns into experiments/results.csv")
    collect.add_argument("--tracking-uri", help="default: mlflow.db in the project")
    actions.add_parser("render", help="write tables into README.md, data/DATASHEET.md and experiments/, and the chart")
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
        _render(root)


def _render(root: Path) -> None:
    from detente.evaluation.plots import save_figure
    from detente.tracking.ledger import read_ledger
    from detente.tracking.ledger_figures import newest_rows, plot_models

    for document, text in rendered_documents(root).items():
        _write(document, text)
    _write(root / "README.md", with_canonical_run(root))
    save_figure(plot_models(newest_rows(read_ledger(root / "experiments" / "results.csv"))), root / "experiments" / CHART)


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
    from detente.tracking.ledger import read_ledger, summary_table
    from detente.tracking.ledger_figures import newest_rows

    ledger = read_ledger(root / "experiments" / "results.csv")
    newest = newest_rows(ledger)
    main_table = summary_table(newest[newest["campaign"] == MAIN_CAMPAIGN])
    parts = {root / "README.md": {"results": main_table}, root / "data" / "DATASHEET.md": datasheet_parts(root)}
    for campaign, rows in ledger.groupby("campaign"):
        parts[root / "experiments" / str(campaign) / "README.md"] = {"table": summary_table(rows)}
    documents = {}
    for document, contents in parts.items():
        text = document.read_text(encoding="utf-8")
        for name, content in contents.items():
            text = fill(text, name, content, document)
        documents[document] = text
    return documents


def datasheet_parts(root: Path) -> dict[str, str]:
    """The generated parts of the corpus's datasheet.

    Raises:
        UserError: The corpus or one of its records of measurement is missing or of another version.
    """
    from detente.corpus import requirements, second_reading, shortcuts, statistics, style_report
    from detente.corpus.actors import read_actors
    from detente.corpus.jsonl import read_records
    from detente.tracking.lineage import folder_hash

    data = root / "data"
    records = read_records(data / "corpus")
    actors = read_actors(data / "actors.yaml")
    style = style_report.StyleReport.load(data / "style.json", folder_hash(data / "corpus"))
    figures = requirements.figures(records, actors, style)
    benchmark = second_reading.read_lines(data / "benchmarks" / "real_dev.jsonl")
    recheck = second_reading.read_lines(data / "recheck.jsonl")
    return {
        "corpus": statistics.render_markdown(statistics.summarise(records)),
        "requirements": requirements.render_markdown(requirements.read_requirements(data / "requirements.yaml", figures)),
        "style": style_report.render_markdown(style),
        "telling": ", ".join(f"«\u00a0{feature}\u00a0»" for feature in style.telling_ours),
        "shortcuts": shortcuts.render_markdown(shortcuts.measure_shortcuts(records, actors)),
        "annotator": second_reading.second_reading_table(
            {row["id"]: row["labels"] for row in benchmark}, {row["id"]: row["votes"]["C"] for row in benchmark}
        ),
        "audit": second_reading.audit_table(second_reading.read_lines(data / "audit.jsonl")),
        "recheck": second_reading.second_reading_table(
            {record.id: record.labels for record in records}, {row["id"]: row["labels"] for row in recheck}
        ),
    }


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
