"""``detente benchmark fetch``, and the configuration that evaluates on what it wrote."""

import json
import re
from hashlib import sha256

import pytest
import yaml

from detente.commands.benchmark import fetch
from detente.corpus.benchmark import head_hash
from detente.corpus.labelled import read_labelled
from detente.errors import UserError
from detente.project import find_root

SENTENCES = {"presse": "L'armée a bombardé le port de Mira à l'aube.", "radio": "Le Marsal propose une trêve de dix jours."}


@pytest.fixture
def benchmark(tmp_path):
    """A benchmark of two sentences from two sources."""
    path = tmp_path / "benchmarks" / "petit.jsonl"
    path.parent.mkdir()
    lines = [
        {"id": f"{source}:7:1", "source": source, "document": f"{source}:7", "labels": ["escalation"], "votes": {}}
        | {"sha256": sha256(text.encode()).hexdigest(), "length": len(text), "head": head_hash(text)}
        for source, text in SENTENCES.items()
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    entry = {"licence": "CC BY 4.0", "download": "articles.zip", "page": "https://exemple.org"}
    sources = {source: {"name": f"Corpus {source}"} | entry for source in SENTENCES}
    path.with_name("sources.yaml").write_text(yaml.safe_dump(sources), encoding="utf-8")
    return path


@pytest.fixture
def downloads(tmp_path):
    """An empty folder for downloads."""
    folder = tmp_path / "downloads"
    folder.mkdir()
    return folder


def test_all_found_says_so_in_a_line(benchmark, downloads, tmp_path, capsys):
    (downloads / "a.txt").write_text(" ".join(SENTENCES.values()), encoding="utf-8")
    fetch(downloads, benchmark, tmp_path / "out.jsonl")
    assert capsys.readouterr().out == f"2 of 2 sentences in {tmp_path / 'out.jsonl'}\n"
    assert read_labelled(tmp_path / "out.jsonl")["text"].tolist() == list(SENTENCES.values())


def test_a_part_is_written_and_the_rest_is_told_with_its_place(benchmark, downloads, tmp_path, capsys):
    (downloads / "a.txt").write_text(SENTENCES["presse"], encoding="utf-8")
    (downloads / "b.png").write_bytes(b"\x89PNG")
    fetch(downloads, benchmark, tmp_path / "out.jsonl")
    told = capsys.readouterr().out
    assert all(part in told for part in ("1 file(s)", "Corpus radio", "1 of 1", "https://exemple.org", "1 of 2 sentences"))
    assert "Corpus presse" not in told and "part of the benchmark" in told
    assert read_labelled(tmp_path / "out.jsonl")["document"].tolist() == ["presse:7"]


def test_nothing_found_is_a_mistake_and_an_older_result_stays(benchmark, downloads, tmp_path):
    (tmp_path / "out.jsonl").write_text("avant", encoding="utf-8")
    with pytest.raises(UserError, match="none of the 2 sentences"):
        fetch(downloads, benchmark, tmp_path / "out.jsonl")
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8") == "avant"


@pytest.mark.parametrize("name", ["real_dev", "real_news"])
def test_the_group_points_evaluate_at_the_fetched_file(composed, name):
    from hydra import compose, initialize_config_dir

    composed("evaluate")  # without the group, as before
    with initialize_config_dir(str(find_root() / "conf"), version_base="1.3"):
        cfg = compose("evaluate", [f"benchmark={name}"])
    assert cfg.name == name and cfg.output.endswith(f"reports/{name}")
    assert cfg.data == str(find_root() / "data" / "benchmarks" / f"{name}.fetched.jsonl")
    assert "benchmark" not in cfg


@pytest.mark.parametrize("name", ["real_dev", "real_news"])
def test_without_the_fetched_file_the_way_out_is_fetch(tmp_path, name):
    way_out = f"{name}.fetched.jsonl: no such file; `detente benchmark fetch FOLDER --name {name}` makes it"
    with pytest.raises(UserError, match=re.escape(way_out)):
        read_labelled(tmp_path / f"{name}.fetched.jsonl")
