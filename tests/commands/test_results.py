"""``detente results``: generated tables stand between marks and nowhere else, and the committed ones are current."""

import re

import mlflow
import pandas as pd
import pytest

from detente.commands.results import fill, main, rendered_documents
from detente.errors import UserError
from detente.evaluation.report import Report
from detente.labels import LABEL_IDS
from detente.project import find_root
from detente.tracking.ledger import METRICS

DOCUMENT = """Avant.

<!-- results: written by `detente results render` -->
ancien
<!-- end of results -->

<!-- corpus: written by `detente results render` -->
autre
<!-- end of corpus -->
Après.
"""


def test_only_what_stands_between_the_marks_is_replaced(tmp_path):
    filled = fill(DOCUMENT, "results", "| nouveau |\n", tmp_path)
    assert filled == DOCUMENT.replace("\nancien\n", "\n\n| nouveau |\n\n")
    assert fill(filled, "results", "| nouveau |\n", tmp_path) == filled


@pytest.mark.parametrize("text", ["", DOCUMENT.split("ancien")[0], DOCUMENT.split("ancien")[1]])
def test_missing_marks_are_named(tmp_path, text):
    with pytest.raises(UserError, match=r"README\.md: the marks .*<!-- end of results -->.* are not both there"):
        fill(text, "results", "| nouveau |", tmp_path / "README.md")


def test_the_committed_documents_are_what_render_would_write():
    for document, text in rendered_documents(find_root()).items():
        assert document.read_text(encoding="utf-8") == text, f"{document}: run `detente results render`"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with documents whose generated parts are empty, a ledger of one row and a labelled sample."""
    root = find_root()
    monkeypatch.setenv("DETENTE_ROOT", str(tmp_path))
    (tmp_path / "conf").mkdir()
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "data").mkdir()
    for kept in (root / "data").iterdir():  # read only, save the datasheet
        if kept.name != "DATASHEET.md":
            (tmp_path / "data" / kept.name).symlink_to(kept)
    datasheet = (root / "data" / "DATASHEET.md").read_text(encoding="utf-8")
    (tmp_path / "data" / "DATASHEET.md").write_text(
        re.sub(r"(?s)( render` -->).*?(<!-- end)", r"\1\2", datasheet), encoding="utf-8"
    )
    for name, *parts in (("", "results", "sample", "canonical"), ("experiments/001-baselines", "table")):
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
        marks = [f"<!-- {part}: written by `detente results render` -->\n<!-- end of {part} -->\n" for part in parts]
        (tmp_path / name / "README.md").write_text("\n".join(marks), encoding="utf-8")
    (tmp_path / "reports" / "test").mkdir(parents=True)
    averages = [f"{name}/f1" for name in (*LABEL_IDS, "macro", "micro")]
    metrics = dict.fromkeys([*averages, "exact_match"], 0.5)
    intervals = dict.fromkeys(metrics, (0.42, 0.58))
    report = Report("test", 10, 3, metrics, intervals, dict.fromkeys(LABEL_IDS, 0.5))
    report.save(tmp_path / "reports" / "test" / "report.json")
    (tmp_path / "reports" / "sample.txt").write_text("1  Kiev s'est dit prêt.   \n", encoding="utf-8")
    row = {"campaign": "001-baselines", "set": "test", "model": "tfidf", "share": 1.0, "seed": 1, "corpus": "0a1b2c3d"}
    scores = dict.fromkeys(METRICS, 0.6) | {"macro/f1": 0.61}
    pd.DataFrame([row | {"commit": "none"} | scores]).to_csv(tmp_path / "experiments" / "results.csv", index=False)
    return tmp_path


def test_render_writes_ledger_sample_and_corpus_into_the_documents(project, records):
    main(["render"])
    readme = (project / "README.md").read_text(encoding="utf-8")
    assert "| macro | 0.50 [0.42, 0.58] |" in readme
    assert "`0a1b2c3d`" in readme and "```text\n1  Kiev s'est dit prêt.\n```" in readme
    assert "0.610" in (project / "experiments" / "001-baselines" / "README.md").read_text(encoding="utf-8")
    assert f"{len(records):,}" in (project / "data" / "DATASHEET.md").read_text(encoding="utf-8")
    assert (project / "experiments" / "models.png").read_bytes().startswith(b"\x89PNG")


def test_render_without_a_labelled_sample_names_the_command_that_makes_it(project):
    (project / "reports" / "sample.txt").unlink()
    with pytest.raises(UserError, match=r"sample\.txt is missing: run `dvc repro label`"):
        main(["render"])


def test_collect_adds_finished_evaluations_of_campaigns_to_the_ledger(project, store, capsys):
    uri = store.removeprefix("tracking.uri=")
    mlflow.set_tracking_uri(uri)
    mlflow.set_experiment("detente")
    for campaign in ("001-baselines", "none"):
        with mlflow.start_run():
            described = {"name": "embedded", "seed": 2, "corpus": "0a1b2c3d4e.dir", "campaign": campaign, "share": 1.0}
            mlflow.set_tags({f"model.{key}": value for key, value in described.items()})
            mlflow.set_tags({"set": "test", "git.commit": "f" * 40})
            mlflow.log_metrics({f"test/{name}": 0.7 for name in METRICS})
    main(["collect", "--tracking-uri", uri])
    assert f"rows in {project}" in capsys.readouterr().out
    ledger = pd.read_csv(project / "experiments" / "results.csv")
    ledger = ledger[ledger["campaign"] == "001-baselines"]  # the store is shared with other tests
    assert ledger["model"].tolist() == ["embedded", "tfidf"]
    assert ledger.iloc[0][["seed", "corpus", "macro/f1"]].tolist() == [2, "0a1b2c3d", 0.7]


def test_show_prints_the_table_of_a_report(project, capsys):
    main(["show"])
    assert "0.50 [0.42, 0.58]" in capsys.readouterr().out
