"""Pretraining speed of each arm of experiment 007: `taskset -c 0 python experiments/encoder_speeds.py`, on an idle machine.

Times training steps on random tokens, which cost what text costs, one thread, the arms in turn, several rounds; writes the
median to 007-encoder-ablations/speeds.csv and with it the table of `encoder_ablations.py`.
"""

import time
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd
import torch
import yaml
from encoder_ablations import FOLDER, ROOT, write_table
from hydra import compose, initialize_config_dir
from tokenizers import Tokenizer, models
from transformers import PreTrainedTokenizerFast

from detente.commands.hydra_job import register_resolvers
from detente.encoder.architecture import build_model
from detente.encoder.configuration import FOLDERS, IGNORED, PretrainingSettings
from detente.encoder.pretraining import Pretraining
from detente.encoder.tokenizer import SPECIAL_TOKENS, WORD_START
from detente.files import replaced_file
from detente.settings import read_settings

ROUNDS, STEPS = 5, 4
SPECIAL_NAMES = ("bos_token", "pad_token", "eos_token", "unk_token", "mask_token")


def tokenizer_of_size(size: int) -> PreTrainedTokenizerFast:
    """A tokenizer with so many pieces, each of them a word."""
    pieces = [*SPECIAL_TOKENS, *(f"{WORD_START}{number}" for number in range(size - len(SPECIAL_TOKENS)))]
    unigram = models.Unigram([(piece, 0.0) for piece in pieces], unk_id=3)
    return PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer(unigram), **dict(zip(SPECIAL_NAMES, SPECIAL_TOKENS, strict=True))
    )


def arm_of(overrides: list[str]) -> Pretraining:
    """An arm at its first step, on random tokens."""
    settings = read_settings(PretrainingSettings, compose("pretrain", overrides), leaving=(*FOLDERS, *IGNORED))
    tokenizer = tokenizer_of_size(settings.tokenizer.vocabulary_size)
    shape = (settings.schedule.held_out + 40 * settings.schedule.batch_size, settings.sequence_length)
    sequences = np.random.default_rng(1).integers(len(SPECIAL_TOKENS), len(tokenizer), shape).astype(np.int32)
    model, nothing_to_resume = build_model(tokenizer, settings.architecture), Path("no_state.pt")
    return Pretraining(model, tokenizer, sequences, settings.schedule, nothing_to_resume, lambda metrics, step: None)


def seconds_a_step(arm: Pretraining, at: int) -> float:
    """Of some steps from that one on, so that both objectives can be timed."""
    arm.step = at
    started = time.perf_counter()
    for _ in range(STEPS):
        arm.train_step()
        arm.step += 1
    return (time.perf_counter() - started) / STEPS


def main() -> None:
    """Times all arms and writes their speeds."""
    torch.set_num_threads(1)
    register_resolvers()
    settings = yaml.safe_load((FOLDER / "arms.yaml").read_text(encoding="utf-8"))
    with initialize_config_dir(str(ROOT / "conf"), version_base="1.3"):
        arms = {name: arm_of([*settings["common"], *overrides]) for name, overrides in settings["arms"].items()}
    times: dict[str, list[float]] = {name: [] for name in arms}
    for _ in range(1 + ROUNDS):  # the first one warms up
        for name, arm in arms.items():
            schedule = arm.schedule
            causal = schedule.causal_steps / schedule.steps
            hidden = seconds_a_step(arm, schedule.causal_steps)
            times[name].append(causal * seconds_a_step(arm, 0) + (1 - causal) * hidden if causal else hidden)
    tokens = {name: arm.schedule.batch_size * arm.sequences.shape[1] for name, arm in arms.items()}
    speeds = [{"arm": name, "tokens_per_second": tokens[name] / median(own[1:])} for name, own in times.items()]
    with replaced_file(FOLDER / "speeds.csv") as aside:
        pd.DataFrame(speeds).round(1).to_csv(aside, index=False)
    write_table()


if __name__ == "__main__":
    main()
