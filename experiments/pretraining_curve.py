"""Draws macro-F1 against the tokens an encoder was pretrained on: `python experiments/pretraining_curve.py`.

A star is the last encoder after `detente adapt`. Scores come from the ledger, tokens from the pretraining configuration of
the revision in which each encoder was made.
"""

import subprocess

import matplotlib.pyplot as plt
import pandas as pd
import yaml

from detente.evaluation.plots import save_figure
from detente.project import find_root
from detente.tracking.ledger import read_ledger

CAMPAIGN = "005-encoders"
CAMPAIGNS = (CAMPAIGN, "001-baselines")
REVISIONS = {"pretrained": "HEAD"}
TITLES = {"test": ("our own test split", "#0072b2", "o"), "real_dev": ("real prose (real_dev)", "#d55e00", "s")}
ROOT = find_root()


def tokens(revision: str) -> float:
    """Tokens, in millions, that the pretraining configuration of a revision asks for."""
    text = subprocess.run(
        ["git", "show", f"{revision}:conf/pretrain.yaml"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    config = yaml.safe_load(text)
    return float(config["schedule"]["steps"] * config["schedule"]["batch_size"] * config["sequence_length"]) / 1e6


ledger = read_ledger(ROOT / "experiments" / "results.csv")
rows = ledger[ledger["campaign"].isin(CAMPAIGNS) & (ledger["corpus"] == ledger["corpus"].iloc[-1]) & (ledger["share"] == 1)]
rows = rows.drop_duplicates(["set", "model", "seed"])
seen = {"embedded_random": 0.0} | {model: tokens(revision) for model, revision in REVISIONS.items()}
figure, axis = plt.subplots(figsize=(6, 4), layout="constrained")
table = []
for name, (title, colour, marker) in TITLES.items():
    own = rows[rows["set"] == name]
    scores = own.groupby("model")["macro/f1"].agg(["mean", "std", "count"])
    points = [(count, *scores.loc[model]) for model, count in seen.items()]
    adapted = (seen["pretrained"], *scores.loc["embedded"])
    table += [(name, model, *point) for model, point in zip([*seen, "embedded"], [*points, adapted], strict=True)]
    x, mean, spread, _ = zip(*points, strict=True)
    axis.errorbar(x, mean, spread, color=colour, marker=marker, capsize=3, label=title)
    axis.errorbar(*([value] for value in adapted[:3]), color=colour, marker="*", markersize=14, capsize=3)
    axis.axhline(scores.loc["tfidf", "mean"], color=colour, linestyle=":", label=f"TF-IDF, {title}")
axis.set(xlabel="pretraining tokens (millions)", ylabel="macro-F1, mean ± sd over seeds", ylim=(0, 1))
axis.grid(alpha=0.3)
axis.plot([], [], "k*", markersize=10, label="adapted to the labels")
axis.legend(frameon=False, fontsize=9)
save_figure(figure, ROOT / "experiments" / CAMPAIGN / "pretraining_curve.png")
columns = ["set", "model", "million tokens", "macro-F1", "sd", "seeds"]
pd.DataFrame(table, columns=columns).round(4).to_csv(ROOT / "experiments" / CAMPAIGN / "curve.csv", index=False)
