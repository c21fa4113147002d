"""The project is found by name, from where one stands, or from the code itself."""

from pathlib import Path

import pytest

import detente
from detente.errors import UserError
from detente.project import find_root


@pytest.fixture
def project(tmp_path):
    root = tmp_path / "clone"
    (root / "conf" / "encoder").mkdir(parents=True)
    (root / "pyproject.toml").touch()
    return root


@pytest.fixture(autouse=True)
def unnamed(monkeypatch):
    monkeypatch.delenv("DETENTE_ROOT", raising=False)


def test_the_folder_above_is_found(project, monkeypatch):
    monkeypatch.chdir(project / "conf" / "encoder")
    assert find_root() == project


def test_a_named_project_comes_before_the_one_around(project, monkeypatch, tmp_path):
    other = tmp_path / "other"
    (other / "conf").mkdir(parents=True)
    (other / "pyproject.toml").touch()
    monkeypatch.chdir(project)
    monkeypatch.setenv("DETENTE_ROOT", str(other))
    assert find_root() == other


def test_outside_any_project_the_code_leads_to_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert Path(detente.__file__).is_relative_to(find_root())


def test_a_named_folder_that_is_no_project_is_refused_even_inside_one(project, monkeypatch):
    monkeypatch.chdir(project)
    monkeypatch.setenv("DETENTE_ROOT", str(project / "conf"))
    with pytest.raises(UserError, match=r"No détente project .* at DETENTE_ROOT='.*/clone/conf'"):
        find_root()
