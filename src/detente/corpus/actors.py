"""Who is named in a sentence: states, armed groups and organisations, by the forms listed in ``data/actors.yaml``."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import yaml

from detente.errors import UserError
from detente.text.normalise import normalise

KINDS = ("states", "non_state_actors", "organisations")


class Actors:
    """Finds the actors of a list in text.

    Attributes:
        kind_of: Name of each actor to its kind, one of ``KINDS``.
    """

    def __init__(self, forms: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
        """Compiles the forms.

        Args:
            forms: Kind to actor to the forms that name it, ``*`` at the end for any ending. The longest form wins. One
                in lower case fits any case, one with a capital only itself: ``IRA`` is not « ira ».
        """
        self.kind_of = {name: kind for kind, actors in forms.items() for name in actors}
        self._names = {form: name for actors in forms.values() for name, own in actors.items() for form in own}
        self._longest_first = sorted(self._names, key=lambda form: (-len(form), form))
        patterns = (re.escape(form.lower()).replace(r"\*", r"\w*") for form in self._longest_first)
        # No groups inside: they would keep the engine from skipping a form by its first letter, and cost a factor of thirty.
        self._pattern = re.compile(rf"\b(?:{'|'.join(patterns)})\b")

    def proper_names(self) -> dict[str, str]:
        """What names an actor by itself, to the actor: its name and the forms without ``*``; a state's with a capital."""
        names = {name: name for name in self.kind_of}
        for form, name in self._names.items():
            if not form.endswith("*"):
                names[form[0].upper() + form[1:] if self.kind_of[name] == "states" else form] = name
        return names

    def named_in(self, text: str) -> list[str]:
        """Names of the actors of a sentence, each once, in the order in which they come."""
        written = _written(text)
        found = (self._owner(written[slice(*match.span())]) for match in self._pattern.finditer(written.lower()))
        return list(dict.fromkeys(filter(None, found)))

    @cache  # noqa: B019  # one list of actors lives as long as the process
    def _owner(self, words: str) -> str | None:
        """The actor that the found words name: that of the longest form they fit; none if their case fits no form."""
        for form in self._longest_first:
            cased = words.lower() if form.islower() else words
            if cased == form or (form[-1] == "*" and cased.startswith(form[:-1])):
                return self._names[form]
        return None


def _written(text: str) -> str:
    """The normalised text; its lower case has the same length."""
    return normalise(text).replace("İ", "I")  # the one letter whose lower case is longer than itself


def read_actors(path: Path) -> Actors:
    """Reads a list of actors.

    Raises:
        UserError: No such file, an unknown kind, or a form that names two actors.
    """
    if not path.is_file():
        raise UserError(f"{path}: no such list of actors; it comes with the repository")
    forms = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(forms, dict) or set(forms) != set(KINDS):
        raise UserError(f"{path}: the kinds must be {', '.join(KINDS)}")
    owners: dict[str, str] = {}
    for actors in forms.values():
        for name, own in actors.items():
            for form in own:
                if form in owners:
                    raise UserError(f"{path}: form {form!r} names {owners[form]!r} and {name!r}; give it to one of them")
                owners[form] = name
    return Actors(forms)
