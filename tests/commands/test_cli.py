"""The ``detente`` command as a user meets it: verbs, mistakes, and nothing heavy loaded for ``--help``."""

import json
import subprocess
import sys

import pytest

from detente.commands import cli

HEAVY = ("torch", "transformers", "mlflow", "sklearn", "pandas", "matplotlib", "hydra", "datasets")
HELP = """
import json, sys
from detente.commands.cli import main
sys.argv = ["detente", *sys.argv[1:]]
try:
    main()
except SystemExit:
    pass
print(json.dumps(sorted(sys.modules)))
"""


def run(monkeypatch, *arguments):
    """Calls the entry point and gives the status it would end with."""
    monkeypatch.setattr("sys.argv", ["detente", *arguments])
    try:
        cli.main()
    except SystemExit as end:
        return end.code
    return 0


@pytest.mark.parametrize("arguments", [(), ("--help",), ("-h",)])
def test_without_a_verb_the_verbs_are_listed(arguments, monkeypatch, capsys):
    assert run(monkeypatch, *arguments) == 0
    shown = capsys.readouterr().out
    assert [verb for verb in (*cli.CONFIGURED, *cli.DIRECT) if f"\n  {verb} " not in shown] == []


def test_an_unknown_verb_ends_with_status_two_and_the_list(monkeypatch, capsys):
    assert run(monkeypatch, "trian") == 2
    message = capsys.readouterr().err
    assert message.startswith("detente: 'trian' is not a verb.") and "\n  train " in message


@pytest.mark.parametrize("arguments", [["--help"], ["label", "--help"], ["corpus", "--help"], ["results", "--help"]])
def test_help_loads_nothing_heavy(arguments):
    done = subprocess.run([sys.executable, "-c", HELP, *arguments], capture_output=True, text=True, check=True)
    *shown, modules = done.stdout.splitlines()
    assert shown[0].startswith("usage: detente")
    assert [name for name in HEAVY if name in json.loads(modules)] == []


def test_a_mistake_in_an_option_is_told_in_a_line(monkeypatch, capsys):
    assert run(monkeypatch, "label") == 2
    assert capsys.readouterr().err.startswith("detente: give either an article")


def test_a_configured_verb_takes_overrides(monkeypatch, tmp_path, small_splits):
    assert run(monkeypatch, "prepare", f"output={tmp_path}/splits", "seed=2", f"hydra.run.dir={tmp_path}/hydra") == 0
    assert {file.name for file in (tmp_path / "splits").iterdir()} == {"train.parquet", "validation.parquet", "test.parquet"}


def test_a_mistake_in_a_setting_is_told_without_a_traceback(monkeypatch, tmp_path, capsys):
    assert run(monkeypatch, "prepare", "shares.train=0.9", f"output={tmp_path}", f"hydra.run.dir={tmp_path}/hydra") == 2
    message = capsys.readouterr().err
    assert "must sum to 1" in message and "Traceback" not in message


@pytest.mark.parametrize("override", ["nope=1", "encoder=nope"])
def test_an_unknown_override_is_told_without_a_traceback(override):
    # In a process of its own: where something traces, coverage for one, Hydra raises instead of reporting.
    command = [sys.executable, "-m", "detente.commands.cli", "train", override]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "nope" in done.stderr and "Traceback" not in done.stderr
