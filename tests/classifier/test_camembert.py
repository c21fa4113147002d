"""The fine-tuned CamemBERT: reloading gives the same scores, and a run that was stopped ends where it would have ended."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from detente.classifier.camembert import CamembertClassifier
from detente.classifier.fine_tuning import TrainingSettings, average
from detente.classifier.interface import Examples, Reporter
from detente.corpus.record import Record
from detente.encoder.loading import EncoderSettings
from detente.labels import LABEL_IDS
from detente.project import find_root

STEPS_AN_EPOCH = 4
TEXTS = ["L’armée a bombardé le port.", "Ankara propose une médiation.", "Il pleut.", "Il pleut à verse sur la ville. " * 9]


@pytest.fixture(scope="module")
def examples(records: list[Record]) -> dict[str, Examples]:
    def draw(some: list[Record]) -> Examples:
        truth = np.array([[label in record.labels for label in LABEL_IDS] for record in some])
        return Examples([record.text for record in some], truth)

    return {"train": draw(records[: 16 * STEPS_AN_EPOCH]), "validation": draw(records[100:130])}


@pytest.fixture
def new(tiny_encoder: Path) -> Callable[..., CamembertClassifier]:
    """Makes untrained classifiers, all the same but for the settings that a test changes."""
    data = find_root() / "data"
    files = str(data / "behaviour" / "actors.yaml"), str(data / "actors.yaml")
    settings = TrainingSettings(1, 3, 3, 16, 5e-3, 0.1, 0.01, 32, "fp32", 0.3, 0.3, 0.7, 1.0, *files, seed=1)
    encoder = EncoderSettings("tiny", str(tiny_encoder), True, 0.1, 1)
    return lambda **changes: CamembertClassifier.new(encoder, replace(settings, **changes))


@pytest.fixture
def fresh(new: Callable[..., CamembertClassifier]) -> CamembertClassifier:
    return new()


class Curves:
    """A reporter that keeps the points and may stop the run at one of them."""

    def __init__(self, stop: tuple[str, int] | None = None) -> None:
        self.points: dict[str, dict[int, float]] = {}
        self.stop = stop

    def __call__(self, metrics: dict[str, float], step: int) -> None:
        for name, value in metrics.items():
            self.points.setdefault(name, {})[step] = value
            if (name, step) == self.stop:
                raise KeyboardInterrupt


def fit(classifier: CamembertClassifier, examples: dict[str, Examples], checkpoints: Path, report: Reporter) -> np.ndarray:
    classifier.fit(examples["train"], examples["validation"], checkpoints, report)
    return classifier.logits(TEXTS)


def test_a_stopped_run_goes_on_from_its_last_whole_checkpoint(new, examples, tmp_path):
    whole = Curves()
    expected = fit(new(), examples, tmp_path / "whole", whole)

    with pytest.raises(KeyboardInterrupt):
        fit(new(), examples, tmp_path / "stopped", Curves(stop=("validation/macro_f1", 2 * STEPS_AN_EPOCH)))
    half_written = tmp_path / "stopped" / "member-0" / f"checkpoint-{2 * STEPS_AN_EPOCH}"
    half_written.mkdir()
    (half_written / "model.safetensors").write_bytes(b"half")
    rest = Curves()
    reached = fit(new(), examples, tmp_path / "stopped", rest)

    assert list(whole.points["validation/macro_f1"]) == [STEPS_AN_EPOCH * epoch for epoch in (1, 2, 3)]
    assert list(rest.points["validation/macro_f1"]) == [STEPS_AN_EPOCH * epoch for epoch in (2, 3)]
    assert rest.points["validation/loss"][12] == pytest.approx(whole.points["validation/loss"][12], abs=1e-6)
    np.testing.assert_allclose(reached, expected, atol=1e-6)


def test_a_run_that_stopped_early_is_not_trained_further(new, examples, tmp_path):
    first, second = Curves(), Curves()
    expected = fit(new(patience=1, learning_rate=1e-7), examples, tmp_path, first)
    assert list(first.points["validation/macro_f1"]) == [STEPS_AN_EPOCH, 2 * STEPS_AN_EPOCH]
    np.testing.assert_array_equal(fit(new(patience=1, learning_rate=1e-7), examples, tmp_path, second), expected)
    assert second.points == {}


def test_members_are_trained_one_after_the_other_and_averaged(new, examples, tmp_path):
    steps = 3 * STEPS_AN_EPOCH
    whole = Curves()
    expected = fit(new(members=2), examples, tmp_path / "whole", whole)
    assert list(whole.points["validation/macro_f1"]) == [STEPS_AN_EPOCH * epoch for epoch in range(1, 7)]

    with pytest.raises(KeyboardInterrupt):
        fit(new(members=2), examples, tmp_path / "stopped", Curves(stop=("validation/macro_f1", steps + STEPS_AN_EPOCH)))
    rest = Curves()
    np.testing.assert_allclose(fit(new(members=2), examples, tmp_path / "stopped", rest), expected, atol=1e-6)
    assert min(rest.points["validation/macro_f1"]) > steps, "the first member was finished"


def test_an_average_lies_between_its_members(new):
    models = [new(seed=seed).model for seed in (1, 2)]
    heads = [model.classifier.dense.weight.detach().clone() for model in models]
    average(models)
    torch.testing.assert_close(models[0].classifier.dense.weight, (heads[0] + heads[1]) / 2)


def test_training_reports_its_curves_and_lowers_the_loss(fresh, examples, tmp_path):
    curves = Curves()
    before = fresh.logits(TEXTS)
    after = fit(fresh, examples, tmp_path, curves)
    assert {"train/loss", "train/learning_rate", "validation/loss", "validation/macro_f1"} <= set(curves.points)
    losses = curves.points["validation/loss"]
    assert losses[3 * STEPS_AN_EPOCH] < losses[STEPS_AN_EPOCH]
    assert np.abs(after - before).max() > 0.01


def test_a_saved_model_gives_the_same_logits_under_another_seed(fresh, examples, tmp_path):
    expected = fit(fresh, examples, tmp_path / "checkpoints", Curves())
    fresh.save(tmp_path)
    torch.manual_seed(99)
    loaded = CamembertClassifier.load(tmp_path)
    np.testing.assert_array_equal(loaded.logits(TEXTS), expected)
    np.testing.assert_array_equal(fresh.logits(TEXTS), expected)
    with pytest.raises(TypeError, match="a loaded classifier labels"):
        fit(loaded, examples, tmp_path, Curves())


def test_rows_follow_the_texts_whatever_their_length(fresh):
    logits = fresh.logits(TEXTS)
    assert logits.shape == (4, 4) and logits.dtype == np.float64
    np.testing.assert_allclose(fresh.logits(TEXTS[::-1]), logits[::-1], atol=1e-6)
    np.testing.assert_allclose(np.vstack([fresh.logits([text]) for text in TEXTS]), logits, atol=1e-6)
    assert fresh.logits([]).shape == (0, 4)


def test_typography_makes_no_difference(fresh):
    np.testing.assert_array_equal(fresh.logits(["L’armée\u00a0: l'aube"]), fresh.logits(["L'armée :  l’aube "]))
