"""Whatever interrupts a writer, what stood there before stands there still."""

import pytest

from detente.files import replaced_file, replaced_folder


@pytest.fixture
def folder(tmp_path):
    old = tmp_path / "model"
    old.mkdir()
    (old / "old.txt").write_text("ancien")
    return old


def test_a_folder_is_replaced_whole(folder):
    with replaced_folder(folder) as aside:
        assert list(aside.iterdir()) == []
        (aside / "new.txt").write_text("nouveau")
        assert (folder / "old.txt").exists()
    assert [path.name for path in folder.iterdir()] == ["new.txt"]
    assert not aside.exists()


def test_a_folder_stays_if_writing_fails_and_the_next_attempt_starts_empty(folder):
    with pytest.raises(KeyboardInterrupt), replaced_folder(folder) as aside:
        (aside / "half.txt").write_text("moit")
        raise KeyboardInterrupt
    assert [path.name for path in folder.iterdir()] == ["old.txt"]
    with replaced_folder(folder) as aside:
        assert list(aside.iterdir()) == []


def test_a_folder_and_its_parents_are_made(tmp_path):
    with replaced_folder(tmp_path / "a" / "b") as aside:
        (aside / "new.txt").touch()
    assert (tmp_path / "a" / "b" / "new.txt").exists()


def test_a_file_is_replaced_whole(tmp_path):
    path = tmp_path / "a" / "results.csv"
    for content in ("premier", "second"):
        with replaced_file(path) as aside:
            aside.write_text(content)
        assert path.read_text() == content
    assert list(path.parent.iterdir()) == [path]


def test_a_file_stays_if_writing_fails(tmp_path):
    path = tmp_path / "results.csv"
    path.write_text("ancien")
    with pytest.raises(ValueError, match="trop tard"), replaced_file(path) as aside:
        aside.write_text("moit")
        raise ValueError("trop tard")
    assert path.read_text() == "ancien"
    assert list(tmp_path.iterdir()) == [path]
