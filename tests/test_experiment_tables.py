"""What experiments say in their READMEs is what their scripts make of the committed figures."""

import importlib

import pandas as pd
import pytest

from detente.project import find_root

EXPERIMENTS = find_root() / "experiments"


@pytest.fixture
def script(monkeypatch):
    """Imports a script of experiments/ by its name."""
    monkeypatch.syspath_prepend(EXPERIMENTS)
    return importlib.import_module


def between(document, marks):
    start, end = marks
    return document.read_text(encoding="utf-8").partition(start)[2].partition(end)[0].strip()


def test_the_pretraining_curve(script):
    curve = script("pretraining_curve")
    rows = curve.runs()
    assert between(curve.FOLDER / "README.md", curve.MARKS) == curve.markdown(rows)
    written = pd.read_csv(curve.FOLDER / "curve.csv")
    pd.testing.assert_frame_equal(written, curve.means(rows).round(4), check_dtype=False)
    assert set(pd.read_csv(curve.FOLDER / "encoders.csv")["model"]) <= set(written["model"])


def test_encoder_and_tfidf_on_real_prose(script):
    prose = script("real_prose")
    table = pd.read_csv(prose.FOLDER / "real_prose.csv")
    assert between(prose.FOLDER / "README.md", prose.MARKS) == prose.markdown(table)
    assert set(table["set"]) == set(prose.SETS)


def test_what_the_files_of_real_sentences_hold(script):
    sentences = script("real_sentences")
    for name in sentences.NAMES:
        assert between(sentences.DOCUMENT, sentences.marks(name)) == sentences.describe(name)


def test_tokens_and_loss_of_a_continued_encoder(script, tmp_path):
    card = "| tokens seen | 1,500,000 |\n| 40 | hidden words | 4.100 | |\n| 80 | hidden words | 3.200 | |\n"
    told = f"{card}## The encoder it went on from\n{card.replace('3.200', '9.900')}"
    (tmp_path / "README.md").write_text(told, encoding="utf-8")
    assert script("pretraining_curve").from_card(tmp_path) == {"million_tokens": 3.0, "held_out_loss": 3.2}


def test_the_ablations(script):
    ablations = script("encoder_ablations")
    losses, speeds = (pd.read_csv(ablations.FOLDER / name) for name in ("losses.csv", "speeds.csv"))
    assert between(ablations.FOLDER / "README.md", ablations.MARKS) == ablations.markdown(
        losses.merge(speeds, on="arm", how="left")
    )
    arms = ablations.yaml.safe_load((ablations.FOLDER / "arms.yaml").read_text(encoding="utf-8"))["arms"]
    assert list(arms) == list(losses["arm"]) == list(speeds["arm"])
