"""Every file of ``conf/experiment`` runs: composed with the real configuration, shrunk, its first jobs train."""

from pathlib import Path

import pytest
from omegaconf import OmegaConf

from detente.commands.train import train
from detente.project import find_root

FILES = sorted((find_root() / "conf" / "experiment").glob("*.yaml"))


def first_jobs(file: Path) -> list[list[str]]:
    """The overrides of an experiment's first job, once for each classifier that it sweeps over."""
    sweep = OmegaConf.to_container(OmegaConf.load(file)).get("hydra", {}).get("sweeper", {}).get("params", {})
    first = {key: str(values).split(",")[0] for key, values in sweep.items()}
    classifiers = str(sweep.get("classifier", "")).split(",")
    return [
        [f"{key}={value}" for key, value in (first | ({"classifier": name} if name else {})).items()] for name in classifiers
    ]


JOBS = [pytest.param(file, job, id=f"{file.stem}: {' '.join(job)}") for file in FILES for job in first_jobs(file)]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_campaign_is_a_folder_of_experiments(composed, file):
    campaign = composed("train", f"experiment={file.stem}").campaign
    assert (find_root() / "experiments" / campaign / "README.md").is_file()


@pytest.mark.parametrize(("file", "job"), JOBS)
def test_the_first_job_trains(composed, store, tmp_path, file, job):
    cfg = composed("train", store, f"experiment={file.stem}", "training.epochs=1", *job)
    assert 0 <= train(cfg) <= 1
    assert (tmp_path / "model" / "classifier.json").is_file()
