"""The stored report and its tables."""

import io
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from detente.errors import UserError
from detente.evaluation.bootstrap import document_bootstrap
from detente.evaluation.metrics import score
from detente.evaluation.report import Report, markdown_table, render_table
from detente.labels import LABEL_IDS, LABELS


@pytest.fixture
def report(scored: Callable[..., Any]) -> Report:
    sample = scored(80, seed=10)
    truth, decisions = sample.truth, sample.logits > 0
    truth[:, 2] = False
    metrics = score(truth, decisions, sample.probabilities)
    intervals = document_bootstrap(truth, decisions, sample.probabilities, sample.documents, samples=50, seed=0)
    known = {"escalation/f1": 0.6149, "escalation/support": 1234.0}
    metrics, intervals = metrics | known, intervals | {"escalation/f1": (0.5351, 0.6849)}
    return Report("test", 80, 10, metrics, intervals, dict(zip(LABEL_IDS, (0.42, 0.3, 0.5, 0.35), strict=True)))


def test_a_stored_report_comes_back_to_six_digits_and_its_bytes_repeat(tmp_path: Path, report: Report) -> None:
    report.save(tmp_path / "a.json")
    again = Report.load(tmp_path / "a.json")
    again.save(tmp_path / "b.json")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert again.metrics == pytest.approx(report.metrics, abs=5e-7, nan_ok=True)
    assert again.intervals["macro/f1"] == pytest.approx(report.intervals["macro/f1"], abs=5e-7)
    assert math.isnan(again.metrics["accusation/f1"])


def test_undefined_numbers_are_stored_as_null_and_keys_are_sorted(tmp_path: Path, report: Report) -> None:
    report.save(tmp_path / "report.json")
    stored = json.loads((tmp_path / "report.json").read_text(), parse_constant=pytest.fail)
    assert stored["metrics"]["accusation/f1"] is None
    assert stored["intervals"]["accusation/f1"] == [None, None]
    assert list(stored["metrics"]) == sorted(stored["metrics"])


@pytest.mark.parametrize("change", [{"metrics": [1, 2]}, {"intervals": {"macro/f1": 0.5}}, {"sentences": "many"}])
def test_a_malformed_report_is_a_user_error(tmp_path: Path, report: Report, change: dict[str, object]) -> None:
    path = tmp_path / "report.json"
    report.save(path)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(UserError, match=r"report\.json: not an evaluation report"):
        Report.load(path)


def test_the_terminal_table_fits_80_columns_with_a_row_a_label_and_the_averages(report: Report) -> None:
    screen = io.StringIO()
    Console(file=screen, width=80).print(render_table(report))
    lines = screen.getvalue().splitlines()
    titles = [*(label.french for label in LABELS), "macro", "micro"]
    rows = [line.strip() for line in lines if line.strip().startswith(tuple(titles))]
    assert [next(title for title in titles if row.startswith(title)) for row in rows] == titles
    assert "0.61 [0.54, 0.68]" in rows[0] and "1234 0.42" in rows[0]
    assert "– [–, –]" in rows[2]
    assert "…" not in screen.getvalue()


def test_the_markdown_table_says_the_same(report: Report) -> None:
    header, rule, *rows = markdown_table(report).splitlines()
    assert header.count("|") == rule.count("|") == rows[0].count("|")
    assert rows[0].startswith("| escalade | 0.61 [0.54, 0.68] |") and rows[0].endswith("| 1234 | 0.42 |")
    assert rows[-1].startswith("80 sentences from 10 documents; exact match ")
