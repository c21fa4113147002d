"""The labeller says what the trained model says, and needs nothing of what trained it."""

import json
import shutil
import subprocess
import sys

import numpy as np
import pytest

from detente.bundle.labeller import BATCH_TOKENS, Labeller, _batches
from detente.errors import UserError

TEXTS = [
    "L’armée a bombardé le port.",
    "Il pleut à verse sur la ville. " * 9,  # longer than the model reads
    "Ankara\u00a0propose une   médiation\u00ad.",
    "Moscou accuse Kiev d'avoir « violé » la trêve ; Kiev dément.",
    "Non.",
]


@pytest.fixture(scope="module")
def labeller(tiny_bundle):
    return Labeller.load(tiny_bundle, threads=1)


def test_fp32_says_what_the_trained_model_says(tiny_bundle, tiny_model):
    expected = tiny_model.label(TEXTS)
    said = Labeller.load(tiny_bundle, "fp32", threads=1).label(TEXTS)
    assert said.probabilities.dtype == np.float64
    assert np.ptp(expected.probabilities, axis=0).min() > 0.01, "sentences that all score the same would prove nothing"
    np.testing.assert_allclose(said.probabilities, expected.probabilities, atol=1e-5)
    np.testing.assert_array_equal(said.decisions, expected.decisions)
    np.testing.assert_array_equal(said.review, expected.review)


def test_many_sentences_of_all_lengths_keep_their_rows(tiny_bundle, tiny_model, records):
    texts = [record.text for record in records[:70]]  # more than two batches
    said = Labeller.load(tiny_bundle, "fp32", threads=1).label(texts)
    np.testing.assert_allclose(said.probabilities, tiny_model.label(texts).probabilities, atol=1e-5)


def test_int8_is_the_default_and_gives_a_sentence_the_same_scores_in_any_company(labeller):
    assert labeller.weights == "int8"
    together = labeller.label(TEXTS).probabilities
    np.testing.assert_array_equal(np.vstack([labeller.label([text]).probabilities for text in TEXTS]), together)
    np.testing.assert_array_equal(labeller.label(TEXTS[::-1]).probabilities, together[::-1])


def test_batches_and_threads_change_no_score(tiny_bundle, labeller, records):
    texts = [record.text for record in records[:70]]
    alone = np.vstack([labeller.label([text]).probabilities for text in texts])
    np.testing.assert_array_equal(labeller.label(texts).probabilities, alone)
    many = [*texts, *texts[::-1]] * 5  # of one length there are more than a batch holds
    np.testing.assert_array_equal(
        Labeller.load(tiny_bundle, threads=4).label(many).probabilities, np.vstack([alone, alone[::-1]] * 5)
    )


@pytest.mark.parametrize("lengths", [[], [3, 500, 3, 160, 3], [300] * 5, [7] * 200])
def test_batches_hold_one_length_and_every_sentence_once(lengths):
    batches = _batches(lengths)
    assert sorted(row for batch in batches for row in batch) == list(range(len(lengths)))
    assert all(len({lengths[row] for row in batch}) == 1 for batch in batches)
    assert all(len(batch) == 1 or sum(lengths[row] for row in batch) <= BATCH_TOKENS for batch in batches)
    if lengths == [7] * 200:
        assert [len(batch) for batch in batches] == [73, 73, 54]


def test_no_sentences_give_no_rows(labeller):
    nothing = labeller.label([])
    assert (nothing.probabilities.shape, nothing.decisions.shape, nothing.review.shape) == ((0, 4), (0, 4), (0,))


def test_a_caller_may_bring_thresholds(labeller):
    assert labeller.label(TEXTS, [0.0] * 4).decisions.all()
    assert not labeller.label(TEXTS, [1.0] * 4).decisions.any()
    own = labeller.description.decision.thresholds
    np.testing.assert_array_equal(labeller.label(TEXTS, own).decisions, labeller.label(TEXTS).decisions)
    with pytest.raises(ValueError, match=r"thresholds are \[1.5, .*expected numbers in \[0, 1\]"):
        labeller.label(TEXTS, [1.5, 0.5, 0.5, 0.5])


def test_labelling_imports_no_training_stack(tiny_bundle):
    script = (
        "import json, sys\nfrom pathlib import Path\nfrom detente.bundle.labeller import Labeller\n"
        f"said = Labeller.load(Path({str(tiny_bundle)!r})).label(['Il pleut.'])\n"
        "print(json.dumps([said.probabilities.tolist(), sorted(sys.modules)]))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    [probabilities], modules = json.loads(done.stdout)
    assert len(probabilities) == 4
    unwanted = {"torch", "transformers", "hydra", "omegaconf", "mlflow", "sklearn", "scipy", "pandas", "onnx"}
    assert unwanted.isdisjoint(modules)


def test_what_is_missing_is_named_with_the_way_out(tiny_bundle, tmp_path):
    with pytest.raises(UserError, match=r"no bundle in .*: `detente export` makes one"):
        Labeller.load(tmp_path)
    with pytest.raises(UserError, match=r"no weights 'int4' .*choose among fp32, int8"):
        Labeller.load(tiny_bundle, "int4")
    broken = shutil.copytree(tiny_bundle, tmp_path / "broken")
    (broken / "artifacts" / "model.int8.onnx").unlink()
    with pytest.raises(UserError, match=r"model.int8.onnx: no such file"):
        Labeller.load(broken)
