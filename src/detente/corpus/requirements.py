"""What a release of the corpus must reach: figures against the bounds of ``data/requirements.yaml``."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from rich.table import Table

from detente.corpus.actors import Actors
from detente.corpus.composition import measure_composition
from detente.corpus.record import ADJUDICATOR, Record
from detente.corpus.shortcuts import hard_negatives, measure_shortcuts
from detente.corpus.statistics import summarise
from detente.corpus.style_report import StyleReport
from detente.errors import UserError


@dataclass(frozen=True)
class Requirement:
    """One figure and its bounds; a bound that is None does not hold anything."""

    part: str
    name: str
    found: float
    least: float | None
    most: float | None

    @property
    def met(self) -> bool:
        """Whether the figure lies within its bounds."""
        return (self.least is None or self.found >= self.least) and (self.most is None or self.found <= self.most)

    @property
    def bounds(self) -> str:
        """The bounds in words."""
        words = {"at least": self.least, "at most": self.most}
        return ", ".join(f"{word} {bound:g}" for word, bound in words.items() if bound is not None)


def figures(records: Sequence[Record], actors: Actors, style: StyleReport) -> dict[str, float]:
    """Every figure a requirement can name."""
    summary = summarise(records)
    composition = measure_composition(records, actors)
    shortcuts = [asdict(found) for found in measure_shortcuts(records, actors).values()]
    votes = [len(record.votes.keys() - {ADJUDICATOR}) for record in records]
    return {
        "sentences": summary.sentences,
        "articles": composition.articles,
        "sentences of the rarest label": min(summary.labels.values()),
        "share without label": summary.without_label,
        "share with two labels or more": summary.with_several_labels,
        "share of articles of the rarest genre": composition.smallest_genre,
        "share of articles without conflict": composition.without_conflict,
        "states named": composition.states,
        "non-state actors named": composition.non_state_actors,
        "share of sentences of the most frequent dyad": composition.dyad,
        "contrast groups": composition.contrast_groups,
        "contrast groups of the rarest rule": composition.groups_of_rarest_rule,
        "hard negatives": len(hard_negatives(records)),
        "label information in the first actor, where one is named": max(label["actor"] for label in shortcuts),
        "label information in the genre": max(label["genre"] for label in shortcuts),
        "label information in the decade": max(label["decade"] for label in shortcuts),
        "label information in the region": max(label["region"] for label in shortcuts),
        "label information in one word": max(label["word"] for label in shortcuts),
        "deviation of the quartiles of length": style.length_deviation,
        "area under the curve, real or ours": style.separability,
        "share with two votes or more": float(np.mean(np.array(votes) >= 2)),
        "lowest alpha of a label": float(np.min([found.alpha for found in summary.agreement.values()])),  # nan wins
    }


def read_requirements(path: Path, found: dict[str, float]) -> list[Requirement]:
    """Puts the figures beside the bounds of a file.

    Raises:
        UserError: No such file, no mapping of parts, a figure nobody measures, a bound that is none.
    """
    if not path.is_file():
        raise UserError(f"{path}: no such file; it comes with the repository")
    parts = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(parts, dict) or not all(isinstance(bounds, dict) for bounds in parts.values()):
        raise UserError(f"{path}: must hold parts, each with figures and their bounds")
    requirements = []
    for part, bounds in parts.items():
        for name, own in bounds.items():
            if name not in found:
                raise UserError(f"{path}: {part}: unknown figure {name!r}; the figures are {', '.join(found)}")
            if not _is_bound(own):
                raise UserError(f"{path}: {part}: {name}: {own!r} is no bound; write {{least: …}} or {{most: …}}")
            requirements.append(Requirement(part, name, found[name], own.get("least"), own.get("most")))
    return requirements


def _is_bound(own: Any) -> bool:
    if not isinstance(own, dict) or not own or set(own) - {"least", "most"}:
        return False
    return all(isinstance(value, int | float) for value in own.values())


def render_table(requirements: Sequence[Requirement]) -> Table:
    """Shows the figures, the failed ones in red."""
    table = Table(title="Requirements of a release")
    for column in ("part", "figure", "found", "bounds", ""):
        table.add_column(column, justify="right" if column == "found" else "left")
    for one in requirements:
        table.add_row(
            one.part,
            one.name,
            f"{one.found:,.4g}",
            one.bounds,
            "" if one.met else "missed",
            style=None if one.met else "red",
        )
    return table


def render_markdown(requirements: Sequence[Requirement]) -> str:
    """The same as a Markdown table."""
    lines = ["| part | figure | found | required | met |", "| --- | --- | ---: | --- | --- |"]
    lines += [
        f"| {one.part} | {one.name} | {one.found:,.4g} | {one.bounds} | {'yes' if one.met else '**no**'} |"
        for one in requirements
    ]
    return "\n".join(lines) + "\n"
