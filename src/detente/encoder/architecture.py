"""The shape of the embedded encoder, and how it starts."""

from dataclasses import asdict, dataclass

import torch
from transformers import CamembertConfig, CamembertForMaskedLM, PretrainedConfig, PreTrainedTokenizerFast


@dataclass(frozen=True)
class Architecture:
    """Shape of the encoder: layers, hidden width, attention heads, feed-forward width, longest input in tokens."""

    layers: int
    width: int
    heads: int
    feed_forward: int
    max_length: int

    def overrides(self) -> str:
        """The shape as it is written on a command line."""
        return " ".join(f"architecture.{name}={value}" for name, value in asdict(self).items())


def architecture_of(config: PretrainedConfig) -> Architecture:
    """The shape of a model, from its configuration."""
    return Architecture(
        layers=config.num_hidden_layers,
        width=config.hidden_size,
        heads=config.num_attention_heads,
        feed_forward=config.intermediate_size,
        max_length=config.max_position_embeddings - 2,
    )


def build_model(tokenizer: PreTrainedTokenizerFast, architecture: Architecture) -> CamembertForMaskedLM:
    """A CamemBERT with random weights that fits the tokenizer; stock configuration, so ``AutoModel`` loads it anywhere."""
    return CamembertForMaskedLM(
        CamembertConfig(
            vocab_size=len(tokenizer),
            num_hidden_layers=architecture.layers,
            hidden_size=architecture.width,
            num_attention_heads=architecture.heads,
            intermediate_size=architecture.feed_forward,
            max_position_embeddings=architecture.max_length + 2,  # RoBERTa counts positions from padding id + 1
            type_vocab_size=1,
            # Fewer than two passes over the text leave nothing to regularise; fine-tuning sets its own dropout.
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
            bos_token_id=tokenizer.bos_token_id,
            pad_token_id=tokenizer.pad_token_id,
            eos_token_id=tokenizer.eos_token_id,
        )
    )


@torch.no_grad()
def start_from_counts(model: CamembertForMaskedLM, vectors: torch.Tensor, log_frequencies: torch.Tensor) -> None:
    """Sets the tied token embeddings and the output bias from the text's own statistics.

    Args:
        model: A model with random weights, changed in place.
        vectors: float32 ``[token, width]`` from :func:`detente.encoder.cooccurrence.cooccurrence_vectors`; scaled to a
            standard deviation of 0.05, large enough to stand out from the random position embeddings.
        log_frequencies: float32 ``[token]``.
    """
    model.roberta.embeddings.word_embeddings.weight.copy_(vectors * (0.05 / vectors.std()))
    model.lm_head.bias.copy_(log_frequencies)
