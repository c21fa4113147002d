"""A benchmark of sentences whose text we may not ship: their hashes, and the search for them in a user's downloads."""

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field

from detente.corpus.downloads import read_files
from detente.corpus.jsonl import parse_line, problems_of
from detente.corpus.record import KnownLabels
from detente.corpus.running_text import running_text
from detente.errors import UserError
from detente.files import replaced_file
from detente.text.normalise import normalise

HEAD = 12  # characters
WORD_START = re.compile(r"(?<![^\W_])\S")  # whatever follows a letter or a digit goes on with its word


class Reference(BaseModel):
    """A labelled sentence without its text.

    Attributes:
        id: Unique in the benchmark.
        source: The corpus it is from, a key of ``sources.yaml``.
        document: The article it belongs to, the unit that intervals resample; its id where the article is unknown.
        labels: Ids of the labels it earns.
        votes: Annotator to the ids of the labels given; annotators are language models.
        sha256: Of the sentence after `normalise`, in UTF-8; 64 hexadecimal digits.
        length: Of the sentence after `normalise`, in characters.
        head: `head_hash` of the sentence.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    id: str
    source: str
    document: str
    labels: KnownLabels
    votes: dict[str, KnownLabels]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    length: Annotated[int, Field(ge=HEAD)]
    head: Annotated[str, Field(pattern="^[0-9a-f]{8}$")]


class Source(BaseModel):
    """Where a corpus can be had: its full name, its licence, what to download, its public page."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str
    licence: str
    download: str
    page: str


def head_hash(text: str) -> str:
    """The first 8 hexadecimal digits of the SHA-256 of the first ``HEAD`` characters of a normalised text."""
    return sha256(text[:HEAD].encode()).hexdigest()[:8]


def read_references(path: Path) -> list[Reference]:
    """Reads a benchmark, one sentence a line.

    Raises:
        UserError: No such file, or a line that is not a reference.
    """
    if not path.is_file():
        raise UserError(f"{path}: no such file; it comes with the repository (`git checkout -- {path}`)")
    references = []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            references.append(parse_line(line, Reference))
        except ValueError as error:
            raise UserError(f"{path}:{number}: {'; '.join(problems_of(error))}") from error
    return references


def read_sources(path: Path) -> dict[str, Source]:
    """Reads where each source of a benchmark can be had."""
    return {key: Source.model_validate(entry) for key, entry in yaml.safe_load(path.read_text(encoding="utf-8")).items()}


def find_sentences(text: str, references: Sequence[Reference]) -> dict[str, str]:
    """Finds the sentences that stand in a text, wherever its lines break and whatever stands around them.

    At every word start the hash of the next ``HEAD`` characters is looked up; on a hit, as many characters as the
    sentence has must have its SHA-256. So a sentence is found exactly or not at all.

    Returns:
        Id to the sentence after `normalise`.
    """
    by_head: dict[str, list[Reference]] = defaultdict(list)
    for reference in references:
        by_head[reference.head].append(reference)
    # Line by line, which gives the same and keeps long files out of one list of characters.
    plain = " ".join(filter(None, map(normalise, text.splitlines())))
    found = {}
    for match in WORD_START.finditer(plain):
        start = match.start()
        for reference in by_head.get(head_hash(plain[start : start + HEAD]), ()):
            candidate = plain[start : start + reference.length]
            if sha256(candidate.encode()).hexdigest() == reference.sha256:
                found[reference.id] = candidate
    return found


def search_folder(folder: Path, references: Sequence[Reference]) -> tuple[dict[str, str], list[str]]:
    """Looks for sentences in every file below a folder, until all are found.

    Returns:
        Id to the sentence after `normalise`; names of the files left out because they are not UTF-8 text.

    Raises:
        UserError: No such folder, a file that cannot be opened, is damaged or is not what its suffix says.
    """
    found: dict[str, str] = {}
    left_out = []
    for name, content in read_files(folder):
        try:
            text = running_text(name, content)
        except UnicodeDecodeError:
            left_out.append(name)
            continue
        found |= find_sentences(text, [reference for reference in references if reference.id not in found])
        if len(found) == len(references):
            break
    return found, left_out


def write_found(found: Mapping[str, str], references: Sequence[Reference], path: Path) -> None:
    """Writes the sentences found, in the order of the benchmark, as `read_labelled` takes them."""
    with replaced_file(path) as aside, aside.open("w", encoding="utf-8", newline="\n") as file:
        for reference in references:
            if reference.id in found:
                line = {"id": reference.id, "text": found[reference.id]}
                line |= reference.model_dump(include={"labels", "document"})
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
