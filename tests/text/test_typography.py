"""Each noise changes what it names and nothing else."""

import pytest

from detente.text.typography import NOISES

SENTENCE = "L’État russe répond : « Qu’à 12:30, œuvrons-nous ?! »"


@pytest.mark.parametrize(
    ("noise", "text"),
    [
        ("straight_apostrophes", "L'État russe répond : « Qu'à 12:30, œuvrons-nous ?! »"),
        ("curly_apostrophes", SENTENCE),
        ("straight_quotes", 'L’État russe répond : "Qu’à 12:30, œuvrons-nous ?!"'),
        ("curly_quotes", "L’État russe répond : “Qu’à 12:30, œuvrons-nous ?!”"),
        ("french_quotes", SENTENCE),
        ("plain_spaces", SENTENCE),
        ("no_break_spaces", "L’État russe répond\u00a0: « Qu’à 12:30, œuvrons-nous\u00a0?! »"),
        ("no_spaces", "L’État russe répond: « Qu’à 12:30, œuvrons-nous?! »"),
        ("unaccented_capitals", "L’Etat russe répond : « Qu’à 12:30, œuvrons-nous ?! »"),
        ("unaccented", "L’Etat russe repond : « Qu’a 12:30, œuvrons-nous ?! »"),
        ("capital_first_word", "L’ÉTAT russe répond : « Qu’à 12:30, œuvrons-nous ?! »"),
        ("capitals", "L’ÉTAT RUSSE RÉPOND : « QU’À 12:30, ŒUVRONS-NOUS ?! »"),
        ("double_spaces", "L’État  russe  répond  :  «  Qu’à  12:30,  œuvrons-nous  ?!  »"),
    ],
)
def test_a_noise(noise: str, text: str) -> None:
    assert NOISES[noise](SENTENCE) == text


@pytest.mark.parametrize("quoted", ['Il dit : "Non."', "Il dit : “Non.”", "Il dit : «\u00a0Non.\u00a0»", "Il dit : «Non.»"])
def test_quotation_marks_of_any_style_are_recognised(quoted: str) -> None:
    assert NOISES["french_quotes"](quoted) == "Il dit : « Non. »"
    assert NOISES["straight_quotes"](quoted) == 'Il dit : "Non."'


@pytest.mark.parametrize("written", ["Partir?", "Partir ?", "Partir\u00a0?", "Partir\u202f?"])
def test_spaces_before_punctuation_of_any_kind_are_recognised(written: str) -> None:
    assert NOISES["plain_spaces"](written) == "Partir ?"
    assert NOISES["no_spaces"](written) == "Partir?"


def test_a_quotation_left_open_stays() -> None:
    assert NOISES["straight_quotes"]("« Nous partons") == "« Nous partons"
