"""``detente label``: an article or a file of sentences in, labelled sentences out."""

import argparse
import hashlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from detente.errors import UserError
from detente.project import find_root

if TYPE_CHECKING:
    from detente.evaluation.trained import Labelling

ARTICLES = (".txt", "")  # tables of sentences are named as such when they are read


def parser() -> argparse.ArgumentParser:
    """Options of ``detente label``."""
    options = argparse.ArgumentParser(
        prog="detente label",
        description="Labels French sentences: escalation, de-escalation, accusation, diplomatic offer.",
        epilog="An article goes to the terminal as a table, or to --output, one row a sentence. A file of sentences may "
        "be of any size: killed, the same command goes on where it was; rows that are no sentences go to "
        "OUTPUT.rejects.jsonl. With --engine ray both are Parquet, a file or a folder of files, on disk or in an object "
        "store (s3://, gs://, ...).",
    )
    options.add_argument("article", nargs="?", help="a .txt file, or - for standard input")
    options.add_argument("--sentences", metavar="FILE", help=".jsonl, .csv or .parquet, one sentence a row")
    options.add_argument("--text-column", default="text", help="its column (or key) with the sentence; default: text")
    options.add_argument("--output", metavar="FILE", help=".jsonl, .csv or .parquet; not the input file")
    options.add_argument(
        "--model", metavar="FOLDER", help="a bundle or a trained classifier; default: models/bundle, else models/classifier"
    )
    options.add_argument("--weights", choices=("int8", "fp32"), help="of a bundle; default: int8 where it has it")
    options.add_argument(
        "--threads", type=int, metavar="N", help="of the processor, for a bundle; default: one a core, for ray one a worker"
    )
    options.add_argument("--engine", choices=("local", "ray"), default="local", help="ray: many workers; default: local")
    options.add_argument("--ray-address", metavar="ADDRESS", help="auto or ray://HOST:PORT; default: this machine alone")
    return options


@dataclass(frozen=True)
class Model:
    """Which model labels; opened only when the input has turned out to be good.

    Attributes:
        folder: A bundle or a trained classifier.
        weights: Of a bundle.
        threads: For a bundle.
    """

    folder: Path
    weights: str | None
    threads: int | None

    def __post_init__(self) -> None:
        if self.threads is not None and self.threads < 0:
            raise UserError(f"--threads {self.threads}: give a number from 1 on, or 0 for one a core")
        if not self.is_bundle and (self.weights or self.threads is not None):
            raise UserError(f"{self.folder} is no bundle, and --weights and --threads are for bundles; leave them out")

    @property
    def is_bundle(self) -> bool:
        """Whether `detente export` wrote it."""
        from detente.bundle.description import ARTIFACTS

        return (self.folder / ARTIFACTS).is_dir()

    def open(self) -> "Callable[[Sequence[str]], Labelling]":
        """Loads it; a bundle without torch."""
        if self.is_bundle:
            from detente.bundle.labeller import Labeller

            return Labeller.load(self.folder, self.weights, self.threads or 0).label
        os.environ.setdefault("HF_HUB_OFFLINE", "1")  # a trained model is a folder; nothing may be fetched
        from detente.evaluation.trained import TrainedModel

        return TrainedModel.load(self.folder).label

    def fingerprint(self) -> str:
        """Tells it from every model that may label otherwise, wherever it stands."""
        digest = hashlib.sha256(str(self.weights).encode())
        for path in sorted(path for path in self.folder.rglob("*") if path.is_file() and path.suffix != ".pyc"):
            with path.open("rb") as file:
                digest.update(path.relative_to(self.folder).as_posix().encode())
                digest.update(hashlib.file_digest(file, "sha256").digest())
        return digest.hexdigest()


