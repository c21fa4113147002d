"""Near-duplicates: sentences so alike that one in training gives away the other in the test set."""

from collections.abc import Sequence

from detente.corpus.record import Record
from detente.corpus.words import words
from detente.errors import UserError

SHINGLE = 5
"""Characters in a shingle. One edited word leaves 99 % of sentences above 0.7, two leave 86 %; with three-word shingles
only 79 % and 22 % (made-up sentences of 10 to 30 words)."""
BANDS, ROWS = 32, 4
"""A pair of similarity s becomes a candidate with probability 1 − (1 − s⁴)³²: 99.98 % at 0.7, 87 % at 0.5."""
LOWEST_THRESHOLD = 0.5


def near_duplicates(records: Sequence[Record], threshold: float = 0.7) -> list[tuple[Record, Record, float]]:
    """Find the pairs of sentences whose sets of character shingles are alike.

    Candidates come from MinHash signatures (Broder 1997) in a locality-sensitive index and are verified exactly. Case,
    punctuation and spacing do not count. Pairs of one document or one minimal pair are listed too: ``checks`` lets
    them pass, since they never part.

    Args:
        records: Records with unique ids.
        threshold: Lowest Jaccard similarity that counts, ``LOWEST_THRESHOLD`` to 1.

    Returns:
        Pairs with their similarity, the most alike first, then in the order of the records.

    Raises:
        UserError: The threshold is outside its range: below it the index would miss pairs.
    """
    from datasketch import MinHash, MinHashLSH

    if not LOWEST_THRESHOLD <= threshold <= 1:
        raise UserError(f"near-duplicate threshold {threshold}: must lie between {LOWEST_THRESHOLD} and 1")
    shingles = [_shingles(record.text) for record in records]
    permutations = BANDS * ROWS
    signatures = MinHash.bulk([[item.encode() for item in items] for items in shingles], num_perm=permutations)
    index = MinHashLSH(num_perm=permutations, params=(BANDS, ROWS))
    pairs = []
    for second, signature in enumerate(signatures):
        for first in sorted(index.query(signature)):
            similarity = _jaccard(shingles[first], shingles[second])
            if similarity >= threshold:
                pairs.append((records[first], records[second], similarity))
        index.insert(second, signature)
    return sorted(pairs, key=lambda pair: -pair[2])


def _shingles(text: str) -> set[str]:
    joined = " ".join(words(text))
    return {joined[start : start + SHINGLE] for start in range(max(1, len(joined) - SHINGLE + 1))}


def _jaccard(first: set[str], second: set[str]) -> float:
    return len(first & second) / len(first | second)
