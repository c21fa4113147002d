"""Tables in parts, without a cluster: on any file system, with any columns, in any order the output of the local engine."""

import json

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from detente.bundle.parted_table import cut_table
from detente.bundle.parts_folder import PartsFolder
from detente.bundle.storage import Location
from detente.bundle.survey import CHUNK_ROWS
from detente.errors import UserError

from .conftest import label_texts

ORIGIN = {"input": "this", "model": "m"}


def label_here(source, output, origin=ORIGIN):
    """Labels the parts in this process, last one first, each twice."""
    parts = cut_table(Location.parse(str(source)), "text", CHUNK_ROWS).parts
    folder = PartsFolder(Location.parse(str(output)))
    folder.begin(origin)
    for part in [*parts[::-1], *parts]:
        folder.label(part, "text", label_texts)
    folder.complete(parts, origin)
    return folder, parts


def write(path, **columns):
    pq.write_table(pa.table(columns), path)
    return path


def test_columns_keep_the_types_that_the_local_engine_keeps(parquet, label_file, tmp_path):
    label_file(tmp_path / "in.parquet", tmp_path / "local.parquet")
    folder, parts = label_here(tmp_path / "in.parquet", tmp_path / "out.parquet")
    folder.finish(parts)
    ours, theirs = (pq.read_table(tmp_path / name) for name in ("out.parquet", "local.parquet"))
    assert ours.schema.equals(theirs.schema, check_metadata=True) and str(ours.to_pylist()) == str(theirs.to_pylist())


@pytest.mark.parametrize(
    ("output", "files"),
    [("out.parquet", ["out.parquet"]), ("out", [*(f"out/part-00000{n}.parquet" for n in range(3)), "out/_SUCCESS"])],
)
def test_addresses_go_through_fsspec(output, files):
    memory = fsspec.filesystem("memory")
    memory.store.clear()
    with memory.open("memory://in/a.parquet", "wb") as file:
        pq.write_table(pa.table({"n": range(2500), "text": [f"Phrase {n}" for n in range(2500)]}), file)
    folder, parts = label_here("memory://in/", f"memory://{output}")
    assert folder.finish(parts).labelled == 2500
    assert set(memory.store) == {"/in/a.parquet", *(f"/{name}" for name in files)}
    tables = [pq.read_table(memory.open(name)) for name in files if name.endswith(".parquet")]
    assert pa.concat_tables(tables)["n"].to_pylist() == list(range(2500))


def test_a_finish_that_was_cut_short_may_be_called_again(tmp_path):
    source = write(tmp_path / "in.parquet", text=["Un.", " "] * CHUNK_ROWS)
    folder, parts = label_here(source, tmp_path / "out")
    (tmp_path / "out").mkdir()
    (tmp_path / "out.parts" / "part-000000.parquet").rename(tmp_path / "out" / "part-000000.parquet")
    again = PartsFolder(folder.output)
    assert again.begin(ORIGIN)
    assert again.finish(parts).rejected == CHUNK_ROWS
    assert pq.read_table(tmp_path / "out").num_rows == CHUNK_ROWS
    numbers = [json.loads(line)["row"] for line in (tmp_path / "out.rejects.jsonl").open(encoding="utf-8")]
    assert numbers == list(range(2, 2 * CHUNK_ROWS + 1, 2))


def test_an_unfinished_run_of_another_origin_is_kept(tmp_path):
    label_here(write(tmp_path / "in.parquet", text=["Un."]), tmp_path / "out.parquet")
    with pytest.raises(UserError, match=r"out\.parquet\.parts: an unfinished run with another model; give that one"):
        PartsFolder(Location.parse(str(tmp_path / "out.parquet"))).begin(ORIGIN | {"model": "other"})


def test_a_table_without_any_sentence_leaves_nothing(tmp_path):
    with pytest.raises(UserError, match="none of its rows can be labelled; row 1: the text is blank: ''; give the rows"):
        label_here(write(tmp_path / "in.parquet", text=["", None]), tmp_path / "out.parquet")
    assert [path.name for path in tmp_path.iterdir()] == ["in.parquet"]
