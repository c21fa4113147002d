"""Draws macro-F1 against the share of the training documents from the ledger: `python experiments/learning_curve.py`."""

import matplotlib.pyplot as plt

from detente.evaluation.plots import save_figure
from detente.project import find_root
from detente.tracking.ledger import read_ledger

CAMPAIGN = "004-learning-curve"
TITLES = {"test": "our own test split", "real_dev": "real prose (real_dev)"}
STYLES = {"embedded_first": ("#0072b2", "o"), "tfidf": ("#d55e00", "s")}

experiments = find_root() / "experiments"
ledger = read_ledger(experiments / "results.csv")
rows = ledger[(ledger["campaign"] == CAMPAIGN) & (ledger["corpus"] == ledger["corpus"].iloc[-1])]
figure, axes = plt.subplots(1, 2, figsize=(9, 3.6), sharey=True, layout="constrained")
for axis, (name, title) in zip(axes, TITLES.items(), strict=True):
    for model, (colour, marker) in STYLES.items():
        scores = rows[(rows["set"] == name) & (rows["model"] == model)].groupby("share")["macro/f1"].agg(["mean", "std"])
        axis.errorbar(scores.index, scores["mean"], scores["std"], color=colour, marker=marker, capsize=3, label=model)
    axis.set(title=title, xlabel="share of the training documents", xscale="log", xticks=[0.1, 0.25, 0.5, 1.0])
    axis.set_xticklabels(["10 %", "25 %", "50 %", "100 %"])
    axis.minorticks_off()
    axis.grid(alpha=0.3)
axes[0].set_ylabel("macro-F1, mean ± sd over seeds")
axes[0].legend(frameon=False)
save_figure(figure, experiments / CAMPAIGN / "learning_curve.png")
