"""A block of configuration becomes a checked dataclass, or an error that names the key."""

from dataclasses import dataclass

import pytest
from omegaconf import OmegaConf

from detente.errors import UserError
from detente.settings import read_settings


@dataclass(frozen=True)
class Inner:
    samples: int


@dataclass(frozen=True)
class Settings:
    epochs: int
    rate: float
    weights: dict[str, float]
    inner: Inner


GOOD = {"epochs": 4, "rate": 1, "weights": {"a.txt": 2}, "inner": {"samples": 5}}


def test_a_block_is_read_with_its_types_and_interpolations():
    config = OmegaConf.create({"samples": 5, "training": GOOD | {"inner": {"samples": "${samples}"}}})
    settings = read_settings(Settings, config, "training")
    assert settings == Settings(4, 1.0, {"a.txt": 2.0}, Inner(5))
    assert isinstance(settings.rate, float)


def test_the_whole_configuration_is_read_but_for_blocks_of_their_own():
    config = OmegaConf.create(GOOD | {"tracking": {"uri": "x"}})
    assert read_settings(Settings, config, leaving=("tracking",)).epochs == 4


@pytest.mark.parametrize(
    "block, message",
    [
        (GOOD | {"epochs": "quatre"}, r"training\.epochs: Value 'quatre' .* could not be converted to Integer"),
        (GOOD | {"epochs": 1.5}, r"training\.epochs: Value '1\.5'"),
        (GOOD | {"inner": {"samples": "beaucoup"}}, r"training\.inner\.samples: Value 'beaucoup'"),
        (GOOD | {"weights": {"a.txt": "lourd"}}, r"training\.weights\.a\.txt: Value 'lourd'"),
        (GOOD | {"epoch": 4}, r"training\.epoch: Key 'epoch' not in 'Settings'"),
        ({"epochs": 4, "rate": 1, "weights": {}}, r"training\.inner"),
        (GOOD | {"epochs": "???"}, r"training\.epochs: .*missing"),
        (GOOD | {"epochs": "${seed}"}, r"training\.epochs: Interpolation key 'seed' not found"),
        (None, "training: None is no block of settings"),
        (3, "training: 3 is no block of settings"),
    ],
)
def test_the_key_at_fault_is_named(block, message):
    with pytest.raises(UserError, match=f"configuration, {message}") as caught:
        read_settings(Settings, OmegaConf.create({"training": block}), "training")
    assert "\n" not in str(caught.value)
