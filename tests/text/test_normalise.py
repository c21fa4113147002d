"""The normalisation shared by the classifier's input and the search for near-duplicates."""

import random
import unicodedata

import pytest

from detente.text.normalise import normalise


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L’O.N.U. n’a pas voté", "L'O.N.U. n'a pas voté"),
        ("aujourdʼhui", "aujourd'hui"),
        ("«\u202fPaix\u00a0!\u202f»", "« Paix ! »"),
        ("  deux\t\tlignes\r\ncoupées \n", "deux lignes coupées"),
        ("e\u0301tat d'alerte", "état d'alerte"),
        ("\ufeffca\u00adnon\u200b de 155\u200e mm\x00", "canon de 155 mm"),
        ("un \u200b mot", "un mot"),
        ("\u200b", ""),
        ("", ""),
    ],
)
def test_equal_texts_become_equal_strings(text: str, expected: str) -> None:
    assert normalise(text) == expected


@pytest.mark.parametrize("text", ["ÉTAT d'Œuvre", "« Où ? » – l'île, 1er mai…", "m² et n° 3", "“ici”", "½ ﬁ"])
def test_case_accents_and_typography_stay(text: str) -> None:
    assert normalise(text) == text


@pytest.mark.parametrize("seed", range(20))
def test_normalising_twice_changes_nothing(seed: int) -> None:
    generator = random.Random(seed)
    troublesome = [*" \u00a0\u200b\u00ad’ʼ'eE\n\u0301\u0327\u0300\u200d\ufeffa\u212b\u0340\u1100\u1161\u11a8"]
    for _ in range(50):
        text = "".join(generator.choices(troublesome, k=15)) + chr(generator.randrange(0x11000))
        once = normalise(text)
        assert normalise(once) == once
        assert unicodedata.is_normalized("NFC", once)
