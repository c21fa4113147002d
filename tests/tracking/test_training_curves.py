"""The curves of the right run, and none where there is none."""

import mlflow
import pytest

from detente.errors import UserError
from detente.tracking.run import TrackingSettings, tracked_run
from detente.tracking.training_curves import COLUMNS, plot_curves, read_curves

DESCRIPTION = {"family": "camembert", "name": "tiny", "seed": 1, "corpus": "none", "campaign": "none", "share": 1.0}


def keep(settings, value, **changes):
    """A training run whose loss is `value`."""
    with tracked_run(settings, "train", {}):
        mlflow.set_tags({f"model.{key}": one for key, one in (DESCRIPTION | changes).items()})
        for step in (1, 2):
            mlflow.log_metrics({"train/loss": value / step, "other": 1.0}, step=step)


def test_the_newest_run_of_the_model_is_read(tmp_path):
    settings = TrackingSettings(f"sqlite:///{tmp_path}/mlflow.db", "detente")
    keep(settings, 8.0)
    keep(settings, 4.0)
    keep(settings, 2.0, seed=2)
    with tracked_run(settings, "evaluate", {}):  # newer, of the same model, without a curve
        mlflow.set_tags({f"model.{key}": value for key, value in DESCRIPTION.items()})
    curves = read_curves(settings, DESCRIPTION)
    assert curves.to_numpy().tolist() == [["train/loss", 1, 4.0], ["train/loss", 2, 2.0]]
    loss = plot_curves(curves).axes[0]
    assert loss.lines[0].get_xydata().tolist() == [[1, 4], [2, 2]]
    assert read_curves(settings, DESCRIPTION | {"name": "unknown"}).empty


def test_a_missing_store_is_not_made(tmp_path):
    curves = read_curves(TrackingSettings(f"sqlite:///{tmp_path}/mlflow.db", "detente"), DESCRIPTION)
    assert curves.empty and list(curves.columns) == COLUMNS
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(UserError, match="no training curve"):
        plot_curves(curves)
