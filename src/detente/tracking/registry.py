"""MLflow's model registry: bundles as versions of one name, judged on one set, found by alias."""

import json
import logging
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from detente.bundle.description import Description
from detente.bundle.labeller import Labeller
from detente.corpus.labelled import read_labelled
from detente.corpus.tables import label_matrix
from detente.errors import UserError
from detente.evaluation.arrays import BoolArray
from detente.evaluation.metrics import score
from detente.tracking.lineage import file_hash, folder_hash

CANDIDATE = "candidate"  # the version registered last
CHAMPION = "champion"  # the version to serve: models:/NAME@champion
METRIC = "macro/f1"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class JudgingSet:
    """Labelled sentences on which versions are compared: the validation split, for choosing on the test split spoils it.

    Attributes:
        name: Name of the file.
        md5: Hash of its bytes, as DVC takes it.
        texts: The sentences.
        truth: The labels they earn [sentence, label].
    """

    name: str
    md5: str
    texts: list[str]
    truth: BoolArray

    @classmethod
    def read(cls, path: Path) -> "JudgingSet":
        """Reads labelled sentences.

        Raises:
            UserError: The file is missing or malformed, or no sentence of it has a label.
        """
        frame = read_labelled(path)
        truth = label_matrix(frame)
        if not truth.any():
            raise UserError(f"{path}: no sentence has a label, so that no model can be judged on it; give other splits")
        return cls(path.name, file_hash(path), frame["text"].tolist(), truth)

    def judge(self, labeller: Labeller) -> float:
        """Macro-F1 of a bundle, in [0, 1], with the weights, calibration and thresholds that it is served with."""
        said = labeller.label(self.texts)
        return score(self.truth, said.decisions, said.probabilities)[METRIC]

    def __str__(self) -> str:
        return f"{self.name} ({len(self.texts)} sentences, md5 {self.md5})"


@dataclass(frozen=True)
class Promotion:
    """How a new version fared.

    Attributes:
        version: Its number in the registry.
        score: Its macro-F1.
        champion: The version that was champion before, if any.
        champion_score: Its macro-F1 on the same sentences; None without a champion, or for one that could not be opened.
        outcome: ``first``, ``not worse``, ``forced`` or ``refused``.
        corpora: DVC hashes of the corpora that the champion and the new version were trained on, where they differ.
    """

    version: str
    score: float
    champion: str | None
    champion_score: float | None
    outcome: str
    corpora: tuple[str, str] | None = None


def promote_bundle(bundle: Path, name: str, judging: JudgingSet, force: bool) -> Promotion:
    """Registers a bundle as the candidate, and makes it the champion unless it is worse than the present one.

    Both are scored now, by this version's labeller, on the same sentences: scores that were stored when a version was
    registered may come from other sentences. Score, set and outcome become tags of the new version, and metrics of the
    open MLflow run.

    Args:
        bundle: What ``detente export`` wrote.
        name: Of the registered model.
        judging: The sentences that decide.
        force: Make it the champion even if it is worse, or if the champion cannot be opened.

    Raises:
        UserError: There is no whole bundle, MLflow refuses the name, or the champion cannot be opened; the champion stays.
    """
    import mlflow

    labeller = Labeller.load(bundle)
    own = judging.judge(labeller)
    reigning = champion_of(name)
    judged = {f"validation/{METRIC}": str(own), "validation.md5": judging.md5, "weights": labeller.weights}
    version = register(bundle, name, provenance_tags(labeller.description) | judged)
    rival = _open(name, reigning, force) if reigning else None
    rival_score = judging.judge(rival) if rival else None
    if reigning is None:
        outcome = "first"
    elif rival_score is not None and own >= rival_score:
        outcome = "not worse"
    else:
        outcome = "forced" if force else "refused"
    client = mlflow.MlflowClient()
    scores = {"candidate": own} | ({} if rival_score is None else {"champion": rival_score})
    mlflow.log_metrics({f"{who}/{METRIC}": value for who, value in scores.items()})
    told = {"outcome": outcome, "champion": reigning or "none", f"champion/{METRIC}": scores.get("champion", "none")}
    for key, value in told.items():
        client.set_model_version_tag(name, version, f"promotion.{key}", str(value))
    if outcome != "refused":
        client.set_registered_model_alias(name, CHAMPION, version)
    trained_on = [str(one.description.provenance.get("corpus")) for one in (rival, labeller) if one]
    corpora = (trained_on[0], trained_on[1]) if len(set(trained_on)) == 2 else None
    return Promotion(version, own, reigning, rival_score, outcome, corpora)


