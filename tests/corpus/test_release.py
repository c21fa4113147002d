"""The corpus as it is versioned reaches what a release must reach, and its records of measurement are of this version."""

import pytest

from detente.corpus.actors import read_actors
from detente.corpus.checks import check
from detente.corpus.requirements import figures, read_requirements
from detente.corpus.second_reading import read_lines
from detente.corpus.style_report import StyleReport
from detente.project import find_root
from detente.tracking.lineage import corpus_version, folder_hash

DATA = find_root() / "data"


def test_every_quality_gate_is_passed(records):
    assert check(records) == []


@pytest.fixture(scope="module")
def requirements(records):
    style = StyleReport.load(DATA / "style.json", corpus_version())
    return read_requirements(DATA / "requirements.yaml", figures(records, read_actors(DATA / "actors.yaml"), style))


def test_every_requirement_is_met(requirements):
    assert {one.name: one.found for one in requirements if not one.met} == {}


def test_the_newest_entry_of_the_changelog_is_this_corpus():
    entries = [line for line in (DATA / "CHANGELOG.md").read_text(encoding="utf-8").splitlines() if line.startswith("## ")]
    assert f"`{corpus_version()[:8]}`" in entries[0]


def test_the_corpus_here_is_the_versioned_one():
    assert folder_hash(DATA / "corpus") == corpus_version()


def test_the_audit_and_the_recheck_speak_of_sentences_that_exist(records):
    ids = {record.id for record in records}
    assert {row["id"] for row in read_lines(DATA / "audit.jsonl") if row["outcome"] != "dropped"} <= ids
    assert {row["id"] for row in read_lines(DATA / "recheck.jsonl")} <= ids


def test_what_the_audit_changed_stands_as_a_vote_of_the_adjudicator(records):
    labels = {record.id: record.votes.get("adjudicator") for record in records}
    changed = [row for row in read_lines(DATA / "audit.jsonl") if row["outcome"] == "changed"]
    assert changed
    assert all(labels[row["id"]] == row["labels"] for row in changed)
