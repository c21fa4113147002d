"""The Unigram tokenizer of the embedded encoder.

Every word and every punctuation mark starts a piece of its own (``▁``), and an elided article keeps its apostrophe
(``▁l'`` + ``▁État``). So a noun has one piece whether an article, a guillemet or a bracket stands before it, and the spacing
around French punctuation, which varies from one newspaper to the next, leaves no trace.
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

SPECIAL_TOKENS = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
WORD_START = "▁"


def train_tokenizer(texts: Sequence[str], vocabulary_size: int) -> PreTrainedTokenizerFast:
    """Trains the tokenizer (Unigram language model, Kudo 2018).

    The trainer proposes only strings that occur in two different words, so it never finds the most frequent words of
    French (``à``, ``l'``, the full stop). One piece in ten is therefore kept for the most frequent words it missed, each
    with the logarithm of its relative frequency as its score.

    Args:
        texts: Running text.
        vocabulary_size: Number of pieces, special tokens included.

    Returns:
        A tokenizer whose ids 0–4 are ``<s> <pad> </s> <unk> <mask>`` and which wraps a text as ``<s> … </s>``.
    """
    tokenizer = Tokenizer(models.Unigram())
    # Apostrophes first: NFKC would make a space and a combining accent of ´.
    tokenizer.normalizer = normalizers.Sequence([normalizers.Replace(Regex("[’ʼ`´]"), "'"), normalizers.NFKC()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Split("'", behavior="merged_with_previous"),
            pre_tokenizers.Split(Regex(r"[^\w']|_"), behavior="isolated"),
            pre_tokenizers.Metaspace(replacement=WORD_START, prepend_scheme="always", split=False),
        ]
    )
    tokenizer.decoder = decoders.Metaspace(replacement=WORD_START, prepend_scheme="always")
    kept_for_words = vocabulary_size // 10
    trainer = trainers.UnigramTrainer(
        vocab_size=vocabulary_size - kept_for_words,
        special_tokens=list(SPECIAL_TOKENS),
        unk_token="<unk>",
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    words = _count_words(texts, tokenizer)
    pieces = _settle(json.loads(tokenizer.to_str())["model"]["vocab"])
    known = {piece for piece, _ in pieces}
    missed = [(word, count) for word, count in words.most_common() if word not in known][:kept_for_words]
    pieces += [(word, math.log(count / words.total())) for word, count in missed]
    tokenizer.model = models.Unigram(pieces, unk_id=SPECIAL_TOKENS.index("<unk>"))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<s>",
        cls_token="<s>",
        eos_token="</s>",
        sep_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        mask_token="<mask>",
    )


def _settle(pieces: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    """Takes out what the trainer leaves to chance, so that the same texts give the same ids.

    Its sums differ in their last digits, and a character too rare for a score of its own gets the lowest score plus
    0.0001 times an arbitrary rank.
    """
    special, trained = [(piece, 0.0) for piece in SPECIAL_TOKENS], dict(pieces)
    floor = min(trained.values()) + 0.1
    scores = {piece: round(max(score, floor), 6) for piece, score in trained.items() if piece not in SPECIAL_TOKENS}
    return special + sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def _count_words(texts: Iterable[str], tokenizer: Tokenizer) -> Counter[str]:
    normalise, split = tokenizer.normalizer.normalize_str, tokenizer.pre_tokenizer.pre_tokenize_str
    return Counter(word for text in texts for word, _ in split(normalise(text)))


def load_tokenizer(folder: Path) -> PreTrainedTokenizerFast:
    """Loads a tokenizer saved by :func:`train_tokenizer`.

    ``CamembertTokenizer`` would load the same files and tokenise differently, so the generic class is named here.
    """
    tokenizer: PreTrainedTokenizerFast = PreTrainedTokenizerFast.from_pretrained(folder, local_files_only=True)
    return tokenizer


def save_tokenizer(tokenizer: PreTrainedTokenizerFast, folder: Path) -> None:
    """Saves the tokenizer so that transformers 4 and 5 load it as the same class.

    transformers 5 writes a class name that 4.57 does not know; the older name means the same class in both.
    """
    tokenizer.save_pretrained(folder)
    file = folder / "tokenizer_config.json"
    config = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(config | {"tokenizer_class": "PreTrainedTokenizerFast"}, indent=2) + "\n", encoding="utf-8")
