"""What more pretraining brings: `python experiments/pretraining_curve.py`.

Pretrains the arms of 005-encoders/arms.yaml that have no score in the ledger yet, fine-tunes and measures them
(conf/experiment/pretraining_curve.yaml), and writes table and curve of 005-encoders/README.md from the ledger and
encoders.csv, which holds what each has seen. With `--draw` the last step alone.
"""

import argparse
import re
import subprocess
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import yaml
from hydra import compose, initialize_config_dir
from matplotlib.figure import Figure
from run import main as run_experiment
from scipy.stats import linregress
from speed.report import fill

from detente.commands.hydra_job import register_resolvers
from detente.commands.pretrain import pretrain
from detente.errors import UserError
from detente.evaluation.plots import save_figure
from detente.files import replaced_file
from detente.project import find_root
from detente.tracking.ledger import read_ledger

ROOT = find_root()
CAMPAIGN = "005-encoders"
CAMPAIGNS = (CAMPAIGN, "001-baselines")
FOLDER = ROOT / "experiments" / CAMPAIGN
ENCODERS = ROOT / "models" / "runs" / "005-pretraining"
PUBLISHED, RANDOM, ADAPTED, FIRST = "pretrained", "embedded_random", "embedded", "embedded_first"
FIRST_REVISION, FIRST_TOKENS = "cdb378a", 4200 * 16 * 128 / 1e6  # its conf/pretrain.yaml; it has no card
APART = {  # drawn beside the line: how, and what they are
    ADAPTED: ({"marker": "*", "markersize": 13}, "adapted to the labels"),
    "pretrained_open": ({"marker": "o", "markerfacecolor": "white"}, "open text alone"),
    "pretrained_counts": ({"marker": "D", "markerfacecolor": "white"}, "counts alone, layers random"),
    FIRST: ({"marker": "x"}, "first version, hidden words alone"),
}
SETS = {"test": ("our own test split", "#0072b2", "o"), "real_dev": ("real prose (real_dev)", "#d55e00", "s")}
MARKS = ("<!-- curve: written by `python experiments/pretraining_curve.py` -->", "<!-- end of curve -->")
AIM = 0.75


def bring_first() -> dict[str, float]:
    """Brings the first published encoder from the history of the repository."""
    if not (ENCODERS / FIRST).exists():
        ENCODERS.mkdir(parents=True, exist_ok=True)
        get = ["dvc", "get", "--quiet", ".", "models/encoder", "--rev", FIRST_REVISION, "--out", str(ENCODERS / FIRST)]
        if subprocess.run(get, cwd=ROOT).returncode:
            raise UserError(f"`{' '.join(get)}` failed; what it said stands above")
    return {"million_tokens": FIRST_TOKENS, "held_out_loss": np.nan}


def from_card(encoder: Path) -> dict[str, float]:
    """Tokens seen, those of an encoder it went on from included, and its own last loss on held-out hidden words."""
    card = (encoder / "README.md").read_text(encoding="utf-8")
    tokens = sum(float(number.replace(",", "")) for number in re.findall(r"\| tokens seen \| ([\d,]+) \|", card))
    own = card.partition("## The encoder it went on from")[0]
    return {"million_tokens": tokens / 1e6, "held_out_loss": float(re.findall(r"\| hidden words \| ([\d.]+) \|", own)[-1])}


def measured_models() -> set[str]:
    """The encoders that the campaign has scores of."""
    ledger = read_ledger(ROOT / "experiments" / "results.csv")
    return set(ledger.loc[ledger["campaign"] == CAMPAIGN, "model"])


def pretrain_missing(table: Path) -> list[str]:
    """Makes or brings the encoders that have no scores yet, and writes what they have seen into the table; their names."""
    arms = yaml.safe_load((FOLDER / "arms.yaml").read_text(encoding="utf-8"))
    measured = measured_models()
    missing = [name for name in (FIRST, *arms) if name not in measured]
    for name in missing:
        encoder = ENCODERS / name
        if name in arms and not encoder.exists():
            pretrain(compose("pretrain", [*arms[name], f"output={encoder}"]))
        row = {"model": name} | (bring_first() if name == FIRST else from_card(encoder))
        rows = pd.read_csv(table)
        with replaced_file(table) as aside:
            pd.concat([rows[rows["model"] != name], pd.DataFrame([row])]).round(4).to_csv(aside, index=False)
    return missing


def runs() -> pd.DataFrame:
    """One row a model, set and seed on the newest corpus, with the tokens its encoder was pretrained on."""
    ledger = read_ledger(ROOT / "experiments" / "results.csv")
    comparable = (ledger["corpus"] == ledger["corpus"].iloc[-1]) & (ledger["share"] == 1)
    rows = ledger[ledger["campaign"].isin(CAMPAIGNS) & comparable].drop_duplicates(["set", "model", "seed"])
    encoders = pd.read_csv(FOLDER / "encoders.csv").set_index("model")
    encoders.loc[RANDOM] = [0.0, np.nan]
    encoders.loc[ADAPTED] = encoders.loc[PUBLISHED]
    return rows.join(encoders, on="model")


