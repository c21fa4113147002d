"""A plain YAML of the configuration means what Hydra's composition means, and a mistake in it is named."""

from pathlib import Path

import pytest
import yaml
from omegaconf import OmegaConf

from detente.checkpoints import checkpoint_folder
from detente.encoder.configuration import PretrainingSettings, folders_of, read_configuration
from detente.errors import UserError
from detente.settings import read_settings


@pytest.fixture
def written(configuration, tmp_path):
    """Writes the configuration after a change: dotted key to value, or to None to leave it out."""

    def _written(**changes):
        for dotted, value in changes.items():
            *parents, name = dotted.split(".")
            block = configuration
            for parent in parents:
                block = block[parent]
            if value is None:
                del block[name]
            else:
                block[name] = value
        path = tmp_path / "config.yaml"
        path.write_text(yaml.safe_dump(configuration), encoding="utf-8")
        return path

    return _written


def test_the_file_and_hydra_agree_on_settings_and_folders(composed, configuration, tmp_path):
    text = configuration["text"]["folder"]
    cfg = composed("pretrain", f"text.folder={text}", "~text.weights", "+text.weights={notes.txt: 2}")
    path = tmp_path / "config.yaml"
    path.write_text(OmegaConf.to_yaml(cfg, resolve=True), encoding="utf-8")
    settings, folders = read_configuration(path)
    assert settings == read_settings(PretrainingSettings, cfg, leaving=("output", "checkpoints", "tracking"))
    assert folders == folders_of(OmegaConf.to_container(cfg, resolve=True), settings.text)
    assert folders.output == tmp_path / "encoder"


def test_a_folder_keeps_its_name_over_versions_of_the_code():
    config = {"schedule": {"steps": 6, "seed": 1}, "output": "x", "checkpoints": "y", "text": {"weights": {"é.txt": 0.5}}}
    folder = checkpoint_folder(Path("/runs"), config, ignoring=("tracking", "schedule.steps", "output"), inputs="d41d8cd9")
    assert folder == Path("/runs/db537009832737ba")
    assert config["schedule"]["steps"] == 6, "the configuration itself is left alone"


def test_what_is_not_computed_does_not_change_the_checkpoints(written):
    _, before = read_configuration(written())
    changes = {"tracking": None, "hydra": {"verbose": True}, "schedule.steps": 9, "output": "o"}
    _, after = read_configuration(written(**changes))
    assert (after.work, after.tokenised) == (before.work, before.tokenised)
    _, narrower = read_configuration(written(**{"architecture.width": 8}))
    assert narrower.work != before.work
    assert narrower.tokenised == before.tokenised, "tokenised text is shared by all architectures"


def test_other_text_is_another_run(written, configuration):
    _, before = read_configuration(written())
    Path(configuration["text"]["folder"], "notes.txt").write_text("La trêve est rompue.", encoding="utf-8")
    _, after = read_configuration(written())
    assert after.work != before.work
    assert after.tokenised != before.tokenised


@pytest.mark.parametrize(
    "change, message",
    [
        ({"schedule.steps": None}, r"config\.yaml: schedule\.steps is missing"),
        ({"schedule": None}, r"config\.yaml: schedule is missing"),
        ({"output": None}, r"config\.yaml: output: None is not a text"),
        ({"schedule.pace": 2}, r"config\.yaml: schedule\.pace is not a known key; there must be steps, causal_steps"),
        ({"schedule.steps": 2.5}, r"config\.yaml: schedule\.steps: 2\.5 is not a whole number"),
        ({"schedule.learning_rate": "1e-3"}, r"schedule\.learning_rate: '1e-3' is not a number"),
        ({"schedule.seed": True}, r"schedule\.seed: True is not a whole number"),
        ({"text.weights": {"notes.txt": "many"}}, r"text\.weights\.notes\.txt: 'many' is not a number"),
        ({"architecture": 3}, r"config\.yaml: architecture: 3 is not a block of keys"),
        ({"schedule.causal_steps": 6}, r"schedule\.causal_steps=6: must lie between 0 and schedule\.steps=6"),
        ({"text.folder": "/nowhere"}, r"text\.folder: '/nowhere' is not a folder"),
    ],
)
def test_a_mistake_is_named_with_its_place(written, change, message):
    with pytest.raises(UserError, match=message):
        read_configuration(written(**change))


@pytest.mark.parametrize("content", [b"a: [", b"- 1", b"\xff", None])
def test_a_file_that_is_no_configuration_tells_what_writes_one(tmp_path, content):
    path = tmp_path / "config.yaml"
    if content:
        path.write_bytes(content)
    with pytest.raises(UserError, match=r"config\.yaml: .* `detente pretrain --cfg job --resolve >"):
        read_configuration(path)
