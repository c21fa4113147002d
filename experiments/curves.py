"""Writes one metric of all finished runs of a name, from MLflow, as CSV: `python experiments/curves.py NAME METRIC`.

One row a logged point, with the settings in which the runs differ; a run that repeats another's settings and values
is left out.
"""

import sys

import mlflow
import pandas as pd

from detente.project import find_root

name, metric = sys.argv[1:]
mlflow.set_tracking_uri(f"sqlite:///{find_root() / 'mlflow.db'}")
client = mlflow.MlflowClient()
runs = mlflow.search_runs(
    experiment_names=["detente"],
    filter_string=f"attributes.run_name = '{name}' and attributes.status = 'FINISHED'",
    order_by=["attributes.start_time"],
)
paths = ("params.output", "params.splits", "params.checkpoints", "params.campaign", "params.encoder.threads")
settings = [column for column in runs if column.startswith("params.") and column not in paths]
differing = [column for column in settings if runs[column].nunique(dropna=False) > 1]
rows = []
for _, run in runs.iterrows():
    varied = {column.removeprefix("params."): run[column] for column in differing}
    for point in client.get_metric_history(run["run_id"], metric):
        rows.append(varied | {"step": point.step, metric: round(point.value, 4)})
pd.DataFrame(rows).drop_duplicates().to_csv(sys.stdout, index=False)
