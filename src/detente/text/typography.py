"""Invariance to typography: ways to write a French sentence that change nothing in what it says. All are ``str -> str``."""

import re
import unicodedata
from collections.abc import Callable

NO_BREAK_SPACE = "\u00a0"
NARROW_NO_BREAK_SPACE = "\u202f"
ANY_SPACE = f"[ {NO_BREAK_SPACE}{NARROW_NO_BREAK_SPACE}]"
BEFORE_HIGH_PUNCTUATION = re.compile(
    rf"(?<![ {NO_BREAK_SPACE}{NARROW_NO_BREAK_SPACE};:?!]){ANY_SPACE}*(?=[;:?!]+(?:[\s»”\"]|$))"
)  # not in « 12:30 »
QUOTATION = re.compile(rf"«{ANY_SPACE}*(.*?){ANY_SPACE}*»|“(.*?)”|\"(.*?)\"")


def straight_apostrophes(text: str) -> str:
    """« l’Iran » becomes « l'Iran »."""
    return text.replace("’", "'")


def curly_apostrophes(text: str) -> str:
    """« l'Iran » becomes « l’Iran »."""
    return text.replace("'", "’")


def straight_quotes(text: str) -> str:
    """Quotation marks become ``"…"``."""
    return _quoted(text, '"', '"')


def curly_quotes(text: str) -> str:
    """Quotation marks become ``“…”``."""
    return _quoted(text, "“", "”")


def french_quotes(text: str) -> str:
    """Quotation marks become ``« … »``, with plain spaces inside."""
    return _quoted(text, "« ", " »")


def plain_spaces(text: str) -> str:
    """A plain space before ; : ? and !"""
    return BEFORE_HIGH_PUNCTUATION.sub(" ", text)


def no_break_spaces(text: str) -> str:
    """A no-break space before ; : ? and !, as the Imprimerie nationale has it."""
    return BEFORE_HIGH_PUNCTUATION.sub(NO_BREAK_SPACE, text)


def no_spaces(text: str) -> str:
    """No space before ; : ? and !, as in Switzerland and Quebec."""
    return BEFORE_HIGH_PUNCTUATION.sub("", text)


def unaccented_capitals(text: str) -> str:
    """« État » becomes « Etat », as typewriters wrote it."""
    return "".join(_unaccented(character) if character.isupper() else character for character in text)


def unaccented(text: str) -> str:
    """No accents and cedillas at all, as in telegrams."""
    return _unaccented(text)


def capital_first_word(text: str) -> str:
    """« Kiev accuse » becomes « KIEV accuse », as agencies begin."""
    return re.sub(r"\w[\w’'-]*", lambda word: word.group().upper(), text, count=1)


def capitals(text: str) -> str:
    """All in capitals, as a headline."""
    return text.upper()


def double_spaces(text: str) -> str:
    """Two spaces for one."""
    return text.replace(" ", "  ")


NOISES: dict[str, Callable[[str], str]] = {
    noise.__name__: noise
    for noise in (
        straight_apostrophes,
        curly_apostrophes,
        straight_quotes,
        curly_quotes,
        french_quotes,
        plain_spaces,
        no_break_spaces,
        no_spaces,
        unaccented_capitals,
        unaccented,
        capital_first_word,
        capitals,
        double_spaces,
    )
}


def _quoted(text: str, opening: str, closing: str) -> str:
    return QUOTATION.sub(lambda found: f"{opening}{next(filter(None, found.groups()), '')}{closing}", text)


def _unaccented(text: str) -> str:
    marks_apart = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(c for c in marks_apart if unicodedata.category(c) != "Mn"))
