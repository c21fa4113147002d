"""The report of one run of the behavioural suite: stored as JSON, shown as Markdown, compared with an older one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from detente.errors import UserError
from detente.json_file import read_json, write_json
from detente.labels import LABEL_IDS

Outcomes = dict[str, bool]
MOST_ACTORS_SHOWN = 10
FIRST = ("actors", "held_out_actors", "sides")  # the invariances that are not noises
GROUPS = (*(f"rule {number}" for number in range(1, 11)), *LABEL_IDS, "no label", "all", "frames")


@dataclass(frozen=True)
class Rate:
    """Tests passed out of tests run, of which there is at least one."""

    passed: int
    tested: int

    @property
    def share(self) -> float:
        """In [0, 1]."""
        return self.passed / self.tested


@dataclass(frozen=True)
class Invariance:
    """What a change that should change nothing changed.

    Attributes:
        sentences: Sentences changed; for sides, pairs of sentences.
        flip_rate: Share of them whose label set is another, in [0, 1].
        shift: Mean absolute difference of their probabilities, over all labels, in [0, 1].
    """

    sentences: int
    flip_rate: float
    shift: float


@dataclass(frozen=True)
class BehaviourReport:
    """One model under the behavioural suite.

    Attributes:
        functional: Pass rates of minimum functionality tests by ``GROUPS``; ``frames`` counts the frames of actor swaps
            most of whose sentences get the labels of the frame.
        invariance: Kind of change, ``actors`` and ``sides`` (of sentences without an actor held out), ``held_out_actors``
            (of those with one, which nothing but the suite knows), or a noise, to what it changed.
        directional: Pass rates of directional tests by kind of edit, and ``all``.
        spread: Actor to label to the mean deviation of the probabilities of the sentences that name it, in [-1, 1].
        outcomes: Name of each test, ``functional/…``, ``frames/…``, ``directional/…`` or a kind of change, to whether it
            passed.
    """

    functional: dict[str, Rate]
    invariance: dict[str, Invariance]
    directional: dict[str, Rate]
    spread: dict[str, dict[str, float]]
    outcomes: Outcomes

    def failing(self, family: str) -> list[str]:
        """Names of the failed tests of a family, such as ``functional`` or ``capitals``, sorted."""
        return sorted(name for name, passed in self.outcomes.items() if not passed and name.startswith(f"{family}/"))

    def summary(self) -> dict[str, float]:
        """The figures by which models are compared, as flat metrics."""
        shares = {f"functional/{group.replace(' ', '_')}": rate.share for group, rate in self.functional.items()}
        shares |= {f"directional/{kind}": rate.share for kind, rate in self.directional.items()}
        for kind, found in self.invariance.items():
            shares |= {f"invariance/{kind}/flip_rate": found.flip_rate, f"invariance/{kind}/shift": found.shift}
        return shares

    def save(self, path: Path) -> None:
        """Writes JSON with sorted keys, numbers rounded to 6 digits; equal reports give equal bytes."""
        content = asdict(self)
        content["invariance"] = {kind: _rounded(values) for kind, values in content["invariance"].items()}
        content["spread"] = {actor: _rounded(values) for actor, values in content["spread"].items()}
        write_json(path, content)

    @classmethod
    def load(cls, path: Path) -> "BehaviourReport":
        """Reads what `save` wrote.

        Raises:
            UserError: The file is missing or malformed.
        """
        content = read_json(path, {field.name for field in fields(cls)}, made_by="the behavioural suite")
        try:
            return cls(
                functional={group: Rate(**rate) for group, rate in content["functional"].items()},
                invariance={kind: Invariance(**found) for kind, found in content["invariance"].items()},
                directional={kind: Rate(**rate) for kind, rate in content["directional"].items()},
                spread={
                    actor: {label: float(own[label]) for label in LABEL_IDS} for actor, own in content["spread"].items()
                },
                outcomes={name: bool(passed) for name, passed in content["outcomes"].items()},
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise UserError(f"{path}: not a behavioural report ({error}); run the behavioural suite again") from error


def regressions(before: BehaviourReport, after: BehaviourReport) -> list[str]:
    """Names of the tests that passed in an older report and fail now, sorted; tests of only one of them do not count."""
    return sorted(name for name, passed in after.outcomes.items() if not passed and before.outcomes.get(name, False))


def document(report: BehaviourReport, model: str, regressed: Sequence[str] | None) -> str:
    """The report as a Markdown page.

    Args:
        report: Of the model at hand.
        model: Which one that is.
        regressed: Tests that the last release passed and this model fails; None if there is no release to compare with.
    """
    lines = ["# Behavioural suite", "", f"Model: {model}.", "", markdown_tables(report)]
    lines += ["## Regressions against the last release", ""]
    if regressed is None:
        lines.append("There is no report of an earlier release.")
    else:
        lines += [f"- `{name}`" for name in regressed] or ["None."]
    return "\n".join([*lines, ""])


def markdown_tables(report: BehaviourReport) -> str:
    """The report as Markdown: a table a type of test, then the actors that sway the model most; ends in a line break."""
    rates = {group: report.functional[group] for group in GROUPS if group in report.functional}
    edits = dict(sorted(report.directional.items(), key=lambda item: (item[0] == "all", item[0])))
    invariances = (
        (kind, str(found.sentences), f"{found.flip_rate:.1%}", f"{found.shift:.3f}")
        for kind, found in sorted(report.invariance.items(), key=lambda item: (item[0] not in FIRST, item[0]))
    )
    swaying = sorted(report.spread, key=lambda actor: (-max(map(abs, report.spread[actor].values())), actor))
    deviations = (
        (actor, *(f"{report.spread[actor][label]:+.3f}" for label in LABEL_IDS)) for actor in swaying[:MOST_ACTORS_SHOWN]
    )
    return "\n".join(
        [
            _table(("functionality: exactly the right labels", "passed", "tests", "share"), _rate_rows(rates)),
            _table(("invariance under", "sentences", "labels change", "mean absolute Δp"), invariances),
            _table(("direction: probability moves as it must", "passed", "tests", "share"), _rate_rows(edits)),
            _table(("mean Δp when named", *LABEL_IDS), deviations),
        ]
    )


def _rate_rows(rates: Mapping[str, Rate]) -> Iterable[Sequence[str]]:
    return ((group, str(rate.passed), str(rate.tested), f"{rate.share:.1%}") for group, rate in rates.items())


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    rules = ["---"] + ["---:"] * (len(head) - 1)
    return "\n".join([*(f"| {' | '.join(cells)} |" for cells in (head, rules, *rows)), ""])


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {key: round(value, 6) for key, value in values.items()}
