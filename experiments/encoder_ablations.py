"""Short pretrainings that differ in one setting each: `python experiments/encoder_ablations.py`.

Reads 007-encoder-ablations/arms.yaml, pretrains each arm, and adds its row to losses.csv and to the README beside it, with
the speed that `encoder_speeds.py` measured; arms that have a row are not repeated. All arms end in the loss of hidden words
at one masking rate (conf/pretrain.yaml's), on held-out text, given a character too, since encoders with other tokenizers
predict other pieces.
"""

from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd
import yaml
from hydra import compose, initialize_config_dir
from omegaconf import OmegaConf
from speed.report import fill
from transformers import AutoModelForMaskedLM, AutoTokenizer

from detente.commands.hydra_job import register_resolvers
from detente.commands.pretrain import pretrain
from detente.encoder.configuration import FOLDERS, IGNORED, PretrainingSettings, folders_of
from detente.encoder.pretraining import Pretraining
from detente.encoder.source import weighted_documents
from detente.encoder.tokenizer import load_tokenizer
from detente.files import replaced_file
from detente.project import find_root
from detente.settings import read_settings

ROOT = find_root()
FOLDER = ROOT / "experiments" / "007-encoder-ablations"
ENCODERS = ROOT / "models" / "runs" / "007-encoder-ablations"
MARKS = ("<!-- table: written by `python experiments/encoder_ablations.py` -->", "<!-- end of table -->")
SAMPLE = 400  # documents on which pieces are counted


def hidden_words_loss(encoder: Path, settings: PretrainingSettings, tokenised: Path, masking_rate: float) -> float:
    """Nats a predicted piece on the arm's own held-out sequences, at one masking rate for all arms."""
    model = AutoModelForMaskedLM.from_pretrained(encoder, dtype="float32")
    sequences = np.load(tokenised / "sequences.npy", mmap_mode="r")
    schedule = replace(settings.schedule, masking_rate=masking_rate)
    nothing_to_resume = encoder / "no_state.pt"
    arm = Pretraining(model, load_tokenizer(encoder), sequences, schedule, nothing_to_resume, lambda metrics, step: None)
    return arm.validation_loss(causal=False)


def characters_a_piece(encoder: Path, folder: Path, weights: dict[str, float]) -> float:
    """How many characters of the pretraining text one piece of an encoder's tokenizer covers."""
    tokenizer = AutoTokenizer.from_pretrained(encoder)
    documents = list(islice(weighted_documents(folder, weights, 1), SAMPLE))
    pieces = sum(len(ids) for ids in tokenizer(documents, add_special_tokens=False, verbose=False)["input_ids"])
    return sum(map(len, documents)) / pieces


def measure(name: str, common: list[str], overrides: list[str]) -> dict[str, Any]:
    """Pretrains one arm: its row of the table."""
    encoder = ENCODERS / name.replace(" ", "_")
    asked = compose("pretrain", [*common, *overrides, f"output={encoder}"])
    result = pretrain(asked)
    settings = read_settings(PretrainingSettings, asked, leaving=(*FOLDERS, *IGNORED))
    tokenised = folders_of(cast(dict[str, Any], OmegaConf.to_container(asked, resolve=True)), settings.text).tokenised
    loss = hidden_words_loss(encoder, settings, tokenised, compose("pretrain").schedule.masking_rate)
    width = characters_a_piece(encoder, Path(asked.text.folder), settings.text.weights)
    return {
        "arm": name,
        "overrides": " ".join(overrides),
        "parameters": AutoModelForMaskedLM.from_pretrained(encoder).num_parameters(),
        "tokens": result["tokens"],
        "loss_per_piece": loss,
        "characters_per_piece": width,
        "loss_per_character": loss / width,
    }


def markdown(rows: pd.DataFrame) -> str:
    """The table; minutes are those of the arm's tokens at its speed, where that was measured."""
    lines = [
        "| arm | parameters | tokens/s | minutes | loss a piece | characters a piece | loss a character |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for row in rows.itertuples():
        speed = f"{row.tokens_per_second:,.0f} | {row.tokens / row.tokens_per_second / 60:.1f}"
        lines.append(
            f"| {row.arm} | {row.parameters:,} | {'– | –' if pd.isna(row.tokens_per_second) else speed} | "
            f"{row.loss_per_piece:.3f} | {row.characters_per_piece:.2f} | {row.loss_per_character:.4f} |"
        )
    return "\n".join(lines)


def write_table() -> None:
    """Writes losses and speeds into the README."""
    rows, speeds = (pd.read_csv(FOLDER / name) for name in ("losses.csv", "speeds.csv"))
    fill(FOLDER / "README.md", markdown(rows.merge(speeds, on="arm", how="left")), MARKS)


def main() -> None:
    """Measures the arms that have no row yet."""
    register_resolvers()
    settings = yaml.safe_load((FOLDER / "arms.yaml").read_text(encoding="utf-8"))
    table = FOLDER / "losses.csv"
    rows = pd.read_csv(table).to_dict("records") if table.exists() else []
    done = {row["arm"] for row in rows}
    with initialize_config_dir(str(ROOT / "conf"), version_base="1.3"):
        for name, overrides in settings["arms"].items():
            if name not in done:
                rows.append(measure(name, settings["common"], overrides))
                with replaced_file(table) as aside:
                    pd.DataFrame(rows).round(5).to_csv(aside, index=False)
    write_table()


if __name__ == "__main__":
    main()
