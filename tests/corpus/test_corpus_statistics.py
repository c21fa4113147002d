"""The corpus in numbers."""

import io

import pytest
from rich.console import Console

from detente.corpus.statistics import render_markdown, render_table, summarise
from detente.errors import UserError


@pytest.fixture
def summary(make):
    return summarise(
        [
            make(id="s1", text="Paris se tait."),
            make(id="s2", text="L’armée avance.", labels=["accusation", "escalation"]),
            make(id="s3", text="Genève accueille les deux délégations.", labels=[], document="d2", region="europe"),
            make(id="s4", text="Non.", labels=[], document="d2", genre="communique", votes={"first": []}),
        ]
    )


def test_counts_shares_and_quartiles(summary):
    assert (summary.sentences, summary.documents) == (4, 2)
    assert summary.labels == {"escalation": 2, "de_escalation": 0, "accusation": 1, "diplomatic_offer": 0}
    assert (summary.without_label, summary.with_several_labels) == (0.5, 0.25)
    assert summary.genres == {"agency_dispatch": 3, "communique": 1}
    assert list(summary.regions) == ["middle_east", "europe"]
    assert summary.words == (2.5, 3.0, 3.5)


def test_markdown_shows_every_section(summary):
    text = render_markdown(summary)
    assert "| label | sentences | share |\n| --- | ---: | ---: |\n| escalation | 2 | 50.0% |" in text
    assert "| two or more | 1 | 25.0% |" in text
    assert "| communique | 1 | 25.0% |" in text
    assert "| agreement (3 sentences with two votes or more) | alpha | raw |\n| --- | ---: | ---: |\n" in text
    assert "| escalation | – | 100.0% |" in text
    assert "| accusation | -0.67 | 0.0% |" in text
    assert text.endswith("Words per sentence: median 3, middle half 2.5 to 3.5.\n")


def test_the_terminal_table_shows_the_same_numbers(summary):
    output = io.StringIO()
    Console(file=output, width=100).print(render_table(summary))
    assert "all (2 documents)" in output.getvalue()
    assert "75.0%" in output.getvalue()
    assert "agreement (3 sentences with two votes or more)" in output.getvalue()
    assert "-0.67" in output.getvalue()


def test_an_empty_corpus_has_no_summary():
    with pytest.raises(UserError, match="no records"):
        summarise([])
