"""What encoder and TF-IDF are worth on real prose, alone and together: `python experiments/real_prose.py`.

Needs `real_dev` and `real_news` (`detente benchmark fetch`) and the TF-IDF models of the experiments `baselines` and
`real_sentences`. Writes real_prose.csv and its table in 008-real-sentences/README.md. One seed.
"""

import numpy as np
import pandas as pd
from hydra import compose, initialize_config_dir
from scipy.special import logit
from speed.report import fill

from detente.classifier.choice import new_classifier
from detente.classifier.interface import Classifier
from detente.commands.hydra_job import register_resolvers
from detente.corpus.labelled import read_labelled
from detente.corpus.tables import label_matrix
from detente.errors import UserError
from detente.evaluation.fitting import fit_decision
from detente.evaluation.metrics import score
from detente.evaluation.trained import TrainedModel
from detente.files import replaced_file
from detente.project import find_root

ROOT = find_root()
FOLDER = ROOT / "experiments" / "008-real-sentences"
MARKS = ("<!-- prose: written by `python experiments/real_prose.py` -->", "<!-- end of prose -->")
SETS = {
    "validation": "data/splits/validation.parquet",
    "real_dev": "data/benchmarks/real_dev.fetched.jsonl",
    "real_news": "data/benchmarks/real_news.fetched.jsonl",
}
ADAPTED, RELEASED = (
    "encoder with its head, as `detente adapt` left it",
    "trained on the corpus once more: the released classifier",
)
ALONE, BOTH = "TF-IDF, the corpus alone", "TF-IDF, corpus and real sentences"
TRAINED = {
    RELEASED: "models/classifier",
    ALONE: "models/runs/001-baselines/tfidf-seed1",
    BOTH: "models/runs/008-real-sentences/tfidf-seed1",
}
MEAN = "mean of the log-odds of the released classifier and of TF-IDF with real sentences"


def classifiers() -> dict[str, Classifier]:
    """Those that are measured, by what they have learnt."""
    if missing := [folder for folder in TRAINED.values() if not (ROOT / folder).is_dir()]:
        bring = "`dvc pull`, `python experiments/run.py baselines` and `python experiments/run.py real_sentences` bring them"
        raise UserError(f"{', '.join(missing)}: not there; {bring}")
    register_resolvers()
    with initialize_config_dir(str(ROOT / "conf"), version_base="1.3"):
        adapted = new_classifier(compose("train"))
    return {ADAPTED: adapted} | {name: TrainedModel.load(ROOT / folder).classifier for name, folder in TRAINED.items()}


def rows() -> pd.DataFrame:
    """Macro-F1, thresholds from validation, and macro average precision, one row a classifier and set."""
    frames = {name: read_labelled(ROOT / path) for name, path in SETS.items()}
    truth = {name: label_matrix(frame) for name, frame in frames.items()}
    logits = {
        name: {key: classifier.logits(frame["text"].tolist()) for key, frame in frames.items()}
        for name, classifier in classifiers().items()
    }
    calibrated = {
        name: {key: logit(np.clip(decision.probabilities(values), 1e-5, 1 - 1e-5)) for key, values in own.items()}
        for name, own in logits.items()
        for decision in [fit_decision(own["validation"], truth["validation"], automatic_error=1.0)]
    }
    logits[MEAN] = {key: (calibrated[RELEASED][key] + calibrated[BOTH][key]) / 2 for key in SETS}
    table = []
    for name, own in logits.items():
        decision = fit_decision(own["validation"], truth["validation"], automatic_error=1.0)
        for key, values in own.items():
            probabilities = decision.probabilities(values)
            metrics = score(truth[key], decision.decide(probabilities), probabilities)
            table.append({"model": name, "set": key, "f1": metrics["macro/f1"], "ap": metrics["macro/average_precision"]})
    return pd.DataFrame(table).round(4)


def markdown(table: pd.DataFrame) -> str:
    """F1 and average precision, one row a model, one column a set."""
    lines = [f"| | {' | '.join(SETS)} |", f"| --- |{' ---: |' * len(SETS)}"]
    for model, own in table.groupby("model", sort=False):
        cells = [f"{row.f1:.3f}, {row.ap:.3f}" for row in own.itertuples()]  # in the order of SETS
        lines.append(f"| {model} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Measures, then writes figures and table."""
    table = rows()
    with replaced_file(FOLDER / "real_prose.csv") as aside:
        table.to_csv(aside, index=False)
    fill(FOLDER / "README.md", markdown(table), MARKS)


if __name__ == "__main__":
    try:
        main()
    except UserError as error:
        raise SystemExit(f"real_prose: {error}") from None
