"""A report survives storage, reads as Markdown, and is compared with an older one by name."""

from dataclasses import replace
from pathlib import Path

import pytest

from detente.errors import UserError
from detente.evaluation.behaviour.report import BehaviourReport, Invariance, Rate, markdown_tables, regressions
from detente.labels import LABEL_IDS


@pytest.fixture
def report() -> BehaviourReport:
    return BehaviourReport(
        functional={"rule 10": Rate(1, 2), "rule 2": Rate(3, 3), "all": Rate(4, 5)},
        invariance={"capitals": Invariance(5, 0.4, 0.25), "actors": Invariance(60, 0.05, 0.0123)},
        directional={"all": Rate(1, 1), "denial": Rate(1, 1)},
        spread={"Russie": dict.fromkeys(LABEL_IDS, 0.125), "Mali": dict.fromkeys(LABEL_IDS, -0.25)},
        outcomes={"functional/a": True, "functional/b": False, "capitals/a": True},
    )


def test_storage_gives_the_same_report_and_the_same_bytes(report: BehaviourReport, tmp_path: Path) -> None:
    report.save(tmp_path / "one.json")
    again = BehaviourReport.load(tmp_path / "one.json")
    again.save(tmp_path / "two.json")
    assert again == report
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    assert markdown_tables(again) == markdown_tables(report)


def test_only_what_passed_before_and_fails_now_is_a_regression(report: BehaviourReport) -> None:
    now = {"functional/a": False, "functional/b": False, "functional/new": False, "capitals/a": True}
    assert regressions(report, replace(report, outcomes=now)) == ["functional/a"]


def test_markdown_in_the_order_of_the_codebook(report: BehaviourReport) -> None:
    lines = markdown_tables(report).splitlines()
    assert lines[2:5] == ["| rule 2 | 3 | 3 | 100.0% |", "| rule 10 | 1 | 2 | 50.0% |", "| all | 4 | 5 | 80.0% |"]
    assert "| actors | 60 | 5.0% | 0.012 |" in lines
    assert lines[-2].startswith("| Mali | -0.250 |")  # the strongest deviation first
    assert {line.count("|") for line in lines if line} == {5, 6}


def test_a_malformed_report_is_a_message(report: BehaviourReport, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    report.save(file)
    file.write_text(file.read_text(encoding="utf-8").replace('"tested"', '"total"'), encoding="utf-8")
    with pytest.raises(UserError, match="not a behavioural report"):
        BehaviourReport.load(file)
