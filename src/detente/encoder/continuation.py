"""An encoder to go on from, where random weights would start anew.

Continued pretraining, on text nearer to the task or simply for longer (Gururangan et al. 2020, "Don't Stop Pretraining").
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import torch
from safetensors import SafetensorError
from transformers import CamembertForMaskedLM, PreTrainedTokenizerFast

from detente.encoder.architecture import Architecture, architecture_of
from detente.encoder.tokenizer import SPECIAL_TOKENS, load_tokenizer
from detente.errors import UserError

FILES = ("config.json", "model.safetensors", "tokenizer.json")


def start_digest(folder: Path) -> str:
    """SHA-256 of weights, shape and tokenizer: a run that began from others is another run.

    Raises:
        UserError: One of them is not there.
    """
    digest = hashlib.sha256()
    for name in FILES:
        if not (folder / name).is_file():
            raise UserError(
                f"start={folder}: there is no {name}. Name a folder that `detente pretrain` wrote, or leave start empty to "
                "begin from nothing."
            )
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()


def load_start(folder: Path, architecture: Architecture) -> tuple[CamembertForMaskedLM, PreTrainedTokenizerFast]:
    """The encoder to go on from, in single precision and without dropout, and its tokenizer.

    Args:
        folder: Where it lies.
        architecture: The shape that is asked for, which must be its own.

    Raises:
        UserError: It cannot be read, has another shape, no head that guesses hidden words, or a tokenizer whose first
            pieces are not this project's special tokens, on which masking and packing rely.
    """
    model: CamembertForMaskedLM
    info: dict[str, Iterable[str]]
    try:
        model, info = CamembertForMaskedLM.from_pretrained(  # type: ignore[misc]  # a pair, says output_loading_info
            folder,
            dtype=torch.float32,
            local_files_only=True,
            output_loading_info=True,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
    except (OSError, ValueError, SafetensorError) as error:
        reason = str(error).partition("\n")[0]
        raise UserError(f"start={folder}: cannot be read ({reason}); bring it again.") from error
    if missing := sorted(info["missing_keys"]):
        raise UserError(
            f"start={folder}: has no {missing[0]}, so it cannot guess hidden words. An encoder that `detente adapt` made "
            "has lost that head; start from the one it was made of, for instance models/pretrained."
        )
    if (own := architecture_of(model.config)) != architecture:
        raise UserError(f"start={folder} has another shape than asked for; give {own.overrides()}.")
    tokenizer = load_tokenizer(folder)
    first = tuple(tokenizer.convert_ids_to_tokens(list(range(len(SPECIAL_TOKENS)))))
    if first != SPECIAL_TOKENS:
        raise UserError(
            f"start={folder}: its tokenizer begins with {' '.join(first)} instead of {' '.join(SPECIAL_TOKENS)}; only "
            "encoders that `detente pretrain` made can be gone on from."
        )
    return model, tokenizer
