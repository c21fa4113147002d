"""Pretraining learns, and can be stopped and taken up again without a trace"""

import math
from dataclasses import replace

import pytest
import torch

from detente.encoder.architecture import Architecture, build_model
from detente.encoder.packing import pack
from detente.encoder.pretraining import Pretraining
from detente.encoder.schedule import Schedule
from detente.encoder.tokenizer import load_tokenizer
from detente.errors import UserError

ARCHITECTURE = Architecture(layers=1, width=16, heads=2, feed_forward=32, max_length=32)
SCHEDULE = Schedule(
    steps=6, causal_steps=2, batch_size=4, learning_rate=0.01, warmup=0.2, decay=0.4,
    weight_decay=0.01, masking_rate=0.25, held_out=4,
    report_every=1, checkpoint_every=2, precision="fp32", compiled=False, device="cpu", seed=1,
)  # fmt: skip


@pytest.fixture(scope="module")
def tokenizer(tiny_encoder):
    return load_tokenizer(tiny_encoder)


@pytest.fixture
def start(tokenizer, tmp_path):
    """Starts, or takes up, a run on one sentence over and over."""
    sequences = pack(["Le ministre a signé hier à Genève un accord de paix avec le pays voisin."] * 200, tokenizer, 32)

    def _start(schedule=SCHEDULE, checkpoint="state.pt", report=lambda metrics, step: None, weights=1, rows=sequences):
        torch.manual_seed(weights)
        return Pretraining(build_model(tokenizer, ARCHITECTURE), tokenizer, rows, schedule, tmp_path / checkpoint, report)

    return _start


def same_weights(one, other):
    theirs = other.model.state_dict()
    return all(torch.equal(weights, theirs[name]) for name, weights in one.model.state_dict().items())


def test_the_loss_falls_from_chance_to_less_than_half_on_a_repeated_sentence(start, tokenizer):
    losses = {}
    run = start(replace(SCHEDULE, steps=120), report=lambda metrics, step: losses.setdefault(step, metrics.get("loss")))
    result = run.run()
    assert losses[1] == pytest.approx(math.log(len(tokenizer)), rel=0.1)
    assert result["validation_loss"] < losses[1] / 2
    assert result["tokens"] == 120 * 4 * 32


def test_the_rate_rises_stays_and_falls():
    schedule = replace(SCHEDULE, steps=100, learning_rate=1.0, warmup=0.1, decay=0.4)
    rates = {step: schedule.rate_at(step) for step in (0, 4, 9, 30, 60, 80, 99)}
    assert rates == pytest.approx({0: 0.1, 4: 0.5, 9: 1.0, 30: 1.0, 60: 1.0, 80: 0.5, 99: 0.025})


def test_a_run_that_broke_off_ends_with_the_weights_of_one_that_did_not(start):
    def break_off(metrics, step):
        if step == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        start(checkpoint="broken.pt", report=break_off).run()
    steps = []
    resumed = start(checkpoint="broken.pt", report=lambda metrics, step: steps.append(step), weights=2)
    assert resumed.step == 4
    resumed.run()
    assert steps == [5, 6, 6], "two training losses, then the validation loss"
    whole = start()
    whole.run()
    assert same_weights(resumed, whole)


def test_a_run_that_ended_on_its_plateau_can_be_made_longer(start):
    constant = replace(SCHEDULE, warmup=0.0, decay=0.0)
    start(replace(constant, steps=3), checkpoint="longer.pt").run()
    longer, whole = start(constant, checkpoint="longer.pt"), start(constant)
    longer.run(), whole.run()
    assert same_weights(longer, whole)


def test_held_out_sequences_are_never_trained_on(start):
    run = start()
    assert len(run.validation) == 4
    assert sorted([*run.validation, *run.training]) == list(range(len(run.sequences)))


def test_mixed_precision_keeps_the_weights_in_fp32(start):
    run = start(replace(SCHEDULE, steps=3, precision="bf16"))
    assert math.isfinite(run.run()["validation_loss"])
    assert {parameter.dtype for parameter in run.model.parameters()} == {torch.float32}


def test_a_compiled_encoder_learns_the_same(start, monkeypatch):
    translate = torch.nn.Module.compile
    monkeypatch.setattr(torch.nn.Module, "compile", lambda module: translate(module, backend="aot_eager"))  # no C++ compiler
    compiled, plain = start(replace(SCHEDULE, compiled=True)), start(checkpoint="plain.pt")
    assert compiled.run()["validation_loss"] == pytest.approx(plain.run()["validation_loss"], rel=1e-4)
    assert compiled.model.state_dict().keys() == plain.model.state_dict().keys()


def test_a_run_says_how_much_of_the_device_it_used(start):
    assert 0 < start().run()["utilisation"] < 1
    assert start().run()["utilisation"] == 0, "nothing was left to do"


@pytest.mark.parametrize(
    "change, message",
    [
        ({"held_out": 1000}, r"fills \d+ sequences; schedule\.held_out=1000"),
        ({"precision": "fp16"}, r"schedule\.precision='fp16': choose bf16 or fp32"),
        ({"learning_rate": 1e30}, r"The loss is \w+ at step \d; lower schedule\.learning_rate"),
    ],
)
def test_a_schedule_that_cannot_work_is_refused(start, change, message):
    with pytest.raises(UserError, match=message):
        start(replace(SCHEDULE, **change)).run()


def test_sequences_longer_than_the_encoder_are_refused(start, tokenizer):
    with pytest.raises(UserError, match=r"sequence_length=40 is above architecture\.max_length=32"):
        start(rows=pack(["La paix. " * 500], tokenizer, 40))