def register(bundle: Path, name: str, tags: dict[str, str]) -> str:
    """Logs a bundle to the open run and registers it as a new version, under the alias ``candidate``.

    Args:
        bundle: An MLflow model folder.
        name: Of the registered model; made if there is none.
        tags: Of the version; ``bundle.md5`` is added, the hash of the folder as DVC takes it.

    Returns:
        The version's number.

    Raises:
        UserError: The folder is no MLflow model, or MLflow refuses the name.
    """
    import mlflow

    if not (bundle / "MLmodel").is_file():
        raise UserError(f"{bundle / 'MLmodel'}: no such file; let `detente export` or `dvc pull` bring the bundle anew")
    client = mlflow.MlflowClient()
    run = mlflow.active_run()
    assert run is not None
    if not _exists(name):
        client.create_registered_model(name)
    with TemporaryDirectory() as scratch:
        # Whoever served the bundle where it lies has left compiled code in it.
        clean = shutil.copytree(bundle, Path(scratch, "bundle"), ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        mlflow.log_artifacts(str(clean), "bundle")
        tags = tags | {"bundle.md5": folder_hash(clean)}
    version = client.create_model_version(name, f"{run.info.artifact_uri}/bundle", run.info.run_id, tags).version
    client.set_registered_model_alias(name, CANDIDATE, version)
    return str(version)


def champion_of(name: str) -> str | None:
    """The version under the alias ``champion``, if there is one."""
    import mlflow

    if not _exists(name):
        return None
    version = mlflow.MlflowClient().get_registered_model(name).aliases.get(CHAMPION)
    return None if version is None else str(version)


def provenance_tags(description: Description) -> dict[str, str]:
    """What a bundle comes from, a tag a fact: ``provenance.corpus``, ``provenance.seed``, …; JSON where it is no text."""
    return {
        f"provenance.{key}": value if isinstance(value, str) else json.dumps(value, sort_keys=True)
        for key, value in description.provenance.items()
    }


def _exists(name: str) -> bool:
    """Whether a model is registered under the name.

    Raises:
        UserError: MLflow refuses the name.
    """
    import mlflow
    from mlflow.exceptions import MlflowException

    try:
        mlflow.MlflowClient().get_registered_model(name)
    except MlflowException as error:
        if error.error_code == "RESOURCE_DOES_NOT_EXIST":
            return False
        if error.error_code == "INVALID_PARAMETER_VALUE":
            raise UserError(f"name={name!r}: {error.message}; choose another name") from error
        raise
    return True


def _open(name: str, version: str, force: bool) -> Labeller | None:
    """The labeller of a registered version; None if it cannot be opened and need not be."""
    import mlflow
    from mlflow.exceptions import MlflowException

    with TemporaryDirectory() as scratch:
        try:
            source = mlflow.MlflowClient().get_model_version_download_uri(name, version)
            return Labeller.load(Path(mlflow.artifacts.download_artifacts(source, dst_path=scratch)))
        except (MlflowException, OSError, UserError) as error:
            what = f"the champion, version {version} of {name}, cannot be opened: {error}"
            if not force:
                raise UserError(f"{what}\nIt stays the champion; force=true replaces it without a comparison") from error
            log.warning("%s; it is replaced without a comparison", what)
            return None
