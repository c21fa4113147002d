"""``detente card`` on the real configuration: one file from many, and every mistake named before it is written."""

import json

import pandas as pd
import pytest

from detente.bundle.description import Description
from detente.commands.card import EXPORTED, card
from detente.corpus.jsonl import write_records
from detente.errors import UserError
from detente.evaluation.behaviour.report import BehaviourReport, Rate
from detente.evaluation.report import Report
from detente.json_file import write_json
from detente.labels import LABEL_IDS
from detente.tracking.ledger import METRICS
from detente.tracking.lineage import folder_hash

MEASURES = ("f1", "brier", "ece", "brier_uncalibrated", "ece_uncalibrated")


@pytest.fixture
def files(tmp_path, tiny_model, records):
    """What the stages before leave, of one model; the folder."""
    documents = {record.document for record in records[:40]}
    write_records(
        [record for record in records if record.document in documents and not record.rule], tmp_path / "corpus" / "a.jsonl"
    )
    corpus = folder_hash(tmp_path / "corpus")
    description = tiny_model.description | {"corpus": corpus}
    write_json(tmp_path / "model" / "classifier.json", description)
    tiny_model.decision.save(tmp_path / "model" / "decision.json")
    provenance = description | dict.fromkeys(EXPORTED, "known") | {"parity_data": {"file": "test.parquet"}}
    parity = {"sentences": 40, "fp32": {"largest_difference": 1e-6}, "int8": {"shipped": False, "reason": "not asked for"}}
    bundle = Description(tiny_model.decision, 32, 1, ("fp32",), provenance, parity)
    bundle.save(tmp_path / "bundle" / "artifacts" / "bundle.json")
    metrics = {f"{key}/{name}": 0.5 for key in (*LABEL_IDS, "macro", "micro") for name in MEASURES}
    metrics |= {"exact_match": 0.5, "automatic/coverage": 0.5, "automatic/error": 0.5}
    thresholds = dict(zip(LABEL_IDS, tiny_model.decision.thresholds, strict=True))
    Report("test", 10, 3, metrics, dict.fromkeys(metrics, (0.4, 0.6)), thresholds).save(tmp_path / "report.json")
    BehaviourReport({"rule 7": Rate(1, 4)}, {}, {}, {}, {}).save(tmp_path / "behaviour.json")
    ours = {"campaign": "009-new", "set": "real_dev", "model": "tiny", "share": 1.0, "seed": 1, "corpus": corpus[:8]}
    others = [{"set": "test"}, {"model": "large"}, {"share": 0.1}, {"corpus": "0a1b2c3d"}]
    rows = [ours | dict.fromkeys(METRICS, 0.123) | other for other in ({}, *({"macro/f1": 0.999} | one for one in others))]
    pd.DataFrame(rows).assign(commit="none").to_csv(tmp_path / "results.csv", index=False)
    (tmp_path / "encoder").mkdir()
    (tmp_path / "encoder" / "README.md").touch()
    return tmp_path


def test_one_card_from_what_all_stages_left(composed, files, capsys):
    text = card(composed("card"))
    assert (files / "card.md").read_text(encoding="utf-8") == text
    assert "| 009-new |" in text and "0.123" in text and "0.999" not in text, "rows of other models and corpora are not ours"
    assert "- `accusation`, *accusation*: someone blames, denounces or charges a political actor\n" in text
    assert "rule 7, 0.25" in text and "its card: encoder/README.md" in text and str(files) not in text
    assert f"card in {files / 'card.md'}" in capsys.readouterr().out
    (files / "encoder" / "README.md").unlink()
    assert "its card: none here" in card(composed("card", "encoder_card=none"))


@pytest.mark.parametrize(
    ("file", "command"),
    [
        ("model/classifier.json", "detente train"),
        ("model/decision.json", "detente train"),
        ("bundle/artifacts/bundle.json", "detente export"),
        ("report.json", "detente evaluate name=test release=true"),
        ("behaviour.json", "detente behaviour"),
        ("results.csv", "detente results collect"),
        ("encoder/README.md", "detente adapt"),
    ],
)
def test_a_missing_file_is_named_with_the_command_that_makes_it(composed, files, file, command):
    (files / file).unlink()
    with pytest.raises(UserError, match=rf"{file}: no such file; .*{command}"):
        card(composed("card"))
    assert not (files / "card.md").exists()


@pytest.mark.parametrize(
    ("file", "change", "message"),
    [
        ("model/classifier.json", {"seed": 2}, "bundle: not exported from the model in .*run `detente export` again"),
        ("model/decision.json", {"review_below": 0.9}, "bundle: not exported from the model in"),
        ("report.json", {"thresholds": dict.fromkeys(LABEL_IDS, 0.5)}, "its thresholds are not those of the model"),
        ("report.json", {"metrics": {"macro/f1": 0.5}}, "report.json: written by an older version, .*detente evaluate"),
        ("corpus/a.jsonl", None, "corpus: its version is .*, but the model was trained on .*dvc checkout"),
    ],
)
def test_files_of_different_models_make_no_card(composed, files, file, change, message):
    path = files / file
    if change is None:
        path.write_text("".join(path.read_text(encoding="utf-8").splitlines(keepends=True)[1:]), encoding="utf-8")
    else:
        path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | change), encoding="utf-8")
    with pytest.raises(UserError, match=message):
        card(composed("card"))
    assert not (files / "card.md").exists()


def test_a_codebook_without_a_label_and_a_bundle_without_origin_are_refused(composed, files):
    (files / "CODEBOOK.md").write_text("| id | name | meaning |\n| `escalation` | escalade | up |\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"CODEBOOK\.md: no row of its table begins with de_escalation"):
        card(composed("card", f"codebook={files}/CODEBOOK.md"))
    path = files / "bundle" / "artifacts" / "bundle.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"git_dirty"', '"dirty"'), encoding="utf-8")
    with pytest.raises(UserError, match=r"bundle\.json: its provenance lacks git_dirty; run `detente export` again"):
        card(composed("card"))
