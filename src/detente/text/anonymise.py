"""Stand-ins for the actors of a sentence, so that who acts cannot change what is said of the act (codebook, rule 9).

Entity anonymisation (Hermann et al. 2015, "Teaching machines to read and comprehend"), with the French around a name: its
article falls away, and prepositions stand alone, « du Mali » → « de Paris », « en Iran », « au Mali » → « à Paris ».
Adjectives stay as they are (« l’armée malienne »), and so does whoever is not listed.
"""

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Self

from detente.errors import UserError
from detente.text.normalise import normalise

ACTORS = "actors.json"
"""The file that the list travels in, beside a model's weights."""

STAND_INS = ("Paris", "Londres", "Rome")
"""By order of appearance; the third stands for all that follow. Capitals name a government and a place, take no article, and
are one piece each in our vocabulary."""

_WORD = re.compile(r"\w+")
_GOES_ON = re.compile(r"\w|-\w")
# What stands before a name and hangs together with it: « qu’ », then an article, a preposition, or both.
_BEFORE = re.compile(
    r"(?:\b(?P<que>\w*qu)')?(?<!\w)(?P<of>de la |de l'|de |d'|du |des )?"
    r"(?P<to>(?<!\w)(?:à la |à l'|(?-i:A l')|à |aux? |en ))?(?P<article>(?<!\w)(?:la |les? |l'))?$",
    re.IGNORECASE,
)
_LONGEST_BEFORE = 24
_ARTICLE = re.compile(r"(?:la |les? |l'|du |des |aux? )$", re.IGNORECASE)
_WITHOUT_ACCENT = {ord(letter): unicodedata.normalize("NFD", letter)[0] for letter in "àáâãäçèéêëíîïñóôõöùúûüÿ"}


class Anonymiser:
    """Puts stand-ins in the place of listed actors.

    Attributes:
        forms: What names an actor, to the actor. A form with a capital is found where the text begins it with one; a form in
            lower case there too, and after an article, « les talibans » but not « un chef taliban ». Other capitals and
            accents do not count.
    """

    def __init__(self, forms: Mapping[str, str]) -> None:
        self.forms = dict(forms)
        self._known: dict[str, tuple[str, bool]] = {}
        by_first_word: dict[str, set[str]] = defaultdict(set)
        for form, actor in forms.items():
            spelt = form.lower().translate(_WITHOUT_ACCENT)
            self._known[spelt] = actor, form[0].isupper()
            by_first_word[_WORD.findall(spelt)[0]].add(spelt)
        self._by_first_word = {word: sorted(own, key=len, reverse=True) for word, own in by_first_word.items()}

    def read(self, text: str) -> str:
        """A sentence of any typography as a model reads it: normalised, with stand-ins, and not in capitals throughout."""
        plain = normalise(text)
        shouted = plain.isupper() and " " in plain  # « ONU » alone is no shouting
        return self.anonymise(plain.capitalize() if shouted else plain, capitals=not shouted)

    def anonymise(self, text: str, capitals: bool = True) -> str:
        """The sentence with stand-ins; two actors stay two, and one named twice, by whatever name, stays one.

        Args:
            text: Normalised (`detente.text.normalise`).
            capitals: Whether the text has them where French does, so that « chine » without one is no state.
        """
        text = text.replace("İ", "I")  # the one letter whose lower case is longer than itself
        stand_ins: dict[str, str] = {}
        parts, end = [], 0
        for start, after, actor in self._named(text, capitals):
            stand_in = stand_ins.setdefault(actor, STAND_INS[min(len(stand_ins), len(STAND_INS) - 1)])
            parts += [_without_article(text[end:start]), stand_in]
            end = after
        return "".join([*parts, text[end:]])

    def _named(self, text: str, capitals: bool) -> Iterator[tuple[int, int, str]]:
        """Where actors are named, from and to, and which: by the longest form there, with nothing joined to either end."""
        lower, end = text.lower().translate(_WITHOUT_ACCENT), 0
        for word in _WORD.finditer(lower):
            start = word.start()
            if word.group() not in self._by_first_word or start < end or lower[start - 1 : start] == "-":
                continue
            for form in self._by_first_word[word.group()]:
                if lower.startswith(form, start) and not _GOES_ON.match(lower, start + len(form)):
                    actor, capital = self._known[form]
                    if text[start].isupper() or not capitals or (not capital and _after_article(text[end:start])):
                        end = start + len(form)
                        yield start, end, actor
                    break

    def save(self, path: Path) -> None:
        """Writes the forms as JSON; equal forms give equal bytes."""
        content = json.dumps(self.forms, ensure_ascii=False, indent=0, sort_keys=True)
        path.write_text(f"{content}\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Self:
        """Reads what :meth:`save` wrote.

        Raises:
            UserError: The file is missing or malformed.
        """
        if not path.is_file():
            raise UserError(
                f"{path}: no such file: the model lacks it or is older than it; train or export anew, or `dvc pull`"
            )
        try:
            forms = json.loads(path.read_text(encoding="utf-8"))
        except (UnicodeDecodeError, json.JSONDecodeError) as error:
            raise UserError(f"{path}: not JSON ({error}); train or export the model again, or `dvc pull`") from error
        actors = forms.items() if isinstance(forms, dict) else [("", None)]
        if not all(isinstance(actor, str) and _WORD.search(form) for form, actor in actors):
            raise UserError(f"{path}: must map the forms of actors to their names; train or export the model again")
        return cls(forms)


def _after_article(before: str) -> bool:
    found = _BEFORE.search(before, max(0, len(before) - _LONGEST_BEFORE))
    return found is not None and _ARTICLE.search(found.group()) is not None


def _without_article(before: str) -> str:
    """What leads up to a name, as it leads up to a stand-in, which takes no article and begins with a consonant."""
    found = _BEFORE.search(before, max(0, len(before) - _LONGEST_BEFORE))
    if found is None or not found.group():
        return before
    preposition = "de " if found["of"] else "à " if found["to"] else ""
    if preposition and before[found.start("of" if found["of"] else "to")].isupper():
        preposition = preposition.capitalize()
    que = found["que"] or ""
    if que:
        que += "'" if preposition == "à " else "e "
    return before[: found.start()] + que + preposition
