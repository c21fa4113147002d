"""A file of any size: chunk by chunk, resumed where a killed run was, bad rows put aside, nothing lost or doubled."""

import json

import pytest

from detente.bundle.partial import partial_folder
from detente.bundle.writing import rejects_path
from detente.errors import UserError

from .conftest import label_texts

ROWS = 25


class Killed(BaseException):
    """What a signal does to a run."""


def dying_after(chunks):
    """Labels as many chunks, then dies."""
    left = iter(range(chunks))

    def label(texts):
        if next(left, None) is None:
            raise Killed
        return label_texts(texts)

    return label


@pytest.fixture(params=[".jsonl", ".csv", ".parquet"])
def source(tmp_path, request):
    """Sentences of growing length in each format; in the text formats every tenth row is bad."""
    path = tmp_path / f"in{request.param}"
    texts = [f"Phrase {'très ' * (number % 3)}longue, numéro {number}." for number in range(ROWS)]
    if path.suffix == ".parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        pq.write_table(pa.table({"n": list(range(ROWS)), "text": texts}), path, row_group_size=4)
    elif path.suffix == ".csv":
        lines = [f'{number},"{text if number % 10 else ""}"' for number, text in enumerate(texts)]
        path.write_text("\n".join(["n,text", *lines]) + "\n", encoding="utf-8")
    else:
        lines = [json.dumps({"n": number, "text": text} if number % 10 else []) for number, text in enumerate(texts)]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet"])
def test_a_killed_run_goes_on_in_its_chunk_and_ends_with_the_same_bytes(source, label_file, suffix, tmp_path):
    whole, output = tmp_path / f"whole{suffix}", tmp_path / f"out{suffix}"
    done = label_file(source, whole, chunk_rows=4)
    for chunks in (0, 2, 1):
        with pytest.raises(Killed):
            label_file(source, output, label=dying_after(chunks), chunk_rows=4)
        assert partial_folder(output).is_dir() and not output.exists()
    with (partial_folder(output) / "rows").open("ab") as file:
        file.write(b"half a chunk that never counted")
    seen = []
    label_file(source, output, label=lambda texts: seen.append(len(texts)) or label_texts(texts), chunk_rows=4)
    assert output.read_bytes() == whole.read_bytes()
    assert sum(seen) < done.labelled  # the first three chunks were not labelled again
    assert not partial_folder(output).exists()
    if source.suffix != ".parquet":
        assert rejects_path(output).read_bytes() == rejects_path(whole).read_bytes()


def test_bad_rows_go_to_the_rejects_file_with_number_and_reason(source, label_file, tmp_path):
    done = label_file(source, tmp_path / "out.jsonl", chunk_rows=4)
    rejects = rejects_path(tmp_path / "out.jsonl")
    if source.suffix == ".parquet":
        assert (done.labelled, rejects.exists()) == (ROWS, False)
        return
    rows = [json.loads(line) for line in rejects.read_text(encoding="utf-8").splitlines()]
    assert [row["row"] for row in rows] == [1, 11, 21] and all(row["reason"] and row["content"] for row in rows)
    assert done.labelled == ROWS - 3


def test_a_clean_run_removes_the_rejects_of_an_earlier_one(label_file, tmp_path):
    source, output = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text('{"text": "Un."}\n\n', encoding="utf-8")
    label_file(source, output)
    assert rejects_path(output).exists()
    source.write_text('{"text": "Un."}\n', encoding="utf-8")
    label_file(source, output)
    assert not rejects_path(output).exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"model": "another"}, "an unfinished run with another model; give that one to finish it, or delete"),
        ({"text_column": "n"}, "an unfinished run with another text column"),
    ],
)
def test_what_an_unfinished_run_was_made_of_may_not_change(label_file, tmp_path, change, message):
    source = tmp_path / "in.jsonl"
    source.write_text('{"text": "Un.", "n": "un"}\n' * 5, encoding="utf-8")
    with pytest.raises(Killed):
        label_file(source, tmp_path / "out.jsonl", label=dying_after(1))
    with pytest.raises(UserError, match=message):
        label_file(source, tmp_path / "out.jsonl", **change)
    source.write_text('{"text": "Deux.", "n": "un"}\n' * 5, encoding="utf-8")
    with pytest.raises(UserError, match="an unfinished run with another input"):
        label_file(source, tmp_path / "out.jsonl")


def test_an_input_that_changes_on_the_way_is_noticed(label_file, tmp_path):
    source = tmp_path / "in.jsonl"
    source.write_text('{"text": "Un."}\n' * 3, encoding="utf-8")

    def label(texts):
        with source.open("a", encoding="utf-8") as file:
            file.write('{"text": "Encore."}\n')
        return label_texts(texts)

    with pytest.raises(UserError, match=r"changed while it was read; delete .*out\.jsonl\.partial"):
        label_file(source, tmp_path / "out.jsonl", label=label)
    assert not (tmp_path / "out.jsonl").exists()


def test_two_runs_never_write_one_output(label_file, tmp_path):
    source = tmp_path / "in.jsonl"
    source.write_text('{"text": "Un."}\n', encoding="utf-8")

    def label(texts):
        with pytest.raises(UserError, match="another run is at work here"):
            label_file(source, tmp_path / "out.jsonl")
        return label_texts(texts)

    assert label_file(source, tmp_path / "out.jsonl", label=label).labelled == 1
