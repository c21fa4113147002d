"""Sentences of French press prose, checked on hard items and on random characters."""

import random
from pathlib import Path

import pytest
import yaml

from detente.text.normalise import normalise
from detente.text.sentences import Sentence, split_sentences

BOUNDARY = "‖"
HARD_ITEMS = yaml.safe_load(Path(__file__).with_name("hard_sentences.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("item", HARD_ITEMS, ids=lambda item: next(iter(item)))
def test_hard_item(item: dict[str, str]) -> None:
    (marked,) = item.values()
    sentences = split_sentences(marked.replace(BOUNDARY, ""))
    assert [normalise(sentence.text) for sentence in sentences] == [normalise(part) for part in marked.split(BOUNDARY)]


@pytest.mark.parametrize("article", ["", " ", "\n\n\t\u00a0\r\n"])
def test_empty_article_has_no_sentence(article: str) -> None:
    assert split_sentences(article) == []


def test_offsets_point_into_the_original_article() -> None:
    article = "  Titre\n\nIl pleut.\u00a0 « Ah ? »\n"
    assert split_sentences(article) == [
        Sentence("Titre", 2, 7),
        Sentence("Il pleut.", 9, 18),
        Sentence("« Ah ? »", 20, 28),
    ]


def test_line_ends_stay_in_the_text_of_a_sentence() -> None:
    assert [sentence.text for sentence in split_sentences("La trêve\ntient.")] == ["La trêve\ntient."]


def assert_covers(article: str) -> None:
    """Sentences are in order, do not overlap, are trimmed, and leave only white space between them."""
    position = 0
    for sentence in split_sentences(article):
        assert sentence.text == article[sentence.start : sentence.end] == sentence.text.strip() != ""
        assert article[position : sentence.start].strip() == ""
        position = sentence.end
    assert article[position:].strip() == ""


@pytest.mark.parametrize("seed", range(20))
def test_random_unicode_is_covered(seed: int) -> None:
    generator = random.Random(seed)
    for _ in range(20):
        assert_covers("".join(chr(generator.randrange(0x11000)) for _ in range(generator.randrange(80))))


@pytest.mark.parametrize("seed", range(20))
def test_random_punctuation_is_covered(seed: int) -> None:
    generator = random.Random(seed)
    pieces = [*"«»“”\"()[].!?…,:;–—-•\n\r\t\u00a0\u202f\u200b\x0b\x1c'’1", "\n\n", "M.", "O.N.U.", "J.-P.", "p.", "(…)"]
    pieces += [" Le ", " Paris ", "a-t-il dit", "Par Jean Martin", "GENÈVE, 12 mars (AFP) –", "1.", " et "]
    for _ in range(50):
        assert_covers("".join(generator.choices(pieces, k=40)))


@pytest.mark.parametrize("item", HARD_ITEMS, ids=lambda item: next(iter(item)))
def test_every_beginning_of_a_hard_item_is_covered(item: dict[str, str]) -> None:
    (marked,) = item.values()
    article = marked.replace(BOUNDARY, "")
    for length in range(len(article)):
        assert_covers(article[:length])
