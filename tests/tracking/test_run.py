"""A run says what it started from and how it ended; a store that is away is told before any work."""

import subprocess
import sys

import mlflow
import pytest
import yaml

from detente.errors import UserError
from detente.tracking.environment import git_commit, git_dirty
from detente.tracking.run import TrackingSettings, connect, tracked_run

CONFIG = {"seed": 3, "training": {"epochs": 4, "rates": {"head": 0.001}}}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return TrackingSettings(f"sqlite:///{tmp_path_factory.mktemp('store')}/mlflow.db", "détente")


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A project without commits."""
    (tmp_path / "conf").mkdir()
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    git(tmp_path, "init")
    monkeypatch.setenv("DETENTE_ROOT", str(tmp_path))
    return tmp_path


def git(folder, *arguments):
    author = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *author, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def test_a_finished_run_says_what_it_started_from(store):
    with tracked_run(store, "train embedded seed 3", CONFIG) as open_run:
        mlflow.log_metric("loss", 0.5)
    run = mlflow.get_run(open_run.info.run_id)
    assert (run.info.status, run.info.run_name) == ("FINISHED", "train embedded seed 3")
    assert run.data.metrics == {"loss": 0.5}
    assert run.data.params == {
        "seed": "3",
        "training.epochs": "4",
        "training.rates.head": "0.001",
    }
    assert yaml.safe_load(mlflow.artifacts.load_text(f"{run.info.artifact_uri}/config.yaml")) == CONFIG
    packages = mlflow.artifacts.load_text(f"{run.info.artifact_uri}/environment.txt").splitlines()
    assert f"mlflow=={mlflow.__version__}" in packages
    for tag in ("git.commit", "git.dirty", "environment.python", "environment.processor", "environment.gpu"):
        assert run.data.tags[tag]


def test_work_that_raises_leaves_a_failed_run(store):
    with pytest.raises(ZeroDivisionError), tracked_run(store, "broken", CONFIG) as open_run:
        _ = 1 / 0
    assert mlflow.get_run(open_run.info.run_id).info.status == "FAILED"
    assert mlflow.active_run() is None


def test_an_interrupted_run_goes_on_under_its_id_and_ends_well(store):
    with pytest.raises(KeyboardInterrupt), tracked_run(store, "long", CONFIG) as first:
        raise KeyboardInterrupt
    with tracked_run(store, "long", CONFIG, first.info.run_id) as second:
        pass
    assert second.info.run_id == first.info.run_id
    assert mlflow.get_run(first.info.run_id).info.status == "FINISHED"


def test_a_run_the_store_has_forgotten_is_begun_anew_and_said(store, caplog):
    with tracked_run(store, "orphan", CONFIG, run_id="0" * 32) as run:
        pass
    assert run.info.run_id != "0" * 32
    assert f"Run {'0' * 32} is not in {store.uri}" in caplog.text


def test_artifacts_lie_beside_the_database_wherever_the_command_was_started(tmp_path, store, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with tracked_run(store, "elsewhere", CONFIG):
        folder = mlflow.get_artifact_uri()
    assert folder.startswith("file://" + store.uri.removeprefix("sqlite:///").removesuffix("mlflow.db") + "mlruns/")
    assert not (tmp_path / "mlruns").exists()


@pytest.mark.parametrize("uri", ["http://127.0.0.1:9", "sqlite:////dev/null/mlflow.db", "gopher://ici"])
def test_a_store_that_is_away_is_told_before_the_work_starts(uri):
    with (
        pytest.raises(UserError, match=rf"tracking\.uri='{uri}' does not answer"),
        tracked_run(TrackingSettings(uri, "détente"), "never", CONFIG),
    ):
        pytest.fail("the work started")


def test_an_absent_server_is_asked_twice_at_most(monkeypatch):
    monkeypatch.delenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", raising=False)
    with pytest.raises(UserError):
        connect(TrackingSettings("http://127.0.0.1:9", "détente"))
    assert mlflow.environment_variables.MLFLOW_HTTP_REQUEST_MAX_RETRIES.get() == 1


def test_the_commit_is_that_of_the_project_and_a_change_to_it_shows(repository):
    assert git_commit() == "none"
    git(repository, "add", "pyproject.toml")
    git(repository, "commit", "-m", "Début")
    assert git_commit() == git(repository, "rev-parse", "HEAD")
    (repository / "untracked.txt").touch()
    assert not git_dirty()
    (repository / "pyproject.toml").write_text("[project]\nname = 'autre'\n")
    assert git_dirty()


def test_jobs_of_a_sweep_may_open_a_new_store_at_once(tmp_path):
    uri = f"sqlite:///{tmp_path}/mlflow.db"
    script = f"from detente.tracking.run import TrackingSettings, connect; connect(TrackingSettings({uri!r}, 'detente'))"
    jobs = [subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE, text=True) for _ in range(3)]
    assert [job.communicate()[1].count("UserError") for job in jobs] == [0, 0, 0]
    assert [job.returncode for job in jobs] == [0, 0, 0]
