"""What changed between two versions of the corpus, label by label."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.table import Table

from detente.corpus.record import Record
from detente.labels import LABEL_IDS


@dataclass(frozen=True)
class LabelChange:
    """What happened to the sentences of one label.

    Attributes:
        added: Sentences that are new and carry the label.
        removed: Sentences that are gone and carried it.
        gained: Sentences in both versions that carry it now.
        lost: Sentences in both versions that carry it no more.
        rewritten: Sentences with another text that carry it before or after.
    """

    added: int
    removed: int
    gained: int
    lost: int
    rewritten: int


@dataclass(frozen=True)
class Difference:
    """Records matched by id; every list in the order of the ids.

    Attributes:
        added: Records of the new version only.
        removed: Records of the old version only.
        relabelled: Old and new record where the labels differ.
        rewritten: Old and new record where the text differs; may stand in ``relabelled`` too.
    """

    added: list[Record]
    removed: list[Record]
    relabelled: list[tuple[Record, Record]]
    rewritten: list[tuple[Record, Record]]

    def of_label(self, label: str) -> LabelChange:
        """Count the changes that touch one label."""
        return LabelChange(
            added=sum(label in record.labels for record in self.added),
            removed=sum(label in record.labels for record in self.removed),
            gained=sum(label in new.labels and label not in old.labels for old, new in self.relabelled),
            lost=sum(label in old.labels and label not in new.labels for old, new in self.relabelled),
            rewritten=sum(label in old.labels or label in new.labels for old, new in self.rewritten),
        )

    def changed_ids(self) -> list[str]:
        """Ids of every record that was added, removed, relabelled or rewritten, sorted."""
        pairs = self.relabelled + self.rewritten
        return sorted({record.id for record in [*self.added, *self.removed, *(new for _, new in pairs)]})


def compare(old: Sequence[Record], new: Sequence[Record]) -> Difference:
    """Compare two versions of a corpus by the ids, labels and texts of their records; ids are unique in each."""
    before = {record.id: record for record in sorted(old, key=lambda record: record.id)}
    after = {record.id: record for record in sorted(new, key=lambda record: record.id)}
    both = [(before[id_], after[id_]) for id_ in before if id_ in after]
    return Difference(
        added=[record for id_, record in after.items() if id_ not in before],
        removed=[record for id_, record in before.items() if id_ not in after],
        relabelled=[(one, other) for one, other in both if one.labels != other.labels],
        rewritten=[(one, other) for one, other in both if one.text != other.text],
    )


def render(difference: Difference) -> Table:
    """Table of the changes: one row a label, and one for all sentences, where gained or lost does not apply."""
    table = Table("label", title="Changes to the corpus")
    for column in ("added", "removed", "label gained", "label lost", "text changed"):
        table.add_column(column, justify="right")
    for label in LABEL_IDS:
        change = difference.of_label(label)
        counts = (change.added, change.removed, change.gained, change.lost, change.rewritten)
        table.add_row(label, *map(str, counts))
    table.add_section()
    added, removed = str(len(difference.added)), str(len(difference.removed))
    table.add_row("all sentences", added, removed, "", "", str(len(difference.rewritten)))
    return table
