"""The MLflow model of a run, as models-from-code: MLflow stores this file instead of a pickle and runs it on loading."""

from pathlib import Path
from typing import Any

import mlflow
import pandas as pd

from detente.labels import LABEL_IDS


class ServedModel(mlflow.pyfunc.PythonModel):  # type: ignore[misc,name-defined]
    """Labels a table of sentences: column ``text`` in; one probability column a label, ``labels`` and ``review`` out."""

    def load_context(self, context: Any) -> None:
        """Loads the model folder among the run's artifacts."""
        from detente.evaluation.trained import TrainedModel

        self.model = TrainedModel.load(Path(context.artifacts["classifier"]))

    def predict(self, context: Any, model_input: pd.DataFrame, params: dict[str, Any] | None = None) -> pd.DataFrame:
        """Labels the sentences; ``labels`` joins the ids with ``;`` since a signature has no lists of varying length."""
        labelling = self.model.label(model_input["text"].tolist())
        frame = pd.DataFrame(labelling.probabilities, columns=list(LABEL_IDS), index=model_input.index)
        frame["labels"] = [
            ";".join(sorted(label for label, given in zip(LABEL_IDS, row, strict=True) if given))
            for row in labelling.decisions
        ]
        return frame.assign(review=labelling.review)


mlflow.models.set_model(ServedModel())
