"""Mistakes that the ray engine names before it starts Ray, leaving everything as it was."""

import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from detente.bundle.ray_engine import Workers, label_on_ray
from detente.errors import UserError


def write(path, **columns):
    pq.write_table(pa.table(columns), path)


@pytest.mark.parametrize(
    ("source", "output", "message"),
    [
        ("none.parquet", "out.parquet", r"none\.parquet: no such Parquet file, nor a folder with any"),
        ("in.csv", "out.parquet", r"in\.csv: with --engine ray tables are Parquet"),
        ("one", "out.jsonl", r"out\.jsonl: with --engine ray tables are Parquet"),
        ("one", "one/out.parquet", r"out\.parquet: this is the input, or within it or around it"),
        ("one/a.parquet", "link/a.parquet", "this is the input"),
        ("one", "full", r"full: a folder, which is never replaced"),
        ("two", "out.parquet", r"b\.parquet: not the columns of .*a\.parquet \(\['n'\]\); make them the same"),
        ("labels", "out.parquet", r"the output would overwrite the column\(s\) \['labels'\]"),
        ("text", "out.parquet", r"no column 'text'; name one of these with --text-column: \['t'\]"),
        ("empty", "out.parquet", "columns but no rows"),
        ("junk", "out.parquet", r"a\.parquet: not a Parquet file that can be read"),
        ("gone://x", "out.parquet", r"gone://x: no file system for this address \(Protocol not known: gone\)"),
    ],
)
def test_a_mistake_is_named_before_ray_starts(source, output, message, tiny_bundle, tmp_path, monkeypatch):
    for name in ("one", "two", "labels", "text", "empty", "junk", "full"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path)
    Path("link").symlink_to("one")
    Path("full/letter.txt").touch()
    Path("junk/a.parquet").write_text("junk", encoding="utf-8")
    write("one/a.parquet", text=["Un."])
    write("two/a.parquet", text=["Un."])
    write("two/b.parquet", text=["Un."], n=[1])
    write("labels/a.parquet", text=["Un."], labels=[1])
    write("text/a.parquet", t=["Un."])
    write("empty/a.parquet", text=pa.array([], pa.string()))
    with pytest.raises(UserError, match=message):
        label_on_ray(source, "text", output, Workers(tiny_bundle), "m")
    assert Path("full/letter.txt").exists() and not list(tmp_path.glob("*.parts"))


def test_without_ray_the_extra_is_named(tiny_bundle, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    write(tmp_path / "in.parquet", text=["Un."])
    with pytest.raises(UserError, match=r"--engine ray needs Ray .*: pip install -e '\.\[scale\]'"):
        label_on_ray(str(tmp_path / "in.parquet"), "text", str(tmp_path / "out.parquet"), Workers(tiny_bundle), "m")
    assert [path.name for path in tmp_path.iterdir()] == ["in.parquet"]
