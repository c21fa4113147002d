"""Quotations and parentheses: where they open and close, and which are short enough to stay whole."""

from collections import Counter
from dataclasses import dataclass

# Two press sentences. A shorter quotation is one utterance with its incise; a longer one is a speech, read by sentence.
LONGEST_WHOLE = 240

CLOSING = {"«": "»", "“": "”", "(": ")", "[": "]"}
_OPENING = {closing: opening for opening, closing in CLOSING.items()}


@dataclass(frozen=True)
class Enclosures:
    """The closed quotations and parentheses of one text.

    Attributes:
        partner: For the offset of every mark, opening or closing, the offset of the other one.
        whole: Outermost short enclosures as offsets (opening mark, closing mark), in order: no sentence ends inside.
    """

    partner: dict[int, int]
    whole: list[tuple[int, int]]


def find_enclosures(text: str) -> Enclosures:
    """Pairs the marks « », “ ”, " ", ( ) and [ ]. A mark without its partner encloses nothing. Linear in the text."""
    stack: list[tuple[str, int]] = []
    depth: Counter[str] = Counter()  # open marks of each kind, so that a stray closing mark is not searched for
    partner: dict[int, int] = {}
    for position, mark in enumerate(text):
        if mark in CLOSING or (mark == '"' and not _closes(text, position, bool(depth['"']))):
            stack.append((mark, position))
            depth[mark] += 1
        elif mark in _OPENING or mark == '"':
            wanted = _OPENING.get(mark, mark)
            while depth[wanted]:
                kind, start = stack.pop()
                depth[kind] -= 1
                if kind == wanted:
                    partner[position], partner[start] = start, position
                    break
    return Enclosures(partner, _outermost(partner))


def _closes(text: str, position: int, is_open: bool) -> bool:
    """Reads a straight quotation mark by the spaces around it; between two spaces or two letters, by turns."""
    before, after = text[position - 1 : position], text[position + 1 : position + 2]
    space_before = not before or before.isspace() or before in "('’["
    space_after = not after or after.isspace() or after in ".,;:!?…)»]"
    return is_open if space_before == space_after else space_after


def _outermost(partner: dict[int, int]) -> list[tuple[int, int]]:
    short = sorted((start, end) for start, end in partner.items() if 0 < end - start <= LONGEST_WHOLE)
    whole: list[tuple[int, int]] = []
    for start, end in short:
        if not whole or start > whole[-1][1]:
            whole.append((start, end))
    return whole
