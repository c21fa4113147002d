"""The comparison with real prose, kept as figures: the prose itself need not be at hand to read or to check them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from detente.corpus.record import Record
from detente.corpus.style import Shape, measure_shape, separability
from detente.errors import UserError
from detente.json_file import read_json, write_json

QUARTILES = ("25", "50", "75")
MADE_BY = "`detente corpus style REFERENCE.jsonl`"


@dataclass(frozen=True)
class StyleReport:
    """Our sentences beside real ones.

    Attributes:
        version: Content hash of the corpus that was measured.
        reference: Name of the file of real sentences.
        ours: Shape of our sentences.
        real: Shape of the real ones.
        separability: Area under the ROC curve of a classifier that tells them apart, 0.5 to 1.
        telling_ours: Words and pairs of words that give ours away.
    """

    version: str
    reference: str
    ours: Shape
    real: Shape
    separability: float
    telling_ours: list[str]

    @classmethod
    def measure(
        cls, records: Sequence[Record], real: Sequence[str], sources: Sequence[str], reference: str, version: str
    ) -> Self:
        """Compares the corpus with real sentences.

        Args:
            records: The corpus.
            real: Real sentences.
            sources: Document of each.
            reference: How to call them.
            version: Content hash of the corpus.
        """
        ours = [record.text for record in records]
        groups = [record.document for record in records] + [f"real {source}" for source in sources]
        area, telling_ours = separability(ours, real, groups)
        return cls(version, reference, measure_shape(ours), measure_shape(real), area, telling_ours)

    @classmethod
    def load(cls, path: Path, version: str) -> Self:
        """Reads a report.

        Raises:
            UserError: It is missing, malformed, or of another version of the corpus.
        """
        content = read_json(path, set(cls.__dataclass_fields__), MADE_BY)
        if content["version"] != version:
            raise UserError(f"{path} describes corpus {content['version']}, not {version}; let {MADE_BY} write it anew")
        for name in ("ours", "real"):
            try:
                content[name] = Shape(**content[name])
            except TypeError as error:
                raise UserError(f"{path}: {name}: no shape of sentences ({error}); let {MADE_BY} write it anew") from error
        return cls(**content)

    def save(self, path: Path) -> None:
        """Writes the report."""
        write_json(path, asdict(self))

    @property
    def length_deviation(self) -> float:
        """The largest relative difference of a quartile of the words per sentence from the real one."""
        return max(abs(self.ours.words[point] / self.real.words[point] - 1) for point in QUARTILES)


def render_markdown(report: StyleReport) -> str:
    """The figures side by side as a Markdown table."""
    lines = [
        f"| | ours ({report.ours.sentences:,}) | {report.reference} ({report.real.sentences:,}) |",
        "| --- | ---: | ---: |",
    ]
    lines += [
        f"| words per sentence, {point} % point | {value:g} | {report.real.words[point]:g} |"
        for point, value in report.ours.words.items()
    ]
    lines += [
        f"| {name} for every 30 words | {value:.2f} | {report.real.marks[name]:.2f} |"
        for name, value in report.ours.marks.items()
    ]
    lines += [f"| area under the curve, real or ours | {report.separability:.2f} | |"]
    return "\n".join(lines) + "\n"
