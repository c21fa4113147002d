"""The results ledger: one row for each evaluation of a campaign, from MLflow into a CSV that is committed.

MLflow's database stays on one machine; what must travel is written here. A run that is not in the ledger did not happen.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from detente.labels import LABEL_IDS
from detente.tracking.run import TrackingSettings, connect

if TYPE_CHECKING:
    import pandas as pd

KEYS = ["campaign", "set", "model", "share", "seed", "corpus", "commit"]
METRICS = ["macro/f1", "macro/f1/low", "macro/f1/high", "micro/f1", "exact_match", *(f"{label}/f1" for label in LABEL_IDS)]
COLUMNS = KEYS + METRICS


def read_ledger(path: Path) -> "pd.DataFrame":
    """The ledger's rows; none if there is no file yet."""
    import pandas as pd

    text = dict.fromkeys(
        (key for key in KEYS if key not in ("seed", "share")), str
    )  # a hash of digits alone is still no number
    return pd.read_csv(path, dtype=text) if path.is_file() else pd.DataFrame(columns=COLUMNS)


def collect_runs(settings: TrackingSettings) -> "pd.DataFrame":
    """The finished evaluations of campaigns in the tracking store, as ledger rows; of equal ones the newest."""
    import mlflow
    import pandas as pd

    connect(settings)
    runs = mlflow.search_runs(experiment_names=[settings.experiment], filter_string="attributes.status = 'FINISHED'")
    if "tags.set" not in runs:
        return pd.DataFrame(columns=COLUMNS)
    runs = runs[runs["tags.set"].notna() & (runs["tags.model.campaign"] != "none")].sort_values("start_time")
    rows = [
        {
            "campaign": run["tags.model.campaign"],
            "set": run["tags.set"],
            "model": run["tags.model.name"],
            "share": float(run["tags.model.share"]),
            "seed": int(run["tags.model.seed"]),
            "corpus": run["tags.model.corpus"][:8],
            "commit": run["tags.git.commit"][:8],
        }
        | {metric: round(run.get(f"metrics.{run['tags.set']}/{metric}", float("nan")), 4) for metric in METRICS}
        for _, run in runs.iterrows()
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def merge(ledger: "pd.DataFrame", runs: "pd.DataFrame") -> "pd.DataFrame":
    """Adds runs to the ledger; a run repeated on the same data replaces its row, nothing else is ever taken out."""
    import pandas as pd

    whole = pd.concat([frame for frame in (ledger, runs) if len(frame)] or [ledger], ignore_index=True)
    same = ["campaign", "set", "model", "share", "seed", "corpus"]
    return whole.drop_duplicates(same, keep="last").sort_values(same).reset_index(drop=True)


def summary_table(ledger: "pd.DataFrame") -> str:
    """Markdown: one row a campaign, corpus version, set, model and share of the training documents.

    F1 as mean ± standard deviation over seeds; the interval is that of the first seed, from resampled documents.
    """
    columns = ["macro/f1", *(f"{label}/f1" for label in LABEL_IDS)]
    heads = ["campaign", "corpus", "set", "model", "share", "seeds", "macro-F1", "95 %, first seed", *LABEL_IDS]
    lines = [f"| {' | '.join(heads)} |", f"|{' --- |' * 4}{' ---: |' * (len(heads) - 4)}"]
    for key, rows in ledger.groupby(["campaign", "corpus", "set", "model", "share"], sort=True):
        campaign, corpus, name, model, share = key
        spread = [f"{rows[column].mean():.3f}" for column in columns]
        if len(rows) > 1:
            spread = [f"{mean} ± {rows[column].std(ddof=1):.3f}" for mean, column in zip(spread, columns, strict=True)]
        first = rows.sort_values("seed").iloc[0]
        low, high = first["macro/f1/low"], first["macro/f1/high"]
        interval = f"{low:.2f} to {high:.2f}" if low == low else "–"
        cells = [str(campaign), f"`{corpus}`", str(name), str(model), f"{share:.0%}", str(len(rows))]
        lines.append(f"| {' | '.join([*cells, spread[0], interval, *spread[1:]])} |")
    return "\n".join(lines) + "\n"
