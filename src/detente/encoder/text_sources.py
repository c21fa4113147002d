"""What the pretraining texts are and under which terms they were found: ``data/pretraining_sources.yaml``."""

import logging
from dataclasses import dataclass
from pathlib import Path

import yaml

from detente.encoder.configuration import checked
from detente.errors import UserError
from detente.project import find_root

log = logging.getLogger(__name__)

CLASSES = {
    "A": "open licence, stated where the text was found, or public domain",
    "P": "no licence stated there; its publisher is known for open terms, which were not verified text by text",
    "NC": "non-commercial",
    "B": "no licence stated, or text of third parties",
}


@dataclass(frozen=True)
class TextSource:
    """One file of text.

    Attributes:
        what: What it holds.
        source: Where it was found.
        licence: As stated there.
        licence_class: A key of ``CLASSES``.
    """

    what: str
    source: str
    licence: str
    licence_class: str


def read_text_sources(path: Path) -> dict[str, TextSource]:
    """Reads the file.

    Raises:
        UserError: It is missing or malformed.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UserError(f"{path}: {' '.join(str(error).split())}; `git checkout -- {path}` brings it back") from error
    sources: dict[str, TextSource] = checked(dict[str, TextSource], content, f"{path}: ")
    for name, source in sources.items():
        if source.licence_class not in CLASSES:
            raise UserError(f"{path}: {name}.licence_class: {source.licence_class!r} is none of {', '.join(CLASSES)}")
    return sources


def project_text_sources() -> dict[str, TextSource]:
    """What this project says of its texts; nothing outside a clone, and the model card then says that."""
    try:
        root = find_root()
    except UserError as error:
        log.warning("The model card will not say what the texts are: %s", error)
        return {}
    return read_text_sources(root / "data" / "pretraining_sources.yaml")
