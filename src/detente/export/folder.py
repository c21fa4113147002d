"""Writing the bundle: graphs that have passed the gate, tokenizer and description, as one MLflow model."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tokenizers import Tokenizer

import detente
from detente.bundle.description import DESCRIPTION, GRAPHS, TOKENIZER, Description
from detente.bundle.labeller import Labeller
from detente.classifier.camembert import CamembertClassifier
from detente.evaluation.arrays import BoolArray
from detente.evaluation.decision import Decision
from detente.evaluation.trained import TrainedModel
from detente.export.onnx_graph import export_fp32, quantise
from detente.export.parity import Tolerance, check_fp32, judge_int8
from detente.files import replaced_folder
from detente.labels import LABEL_IDS
from detente.text.anonymise import ACTORS
from detente.tracking.environment import processor

ABOUT = """# A bundle of détente

Labels French sentences as escalation, de-escalation, accusation or diplomatic offer. The model card, with what it is for,
its scores and its limits, is `reports/model_card.md` of the repository that made it; `detente card` writes it.
"""
RUNTIME_PACKAGES = ("onnxruntime", "tokenizers", "numpy", "pandas")
# What the labeller imports of this package, and no more; it travels with the bundle.
RUNTIME_CODE = (
    "__init__.py",
    "errors.py",
    "files.py",
    "json_file.py",
    "labels.py",
    "bundle/__init__.py",
    "bundle/columns.py",
    "bundle/description.py",
    "bundle/labeller.py",
    "classifier/__init__.py",
    "classifier/interface.py",
    "evaluation/__init__.py",
    "evaluation/arrays.py",
    "evaluation/decision.py",
    "evaluation/trained.py",
    "text/__init__.py",
    "text/anonymise.py",
    "text/normalise.py",
)


def write_bundle(
    model: TrainedModel,
    texts: Sequence[str],
    truth: BoolArray,
    folder: Path,
    tolerance: Tolerance,
    int8: bool,
    provenance: dict[str, Any],
) -> Description:
    """Exports a fine-tuned CamemBERT, holds it against the original, and writes the bundle.

    Args:
        model: Its classifier is a `CamembertClassifier`.
        texts: Sentences to compare on.
        truth: The labels they earn [sentence, label].
        folder: Where to write; an older bundle gives way only to a whole one.
        tolerance: How much the graphs may differ.
        int8: Whether to try int8; it is shipped if it is close enough to fp32.
        provenance: Goes into the description as it is.

    Returns:
        The bundle's description.

    Raises:
        UserError: The fp32 graph differs too much; nothing is written.
    """
    assert isinstance(model.classifier, CamembertClassifier)
    classifier = model.classifier
    with TemporaryDirectory() as scratch:
        files = Path(scratch)
        export_fp32(classifier.model, files / GRAPHS["fp32"])
        _save_tokenizer(classifier, files / TOKENIZER)
        classifier.anonymiser.save(files / ACTORS)
        padding = classifier.tokenizer.pad_token_id
        description = Description(model.decision, classifier.max_length, padding, ("fp32",), provenance, {})
        said = Labeller(files, description, "fp32").label(texts)
        parity: dict[str, Any] = {"sentences": len(texts), "processor": processor()}
        parity["fp32"] = check_fp32(texts, model.label(texts), said, tolerance)
        parity["int8"] = {"shipped": False, "reason": "not asked for (int8=false)"}
        if int8:
            quantise(files / GRAPHS["fp32"], files / GRAPHS["int8"])
            parity["int8"] = judge_int8(truth, said, Labeller(files, description, "int8").label(texts), tolerance)
        weights = ("fp32", "int8") if parity["int8"]["shipped"] else ("fp32",)
        description = replace(description, weights=weights, parity=parity)
        description.save(files / DESCRIPTION)
        with replaced_folder(folder) as aside:
            _save_mlflow_model(files, description, aside)
            (aside / "README.md").write_text(ABOUT, encoding="utf-8")
    return description


def _save_tokenizer(classifier: CamembertClassifier, path: Path) -> None:
    """The tokenizer as it cuts sentences, whatever was done with it before."""
    tokenizer = Tokenizer.from_str(classifier.tokenizer.backend_tokenizer.to_str())
    tokenizer.no_padding()
    tokenizer.enable_truncation(classifier.max_length)
    tokenizer.save(str(path))


def _save_mlflow_model(files: Path, description: Description, folder: Path) -> None:
    """Models-from-code: no pickle. MLflow writes into a folder that is there but empty."""
    import mlflow

    source = Path(detente.__file__).parent
    with TemporaryDirectory() as scratch:
        code = Path(scratch, "detente")
        for name in RUNTIME_CODE:
            (code / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / name, code / name)
        shipped = {f"graph_{weights}": GRAPHS[weights] for weights in description.weights}
        shipped |= {"tokenizer": TOKENIZER, "actors": ACTORS, "description": DESCRIPTION}
        mlflow.pyfunc.save_model(
            path=folder,
            python_model=str(Path(__file__).with_name("served_bundle.py")),
            artifacts={key: str(files / name) for key, name in shipped.items()},
            code_paths=[str(code)],
            signature=_signature(description.decision),
            model_config={"weights": description.weights[-1], "threads": 0},
            pip_requirements=[f"{name}=={version(name)}" for name in RUNTIME_PACKAGES],
        )
    _forget_origins(folder)


def _forget_origins(folder: Path) -> None:
    """Takes the paths of this machine, which MLflow records and never reads again, out of the model's description."""
    from mlflow.models import Model

    model = Model.load(str(folder))
    flavour = model.flavors["python_function"]
    flavour["model_code_path"] = Path(flavour["model_code_path"]).name
    for artifact in flavour["artifacts"].values():
        artifact["uri"] = artifact["path"]
    model.save(str(folder / "MLmodel"))


def _signature(decision: Decision) -> Any:
    """Text in; probabilities, labels and review out; the model's own thresholds as parameters that a caller may change."""
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, DataType, ParamSchema, ParamSpec, Schema, TensorSpec
    from mlflow.types.schema import Array

    outputs: list[ColSpec | TensorSpec] = [ColSpec(DataType.double, label) for label in LABEL_IDS]
    outputs += [ColSpec(Array(DataType.string), "labels"), ColSpec(DataType.boolean, "review")]
    thresholds = zip(decision.labels, decision.thresholds, strict=True)
    params = [ParamSpec(f"threshold_{label}", DataType.double, threshold) for label, threshold in thresholds]
    return ModelSignature(Schema([ColSpec(DataType.string, "text")]), Schema(outputs), ParamSchema(params))
