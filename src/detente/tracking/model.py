"""Logging a trained model to the open MLflow run."""

from pathlib import Path

import detente
from detente.labels import LABEL_IDS
from detente.tracking import environment


def log_model(folder: Path) -> None:
    """Logs a model folder as an MLflow model named ``classifier`` with an explicit signature, without pickle.

    Args:
        folder: What :meth:`detente.evaluation.trained.TrainedModel.save` wrote.
    """
    import mlflow
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, DataType, Schema, TensorSpec

    outputs: list[ColSpec | TensorSpec] = [ColSpec(DataType.double, label) for label in LABEL_IDS]
    outputs += [ColSpec(DataType.string, "labels"), ColSpec(DataType.boolean, "review")]
    signature = ModelSignature(Schema([ColSpec(DataType.string, "text")]), Schema(outputs))
    wanted = ("torch", "transformers", "scikit-learn", "skops", "numpy", "pandas", "pydantic", "datasets", "omegaconf")
    installed = dict(line.split("==", 1) for line in environment.installed_packages().split())
    mlflow.pyfunc.log_model(
        name="classifier",
        python_model=str(Path(__file__).with_name("served_model.py")),
        artifacts={"classifier": str(folder)},
        code_paths=[str(Path(detente.__file__).parent)],
        signature=signature,
        pip_requirements=[f"{name}=={installed[name]}" for name in wanted],
    )
