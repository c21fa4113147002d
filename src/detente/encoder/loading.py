"""A CamemBERT with a classification head, from a folder or a hub id: one code path for both."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from transformers import (
    AutoConfig,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)
from transformers.utils import logging as transformers_logging

from detente.errors import UserError


@dataclass(frozen=True)
class EncoderSettings:
    """An encoder and how it is fine-tuned.

    Attributes:
        name: Its short name.
        source: The folder or hub id that its weights come from.
        pretrained: Whether to take the weights; without them only the shape and the tokenizer, to measure their worth.
        dropout: Share of activations dropped while fine-tuning, in [0, 1).
        threads: Processor threads to train on, 0 for all. A small encoder is no slower on one, and one thread gives the
            same weights however many cores a machine has.
    """

    name: str
    source: str
    pretrained: bool
    dropout: float
    threads: int

    def __post_init__(self) -> None:
        if not 0 <= self.dropout < 1:
            raise UserError(f"encoder.dropout={self.dropout}: must be at least 0 and below 1")


def quiet_transformers() -> None:
    """Silences progress bars of loading weights, and the news that a fresh head is fresh."""
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()


def load_for_classification(
    encoder: EncoderSettings, label_ids: Sequence[str]
) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """Loads encoder and tokenizer and puts a fresh multi-label head on top.

    Args:
        encoder: Where to load from. Weights stored in half precision are trained in single precision.
        label_ids: The labels, in column order; kept in the model's configuration with its problem type.

    Returns:
        The model (sigmoid outputs, binary cross-entropy) and its tokenizer.

    Raises:
        UserError: The folder is missing or broken, or the hub cannot be reached.
    """
    if Path(encoder.source).is_absolute() and not Path(encoder.source, "config.json").is_file():
        raise UserError(
            f"encoder.source: no encoder in {encoder.source}. Run `dvc pull` to bring it, or `detente pretrain` to make it."
        )
    quiet_transformers()
    try:
        config = AutoConfig.from_pretrained(
            encoder.source,
            num_labels=len(label_ids),
            id2label=dict(enumerate(label_ids)),
            label2id={label: index for index, label in enumerate(label_ids)},
            problem_type="multi_label_classification",
            hidden_dropout_prob=encoder.dropout,
            attention_probs_dropout_prob=encoder.dropout,
            classifier_dropout=encoder.dropout,
        )
        tokenizer = AutoTokenizer.from_pretrained(encoder.source)
        if encoder.pretrained:
            model = AutoModelForSequenceClassification.from_pretrained(encoder.source, config=config, dtype=torch.float32)
        else:
            model = AutoModelForSequenceClassification.from_config(config, dtype=torch.float32)
    except (OSError, ValueError, SafetensorError) as error:
        reason = str(error).partition("\n")[0]
        raise UserError(
            f"encoder={encoder.name}: cannot load {encoder.source!r} ({reason}) "
            "Connect to the hub, give a folder as encoder.source=/path/to/it, or use encoder=embedded."
        ) from error
    return model, tokenizer
