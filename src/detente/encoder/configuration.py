"""A pretraining's settings and folders, from the resolved configuration as plain dictionaries."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, cast, get_args, get_origin

import yaml

from detente.checkpoints import checkpoint_folder
from detente.encoder.architecture import Architecture
from detente.encoder.continuation import start_digest
from detente.encoder.schedule import Schedule
from detente.encoder.source import check_sources, text_digest
from detente.errors import UserError


@dataclass(frozen=True)
class TextSettings:
    """What to read: a folder and, for each file in it, how many passes make an epoch."""

    folder: str
    weights: dict[str, float]


@dataclass(frozen=True)
class TokenizerSettings:
    """Number of pieces; how many documents, drawn from the weighted text, it is trained on; the seed of the draw."""

    vocabulary_size: int
    documents: int
    seed: int


@dataclass(frozen=True)
class PretrainingSettings:
    """What is computed.

    Attributes:
        start: Folder of the encoder to go on from, with its tokenizer; empty to begin from nothing.
        sequence_length: Tokens a sequence.
        cooccurrence_window: Tokens either side that count as neighbours for the first embeddings; 0 for random ones.
        text: What to read.
        tokenizer: The pieces.
        architecture: The encoder's shape.
        schedule: Length and rates.
    """

    start: str
    sequence_length: int
    cooccurrence_window: int
    text: TextSettings
    tokenizer: TokenizerSettings
    architecture: Architecture
    schedule: Schedule


@dataclass(frozen=True)
class Folders:
    """Where a run writes: its checkpoints and curve, the tokenised text that other runs share, the finished encoder."""

    work: Path
    tokenised: Path
    output: Path


# What stands in the configuration beside the settings, and what says nothing about the encoder.
FOLDERS, IGNORED = ("output", "checkpoints"), ("tracking", "hydra")


def folders_of(config: Mapping[str, Any], text: TextSettings) -> Folders:
    """The folders of a configuration; equal configurations and texts have the same.

    Raises:
        UserError: A text, or the encoder to go on from, is missing, or that encoder would be overwritten.
    """
    check_sources(Path(text.folder), text.weights)
    base, digest = Path(config["checkpoints"]), text_digest(Path(text.folder), text.weights)
    if config["start"]:
        start, output = Path(config["start"]), Path(config["output"])
        if start.resolve() == output.resolve():
            raise UserError(f"start and output are both {output}; name another output, so that what was gone on from stays.")
        digest += start_digest(start)
    # Runs that differ in model or schedule share the tokenised text.
    not_text = ("tracking", "output", "schedule", "architecture", "cooccurrence_window")
    return Folders(
        work=checkpoint_folder(base, config, ignoring=("tracking", "schedule.steps", "output"), inputs=digest),
        tokenised=checkpoint_folder(base, config, ignoring=not_text, inputs=digest),
        output=Path(config["output"]),
    )


def read_configuration(path: Path) -> tuple[PretrainingSettings, Folders]:
    """Reads what ``detente pretrain --cfg job --resolve`` prints.

    Raises:
        UserError: The file is missing or no YAML, a key is missing, unknown or mistyped, or a text is missing.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise UserError(f"{path}: {reason}. `detente pretrain --cfg job --resolve > {path}` writes one.") from error
    if not isinstance(content, dict):
        raise UserError(f"{path}: not a mapping. `detente pretrain --cfg job --resolve > {path}` writes one.")
    config = {key: value for key, value in content.items() if key not in IGNORED}
    for name in FOLDERS:
        checked(str, config.get(name), f"{path}: {name}")
    block = {key: value for key, value in config.items() if key not in FOLDERS}
    settings: PretrainingSettings = checked(PretrainingSettings, block, f"{path}: ")
    return settings, folders_of(config, settings.text)


def checked(kind: Any, value: Any, where: str) -> Any:
    """The value as that kind: a number, a string, a dictionary of them by name, or a dataclass of all these.

    Args:
        kind: ``int``, ``float`` (for which a whole number will do), ``str``, ``dict[str, …]`` or a dataclass.
        value: As YAML gives it.
        where: File and dotted key, for the message; a key is added after a point.

    Raises:
        UserError: Names the key at fault, its value and what was expected.
    """
    prefix = where if where.endswith(" ") else f"{where}."
    if is_dataclass(kind) and isinstance(value, dict):
        kinds = {field.name: field.type for field in fields(kind)}
        for key in [*kinds, *value]:
            if key not in value or key not in kinds:
                fault = "is missing" if key in kinds else "is not a known key"
                raise UserError(f"{prefix}{key} {fault}; there must be {', '.join(kinds)}")
        return cast(type, kind)(**{key: checked(kinds[key], part, f"{prefix}{key}") for key, part in value.items()})
    if get_origin(kind) is dict and isinstance(value, dict):
        return {checked(str, key, where): checked(get_args(kind)[1], part, f"{prefix}{key}") for key, part in value.items()}
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:
        names = {int: "a whole number", float: "a number", str: "a text", bool: "true or false"}
        expected = names.get(kind, "a block of keys")
        raise UserError(f"{where.rstrip(': ')}: {value!r} is not {expected}")
    return value
