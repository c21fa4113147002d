"""``detente label``: an article becomes a table, a file of sentences becomes the same file with labels."""

import csv
import io
import json
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from detente.commands.label import main
from detente.errors import UserError
from detente.evaluation.trained import TrainedModel
from detente.labels import LABEL_IDS
from detente.project import find_root
from detente.text.normalise import normalise

ARTICLE = find_root() / "data" / "samples" / "article.txt"
BEGINNINGS = (
    "Mer d'Azov : la trêve",
    "GENÈVE, 14 octobre (Correspondance) – Trois jours",
    "Dans la nuit de lundi",
    "« C'est une provocation",
    "L'état-major russe",
    "Ankara a proposé",
    "La Turquie tient",
    "Kiev s'est dit",
    "Le cours du blé",
    "À Berdiansk, vers 10 h 30",
    "Soixante-deux prisonniers",
    "L'Union européenne",
    "Reste à savoir",
)
OUTPUTS = [*LABEL_IDS, "labels", "review"]


def read_output(path: Path) -> pd.DataFrame:
    readers = {".jsonl": lambda file: pd.read_json(file, lines=True), ".csv": pd.read_csv, ".parquet": pd.read_parquet}
    return readers[path.suffix](path)


def test_an_article_becomes_a_table_in_the_terminal(baseline, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "400")
    main([str(ARTICLE), "--model", str(baseline)])
    shown = capsys.readouterr().out
    *rows, _ = re.findall(r"^ *\d+ +(.*)$", shown, re.MULTILINE)  # the last one is the summary
    assert [row.startswith(begin) for row, begin in zip(rows, BEGINNINGS, strict=True)] == [True] * 13
    assert "13 sentences · escalade" in shown


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet"])
def test_an_article_becomes_a_file_with_offsets_and_loses_no_text(baseline, tmp_path, suffix):
    output = tmp_path / f"labelled{suffix}"
    main([str(ARTICLE), "--output", str(output), "--model", str(baseline)])
    table = read_output(output)
    assert list(table) == ["text", "start", "end", *OUTPUTS]
    article = ARTICLE.read_text(encoding="utf-8")
    cut = [article[start:end] for start, end in zip(table["start"], table["end"], strict=True)]
    assert [normalise(text) for text in cut] == table["text"].tolist()
    assert "".join("".join(cut).split()) == "".join(article.split())
    expected = TrainedModel.load(baseline).label(table["text"].tolist())
    np.testing.assert_allclose(table[list(LABEL_IDS)], expected.probabilities, atol=5e-5)
    np.testing.assert_array_equal(table["review"], expected.review)


def test_an_article_may_come_from_standard_input(baseline, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO("Il pleut. Kiev dément.".encode())))
    main(["-", "--output", str(tmp_path / "out.jsonl"), "--model", str(baseline)])
    assert read_output(tmp_path / "out.jsonl")["text"].tolist() == ["Il pleut.", "Kiev dément."]


def test_columns_of_a_table_are_carried_through(baseline, tmp_path):
    (tmp_path / "in.csv").write_text("n,phrase\n007,L’armée a bombardé le port.\n008,Il pleut.\n", encoding="utf-8")
    arguments = ["--sentences", str(tmp_path / "in.csv"), "--text-column", "phrase", "--model", str(baseline)]
    main([*arguments, "--output", str(tmp_path / "out.csv")])
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["n", "phrase", *OUTPUTS]
    assert [row["n"] for row in rows] == ["007", "008"]
    assert [row["labels"] for row in rows] == ["escalation", ""]


def test_jsonl_may_become_parquet(baseline, tmp_path):
    (tmp_path / "in.jsonl").write_text(json.dumps({"text": "Il pleut.", "lieu": "Brest"}) + "\n", encoding="utf-8")
    main(["--sentences", str(tmp_path / "in.jsonl"), "--output", str(tmp_path / "o.parquet"), "--model", str(baseline)])
    assert read_output(tmp_path / "o.parquet")[["text", "lieu"]].values.tolist() == [["Il pleut.", "Brest"]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "give either an article .* or --sentences FILE"),
        (["a.txt", "--sentences", "in.csv"], "give either an article"),
        (["--sentences", "in.csv"], "--sentences needs --output FILE"),
        (["--engine", "ray", "--sentences", "in"], "--engine ray needs --sentences and --output"),
        (["--engine", "ray", "--sentences", "in", "--output", "out", "--model", "none"], "needs a bundle, and none is none"),
        (["a.txt", "--ray-address", "auto"], "--ray-address auto: for --engine ray"),
        (["article.pdf"], "article.pdf: an article is a .txt file; .* plain text"),
        (["in.csv"], "in.csv: a table of sentences, not an article; read it with --sentences in.csv"),
        (["none.txt"], "none.txt: cannot be read"),
        ([str(ARTICLE), "--output", "out.xlsx"], "out.xlsx: unknown suffix"),
        ([str(ARTICLE), "--model", "none"], "no trained classifier in none: `make train`"),
    ],
)
def test_a_mistake_is_named(arguments, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match=message):
        main(arguments)
    assert list(tmp_path.iterdir()) == []
