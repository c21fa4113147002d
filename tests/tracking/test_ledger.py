"""The ledger keeps every result, replaces a repeated one, and its table says what the rows say."""

import mlflow
import pandas as pd
import pytest

from detente.labels import LABEL_IDS
from detente.tracking.ledger import COLUMNS, METRICS, collect_runs, merge, read_ledger, summary_table
from detente.tracking.run import TrackingSettings, tracked_run


def row(macro=0.5, **changes):
    """One ledger row; every F1 a label is 0.25."""
    base = {"campaign": "001", "set": "test", "model": "tfidf", "share": 1.0, "seed": 1, "corpus": "aaaa1111"}
    return base | {"commit": "bbbb2222"} | dict.fromkeys(METRICS, 0.25) | {"macro/f1": macro} | changes


def ledger(*rows):
    return pd.DataFrame(rows, columns=COLUMNS)


def test_there_are_no_rows_without_a_file(tmp_path):
    frame = read_ledger(tmp_path / "results.csv")
    assert list(frame.columns) == COLUMNS
    assert frame.empty


@pytest.mark.parametrize("digits", ["00123456", "1234e567", "12345678"])
def test_hashes_that_look_like_numbers_come_back_as_written(tmp_path, digits):
    ledger(row(commit=digits, corpus=digits, campaign="001")).to_csv(tmp_path / "results.csv", index=False)
    [read] = read_ledger(tmp_path / "results.csv").to_dict("records")
    assert read == row(commit=digits, corpus=digits, campaign="001")


def test_a_repeated_run_replaces_its_row_and_no_other():
    old = ledger(row(0.5), row(0.6, seed=2), row(0.7, set="validation"), row(0.8, corpus="cccc3333"), row(0.9, model="x"))
    merged = merge(old, ledger(row(0.1, commit="dddd4444"), row(0.2, campaign="002")))
    assert sorted(merged["macro/f1"]) == [0.1, 0.2, 0.6, 0.7, 0.8, 0.9]
    assert merged.loc[merged["macro/f1"] == 0.1, "commit"].tolist() == ["dddd4444"]


def test_merging_with_nothing_changes_nothing_either_way():
    rows = ledger(row(0.5), row(0.6, seed=2))
    pd.testing.assert_frame_equal(merge(rows, ledger()), rows, check_dtype=False)
    pd.testing.assert_frame_equal(merge(ledger(), rows), rows, check_dtype=False)
    assert merge(ledger(), ledger()).empty


def test_the_table_gives_mean_and_standard_deviation_over_seeds():
    rows = [row(0.5), row(0.6, seed=2), row(0.7, seed=3), row(0.9, campaign="002")]
    head, rule, first, second = summary_table(ledger(*rows)).splitlines()
    assert (
        head
        == f"| campaign | corpus | set | model | share | seeds | macro-F1 | 95 %, first seed | {' | '.join(LABEL_IDS)} |"
    )
    assert rule.count("---:") == 8
    assert first == "| 001 | `aaaa1111` | test | tfidf | 100% | 3 | 0.600 ± 0.100 | 0.25 to 0.25 |" + " 0.250 ± 0.000 |" * 4
    assert second == "| 002 | `aaaa1111` | test | tfidf | 100% | 1 | 0.900 | 0.25 to 0.25 |" + " 0.250 |" * 4


def test_only_finished_evaluations_of_campaigns_are_collected(tmp_path):
    store = TrackingSettings(f"sqlite:///{tmp_path}/mlflow.db", "détente")

    def evaluation(macro, campaign="001"):
        model = {"campaign": campaign, "name": "tfidf", "seed": 1, "corpus": "aaaa1111" * 4, "share": 1.0}
        mlflow.set_tags({f"model.{key}": value for key, value in model.items()} | {"set": "test"})
        mlflow.log_metrics({f"test/{metric}": macro for metric in METRICS})

    assert collect_runs(store).empty
    with tracked_run(store, "evaluate", {}):
        evaluation(0.123456)
    with tracked_run(store, "evaluate, outside any campaign", {}):
        evaluation(0.3, campaign="none")
    with tracked_run(store, "train", {}):
        mlflow.set_tags({"model.campaign": "001"})
    with pytest.raises(ZeroDivisionError), tracked_run(store, "evaluate, broken", {}):
        evaluation(0.4)
        _ = 1 / 0
    [collected] = collect_runs(store).to_dict("records")
    assert collected["commit"] == "none" or len(collected["commit"]) == 8
    assert collected == row(commit=collected["commit"]) | dict.fromkeys(METRICS, 0.1235)
