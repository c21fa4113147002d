"""Sweeps beyond this process: every launcher of ``conf/hydra/launcher`` composes, and its plugin takes the settings."""

import pytest
from hydra import compose, initialize_config_dir
from hydra.utils import instantiate

from detente.commands.hydra_job import register_resolvers
from detente.project import find_root

CONF = find_root() / "conf"
LAUNCHERS = sorted(file.stem for file in (CONF / "hydra" / "launcher").glob("*.yaml"))


@pytest.fixture(autouse=True)
def resolvers():
    """``${root:…}``, as the command registers it."""
    register_resolvers()


@pytest.mark.parametrize("name", LAUNCHERS)
def test_the_plugin_takes_the_settings(name):
    with initialize_config_dir(str(CONF), version_base="1.3"):
        cfg = compose("train", [f"hydra/launcher={name}", "hydra.job.num=0"], return_hydra_config=True)
    launcher = instantiate(cfg.hydra.launcher)
    assert type(launcher).__name__ == {"slurm": "SlurmLauncher", "parallel": "JoblibLauncher"}[name]


def test_a_slurm_job_that_meets_its_time_limit_is_queued_again_and_any_setting_may_be_overridden():
    overrides = ["hydra/launcher=slurm", "hydra.launcher.partition=gpu", "hydra.launcher.gpus_per_node=4"]
    with initialize_config_dir(str(CONF), version_base="1.3"):
        launcher = compose("train", overrides, return_hydra_config=True).hydra.launcher
    assert (launcher.partition, launcher.gpus_per_node, launcher.max_num_timeout) == ("gpu", 4, 3)
    assert launcher.submitit_folder.startswith(str(find_root() / ".runs"))
