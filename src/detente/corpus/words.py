"""The words of a sentence, as the corpus counts and compares them."""

import re

from detente.text.normalise import normalise

_WORD = re.compile(r"\w+")


def words(text: str) -> list[str]:
    """Split a sentence into lower-case words; punctuation goes, elision cuts (``l'armée`` is two words)."""
    return _WORD.findall(normalise(text).lower())
