"""Precision and recall at every threshold, as a table that ``dvc plots`` can draw and compare between commits."""

from pathlib import Path

from detente.evaluation.arrays import BoolArray, FloatArray
from detente.labels import LABEL_IDS


def write_precision_recall(truth: BoolArray, probabilities: FloatArray, path: Path) -> None:
    """Writes a CSV with the columns label, recall, precision; a label that never occurs has no curve."""
    import pandas as pd
    from sklearn.metrics import precision_recall_curve

    frames = []
    for column, label in enumerate(LABEL_IDS):
        if truth[:, column].any():
            precision, recall, _ = precision_recall_curve(truth[:, column], probabilities[:, column])
            frames.append(pd.DataFrame({"label": label, "recall": recall, "precision": precision}).round(4))
    pd.concat(frames).to_csv(path, index=False)
