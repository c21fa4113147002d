"""The model card of an encoder, written from what its run knows."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from detente.encoder.configuration import PretrainingSettings
from detente.encoder.curve import Curve
from detente.encoder.text_sources import CLASSES, TextSource

CURVE_ROWS = 20
COMMAND = "python experiments/encoder_card.py"
START, END = "<!-- {name}: written by `{command}` -->", "<!-- end of {name} -->"

HEADER = """---
language: fr
license: other
license_name: see-text-and-licences
library_name: transformers
pipeline_tag: fill-mask
tags:
- camembert
- french
- news
- diplomacy
---

# A CamemBERT for French news and diplomatic prose

A masked language model, pretrained by `detente pretrain` as the start of a sentence classifier; this card was written by
that run. `AutoModel.from_pretrained` and `AutoTokenizer.from_pretrained` load the folder.
"""


@dataclass(frozen=True)
class Facts:
    """What a finished run knows.

    Attributes:
        settings: What it was asked for.
        result: What the run gave; its speed is 0 if there was nothing left to do.
        parameters: Number of weights, tied ones once.
        weights_bytes: Size of the weights' file.
        vocabulary: Number of pieces.
        device: What it ran on, in words.
        curve: Losses in nats.
        words: Of each text that was read.
        start_card: The card of the encoder that this one began from, if any.
    """

    settings: PretrainingSettings
    result: Mapping[str, float]
    parameters: int
    weights_bytes: int
    vocabulary: int
    device: str
    curve: Curve
    words: Mapping[str, int]
    start_card: str


def render_card(facts: Facts, sources: Mapping[str, TextSource]) -> str:
    """The card as Markdown with a YAML header.

    Args:
        facts: Of the run.
        sources: What the texts are, by file name; a file that is not among them is listed as not described.
    """
    parts = [HEADER, _model(facts), _pretraining(facts), _held_out(facts), _text(facts, sources), _start(facts)]
    return "\n".join(filter(None, parts))


def with_adaptation(card: str, facts: Mapping[str, str]) -> str:
    """The card with a section on the labelled sentences that the encoder was fine-tuned on.

    Args:
        card: The card of the pretrained encoder.
        facts: Title to text, a row each.
    """
    paragraph = (
        "After pretraining, the model was fine-tuned on labelled real sentences (`data/benchmarks/real_train.jsonl`) and on "
        "the training split of the corpus. It is stored with the head that gives the labels, where `detente train` goes on, "
        "and without the one that guesses hidden words. The real sentences are of the text above; all labels are "
        "language models'."
    )
    table = _table(("", ""), list(facts.items()))
    return _with_section(card, "adaptation", "Adaptation to the labels", f"{paragraph}\n\n{table}", "detente adapt")


def with_scores(card: str, table: str) -> str:
    """The card with a Markdown table of downstream scores; an older one is replaced."""
    return _with_section(card, "scores", "Downstream scores", table, COMMAND)


def with_benchmark_check(card: str, sentences: int) -> str:
    """The card with the statement that none of the benchmark's sentences stands in the text.

    Args:
        card: The card.
        sentences: How many sentences of ``real_dev`` were looked for in the text, all in vain.
    """
    statement = (
        f"None of the {sentences:,} sentences of the benchmark `real_dev` stands in the text, word for word: "
        "`experiments/encoder_card.py` looked for each."
    )
    return _with_section(card, "benchmark", "Text and benchmark", statement, COMMAND)


def _with_section(card: str, name: str, title: str, content: str, command: str) -> str:
    """The card with a section of that title at its end, or with its content replaced where its marks stand already."""
    start, end = START.format(name=name, command=command), END.format(name=name)
    marked = f"{start}\n\n{content.strip()}\n\n{end}"
    before, found, rest = card.partition(start)
    if found:
        return before + marked + rest.partition(end)[2]
    return f"{card.rstrip()}\n\n## {title}\n\n{marked}\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int] = ()) -> str:
    """A Markdown table; columns whose place is in ``numbers`` are aligned to the right."""
    rule = ["---:" if place in numbers else "---" for place in range(len(head))]
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, rule, *rows))


def _model(facts: Facts) -> str:
    shape = facts.settings.architecture
    layers = "1 layer" if shape.layers == 1 else f"{shape.layers} layers"
    rows = [
        ("architecture", f"CamemBERT, {layers}, {shape.heads} heads, width {shape.width} and {shape.feed_forward} inside"),
        ("parameters", f"{facts.parameters:,}"),
        ("weights", f"{facts.weights_bytes / 1e6:.1f} MB, fp16 safetensors"),
        ("vocabulary", f"{facts.vocabulary:,} pieces (Unigram)"),
        ("longest input", f"{shape.max_length:,} tokens"),
    ]
    return "## Model\n\n" + _table(("", ""), rows)


def _pretraining(facts: Facts) -> str:
    settings, schedule = facts.settings, facts.settings.schedule
    hidden = f"hidden words ({schedule.masking_rate:.0%} of them, all pieces of a word at once)"
    causal = f"the next token for {schedule.causal_steps:,} steps, then " if schedule.causal_steps else ""
    window = settings.cooccurrence_window
    embeddings = f"co-occurrence counts of the text (window {window})" if window else "random numbers"
    beginning = ("first token embeddings", f"from {embeddings}")
    if settings.start:
        beginning = ("went on from", f"`{Path(settings.start).name}`: its weights and its tokenizer")
    rows = [
        ("objective", causal + hidden),
        beginning,
        (
            "schedule",
            f"{schedule.steps:,} steps of {schedule.batch_size:,} sequences of {settings.sequence_length:,} tokens; "
            f"learning rate {schedule.learning_rate:g}, warm-up {schedule.warmup:.1%} and linear decay {schedule.decay:.1%} "
            "of the steps",
        ),
        ("optimisers", f"Muon for the layers' matrices (weight decay {schedule.weight_decay:g}), AdamW for the rest"),
        ("precision, seed", f"{schedule.precision}, {schedule.seed}"),
        ("tokens seen", f"{facts.result['tokens']:,.0f}"),
        ("device", facts.device),
    ]
    if facts.result["tokens_per_second"]:
        speed = f"{facts.result['tokens_per_second']:,.0f} tokens a second"
        share = f"{facts.result['utilisation']:.0%} of the measured rate of matrix products on this device"
        rows.append(("speed", f"{speed}, {share}"))
    return "## Pretraining\n\n" + _table(("", ""), rows)


def _held_out(facts: Facts) -> str:
    """The curve where it was measured on held-out text, thinned to ``CURVE_ROWS`` rows, first and last kept."""
    names = {"causal_validation_loss": "next token", "validation_loss": "hidden words"}
    points = [
        (f"{step:,}", objective, f"{metrics[name]:.3f}", f"{metrics['loss']:.3f}" if "loss" in metrics else "")
        for step, metrics in facts.curve.items()
        for name, objective in names.items()
        if name in metrics
    ]
    kept = np.unique(np.linspace(0, len(points) - 1, min(CURVE_ROWS, len(points))).round().astype(int))
    table = _table(("step", "objective", "held-out loss", "training loss"), [points[place] for place in kept], (0, 2, 3))
    return (
        f"Losses in nats a predicted token, on {facts.settings.schedule.held_out:,} sequences kept out of training; "
        f"those of the two objectives cannot be compared.\n\n{table}"
    )


def _text(facts: Facts, sources: Mapping[str, TextSource]) -> str:
    weights = facts.settings.text.weights
    rows = []
    for name, words in facts.words.items():
        known = sources.get(name)
        told = (f"{known.what} ({known.source})", known.licence, known.licence_class) if known else ("not described", "", "")
        rows.append((f"`{name}`", told[0], f"{words:,}", f"{weights[name]:g}", *told[1:]))
    table = _table(("file", "what it is", "words", "passes an epoch", "licence as stated", "class"), rows, (2, 3))
    used = {name: sources[name].licence_class for name in facts.words if name in sources}
    legend = "".join(f"- {key}: {meaning}\n" for key, meaning in CLASSES.items() if key in used.values())
    paragraphs = [f"## Text and licences\n\n{table}", legend, _caution(used), _undescribed(facts.words, sources)]
    return "\n".join(filter(None, paragraphs))


def _start(facts: Facts) -> str:
    """The card of the encoder that was gone on from, without its header, two levels deeper."""
    if not facts.settings.start:
        return ""
    told = re.sub(r"(?s)\A---\n.*?\n---\n", "", facts.start_card).strip() or "It has no card."
    deeper = re.sub(r"(?m)^(#+) ", r"##\1 ", told)
    return f"## The encoder it went on from\n\nWhat that one had read comes on top of the text above.\n\n{deeper}\n"


def _caution(classes: Mapping[str, str]) -> str:
    """A warning where part of the text is non-commercial or of unstated licence."""
    non_commercial, unstated = ([name for name, own in classes.items() if own == one] for one in ("NC", "B"))
    parts = [f"non-commercial ({_listed(non_commercial)})"] if non_commercial else []
    parts += [f"of unstated licence or by third parties ({_listed(unstated)})"] if unstated else []
    if not parts:
        return ""
    rights = " or ".join(parts)
    return f"Part of this text is {rights}: think before you redistribute the weights or use them commercially.\n"


def _undescribed(words: Mapping[str, int], sources: Mapping[str, TextSource]) -> str:
    names = [name for name in words if name not in sources]
    return f"Neither source nor licence is described of {_listed(names)}.\n" if names else ""


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