def main(arguments: Sequence[str]) -> None:
    """Runs the verb.

    Raises:
        UserError: Input, output or model are at fault; raised before the model is loaded wherever that is possible.
    """
    options = parser().parse_args(arguments)
    if (options.article is None) == (options.sentences is None):
        raise UserError("give either an article (a .txt file, or - for standard input) or --sentences FILE")
    if options.ray_address and options.engine != "ray":
        raise UserError(f"--ray-address {options.ray_address}: for --engine ray; name that one too, or leave it out")
    model = Model(Path(options.model) if options.model else _default_model(), options.weights, options.threads)
    if options.engine == "ray":
        if not (options.sentences and options.output):
            raise UserError("--engine ray needs --sentences and --output, each a Parquet file or folder")
        label_at_scale(options.sentences, options.text_column, options.output, model, options.ray_address)
    elif options.sentences is not None:
        if not options.output:
            raise UserError("--sentences needs --output FILE (.jsonl, .csv or .parquet)")
        label_sentences(Path(options.sentences), options.text_column, Path(options.output), model)
    else:
        label_article(options.article, Path(options.output) if options.output else None, model)


def label_sentences(source: Path, text_column: str, output: Path, model: Model) -> None:
    """Labels a file of sentences; every column of the input is carried through, bad rows are put aside and counted."""
    from detente.bundle.streaming import label_table
    from detente.bundle.survey import survey_table
    from detente.bundle.writing import rejects_path

    survey = survey_table(source, text_column, output)
    with _may_be_stopped():
        done = label_table(survey, output, model.open(), model.fingerprint())
    _report(done.labelled, done.row - done.labelled, str(output), str(rejects_path(output)))


def label_at_scale(source: str, text_column: str, output: str, model: Model, address: str | None) -> None:
    """Labels Parquet as `label_sentences` does, by the workers of a Ray cluster."""
    if not model.is_bundle:
        raise UserError(f"--engine ray needs a bundle, and {model.folder} is none; `detente export` makes one")
    from detente.bundle.parts_folder import REJECTS
    from detente.bundle.ray_engine import Workers, label_on_ray
    from detente.bundle.storage import Location

    workers = Workers(model.folder, model.weights, model.threads or 1, address)
    with _may_be_stopped():
        done = label_on_ray(source, text_column, output, workers, model.fingerprint())
    _report(done.labelled, done.rejected, output, Location.parse(output).beside(REJECTS).address)


@contextmanager
def _may_be_stopped() -> Iterator[None]:
    """Says, when the user stops the work, that nothing is lost."""
    try:
        yield
    except KeyboardInterrupt:
        print("detente: stopped; the same command goes on where this one was", file=sys.stderr)
        raise SystemExit(130) from None


def _report(labelled: int, rejected: int, output: str, rejects: str) -> None:
    print(f"{labelled} sentences labelled in {output}", file=sys.stderr)
    if rejected:
        rows = "1 row is no sentence and stands" if rejected == 1 else f"{rejected} rows are no sentences and stand"
        print(f"{rows} in {rejects} with the reason", file=sys.stderr)


def label_article(source: str, output: Path | None, model: Model) -> None:
    """Splits an article into sentences and labels them, to the terminal or to a file with their offsets."""
    from detente.bundle.article import read_article
    from detente.bundle.columns import SUFFIXES
    from detente.bundle.writing import check_output
    from detente.text.normalise import normalise
    from detente.text.sentences import split_sentences

    if source != "-" and Path(source).suffix.lower() not in (*ARTICLES, *SUFFIXES):
        raise UserError(f"{source}: an article is a .txt file; export it as plain text (UTF-8)")
    sentences = split_sentences(read_article(source))
    texts = [normalise(sentence.text) for sentence in sentences]
    if output is not None:
        check_output(output)
    labelling = model.open()(texts)
    if output is not None:
        import pandas as pd

        from detente.bundle.writing import add_labels, write_labelled

        frame = pd.DataFrame({"text": texts, "start": [s.start for s in sentences], "end": [s.end for s in sentences]})
        write_labelled(add_labels(frame, labelling.probabilities, labelling.decisions, labelling.review), output)
        return
    from rich.console import Console

    from detente.bundle.terminal import article_table, summary

    console = Console()
    console.print(article_table(texts, labelling.probabilities, labelling.decisions, labelling.review))
    console.print(summary(labelling.decisions, labelling.review))


def _default_model() -> Path:
    models = find_root() / "models"
    return models / "bundle" if (models / "bundle").is_dir() else models / "classifier"
