"""``detente card``: the model card, from what training, evaluation, the behavioural suite and the export have left."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.errors import UserError
from detente.settings import read_settings

if TYPE_CHECKING:
    import pandas as pd
    from omegaconf import DictConfig

    from detente.bundle.description import Description
    from detente.evaluation.report import Report

# What this version's `detente export` adds to the description of the trained model.
EXPORTED = {"git_commit", "git_dirty", "mlflow_run", "parity_data"}


@dataclass(frozen=True)
class CardSettings:
    """What the card is made from, and where it goes.

    Attributes:
        model: Folder of the trained classifier.
        bundle: Folder of the bundle exported from it.
        report: Its evaluation on the test split.
        behaviour: Its report of the behavioural suite.
        corpus: Folder of the corpus it was trained on.
        codebook: Markdown with a table of the labels.
        ledger: The results ledger.
        encoder_card: The card beside the encoder, or ``none``.
        output: The card, a Markdown file.
    """

    model: str
    bundle: str
    report: str
    behaviour: str
    corpus: str
    codebook: str
    ledger: str
    encoder_card: str
    output: str


def card(cfg: "DictConfig") -> str:
    """Writes the card of one model; an older one stays as it is if anything is missing.

    Args:
        cfg: Composed from ``conf/card.yaml``.

    Returns:
        The card.

    Raises:
        UserError: A file is missing or malformed, or bundle, report or corpus are not the trained model's.
    """
    from importlib.metadata import version

    from detente.bundle.description import ARTIFACTS, DESCRIPTION, Description
    from detente.corpus.jsonl import read_records
    from detente.corpus.statistics import summarise
    from detente.evaluation import trained
    from detente.evaluation.behaviour.report import BehaviourReport
    from detente.evaluation.decision import Decision
    from detente.evaluation.report import Report
    from detente.export.card import Facts, render_card
    from detente.files import replaced_file
    from detente.json_file import read_json
    from detente.tracking.ledger import read_ledger
    from detente.tracking.lineage import folder_hash

    settings = read_settings(CardSettings, cfg)
    model, corpus = Path(settings.model), Path(settings.corpus)
    exported = Path(settings.bundle, ARTIFACTS, DESCRIPTION)
    _require(settings, (model / trained.DESCRIPTION, model / trained.DECISION), exported)
    described = read_json(model / trained.DESCRIPTION, trained.DESCRIPTION_KEYS, made_by="detente train")
    bundle, report = Description.load(exported), Report.load(Path(settings.report))
    if bundle.decision != Decision.load(model / trained.DECISION) or not described.items() <= bundle.provenance.items():
        raise UserError(f"{settings.bundle}: not exported from the model in {model}; run `detente export` again")
    _check_age(bundle, exported, report, Path(settings.report))
    if (found := folder_hash(corpus)) != described["corpus"]:
        raise UserError(
            f"{corpus}: its version is {found}, but the model was trained on {described['corpus']}; bring that one with "
            "`dvc checkout data/corpus.dvc`, or train again"
        )
    facts = Facts(
        version=version("detente"),
        bundle=bundle,
        report=report,
        behaviour=BehaviourReport.load(Path(settings.behaviour)),
        real=_on_real_prose(read_ledger(Path(settings.ledger)), described),
        corpus=summarise(read_records(corpus)),
        definitions=_definitions(Path(settings.codebook)),
        encoder_card=None if settings.encoder_card == "none" else _shown(Path(settings.encoder_card)),
    )
    text = render_card(facts)
    with replaced_file(Path(settings.output)) as aside:
        aside.write_text(text, encoding="utf-8")
    print(f"card in {settings.output}")
    return text


def _require(settings: CardSettings, trained: Iterable[Path], exported: Path) -> None:
    """Raises a UserError for the first input that is missing, with the command that makes or brings it."""
    origins = dict.fromkeys(trained, "`detente train output=models/classifier` makes it") | {
        exported: "`detente export` makes it",
        Path(settings.report): "`detente evaluate name=test release=true` makes it",
        Path(settings.behaviour): "`detente behaviour` makes it",
        Path(settings.corpus): "`dvc pull data/corpus.dvc` brings it",
        Path(settings.codebook): "`git checkout` brings it",
        Path(settings.ledger): "`detente results collect` makes it",
    }
    if settings.encoder_card != "none":
        origins[Path(settings.encoder_card)] = "`detente adapt` makes it; encoder_card=none for an encoder without one"
    for path, origin in origins.items():
        if not path.exists():
            raise UserError(f"{path}: no such file; {origin}")


def _check_age(bundle: "Description", exported: Path, report: "Report", reported: Path) -> None:
    """Raises a UserError where bundle or report are of an older version, or the report of another model."""
    from detente.labels import LABEL_IDS

    if missing := EXPORTED - set(bundle.provenance):
        raise UserError(f"{exported}: its provenance lacks {', '.join(sorted(missing))}; run `detente export` again")
    again = "run `detente evaluate name=test release=true` again"
    if not {"macro/ece_uncalibrated", "automatic/coverage"} <= set(report.metrics):
        raise UserError(f"{reported}: written by an older version, without calibration and review; {again}")
    thresholds = {label: round(own, 6) for label, own in zip(LABEL_IDS, bundle.decision.thresholds, strict=True)}
    if report.thresholds != thresholds:
        raise UserError(f"{reported}: its thresholds are not those of the model; {again}")


def _on_real_prose(ledger: "pd.DataFrame", described: Mapping[str, Any]) -> "pd.DataFrame":
    """Its rows on real prose: models of this name, corpus and share of it, of any campaign and seed."""
    from detente.export.card import REAL

    ledger = ledger[ledger["set"].isin(REAL)]
    wanted = {"model": described["name"], "corpus": described["corpus"][:8], "share": described["share"]}
    for column, value in wanted.items():
        ledger = ledger[ledger[column] == value]
    return ledger


def _definitions(codebook: Path) -> dict[str, str]:
    """Label id to its third column in the codebook's table: what a sentence says that earns it.

    Raises:
        UserError: A label has no such row.
    """
    from detente.labels import LABEL_IDS

    rows = [line.strip("| \n").split(" | ") for line in codebook.read_text(encoding="utf-8").splitlines() if line[:1] == "|"]
    found = {cells[0].strip("`"): cells[2] for cells in rows if len(cells) > 2}
    if missing := [label for label in LABEL_IDS if label not in found]:
        raise UserError(f"{codebook}: no row of its table begins with {missing[0]}: id, name and meaning; put it there")
    return {label: found[label] for label in LABEL_IDS}


def _shown(path: Path) -> str:
    """The path as the card names it: from the project's root where it lies inside, so that no machine shows."""
    from detente.project import find_root

    return (
        path.relative_to(find_root()).as_posix() if path.is_relative_to(find_root()) else f"{path.parent.name}/{path.name}"
    )
