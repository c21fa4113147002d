"""``detente prepare``: from the corpus to checked, disjoint splits."""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from detente.corpus.checks import check
from detente.corpus.jsonl import read_records
from detente.corpus.splits import split_documents
from detente.corpus.tables import write_split
from detente.errors import UserError
from detente.settings import read_settings

if TYPE_CHECKING:
    from omegaconf import DictConfig

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PrepareSettings:
    """Corpus folder, folder for the splits, seed, and the share of the sentences each split gets."""

    corpus: str
    output: str
    seed: int
    shares: dict[str, float]


def prepare(cfg: "DictConfig") -> dict[str, int]:
    """Checks the corpus, splits it by document, and writes one Parquet file a split.

    Args:
        cfg: Composed from ``conf/prepare.yaml``.

    Returns:
        Number of sentences in each split.

    Raises:
        UserError: A record is malformed, or a quality gate fails, of which one refuses near-duplicates in two documents.
    """
    settings = read_settings(PrepareSettings, cfg)
    records = read_records(Path(settings.corpus))
    problems = check(records)
    if problems:
        raise UserError("the corpus does not pass its quality gates:\n  " + "\n  ".join(problems))
    splits = split_documents(records, settings.shares, settings.seed)
    for name, members in splits.items():
        write_split(members, Path(settings.output) / f"{name}.parquet")
        log.info("%-10s %5d sentences, %3d documents", name, len(members), len({record.document for record in members}))
    return {name: len(members) for name, members in splits.items()}