def means(rows: pd.DataFrame) -> pd.DataFrame:
    """Mean, standard deviation and number of seeds of macro-F1, one row a set and model, by tokens."""
    keys = ["set", "million_tokens", "held_out_loss", "model"]
    return rows.groupby(keys, dropna=False)["macro/f1"].agg(["mean", "std", "count"]).reset_index()


def is_on_the_line(table: pd.DataFrame) -> pd.Series:
    """Which rows differ in nothing but how long their encoder was pretrained."""
    return (table["million_tokens"] > 0) & ~table["model"].isin(APART)


def reaching(line: Any) -> str:
    """Where a line through the runs would be at the aim; nothing of the kind where it does not clearly rise."""
    if line.slope < 2 * line.stderr:
        return "; a line that does not clearly rise says of no number of tokens that it would do"
    return f"; such a line is at {AIM} after {2 ** ((AIM - line.intercept) / line.slope):,.0f} million tokens"


def markdown(rows: pd.DataFrame) -> str:
    """The table, with the number of seeds in brackets, and what a straight line through the runs says of each set."""
    heads = ["encoder", "million tokens", "held-out loss", *SETS]
    lines = [f"| {' | '.join(heads)} |", f"| --- |{' ---: |' * (len(heads) - 1)}"]
    by_set = means(rows).set_index(["set", "model"])
    for model, row in by_set.loc["real_dev"].dropna(subset="million_tokens").iterrows():  # TF-IDF has seen no tokens
        loss = "–" if np.isnan(row["held_out_loss"]) else f"{row['held_out_loss']:.3f}"
        scores = [by_set.loc[(name, model)] for name in SETS]
        told = " | ".join(f"{score['mean']:.3f} ± {score['std']:.3f} ({score['count']:.0f})" for score in scores)
        lines.append(f"| {model} | {row['million_tokens']:.1f} | {loss} | {told} |")
    lines.append("")
    for name in SETS:
        own = rows[(rows["set"] == name) & is_on_the_line(rows)]
        line = linregress(np.log2(own["million_tokens"]), own["macro/f1"])
        lines.append(
            f"- {name}: {100 * line.slope:+.1f} ± {100 * line.stderr:.1f} points a doubling of the tokens (least squares, "
            f"± standard error, {len(own)} runs){reaching(line)}."
        )
    return "\n".join(lines)


def draw(table: pd.DataFrame) -> Figure:
    """Macro-F1 against tokens, from none on."""
    figure, axis = plt.subplots(figsize=(6.5, 4.2), layout="constrained")
    for name, (title, colour, marker) in SETS.items():
        own = table[table["set"] == name].sort_values("million_tokens")
        line = own[is_on_the_line(own) | (own["model"] == RANDOM)]
        axis.errorbar(line["million_tokens"], line["mean"], line["std"], color=colour, marker=marker, capsize=3, label=title)
        for model, (style, _) in APART.items():
            point = own.loc[own["model"] == model, ["million_tokens", "mean", "std"]].to_numpy().T
            axis.errorbar(*point, color=colour, capsize=3, linestyle="none", **style)
        axis.axhline(own.loc[own["model"] == "tfidf", "mean"].item(), color=colour, linestyle=":", label=f"TF-IDF, {title}")
    for model in [model for model in APART if model in set(table["model"])]:
        style, title = APART[model]
        axis.plot([], [], color="black", linestyle="none", label=title, **style)
    axis.set_xscale("symlog", linthresh=1, linscale=0.5)
    axis.set(xlabel="pretraining tokens (millions)", ylabel="macro-F1, mean ± sd over seeds", ylim=(0.3, 0.85))
    axis.set_xticks([0, 1, 3, 10, 30], ["0", "1", "3", "10", "30"])
    axis.grid(alpha=0.3)
    axis.legend(frameon=False, fontsize=8, ncols=2, loc="lower right")
    return figure


def draw_all() -> None:
    """Writes table and curve of what was measured."""
    rows = runs()
    table = means(rows)
    with replaced_file(FOLDER / "curve.csv") as aside:
        table.round(4).to_csv(aside, index=False)
    fill(FOLDER / "README.md", markdown(rows), MARKS)
    save_figure(draw(table), FOLDER / "pretraining_curve.png")


def main() -> None:
    """Pretrains and measures what is missing, then writes table and curve."""
    options = argparse.ArgumentParser(prog="pretraining_curve", description=__doc__)
    options.add_argument("--draw", action="store_true", help="write table and curve of what was measured, nothing more")
    if not options.parse_args().draw:
        register_resolvers()
        with initialize_config_dir(str(ROOT / "conf"), version_base="1.3"):
            missing = pretrain_missing(FOLDER / "encoders.csv")
        if missing:
            run_experiment("pretraining_curve", f"encoder.name={','.join(missing)}")
    draw_all()


if __name__ == "__main__":
    try:
        main()
    except UserError as error:
        raise SystemExit(f"pretraining_curve: {error}") from None
