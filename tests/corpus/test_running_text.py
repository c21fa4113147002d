"""Every format a corpus comes in gives its text, whatever the file is packed in."""

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile

import pandas as pd
import pytest

from detente.corpus.downloads import read_files
from detente.corpus.running_text import running_text
from detente.errors import UserError
from detente.text.normalise import normalise

SENTENCE = "L’armée a repris le port de Mira, dit le ministre."
FORMATS = {
    "a.txt": f"Avant. {SENTENCE} Après.",
    "a.devtest": SENTENCE,
    "broken.txt": SENTENCE.replace("port de", "port\r\n  de\u00a0"),
    "a.conllu": f"# sent_id = 1\n# text = {SENTENCE}\n1\tL’\tle\tDET\n",
    "a.sgm": f'<doc><seg id="1">Avant.</seg>\n<seg id="2">{SENTENCE.replace("’", "&apos;")}</seg></doc>',
    "a.html": f"<p>Avant.<p>{SENTENCE.replace('port', '<b>po</b>rt').replace('é', '&eacute;')}</p>",
    "a.tsv": f'category\ttext\npolitics\t"Il a dit ""oui"".\n{SENTENCE}"\n',
    "unquoted.tsv": f'politics\t"Oui", dit-elle. {SENTENCE}\n',
    "a.csv": f'1,"{SENTENCE}"\n',
    "a.jsonl": json.dumps({"n": 1, "paragraphs": ["Avant.", SENTENCE]}) + "\n",
    "a.json": json.dumps({"data": [{"context": SENTENCE}]}),
    "a.md": "> ### L’armée a repris le **port** de [Mira](https://exemple.org/a_b), dit\n> le _ministre_\\.",
}


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_gives_its_sentence_whole(name):
    assert normalise(SENTENCE) in normalise(running_text(name, FORMATS[name].encode()))


def test_every_string_of_a_parquet_file_is_text():
    table = pd.DataFrame({"n": [1, 2], "text": ["Avant.", SENTENCE], "words": [["un"], ["deux"]]})
    assert running_text("a.parquet", table.to_parquet()).split("\n") == ["Avant.", "un", SENTENCE, "deux"]


def test_tags_end_a_paragraph_unless_they_may_stand_in_a_word():
    assert running_text("a.xml", b"<s>Un</s><s>d<i>eu</i>x &amp; trois</s>").split() == ["Un", "deux", "&", "trois"]


def test_markdown_keeps_what_only_looks_like_a_mark():
    assert running_text("a.md", b"le mot_cl\xc3\xa9 [sic] vaut \\[3\\]").startswith("le mot_clé [sic] vaut [3]\n")


def test_packed_files_are_opened_one_in_the_other_and_hidden_ones_left_out(tmp_path):
    text = SENTENCE.encode()
    for suffix, module in {"gz": gzip, "bz2": bz2, "xz": lzma}.items():
        (tmp_path / f"a.txt.{suffix}").write_bytes(module.compress(text))
    tape = io.BytesIO()
    with tarfile.open(fileobj=tape, mode="w:gz") as archive:
        entry = tarfile.TarInfo("./test/b.sgm")
        entry.size = len(text)
        archive.addfile(entry, io.BytesIO(text))
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("inner/test.tgz", tape.getvalue())
        archive.writestr("__MACOSX/._b.sgm", b"\0")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "packed").write_bytes(text)
    names, contents = zip(*read_files(tmp_path), strict=True)
    assert [name.removeprefix(f"{tmp_path}/") for name in names] == ["a.txt"] * 3 + ["all.zip/inner/test.tar/./test/b.sgm"]
    assert set(contents) == {text}


def test_a_damaged_archive_is_named_with_the_way_out(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"PK, mais pas vraiment")
    with pytest.raises(UserError, match=r"a\.zip: cannot be read .* download it again"):
        list(read_files(tmp_path))
    (tmp_path / "a.zip").rename(tmp_path / "b.txt.gz")
    with pytest.raises(UserError, match=r"b\.txt\.gz: cannot be read"):
        list(read_files(tmp_path))


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UserError, match="nulle-part: no such folder"):
        list(read_files(tmp_path / "nulle-part"))


@pytest.mark.parametrize("name", ["a.parquet", "a.jsonl", "a.json"])
def test_a_file_that_is_not_what_its_suffix_says_is_named(name):
    with pytest.raises(UserError, match=rf"{name}: not \.\w+ \(.*take it out of the folder"):
        running_text(name, b"version https://git-lfs.github.com/spec/v1\n")


def test_what_is_not_text_is_told_apart():
    with pytest.raises(UnicodeDecodeError):
        running_text("image.png", b"\x89PNG\r\n")
