"""Writing an encoder to disk."""

import copy
from pathlib import Path

from transformers import PreTrainedModel, PreTrainedTokenizerFast

from detente.encoder.tokenizer import save_tokenizer
from detente.files import replaced_folder


def save_encoder(model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, folder: Path) -> None:
    """Saves weights (fp16 safetensors), configuration and tokenizer; an older folder gives way only to a whole one.

    Args:
        model: The model, in any precision; left as it is.
        tokenizer: Its tokenizer.
        folder: Where to write.
    """
    with replaced_folder(folder) as aside:
        half = copy.deepcopy(model).cpu().half()
        half.config.hidden_dropout_prob = half.config.attention_probs_dropout_prob = 0.1  # for fine-tuning
        half.save_pretrained(aside)
        tokenizer.model_max_length = model.config.max_position_embeddings - 2
        save_tokenizer(tokenizer, aside)
