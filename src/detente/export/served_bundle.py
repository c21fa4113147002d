"""The bundle as an MLflow model, from code: MLflow copies this file into the bundle and runs it on loading."""

from pathlib import Path
from typing import Any

import mlflow
import pandas as pd
from mlflow.exceptions import MlflowException

from detente.bundle.columns import shortened
from detente.bundle.labeller import Labeller
from detente.labels import LABEL_IDS


class ServedBundle(mlflow.pyfunc.PythonModel):  # type: ignore[misc,name-defined]
    """Labels a table of sentences: column ``text`` in; one probability column a label, ``labels`` and ``review`` out."""

    def load_context(self, context: Any) -> None:
        """Opens the bundle that this model lies in, with the ``weights`` and ``threads`` of the model configuration."""
        self.labeller = Labeller.load(Path(context.artifacts["description"]).parents[1], **context.model_config)

    def predict(self, context: Any, model_input: pd.DataFrame, params: dict[str, Any] | None = None) -> pd.DataFrame:
        """Labels the sentences.

        Args:
            context: Not needed after loading.
            model_input: With a column ``text``; other columns are not read.
            params: ``threshold_LABEL`` for any label, in [0, 1]; the model's own for the others.

        Raises:
            MlflowException: A text is no string or blank, or a threshold is out of bounds; status 400 of a server.
        """
        texts = model_input["text"].tolist()
        for row, text in enumerate(texts, start=1):
            if not isinstance(text, str) or not text.strip():
                what = "blank" if isinstance(text, str) else "missing or not a string"
                raise MlflowException.invalid_parameter_value(f"row {row}: the text is {what}: {shortened(text)}")
        own = dict(zip(LABEL_IDS, self.labeller.description.decision.thresholds, strict=True))
        wanted = [(params or {}).get(f"threshold_{label}", own[label]) for label in LABEL_IDS]
        try:
            labelling = self.labeller.label(texts, wanted)
        except ValueError as error:
            raise MlflowException.invalid_parameter_value(str(error)) from error
        frame = pd.DataFrame(labelling.probabilities, columns=list(LABEL_IDS), index=model_input.index)
        given = [[label for label, has in zip(LABEL_IDS, row, strict=True) if has] for row in labelling.decisions]
        return frame.assign(labels=pd.Series(given, index=frame.index, dtype=object), review=labelling.review)


mlflow.models.set_model(ServedBundle())
