"""Running text: documents between blank lines, repeated or thinned out as the weights say."""

import lzma
from collections import Counter

import pytest

from detente.encoder.source import check_sources, count_words, read_documents, text_digest, weighted_documents
from detente.errors import UserError


@pytest.fixture
def folder(tmp_path):
    documents = [f"La dépêche numéro {number} est tombée." for number in range(1000)]
    (tmp_path / "news.txt").write_text("\n\n".join(documents), encoding="utf-8")
    return tmp_path


def test_a_document_is_a_block_of_lines(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("\n\nL’accord\n  est signé. \n \n\nLa paix revient.\n", encoding="utf-8")
    assert list(read_documents(path)) == ["L’accord est signé.", "La paix revient."]


def test_compressed_text_reads_the_same(folder):
    (folder / "news.txt.xz").write_bytes(lzma.compress((folder / "news.txt").read_bytes()))
    assert list(read_documents(folder / "news.txt.xz")) == list(read_documents(folder / "news.txt"))


def test_an_empty_file_has_no_documents(tmp_path):
    (tmp_path / "a.txt").touch()
    assert list(read_documents(tmp_path / "a.txt")) == []


def test_weight_2_is_twice_and_weight_0_never(folder):
    assert set(Counter(weighted_documents(folder, {"news.txt": 2}, seed=1)).values()) == {2}
    assert list(weighted_documents(folder, {"news.txt": 0}, seed=1)) == []


def test_a_fractional_weight_keeps_that_share_at_random(folder):
    half = list(weighted_documents(folder, {"news.txt": 0.5}, seed=1))
    assert len(half) == len(set(half)) == pytest.approx(500, abs=50)
    assert half == list(weighted_documents(folder, {"news.txt": 0.5}, seed=1))
    assert half != list(weighted_documents(folder, {"news.txt": 0.5}, seed=2))


def test_weight_one_and_a_half_gives_each_document_once_or_twice(folder):
    counts = Counter(weighted_documents(folder, {"news.txt": 1.5}, seed=1))
    assert len(counts) == 1000
    assert set(counts.values()) == {1, 2}
    assert counts.total() == pytest.approx(1500, abs=50)


def test_what_one_file_keeps_does_not_depend_on_the_others(folder):
    (folder / "other.txt").write_text("Autre chose.", encoding="utf-8")
    both = list(weighted_documents(folder, {"other.txt": 1, "news.txt": 0.5}, seed=1))
    assert both == ["Autre chose.", *weighted_documents(folder, {"news.txt": 0.5}, seed=1)]


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(UserError, match=r"text\.folder: .*nulle-part' is not a folder"):
        check_sources(tmp_path / "nulle-part", {"news.txt": 1})


@pytest.mark.parametrize(
    "weights, message",
    [
        ({}, r"text\.weights is empty"),
        ({"news.txt": 1, "absent.txt": 1}, r"'absent\.txt' is not in"),
        ({"news.txt": -1}, r"'news\.txt' has weight -1"),
    ],
)
def test_weights_that_mean_nothing_are_refused(folder, weights, message):
    with pytest.raises(UserError, match=message):
        check_sources(folder, weights)


def test_sources_in_order_pass(folder):
    check_sources(folder, {"news.txt": 0.5})


@pytest.mark.parametrize(
    "name, content", [("latin.txt", "été".encode("latin-1")), ("cut.txt.xz", lzma.compress(b"paix" * 999)[:-20])]
)
def test_a_file_that_cannot_be_read_is_named(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=f"{name} is no whole UTF-8 text"):
        list(read_documents(tmp_path / name))


def test_a_word_is_a_run_of_letters(tmp_path):
    (tmp_path / "a.txt").write_text("L’État n'a rien dit.\n\nLe 3 mai : cessez-le-feu !\n", encoding="utf-8")
    assert count_words(tmp_path / "a.txt") == 6 + 2 + 3


def test_the_digest_tells_every_file_and_every_change(folder):
    (folder / "other.txt").touch()
    before = text_digest(folder, ["news.txt", "other.txt"])
    assert before.endswith("d41d8cd98f00b204e9800998ecf8427e")
    (folder / "news.txt").write_text("Rien.", encoding="utf-8")
    after = text_digest(folder, ["news.txt", "other.txt"])
    assert len(after) == len(before) == 64
    assert after[:32] != before[:32]
