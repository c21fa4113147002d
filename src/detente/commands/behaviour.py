"""``detente behaviour``: the behavioural suite on one model, compared with the last release."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.errors import UserError
from detente.settings import read_settings

if TYPE_CHECKING:
    from omegaconf import DictConfig

    from detente.evaluation.behaviour.report import BehaviourReport


@dataclass(frozen=True)
class BehaviourSettings:
    """Which model, which suite, and against what.

    Attributes:
        suite: Folder of the test cases.
        model: Folder of the trained classifier.
        output: Folder for ``report.json`` and ``report.md``.
        release: The report of the last release; without the file nothing is compared.
        margin: By how much a probability must move for a directional test to pass, at least 0.
        seed: Draws which actors meet in a frame.
    """

    suite: str
    model: str
    output: str
    release: str
    margin: float
    seed: int


def behaviour(cfg: "DictConfig") -> "BehaviourReport":
    """Runs the suite, writes its report as JSON and Markdown, logs it to MLflow and prints it.

    Args:
        cfg: Composed from ``conf/behaviour.yaml``.

    Raises:
        UserError: Model, suite or the release's report are missing or malformed, or the tracking server is away.
    """
    from omegaconf import OmegaConf
    from rich.console import Console
    from rich.markdown import Markdown

    from detente.evaluation.behaviour.report import BehaviourReport, document, regressions
    from detente.evaluation.behaviour.suite import Suite, run_suite
    from detente.evaluation.trained import TrainedModel
    from detente.files import replaced_folder
    from detente.tracking.run import TrackingSettings, tracked_run

    settings = read_settings(BehaviourSettings, cfg, leaving=("tracking",))
    if settings.margin < 0:
        raise UserError(f"margin={settings.margin}: must be 0 or more")
    model = TrainedModel.load(Path(settings.model))
    suite = Suite.read(Path(settings.suite), settings.seed)
    release = Path(settings.release)
    before = BehaviourReport.load(release) if release.exists() else None
    config: Any = OmegaConf.to_container(cfg, resolve=True)
    run_name = f"behaviour {model.description['name']} seed {model.description['seed']}"
    with tracked_run(read_settings(TrackingSettings, cfg, "tracking"), run_name, config):
        import mlflow

        report = run_suite(model.label, suite, settings.margin)
        named = "`{name}`, seed {seed}, corpus `{corpus:.8}`".format_map(model.description)
        text = document(report, named, None if before is None else regressions(before, report))
        with replaced_folder(Path(settings.output)) as aside:
            report.save(aside / "report.json")
            (aside / "report.md").write_text(text, encoding="utf-8")
        mlflow.log_metrics(report.summary())
        mlflow.set_tags({f"model.{key}": value for key, value in model.description.items()})
        mlflow.log_artifacts(settings.output, "behaviour")
    Console().print(Markdown(text))
    return report
