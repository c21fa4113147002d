"""From a block of configuration to a checked dataclass."""

from collections.abc import Collection
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar, cast

from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from detente.errors import UserError

Settings = TypeVar("Settings")


def read_settings(settings: type[Settings], config: DictConfig, where: str = "", leaving: Collection[str] = ()) -> Settings:
    """Builds a settings dataclass from one block of the composed configuration.

    Args:
        settings: A dataclass; its field types are checked, unknown and missing keys refused.
        config: The whole composed configuration.
        where: Dotted name of the block, for example ``training``; the whole configuration if empty.
        leaving: Keys of that block which are blocks of their own, with settings of their own.

    Raises:
        UserError: Names the key at fault, its value and what was expected.
    """
    whole = OmegaConf.select(config, where) if where else config
    if not isinstance(whole, DictConfig):
        raise UserError(f"configuration, {where}: {whole!r} is no block of settings; --cfg job shows all")
    try:
        values = cast(dict[str, Any], OmegaConf.to_container(whole, resolve=True))
        block = {key: value for key, value in values.items() if key not in leaving}
        return OmegaConf.to_object(OmegaConf.merge(_schema(settings), block))  # type: ignore[return-value]
    except OmegaConfBaseException as error:
        inside = (error.full_key or "").removeprefix(f"{where}.")  # a broken interpolation is named in full
        key = ".".join(part for part in (where, inside) if part)
        raise UserError(f"configuration, {key}: {str(error).splitlines()[0]}; --cfg job shows all settings") from None


def _schema(settings: type[Any]) -> DictConfig:
    """The settings as OmegaConf types them; it would make a frozen dataclass inside another one read-only to the merge."""
    schema: DictConfig = OmegaConf.structured(settings)
    OmegaConf.set_readonly(schema, False)
    for field in fields(settings):
        if is_dataclass(field.type):
            schema[field.name] = _schema(cast(type[Any], field.type))
    return schema
