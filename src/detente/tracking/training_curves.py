"""The curves of the run that trained a model, from MLflow, and their figure."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.errors import UserError
from detente.evaluation.figure_style import figure_style, new_figure
from detente.tracking.run import TrackingSettings, connect

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

COLUMNS = ["metric", "step", "value"]
PANELS = {"loss": ("train/loss", "validation/loss"), "macro-F1": ("validation/macro_f1",)}
COLOURS = {"train/loss": "#8c8c8c", "validation/loss": "#222222", "validation/macro_f1": "#222222"}


def read_curves(settings: TrackingSettings, description: Mapping[str, Any]) -> "pd.DataFrame":
    """The points of the newest finished training run of a model.

    Args:
        settings: Where runs are kept.
        description: `detente.evaluation.trained.TrainedModel.description` of the model.

    Returns:
        Columns ``COLUMNS``; no row where the store is not there, knows no such run, or the run kept no curve.
    """
    import pandas as pd

    store = settings.uri.removeprefix("sqlite:///")
    if store != settings.uri and not Path(store).is_file():
        return pd.DataFrame(columns=COLUMNS)
    import mlflow

    connect(settings)
    wanted = [f"tags.`model.{key}` = '{value}'" for key, value in description.items()]
    runs = mlflow.search_runs(
        experiment_names=[settings.experiment],
        filter_string=" and ".join(["attributes.status = 'FINISHED'", *wanted]),
        order_by=["attributes.start_time DESC"],
        output_format="list",
    )
    client = mlflow.MlflowClient()
    metrics = [metric for names in PANELS.values() for metric in names]
    for run in runs:
        rows = [
            (metric, point.step, point.value)
            for metric in metrics
            for point in client.get_metric_history(run.info.run_id, metric)
        ]
        if rows:  # evaluations carry the tags of the model too, but no curve
            return pd.DataFrame(rows, columns=COLUMNS)
    return pd.DataFrame(columns=COLUMNS)


def plot_curves(curves: "pd.DataFrame") -> "Figure":
    """Loss on training and validation sentences, and macro-F1 on validation, over the steps of training.

    Args:
        curves: As `read_curves` gives them.

    Raises:
        UserError: There is no point.
    """
    if curves.empty:
        raise UserError("no training curve: MLflow knows no run of this model")
    with figure_style():
        figure = new_figure(9, 3)
        for panel, (title, metrics) in zip(figure.subplots(1, len(PANELS)), PANELS.items(), strict=True):
            for metric in metrics:
                points = curves[curves["metric"] == metric].sort_values("step")
                name = metric.partition("/")[0]
                panel.plot(points["step"], points["value"], color=COLOURS[metric], marker="o", markersize=3, label=name)
            panel.set(title=title, xlabel="step")
            panel.set_ylim(bottom=0)
            panel.legend(frameon=False, fontsize=11)
    return figure
