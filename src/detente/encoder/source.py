"""Running text for pretraining: documents from a folder of ``.txt`` and ``.txt.xz`` files, each file with a weight."""

import hashlib
import lzma
import random
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from detente.errors import UserError

WORD = re.compile(r"[^\W\d_]+")
"""A run of letters: ``l’État`` is two words."""


def check_sources(folder: Path, weights: Mapping[str, float]) -> None:
    """Refuses a folder or a file that is not there, and weights that mean nothing.

    Raises:
        UserError: Names the folder, file or weight at fault.
    """
    if not folder.is_dir():
        raise UserError(
            f"text.folder: {str(folder)!r} is not a folder. Pretraining reads .txt or .txt.xz files from it, one document "
            "per block of lines, a blank line between documents; point text.folder at yours."
        )
    if not weights:
        raise UserError("text.weights is empty: name at least one file of text.folder and its weight.")
    for name, weight in weights.items():
        if not (folder / name).is_file():
            raise UserError(f"text.weights: {name!r} is not in {folder}. Take it out of the list or bring the file.")
        if weight < 0:
            raise UserError(f"text.weights: {name!r} has weight {weight}; weights are passes an epoch, 0 or more.")


def read_documents(path: Path) -> Iterator[str]:
    """Yields the documents of one file: blocks of lines between blank lines, joined by spaces.

    Args:
        path: A UTF-8 text file, xz-compressed if its name ends in ``.xz``.

    Raises:
        UserError: The file is not that.
    """
    opener = lzma.open if path.suffix == ".xz" else open
    lines: list[str] = []
    try:
        with opener(path, "rt", encoding="utf-8") as file:
            for line in file:
                if line.strip():
                    lines.append(line.strip())
                elif lines:
                    yield " ".join(lines)
                    lines = []
    except (UnicodeDecodeError, lzma.LZMAError, EOFError) as error:
        raise UserError(f"{path} is no whole UTF-8 text ({error}); convert it or bring it again.") from error
    if lines:
        yield " ".join(lines)


def weighted_documents(folder: Path, weights: Mapping[str, float], seed: int) -> Iterator[str]:
    """Yields every document as often as its file's weight says: 3 = three times, 0.1 = one document in ten, at random.

    Args:
        folder: Where the files lie.
        weights: File name to passes an epoch.
        seed: Decides which documents a fractional weight keeps.
    """
    for name, weight in weights.items():
        generator = random.Random(f"{seed} {name}")
        for document in read_documents(folder / name):
            copies = int(weight) + (generator.random() < weight % 1)
            yield from [document] * copies


def text_digest(folder: Path, names: Iterable[str]) -> str:
    """The MD5s of the files' bytes, one after the other: other text gives another digest."""
    digest = ""
    for name in names:
        with (folder / name).open("rb") as file:
            digest += hashlib.file_digest(file, "md5").hexdigest()
    return digest


def count_words(path: Path) -> int:
    """Number of words in one file, each document counted once."""
    return sum(len(WORD.findall(document)) for document in read_documents(path))
