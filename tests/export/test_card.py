"""The model card says what its files say, no more, and what it tells readers to run runs."""

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import yaml

from detente.bundle.description import Description
from detente.commands.label import parser
from detente.corpus.agreement import Agreement
from detente.corpus.statistics import Summary
from detente.evaluation.behaviour.report import BehaviourReport, Invariance, Rate
from detente.evaluation.decision import Decision
from detente.evaluation.report import Report
from detente.export.card import Facts, render_card
from detente.export.transformers_folder import write_transformers_folder
from detente.labels import LABEL_IDS, LABELS
from detente.tracking.ledger import METRICS

GOLDEN = Path(__file__).with_name("card.md")
MEASURES = ("f1", "precision", "recall", "average_precision", "brier", "ece", "brier_uncalibrated", "ece_uncalibrated")
TRAINED = {
    "family": "camembert",
    "name": "embedded",
    "seed": 3,
    "corpus": "0a1b2c3d4e.dir",
    "campaign": "none",
    "share": 1.0,
}
EXPORTED = {"git_commit": "f00d", "git_dirty": True, "mlflow_run": "beef", "parity_data": {"file": "test.parquet"}}
REAL = {"campaign": "001-baselines", "set": "real_dev", "model": "embedded", "share": 1.0, "corpus": "0a1b2c3d"}
REAL |= dict.fromkeys(METRICS, 0.42) | dict.fromkeys(("macro/f1/low", "macro/f1/high"), float("nan"))
INT8 = {"shipped": True, "reason": "within tolerance", "agreement": 0.9975, "f1_loss": 0.0042}


@pytest.fixture
def facts() -> Facts:
    """Of an invented model: nearly every figure another one."""
    numbers = {key: 0.9 - 0.1 * row for row, key in enumerate((*LABEL_IDS, "macro", "micro"))}
    metrics = {f"{key}/{name}": n - 0.011 * column for key, n in numbers.items() for column, name in enumerate(MEASURES)}
    metrics |= {f"{label}/support": 30.0 + row for row, label in enumerate(LABEL_IDS)}
    metrics |= {"exact_match": 0.61, "automatic/coverage": 0.74, "automatic/error": 0.19}
    intervals = {key: (value - 0.08, value + 0.07) for key, value in metrics.items() if key.endswith(("/f1", "match"))}
    thresholds = (0.25, 0.33, 0.39, 0.27)
    parity = {"sentences": 1228, "fp32": {"largest_difference": 2.4e-6, "tolerance": 1e-4}, "int8": INT8}
    decision = Decision(LABEL_IDS, (1.0,) * 4, (0.0,) * 4, thresholds, review_below=0.46)
    agreement = {label: Agreement(0.9 + row / 100, 0.99, 1500) for row, label in enumerate(LABEL_IDS)}
    sizes = dict(zip(LABEL_IDS, (310, 205, 190, 240), strict=True))
    return Facts(
        version="1.2.3",
        bundle=Description(decision, 128, 1, ("fp32", "int8"), TRAINED | EXPORTED, parity),
        report=Report("test", 228, 29, metrics, intervals, dict(zip(LABEL_IDS, thresholds, strict=True))),
        behaviour=BehaviourReport(
            functional={"rule 2": Rate(9, 10), "rule 10": Rate(3, 8), "accusation": Rate(1, 6), "all": Rate(12, 18)},
            invariance={"actors": Invariance(60, 0.05, 0.0123), "capitals": Invariance(18, 0.5, 0.25)},
            directional={"denial": Rate(5, 7), "all": Rate(5, 7)},
            spread={"Mali": dict.fromkeys(LABEL_IDS, -0.25)},
            outcomes={},
        ),
        real=pd.DataFrame([REAL | {"seed": 1, "macro/f1": 0.31}, REAL | {"seed": 2, "macro/f1": 0.37}]),
        corpus=Summary(1500, 180, sizes, 0.45, 0.08, {}, {}, (14.0, 21.0, 30.0), agreement),
        definitions={label.id: f"what the codebook says of {label.french}" for label in LABELS},
        encoder_card="models/encoder/README.md",
    )


def test_the_card_of_an_invented_model(facts):
    assert render_card(facts) == GOLDEN.read_text(encoding="utf-8")


def test_a_hub_finds_its_header(facts):
    header = yaml.safe_load(render_card(facts).split("---\n")[1])
    assert (header["language"], header["license"], header["pipeline_tag"]) == ("fr", "other", "text-classification")


def test_what_was_not_measured_is_said_and_not_ranked(facts):
    undefined = {"accusation/f1": float("nan"), "diplomatic_offer/f1": 0.85, "automatic/error": float("nan")}
    report = replace(facts.report, metrics=facts.report.metrics | undefined)
    parity = facts.bundle.parity | {"int8": {"shipped": False, "reason": "not asked for (int8=false)"}}
    bundle = replace(facts.bundle, parity=parity, weights=("fp32",), provenance=TRAINED | EXPORTED | {"git_dirty": False})
    bare = replace(facts, report=report, bundle=bundle, real=facts.real[:0], encoder_card=None)
    text = render_card(replace(bare, behaviour=BehaviourReport({}, {}, {}, {}, {})))
    assert "no evaluation of this model on `real_dev` and `real_news`" in text and "beside" not in text.split("## Limits")[1]
    assert "by F1: désescalade, 0.80" in text
    assert "among these is –, among all 0.39" in text and "Hardest" not in text and "Least stable" not in text
    assert "| int8 beside fp32 | not shipped, not asked for (int8=false) |" in text and "uncommitted" not in text
    assert "its card: none here" in text and "read the terms of `embedded` before" in text


def test_what_the_card_tells_to_run_runs(facts, tiny_bundle, tiny_model, tmp_path):
    write_transformers_folder(tiny_model.classifier, tiny_model.decision, tmp_path / "transformers")
    shell, code = (
        re.findall(rf"```{language}\n(.*?)```", render_card(facts), re.DOTALL)[0] for language in ("bash", "python")
    )
    for line in re.findall(r"(?m)^detente label (.*)$", shell):
        parser().parse_args(line.split())
    folders = {"models/bundle": tiny_bundle, "models/transformers": tmp_path / "transformers"}
    for told, folder in folders.items():
        assert told in code
        code = code.replace(told, str(folder))
    known = {}
    exec(code, known)
    assert list(known["labels"].columns) == [*LABEL_IDS, "labels", "review"]
    assert {found["label"] for found in known["probabilities"][0]} == set(known["thresholds"]) == set(LABEL_IDS)
