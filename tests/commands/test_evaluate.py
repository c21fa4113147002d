"""``detente evaluate`` on the real configuration, shrunk: the files of a report, and the run that records it."""

import json

import mlflow
import pandas as pd
import pytest

from detente.commands.evaluate import evaluate
from detente.corpus.tables import read_split
from detente.errors import UserError
from detente.evaluation.predictions import read_predictions
from detente.evaluation.report import Report
from detente.labels import LABEL_IDS

PNG = b"\x89PNG"


@pytest.fixture
def evaluated(composed, baseline, store):
    """Composes ``conf/evaluate.yaml`` for the baseline."""
    return lambda *overrides: composed("evaluate", f"model={baseline}", store, *overrides)


def test_the_output_folder_holds_report_predictions_and_plots(evaluated, small_splits, tmp_path, capsys):
    report = evaluate(evaluated())
    frame = read_split(small_splits / "test.parquet")
    folder = tmp_path / "report"
    assert {file.name for file in folder.iterdir()} == {
        "report.json",
        "predictions.jsonl",
        "precision_recall.csv",
        "confusion.png",
        "precision_recall.png",
        "reliability.png",
        "risk_coverage.png",
    }
    assert (report.sentences, report.documents) == (len(frame), frame["document"].nunique())
    stored = Report.load(folder / "report.json")
    assert stored.metrics["macro/f1"] == pytest.approx(report.metrics["macro/f1"], abs=1e-6)
    low, high = stored.intervals["macro/f1"]
    assert 0 <= low <= high <= 1
    assert list(pd.read_csv(folder / "precision_recall.csv")) == ["label", "recall", "precision"]
    assert all(plot.read_bytes().startswith(PNG) for plot in folder.glob("*.png"))
    assert "désescalade" in capsys.readouterr().out


def test_predictions_name_sentences_and_never_quote_them(evaluated, small_splits, tmp_path):
    evaluate(evaluated())
    lines = (tmp_path / "report" / "predictions.jsonl").read_text(encoding="utf-8").splitlines()
    predictions = [json.loads(line) for line in lines]
    frame = read_split(small_splits / "test.parquet")
    assert [line["id"] for line in predictions] == frame["id"].tolist()
    assert [line["document"] for line in predictions] == frame["document"].tolist()
    assert all(set(line) == {"id", "document", "truth", "labels", "probabilities"} for line in predictions)
    assert all(list(line["probabilities"]) == list(LABEL_IDS) for line in predictions)
    assert [line["truth"] for line in predictions] == [
        [label for label in LABEL_IDS if row[label]] for _, row in frame.iterrows()
    ]
    assert read_predictions(tmp_path / "report").ids.tolist() == frame["id"].tolist()


def test_the_run_says_which_model_on_which_sentences(evaluated):
    report = evaluate(evaluated())
    run = mlflow.last_active_run()
    assert run.info.status == "FINISHED" and run.info.run_name == "evaluate tfidf seed 1 on test"
    assert run.data.tags.items() >= {"set": "test", "model.name": "tfidf", "model.campaign": "none"}.items()
    assert run.data.metrics["test/macro/f1"] == pytest.approx(report.metrics["macro/f1"])
    files = {file.path for file in mlflow.MlflowClient().list_artifacts(run.info.run_id, "test")}
    assert {"test/report.json", "test/predictions.jsonl"} <= files


def test_labelled_sentences_from_elsewhere_may_be_jsonl(evaluated, tmp_path):
    sentences = [
        {"text": "L’armée a bombardé le port.", "labels": ["escalation"], "source": "ailleurs"},
        {"text": "Ankara propose une médiation.", "labels": ["diplomatic_offer"]},
        {"text": "Il pleut.", "labels": []},
    ]
    data = tmp_path / "ailleurs.jsonl"
    data.write_text("".join(json.dumps(sentence) + "\n" for sentence in sentences), encoding="utf-8")
    report = evaluate(evaluated("name=ailleurs", f"data={data}"))
    assert (report.name, report.sentences, report.metrics["escalation/support"]) == ("ailleurs", 3, 1)


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("model=none", "no trained classifier in none: `make train` makes one"),
        ("data=none.parquet", "none.parquet: no such split"),
        ("data=phrases.txt", "unknown suffix '.txt'"),
        ("bootstrap.samples=many", "configuration, bootstrap.samples"),
    ],
)
def test_a_mistake_is_named_before_any_run_begins(evaluated, tmp_path, override, message):
    with pytest.raises(UserError, match=message):
        evaluate(evaluated(override))
    assert not (tmp_path / "report").exists()


@pytest.mark.parametrize("overrides", [["release=false"], ["release=false", "name=mine"]])
def test_the_test_split_is_not_looked_at_by_accident(evaluated, overrides):
    with pytest.raises(UserError, match=r"looked at once a release.*name=validation, or say release=true"):
        evaluate(evaluated(*overrides))
