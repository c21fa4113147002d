"""Quality gates: what anyone who adds to the corpus runs before handing it on."""

import re
from collections.abc import Callable, Sequence

from detente.corpus.duplicates import near_duplicates
from detente.corpus.fixed_expressions import FIXED_EXPRESSIONS
from detente.corpus.record import Record
from detente.corpus.splits import linked_groups
from detente.corpus.words import words
from detente.text.normalise import normalise

TEMPLATE_WORDS = 6
MOST_DOCUMENTS_PER_TEMPLATE = 3
OPENING_WORDS = 3
MOST_OPENING_SHARE = 0.005
MOST_OPENINGS_ALWAYS_ALLOWED = 4

_FINAL_PUNCTUATION = re.compile(r"[.!?…;:][\s»”\"’')\]]*$")
_NAME = re.compile(
    r"\b(?:" + "|".join(" ".join(words(name)) for name in sorted(FIXED_EXPRESSIONS, key=len, reverse=True)) + r")\b"
)
_UNPUNCTUATED_GENRE = "official_social_media"


def check(records: Sequence[Record]) -> list[str]:
    """Run every gate.

    Returns:
        One message a problem, naming the ids; empty if the corpus is clean.
    """
    gates: tuple[Callable[[Sequence[Record]], list[str]], ...] = (
        duplicate_texts,
        labels_without_vote,
        templates,
        frequent_openings,
        typography,
        alike_across_documents,
    )
    return [problem for gate in gates for problem in gate(records)]


def duplicate_texts(records: Sequence[Record]) -> list[str]:
    """Texts that are equal once case, spaces and apostrophes are."""
    ids: dict[str, list[str]] = {}
    for record in records:
        ids.setdefault(normalise(record.text).lower(), []).append(record.id)
    return [f"same text in {', '.join(same)}: {text!r}" for text, same in ids.items() if len(same) > 1]


def labels_without_vote(records: Sequence[Record]) -> list[str]:
    """Labels that no annotator gave."""
    problems = []
    for record in records:
        voted = {label for labels in record.votes.values() for label in labels}
        unvoted = [label for label in record.labels if label not in voted]
        if unvoted:
            problems.append(f"{record.id}: label {', '.join(unvoted)} is nobody's vote")
    return problems


def templates(records: Sequence[Record]) -> list[str]:
    """Six-word sequences in more than three documents; each of ``FIXED_EXPRESSIONS`` counts as one word."""
    where: dict[tuple[str, ...], dict[str, str]] = {}
    for record in records:
        for sequence in _sequences(record.text):
            where.setdefault(sequence, {}).setdefault(record.document, record.id)
    return [
        f"template {' '.join(sequence)!r} in {len(first)} documents: {', '.join(first.values())}"
        for sequence, first in sorted(where.items())
        if len(first) > MOST_DOCUMENTS_PER_TEMPLATE
    ]


def frequent_openings(records: Sequence[Record]) -> list[str]:
    """First three words that open more than 0.5 % of the sentences, and more than four; fixed expressions as one word."""
    ids: dict[tuple[str, ...], list[str]] = {}
    for record in records:
        ids.setdefault(tuple(_joined_words(record.text)[:OPENING_WORDS]), []).append(record.id)
    most = max(MOST_OPENINGS_ALWAYS_ALLOWED, MOST_OPENING_SHARE * len(records))
    return [
        f"{len(same)} sentences open with {' '.join(opening)!r}, {most:g} may: {', '.join(same)}"
        for opening, same in sorted(ids.items())
        if len(same) > most
    ]


def typography(records: Sequence[Record]) -> list[str]:
    """Straight quotes or apostrophes beside typographic ones, double spaces, a sentence that does not end.

    A headline, the first sentence of its document, and a post on a social network need no final stop.
    """
    problems = []
    first = {record.document: record.id for record in reversed(records)}
    for record in records:
        text = record.text
        faults = {
            'straight quotes " beside typographic ones': '"' in text and re.search("[«»“”]", text),
            "straight apostrophe ' beside ’": "'" in text and "’" in text,
            "two spaces in a row": re.search(r"\s\s", text),
            "no final punctuation": record.genre != _UNPUNCTUATED_GENRE
            and record.id != first[record.document]
            and not _FINAL_PUNCTUATION.search(text),
        }
        problems += [f"{record.id}: {fault}: {text!r}" for fault, found in faults.items() if found]
    return problems


def alike_across_documents(records: Sequence[Record]) -> list[str]:
    """Near-duplicates (see ``duplicates``) in two documents that no contrast link joins."""
    group_of = {record.id: group[0].id for group in linked_groups(records) for record in group}
    return [
        f"{first.id} and {second.id} are alike ({similarity:.2f}): {first.text!r}, {second.text!r}"
        for first, second, similarity in near_duplicates(records)
        if group_of[first.id] != group_of[second.id]
    ]


def _sequences(text: str) -> list[tuple[str, ...]]:
    sentence = _joined_words(text)
    return [tuple(sentence[i : i + TEMPLATE_WORDS]) for i in range(len(sentence) - TEMPLATE_WORDS + 1)]


def _joined_words(text: str) -> list[str]:
    """The words of a text, each fixed expression as one."""
    return _NAME.sub(lambda name: name.group().replace(" ", "_"), " ".join(words(text))).split()
