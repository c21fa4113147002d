"""One valid record that each test changes where it matters."""

from collections.abc import Callable
from typing import Any

import pytest

from detente.corpus.record import Record

SENTENCE = {
    "id": "s1",
    "text": "L’armée a bombardé le port dans la nuit de lundi à mardi.",
    "labels": ["escalation"],
    "votes": {"first": ["escalation"], "second": ["accusation", "escalation"]},
    "document": "d1",
    "genre": "agency_dispatch",
    "year": 2014,
    "region": "middle_east",
    "origin": "written",
}


@pytest.fixture
def values() -> dict[str, Any]:
    """The keys and values of a valid record, as JSON would give them."""
    return dict(SENTENCE)


@pytest.fixture
def make() -> Callable[..., Record]:
    """Build the valid record with some values replaced."""
    return lambda **changes: Record(**(SENTENCE | changes))
