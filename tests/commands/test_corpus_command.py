"""``detente corpus``: gates, counts, and what changed since a version that DVC keeps."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from detente.commands.corpus import main
from detente.errors import UserError

PROGRAMS = Path(sys.executable).parent


def write_corpus(folder, records):
    folder.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(record.model_dump(exclude_none=True), ensure_ascii=False) for record in records]
    (folder / "articles.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def project(tmp_path_factory, records):
    """A project under git and DVC: forty sentences are committed, then one went, one came, one was relabelled."""
    root = tmp_path_factory.mktemp("project")
    (root / "conf").mkdir()
    (root / "pyproject.toml").touch()

    def run(*command):
        subprocess.run(command, cwd=root, check=True, capture_output=True)

    run("git", "init", "-q")
    run(PROGRAMS / "dvc", "init", "-q")
    write_corpus(root / "data" / "corpus", records[:40])
    run(PROGRAMS / "dvc", "add", "-q", "data/corpus")
    run("git", "add", ".")
    run("git", "-c", "user.name=n", "-c", "user.email=e@example.org", "commit", "-q", "-m", "first")
    run("git", "tag", "first")

    kept = [record for record in records[1:41] if record.id != records[0].id]
    index = next(index for index, record in enumerate(kept) if not record.labels)
    relabelled = {"labels": ["accusation"], "votes": {"annotator_a": ["accusation"]}}
    kept[index] = kept[index].model_copy(update=relabelled)
    write_corpus(root / "data" / "corpus", kept)
    return root


@pytest.fixture
def inside(project, monkeypatch):
    """The project as the one that commands work on, its programs on PATH."""
    monkeypatch.setenv("DETENTE_ROOT", str(project))
    monkeypatch.setenv("PATH", str(PROGRAMS), prepend=":")
    monkeypatch.setenv("COLUMNS", "120")


def test_diff_counts_what_changed_since_a_revision(inside, capsys, records):
    main(["diff", "first"])
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    cells = {words[1]: words for words in rows if len(words) > 2}
    accusation = [word for word in cells["accusation"] if word.isdigit()]
    arrived, gone = ("accusation" in record.labels for record in (records[40], records[0]))
    assert accusation == [str(int(arrived)), str(int(gone)), "1", "0", "0"]
    everything = next(words for words in rows if "sentences" in words)
    assert [word for word in everything if word.isdigit()] == ["1", "1", "0"]


def test_diff_names_an_unknown_revision_and_the_way_to_find_one(inside):
    with pytest.raises(UserError, match=r"revision 'nope': .*`git log -- data/corpus\.dvc`"):
        main(["diff", "nope"])


def test_diff_without_dvc_says_so(inside, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(UserError, match="dvc is not on PATH"):
        main(["diff", "first"])


def test_check_passes_a_clean_corpus(capsys, records):
    main(["check"])
    assert f"{len(records)} sentences pass every gate." in capsys.readouterr().out


def test_check_lists_every_problem(tmp_path, records):
    twin = records[1].model_copy(update={"id": "twin"})
    write_corpus(tmp_path, [*records[:5], twin])
    with pytest.raises(UserError, match=r"1 problem\(s\) in .*\n  same text in .*, twin"):
        main(["--folder", str(tmp_path), "check"])


@pytest.mark.parametrize("options", [[], ["--markdown"]])
def test_stats_counts_sentences_and_labels(options, capsys, records):
    main(["stats", *options])
    shown = capsys.readouterr().out
    assert f"{len(records):,}" in shown
    for label in ("escalation", "de_escalation", "accusation", "diplomatic_offer"):
        assert f"{sum(label in record.labels for record in records):,}" in shown
    assert ("| --- | ---: | ---: |" in shown) == bool(options)


def test_a_missing_corpus_names_the_command_that_brings_it(tmp_path):
    with pytest.raises(UserError, match=r"`dvc pull data/corpus\.dvc` brings it"):
        main(["--folder", str(tmp_path / "none"), "stats"])
