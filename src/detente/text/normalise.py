"""One normalisation of French text, shared by everything that compares or classifies it."""

import unicodedata

APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'"})
INVISIBLE = {"Cc", "Cf"}  # control and format characters: zero-width, soft hyphen, byte-order mark, directions


def normalise(text: str) -> str:
    """Brings text to the one form in which two equal sentences are equal strings.

    Canonical composition (NFC), typewriter apostrophes, no invisible characters, every run of white space (no-break
    spaces and line ends included) as one plain space, none at the ends. Case, accents, ligatures, dashes and « » stay,
    which is why it is not NFKC. Applying it twice changes nothing.
    """
    visible = "".join(c for c in text if c.isspace() or unicodedata.category(c) not in INVISIBLE)
    return " ".join(unicodedata.normalize("NFC", visible).translate(APOSTROPHES).split())
