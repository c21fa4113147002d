"""The four labels: the only place that lists them. Their order is the column order of every score array."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Label:
    """One label of the codebook.

    Attributes:
        id: Identifier used in records, columns and metrics.
        french: Name shown to French readers.
        colour: Terminal and plot colour, as ``#rrggbb``; the four stay apart for colour-blind readers (Okabe and Ito 2008).
        plover: Nearest PLOVER / CAMEO event types, for users who merge the output with event data.
    """

    id: str
    french: str
    colour: str
    plover: tuple[str, ...]


LABELS: tuple[Label, ...] = (
    Label("escalation", "escalade", "#d55e00", ("THREATEN", "MOBILIZE", "COERCE", "ASSAULT", "SANCTION", "REJECT")),
    Label("de_escalation", "désescalade", "#009e73", ("YIELD", "CONCEDE", "RETREAT", "AGREE")),
    Label("accusation", "accusation", "#cc79a7", ("ACCUSE", "DISAPPROVE")),
    Label("diplomatic_offer", "offre diplomatique", "#0072b2", ("CONSULT", "REQUEST", "MEDIATE")),
)
LABEL_IDS: tuple[str, ...] = tuple(label.id for label in LABELS)
