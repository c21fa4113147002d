"""An article is plain text from a file or from standard input; what else people hand in is named."""

import io
from types import SimpleNamespace

import pytest

from detente.bundle.article import read_article
from detente.errors import UserError

TEXT = "« L’armée », dit-il,\r\na tiré [red]. 🇺🇦"


def test_an_article_comes_from_a_file_or_from_standard_input(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    assert read_article(tmp_path / "a.txt") == TEXT
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"Un.")))
    assert read_article("-") == "Un."


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.txt", b" \n", "the article is empty"),
        ("a.txt", b"%PDF-1.7\xe2", "this is a PDF, not plain text; export it as plain text"),
        ("a.txt", b"PK\x03\x04..", "this is a Word, "),
        ("a.txt", b"abc\0def", "a binary file"),
        ("a.txt", "été".encode("utf-16"), "not UTF-8: byte 0 is 0xff.*iconv -f UTF-16"),
        ("a.csv", b"text\nUn.", "read it with --sentences"),
        ("", b"", "Is a directory"),
        ("none.txt", None, "No such file"),
    ],
)
def test_what_is_no_article_is_named(tmp_path, name, data, message):
    if data:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(UserError, match=message):
        read_article(tmp_path / name)
