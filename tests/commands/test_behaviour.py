"""``detente behaviour`` on the real suite: a report of every kind of test, and what a release has lost."""

import json

import mlflow
import pytest

from detente.commands.behaviour import behaviour
from detente.errors import UserError
from detente.evaluation.behaviour.report import BehaviourReport


@pytest.fixture
def behave(composed, baseline, store):
    """Runs the suite on the baseline."""
    return lambda *overrides: behaviour(composed("behaviour", f"model={baseline}", store, *overrides))


def test_every_rule_every_swap_and_every_noise_is_reported(behave, tmp_path, capsys):
    report = behave()
    assert BehaviourReport.load(tmp_path / "behaviour" / "report.json").summary() == pytest.approx(
        report.summary(), abs=1e-5
    )
    assert {f"rule {number}" for number in range(1, 11)} <= set(report.functional)
    assert all(report.functional[f"rule {number}"].tested >= 20 for number in range(1, 11))
    assert {"actors", "sides"} <= set(report.invariance) and len(report.invariance) >= 6
    assert len(report.spread) >= 40
    page = (tmp_path / "behaviour" / "report.md").read_text(encoding="utf-8")
    assert "There is no report of an earlier release." in page
    assert "Behavioural suite" in capsys.readouterr().out
    metrics = mlflow.last_active_run().data.metrics
    assert metrics["invariance/actors/flip_rate"] == pytest.approx(report.invariance["actors"].flip_rate)


def test_what_the_last_release_passed_is_named_when_it_fails(behave, tmp_path):
    behave()
    written = json.loads((tmp_path / "behaviour" / "report.json").read_text(encoding="utf-8"))
    failing = next(name for name, passed in written["outcomes"].items() if not passed)
    written["outcomes"][failing] = True
    (tmp_path / "release.json").write_text(json.dumps(written), encoding="utf-8")
    behave()
    assert f"- `{failing}`" in (tmp_path / "behaviour" / "report.md").read_text(encoding="utf-8")


def test_a_margin_below_zero_is_refused(behave):
    with pytest.raises(UserError, match=r"margin=-1\.0: must be 0 or more"):
        behave("margin=-1.0")
