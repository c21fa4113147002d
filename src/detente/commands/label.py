"""``detente label``: an article or a file of sentences in, labelled sentences out."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from detente.errors import UserError
from detente.project import find_root

if TYPE_CHECKING:
    from detente.evaluation.trained import TrainedModel

ARTICLES = (".txt", "")  # tables of sentences are named as such when they are read


def parser() -> argparse.ArgumentParser:
    """Options of ``detente label``."""
    options = argparse.ArgumentParser(
        prog="detente label",
        description="Labels French sentences: escalation, de-escalation, accusation, diplomatic offer.",
        epilog="An article goes to the terminal as a table, or to --output, one row a sentence.",
    )
    options.add_argument("article", nargs="?", help="a .txt file, or - for standard input")
    options.add_argument("--sentences", metavar="FILE", help=".jsonl, .csv or .parquet, one sentence a row")
    options.add_argument("--text-column", default="text", help="its column (or key) with the sentence; default: text")
    options.add_argument("--output", metavar="FILE", help=".jsonl, .csv or .parquet; not the input file")
    options.add_argument("--model", metavar="FOLDER", help="a trained classifier; default: models/classifier")
    return options


def main(arguments: Sequence[str]) -> None:
    """Runs the verb.

    Raises:
        UserError: Input, output or model are at fault; raised before the model is loaded wherever that is possible.
    """
    options = parser().parse_args(arguments)
    if (options.article is None) == (options.sentences is None):
        raise UserError("give either an article (a .txt file, or - for standard input) or --sentences FILE")
    model = Path(options.model) if options.model else find_root() / "models" / "classifier"
    if options.sentences is not None:
        if not options.output:
            raise UserError("--sentences needs --output FILE (.jsonl, .csv or .parquet)")
        label_table(Path(options.sentences), options.text_column, Path(options.output), model)
    else:
        label_article(options.article, Path(options.output) if options.output else None, model)


def label_table(source: Path, text_column: str, output: Path, model: Path) -> None:
    """Labels a file of sentences; every column of the input is carried through."""
    from detente.bundle.reading import read_sentences
    from detente.bundle.writing import add_labels, check_output, write_labelled

    frame = read_sentences(source, text_column)
    check_output(frame, output)
    labelling = _load(model).label(frame[text_column].tolist())
    write_labelled(add_labels(frame, labelling.probabilities, labelling.decisions, labelling.review), output)
    print(f"{len(frame)} sentences labelled in {output}", file=sys.stderr)


def label_article(source: str, output: Path | None, model: Path) -> None:
    """Splits an article into sentences and labels them, to the terminal or to a file with their offsets."""
    import pandas as pd
    from rich.console import Console

    from detente.bundle.article import read_article
    from detente.bundle.columns import SUFFIXES
    from detente.bundle.terminal import article_table, summary
    from detente.bundle.writing import add_labels, check_output, write_labelled
    from detente.text.normalise import normalise
    from detente.text.sentences import split_sentences

    if source != "-" and Path(source).suffix.lower() not in (*ARTICLES, *SUFFIXES):
        raise UserError(f"{source}: an article is a .txt file; export it as plain text (UTF-8)")
    sentences = split_sentences(read_article(source))
    texts = [normalise(sentence.text) for sentence in sentences]
    frame = pd.DataFrame({"text": texts, "start": [s.start for s in sentences], "end": [s.end for s in sentences]})
    if output is not None:
        check_output(frame, output)
    labelling = _load(model).label(texts)
    if output is not None:
        write_labelled(add_labels(frame, labelling.probabilities, labelling.decisions, labelling.review), output)
        return
    console = Console()
    console.print(article_table(texts, labelling.probabilities, labelling.decisions, labelling.review))
    console.print(summary(labelling.decisions, labelling.review))


def _load(folder: Path) -> "TrainedModel":
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # a trained model is a folder; nothing may be fetched
    from detente.evaluation.trained import TrainedModel

    return TrainedModel.load(folder)
